"""Score the held-out networks of one kind, measured in one way, with one method or the controls."""

import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.inference.held_out_scores import Scorer, first_few, score_networks
from grn_gat.simulate.chunks import load_chunk


def main(snakemake) -> None:
    """Write metrics of each network, and the bins of probabilities of all of them."""
    params, wildcards, out = snakemake.params, snakemake.wildcards, snakemake.output
    data = load_chunk(snakemake.input.data)
    condition = f"{wildcards.kind} {wildcards.measurement}"
    parts = []
    for name in params.scored:
        chosen = {k: data[k] for k in first_few(data, name, params.few)}
        found = score_networks(
            Scorer(name, params.seed, params.settings, params.named), chosen, condition
        )
        named = {"kind": wildcards.kind, "measurement": wildcards.measurement, "method": name}
        parts.append([with_names(table, named) for table in found])
    for tables, path in zip(zip(*parts, strict=True), (out.scores, out.bins), strict=True):
        filled = [table for table in tables if len(table)] or tables[:1]
        write_table(pd.concat(filled, ignore_index=True), path, digits=6)


def with_names(table: pd.DataFrame, named: dict[str, str]) -> pd.DataFrame:
    """Return a table with these columns before its own."""
    return table.assign(**named)[[*named, *table.columns]]


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
