"""What knock-outs do to HSC beside centrality, in papers, and over many networks."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grn_gat.core.markdown import markdown_table
from grn_gat.evaluate.consequence import MEASURES, knock_out_consequences
from grn_gat.evaluate.hubs import rank
from grn_gat.evaluate.published_knock_outs import statements
from grn_gat.report.hub_tables import REFERENCE, source_title
from grn_gat.report.style import MEASURE_TITLES

Rows = Sequence[dict[str, str]]
_BEGINS = {"consequence": "from the start", "consequence_late": "in differentiated cells"}


def _ranks(consequences: Rows) -> dict[str, pd.DataFrame]:
    """By measure the rank of each gene by its mean, and the middle 95 % of those in replicates."""
    table = pd.DataFrame(consequences)
    table = table.astype({"replicate": int, "consequence": float})
    found = {}
    for measure, values in knock_out_consequences(table).items():
        single = values.apply(rank)
        found[measure] = pd.DataFrame(
            {
                "mean": values.mean(axis=1),
                "rank": rank(values.mean(axis=1).round(9)),
                "low": single.quantile(0.025, axis=1),
                "high": single.quantile(0.975, axis=1),
            }
        )
    return found


def rank_table(hubs: Rows, consequences: Rows, network: str = "HSC") -> str:
    """One line per gene: its ranks by centrality in the reference, and by what knock-outs do."""
    measures = ("degree", "out_degree", "betweenness", "pagerank")
    of_reference = {
        (row["gene"], row["measure"]): row["rank"]
        for row in hubs
        if (row["network"], row["source"]) == (network, "reference")
    }
    found = _ranks([row for row in consequences if row["network"] == network])
    order = found[next(iter(MEASURES.values()))].sort_values("rank", kind="stable").index
    rows = []
    for gene in order:
        cells = [of_reference[gene, measure] for measure in measures]
        for table in found.values():
            row = table.loc[gene]
            cells.append(
                f"{row['rank']:.0f} [{row['low']:.0f}–{row['high']:.0f}] ({row['mean']:.2f})"
            )
        rows.append([gene, *cells])
    titles = [MEASURE_TITLES[measure] for measure in measures]
    titles += [f"knocked out {_BEGINS[measure]}" for measure in found]
    return markdown_table(["gene", *titles], rows)


def gene_ranks(
    gene: str, hubs: Rows, consequences: Rows, network: str = "HSC"
) -> tuple[str, list[str], bool]:
    """Return the rank of a gene by degree, those by knock-outs in words, and if it is first there.

    Args:
        gene: its name.
        hubs: rows of hubs.tsv.
        consequences: rows of consequences.tsv.
        network: which network it is of.
    """
    (degree,) = [
        row["rank"]
        for row in hubs
        if (row["network"], row["source"], row["measure"], row["gene"])
        == (network, "reference", "degree", gene)
    ]
    found = _ranks([row for row in consequences if row["network"] == network])
    clauses, always = [], True
    for measure, table in found.items():
        row, best = table.loc[gene], table["rank"].idxmin()
        clause = f"number {row['rank']:.0f} [{row['low']:.0f}–{row['high']:.0f}] {_BEGINS[measure]}"
        clauses.append(clause + (f" (first: {best})" if best != gene else ""))
        always = always and best == gene
    return degree, clauses, always


def gene_sentence(gene: str, hubs: Rows, consequences: Rows, network: str = "HSC") -> str:
    """Say how a gene ranks by degree and by what knocking it out does."""
    degree, clauses, _ = gene_ranks(gene, hubs, consequences, network)
    return (
        f"**{gene}** is number {degree} by degree. By what knocking it out does to the expression "
        f"of all others it is {' and '.join(clauses)}; in brackets the middle 95 % of its ranks in "
        "the replicates, whose rate constants differ."
    )


def published_table() -> str:
    """One line per statement of a paper."""
    rows = [
        [
            row["model"],
            f"{row['gene']} {row['kind']}" + (", late" if row["begin"] != "start" else ""),
            " + ".join([*row["with"].split(), *(f"no {g}" for g in row["without"].split())]),
            f"{row['paper']} ({row['source']})",
            f"{float(row['wild']):.2f} → {float(row['share']):.2f}, {row['ours']}",
            row["agreed"] + (f": {row['note']}" if row["note"] else ""),
        ]
        for row in statements()
    ]
    titles = ["model", "what is done", "cells with", "reported", "share in the model", "agrees"]
    return markdown_table(titles, rows)


def published_sentence() -> str:
    """Say how many statements agree."""
    agreed = [row["agreed"] for row in statements()]
    return f"{agreed.count('yes')} of {len(agreed)} statements agree."


def best_measures(worth: Rows, kind: str) -> tuple[dict[str, str], dict[str, str], int]:
    """Rows of the measures that agree best with knock-outs from the start, and how many networks.

    That of the true network, and that of a predicted one.
    """
    chosen = [r for r in worth if (r["kind"], r["consequence"]) == (kind, "consequence")]
    true = next(row for row in chosen if row["source"] == REFERENCE)
    predicted = next(row for row in chosen if row["source"] != REFERENCE)
    return true, predicted, max(int(row["networks"]) for row in chosen)


def worth_sentence(worth: Rows, kind: str) -> str:
    """Say which measure of the true network and which of a prediction agrees best, and how well."""
    true, predicted, networks = best_measures(worth, kind)
    chosen = [r for r in worth if (r["kind"], r["consequence"]) == (kind, "consequence")]
    degree = next(r for r in chosen if (r["source"], r["measure"]) == (REFERENCE, "degree"))
    return (
        f"Over {networks} networks the best measure of the true "
        f"network is {MEASURE_TITLES[true['measure']]}: rho {rho(true)}, and its first gene is "
        f"the one that matters most in {100 * float(true['first']):.0f} % of them; degree has rho "
        f"{rho(degree)}. Of what is predicted it is {MEASURE_TITLES[predicted['measure']]} of "
        f"{source_title(predicted['source'])}: rho {rho(predicted)}."
    )


def worth_table(worth: Rows, kind: str, most: int = 12) -> str:
    """The measures that agree best with knock-outs from the start, and how they do late."""
    late = {
        (row["source"], row["measure"]): row
        for row in worth
        if (row["kind"], row["consequence"]) == (kind, "consequence_late")
    }
    chosen = [r for r in worth if (r["kind"], r["consequence"]) == (kind, "consequence")][:most]
    rows = []
    for row in chosen:
        both = [row, late.get((row["source"], row["measure"]))]
        cells = [rho(one) if one else "–" for one in both]
        rows.append(
            [
                source_title(row["source"]),
                MEASURE_TITLES[row["measure"]],
                *cells,
                f"{float(row['first']):.2f}",
            ]
        )
    titles = ["network", "measure", *(f"rho, {begin}" for begin in _BEGINS.values())]
    return markdown_table([*titles, "first is first"], rows)


def rho(row: dict[str, str]) -> str:
    """Write the rank correlation of a row with its interval."""
    mean, low, high = (float(row[key]) for key in ("rho", "low", "high"))
    ends = "" if np.isnan(low) else f" [{low:.2f}, {high:.2f}]"
    return f"{mean:.2f}{ends}"
