"""The model card of the zero-shot model, from what its training and validation wrote."""

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd
import yaml

from grn_gat.core.markdown import markdown_table
from grn_gat.evaluate.metrics import expected_calibration_error

_BIN = ["pairs", "predicted", "observed"]
_ECE = "expected calibration error"
_SIZES = [2, 8, 16, 30, 50, 80]
_CONDITION = ["kind", "dropout", "cells"]
_TIMED = ", with pseudotime"
# Columns of the table of scores and their titles in the card.
_TITLES = {
    "networks": "networks",
    "share_of_edges": "share of edges (random score)",
    "average_precision": "average precision",
    "genes_shuffled": "genes shuffled",
    "absolute_pearson": "abs. Pearson",
    "early_precision_ratio": "early precision ratio",
    "sign_right": "sign right",
}
_COLUMNS = {title: column for column, title in _TITLES.items()} | {
    f"{title}{_TIMED}": f"{column}_with_pseudotime" for column, title in _TITLES.items()
}

# `make readme` writes here what the shipped weights reach on BEELINE's curated networks.
_CURATED = "<!-- curated:begin -->\n<!-- curated:end -->"


def summary(metrics: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Mean metrics of each group, the model beside its controls.

    Args:
        metrics: one row per network, condition and method (`validate_zeroshot`).
        by: columns to group by.
    """
    wide = metrics.pivot_table(
        index=by, columns="method", values="average_precision", aggfunc="mean", observed=True
    )
    own = metrics[metrics["method"] == "gat-zeroshot"].groupby(by, observed=True)
    table = pd.DataFrame(
        {
            "networks": own["network"].nunique(),
            "share of edges (random score)": own["prevalence"].mean(),
            "average precision": wide["gat-zeroshot"],
            "genes shuffled": wide["gat-zeroshot, genes shuffled"],
            "abs. Pearson": wide["pearson"],
            "early precision ratio": own["early_precision_ratio"].mean(),
            "sign right": own["sign_accuracy"].mean(),
        }
    )
    return table.reset_index()


def with_pseudotime(table: pd.DataFrame, by: list[str], columns: list[str]) -> pd.DataFrame:
    """Rows with pseudotime as further columns beside those of expression alone.

    Args:
        table: a row per group of `by` and value of column `pseudotime`.
        by: columns of a group.
        columns: those that are shown with pseudotime as well.
    """
    timed = table["pseudotime"].astype(bool)
    alone = table[~timed].drop(columns="pseudotime")
    beside = table[timed][[*by, *columns]]
    if alone.empty or beside.empty:
        return table
    named = {column: f"{column}{_TIMED}" for column in columns}
    return alone.merge(beside.rename(columns=named), on=by, how="left")


def _scores(metrics: pd.DataFrame) -> pd.DataFrame:
    """Scores by kind, dropout level and cells, those with pseudotime as columns beside them."""
    table = summary(metrics, [*_CONDITION, "pseudotime"])
    return with_pseudotime(table, _CONDITION, ["average precision", "sign right"])


def score_table(metrics: pd.DataFrame) -> pd.DataFrame:
    """The numbers of the card's first table, in columns without blanks.

    Args:
        metrics: as of `summary`.
    """
    return _scores(metrics).rename(columns=_COLUMNS)


def _markdown(table: pd.DataFrame) -> str:
    def text(value) -> str:
        return f"{value:.3f}" if isinstance(value, float) else str(value)

    return markdown_table(table.columns, (map(text, r) for r in table.itertuples(index=False)))


def calibration_errors(calibration: pd.DataFrame) -> pd.DataFrame:
    """Expected calibration error of each kind of networks and condition."""
    rows = []
    for (kind, cells, dropout, pseudotime), part in calibration.groupby(
        ["kind", "cells", "dropout", "pseudotime"]
    ):
        error = expected_calibration_error(part[_BIN])
        rows.append((kind, cells, dropout, pseudotime, int(part["pairs"].sum()), error))
    columns = ["kind", "cells", "dropout", "pseudotime", "pairs", _ECE]
    return pd.DataFrame(rows, columns=columns)


def write_card(
    pretraining: Mapping,
    provenance: Mapping,
    calibration_parameters: Mapping,
    curves: pd.DataFrame,
    metrics: pd.DataFrame,
    calibration: pd.DataFrame,
) -> str:
    """Return the card as Markdown.

    Args:
        pretraining: the config block `pretraining`.
        provenance: seed and commit, from the weights file.
        calibration_parameters: temperature, shift and sign_temperature.
        curves: member, epoch, train_loss, validation_loss, validation_ap.
        metrics, calibration: tables of `validate_zeroshot`.
    """
    families = _by_family(metrics)
    last = curves.groupby("member").last().reset_index()
    parts = [
        "# Model card: GATv2 zero-shot",
        *_introduction(pretraining, provenance),
        "## Held-out random networks",
        *_held_out(pretraining["chunks"], metrics, families),
        "## Networks of BEELINE",
        "HSC, mCAD, VSC and GSD, beside every method, every control and BEELINE's published "
        "medians: `docs/results/curated`, which the site shows. These scores were made after the "
        "training.",
        _CURATED,
        "## Calibration",
        *_calibration(calibration_parameters, calibration),
        "## Signs",
        _signs(metrics),
        "## Training",
        _markdown(last.rename(columns=lambda c: c.replace("_", " "))),
        "## Where it fails",
        _failures(metrics, families),
        "## Training distribution",
        "```yaml\n" + yaml.safe_dump(dict(pretraining), sort_keys=False).strip() + "\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _introduction(pretraining: Mapping, provenance: Mapping) -> list[str]:
    """What the model takes and gives, what it was trained on, and where the weights come from."""
    chunks = pretraining["chunks"]
    boolean, linear = (chunks[k] * chunks["networks_per_chunk"] for k in ("training", "linear"))
    return [
        "Weights: `levels.safetensors` (no code in it). Input: expression of any set of genes, "
        "optionally pseudotime. Output: for every ordered pair of genes a calibrated probability "
        "of regulation, and its sign. No reference edge of the studied network is used. The idea "
        "of inferring a structure with a model that was trained on simulated ones is that of AVICI "
        "(Lorch et al., NeurIPS 2022).",
        f"Trained on {boolean:,} simulated random Boolean networks and {linear:,} networks with "
        f"linear or saturating regulation (seed {provenance['seed']}), "
        f"{pretraining['training']['members']} models whose logits are averaged. No "
        "network of BEELINE, nor an isomorphic copy of one, was kept. The last "
        "state of each training is used; nothing was selected on a network of BEELINE. Calibrated, "
        f"and the weights file written, at commit {provenance['commit']}.",
    ]


def _by_family(metrics: pd.DataFrame) -> pd.DataFrame:
    """Scores by topology family; of each kind first the one least above a random score."""
    families = summary(metrics, ["kind", "family"])
    families["ratio"] = families["average precision"] / families["share of edges (random score)"]
    return families.sort_values(["kind", "ratio"]).drop(columns="ratio")


def _by_size(metrics: pd.DataFrame) -> pd.DataFrame:
    """Scores by class of the number of genes."""
    classes = [f"{low + 1}-{high}" for low, high in pairwise(_SIZES)]
    sizes = metrics.assign(genes=pd.cut(metrics["genes"], _SIZES, labels=classes))
    return summary(sizes, ["kind", "genes"])


def _held_out(chunks: Mapping, metrics: pd.DataFrame, families: pd.DataFrame) -> list[str]:
    """Scores on random networks that were not trained on."""
    return [
        "Networks that were not trained on, of each kind up to "
        f"{chunks['networks_per_chunk']} (those without an edge, or without a pair that is none, "
        "have no score; others served the calibration). Like training: Boolean networks of the "
        "training distribution. Linear: the networks with linear or saturating regulation of the "
        "training distribution; their pseudotime is the rank along the first principal component. "
        f"Other: {chunks['other'] * chunks['networks_per_chunk']} mostly larger Boolean networks "
        "of families that never occur in training (layered, modular). "
        'Controls: the share of edges is what a random score gives; "genes shuffled" is the '
        "model's own scores with the genes permuted; absolute Pearson correlation.",
        _markdown(_scores(metrics)),
        "By number of genes, all conditions, with and without pseudotime:",
        _markdown(_by_size(metrics)),
        "By topology family, all conditions, with and without pseudotime; of each kind first the "
        "one that is least above a random score, by their ratio:",
        _markdown(families),
    ]


def _calibration(parameters: Mapping, calibration: pd.DataFrame) -> list[str]:
    """How probabilities are made of logits, and how far they are off."""
    pooled = ", ".join(
        f"{kind} {expected_calibration_error(pooled_bins(part)):.4f}"
        for kind, part in calibration.groupby("kind")
    )
    errors = with_pseudotime(calibration_errors(calibration), ["kind", "cells", "dropout"], [_ECE])
    return [
        f"Probability = sigmoid(logit / {parameters['temperature']:.3f} "
        f"{parameters['shift']:+.3f}), fitted to held-out networks of the two kinds "
        "that are used for training (others than those of the tables above); each pair of genes "
        f"counts once. Expected calibration error over all conditions: {pooled}.",
        "![Loss by epoch, calibration curves, and accuracy by size of the network](validation.png)",
        "The curves of the figure by condition are in `calibration.tsv`; their errors:",
        _markdown(errors),
    ]


def _signs(metrics: pd.DataFrame) -> str:
    """How many signs are right, by kind of networks, without and with pseudotime."""
    own = metrics[metrics["method"] == "gat-zeroshot"]
    accuracy = own.groupby(["pseudotime", "kind"])["sign_accuracy"].mean()
    signs = "; ".join(
        ("with pseudotime: " if timed else "expression alone: ")
        + ", ".join(f"{kind} {value:.3f}" for kind, value in part.droplevel(0).items())
        for timed, part in accuracy.groupby("pseudotime")
    )
    return (
        "Share of the true edges among the first k (k: number of edges) whose sign is right. "
        f"Mean over all conditions, {signs}."
    )


def _failures(metrics: pd.DataFrame, families: pd.DataFrame) -> str:
    """A list of what it is bad at, and of what nobody has measured."""
    worst = ", ".join(
        f"{row['kind']} {row['family']} ({row['average precision']:.3f}, "
        f"share of edges {row['share of edges (random score)']:.3f})"
        for _, row in families.groupby("kind").head(1).iterrows()
    )
    return (
        f"- The family of each kind that is least above a random score: {worst}.\n"
        "- Large networks: average precision falls with the share of edges, see the table by "
        f"number of genes. Nothing was measured above {int(metrics['genes'].max())} genes.\n"
        "- Genes that are on or off in all cells: their edges leave no trace in the data.\n"
        "- It has only seen simulated data of two kinds: BoolODE's equations with BEELINE's "
        "dropouts, and cells at rest with linear or saturating regulation. Measured data differ. "
        "How it does on a third kind was not measured: its order of the edges may be worse than "
        "that of plain correlation. Its probabilities are calibrated for the simulated kinds "
        "only.\n"
        "- Genes without any regulator are rare in the networks it knows: every gene is given "
        "some where the topology allows it. A linear network without feedback has one gene "
        "without, one with feedback none.\n"
        "- In linear networks without feedback how much of a gene the others explain tells "
        "something of the order of the genes (all have the same variance). The scores of this "
        "kind include what the model makes of that; measured data need not have it.\n"
        "- Few graphs have three or four genes: many a held-out network of that size has the graph "
        "of one that was trained on, with other rules, signs or constants. The table by number of "
        "genes tells the sizes apart."
    )


def pooled_bins(calibration: pd.DataFrame) -> pd.DataFrame:
    """Reliability bins (pairs, predicted, observed) of all conditions together."""
    sums = calibration[["bin"]].assign(
        pairs=calibration["pairs"],
        predicted=calibration["predicted"] * calibration["pairs"],
        observed=calibration["observed"] * calibration["pairs"],
    )
    sums = sums.groupby("bin")[_BIN].sum()
    sums[["predicted", "observed"]] = sums[["predicted", "observed"]].div(sums["pairs"], axis=0)
    return sums
