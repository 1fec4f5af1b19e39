"""From predictions to metrics per replicate, curves, and the stability over replicates."""

from collections.abc import Mapping, Sequence, Set

import numpy as np
import pandas as pd

from grn_gat.evaluate.metrics import (
    beeline_signed_early_precision_ratio,
    call_metrics,
    jaccard_stability,
    label_free_metrics,
    motif_counts,
    motif_ratios,
    pr_curve,
    prevalence,
    ranking_metrics,
    roc_curve,
    selected_edges,
    signed_early_precision_ratio,
    spearman_stability,
)
from grn_gat.evaluate.regulator_groups import RegulatorGroups
from grn_gat.evaluate.relabelling import Relabelling

GRID = np.linspace(0, 1, 51)
_FUNCTIONAL = ("average_precision", "auroc", "auprc_beeline", "early_precision_ratio")
REGULATORS = ("method", "replicate", "group", "metric", "value")
STABILITY = ("jaccard", "jaccard_mad", "spearman", "spearman_mad", "runs")


def consolidate(predictions: pd.DataFrame) -> pd.DataFrame:
    """One row per replicate and pair: scores and thresholds averaged over the folds that test it.

    (Protocol gene tests a pair twice where its genes lie in different folds.) Sorted by replicate,
    Gene1, Gene2; a pair is called where its score reaches its threshold.
    """
    columns = [c for c in ("threshold", "called", "negated_called") if c in predictions]
    keys = ["replicate", "Gene1", "Gene2"]
    rules = {"edge": "first", "score": "mean"} | dict.fromkeys(columns, "mean")
    _, first, second = gene_codes(predictions)
    genes = int(max(first.max(initial=0), second.max(initial=0))) + 1
    key = (predictions["replicate"].to_numpy() * genes + first) * genes + second
    if (np.diff(key) > 0).all():  # each once and in order: nothing to average
        found = predictions[[*keys, *rules]].reset_index(drop=True)
        return found.astype(dict.fromkeys(["score", *columns], float))
    # By one number: grouping hundreds of thousands of pairs by their names takes seconds.
    averaged = predictions[list(rules)].groupby(key, sort=True).agg(rules).reset_index(drop=True)
    names = predictions[keys].iloc[np.unique(key, return_index=True)[1]].reset_index(drop=True)
    return pd.concat([names, averaged], axis=1)


def gene_codes(pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sorted names of the genes of pairs, and the places of Gene1 and Gene2 there."""
    columns = [pd.factorize(pairs[column]) for column in ("Gene1", "Gene2")]
    genes = np.array(sorted(set(columns[0][1]) | set(columns[1][1])), dtype=object)
    place = {gene: i for i, gene in enumerate(genes)}
    first, second = (
        np.array([place[gene] for gene in names], dtype=np.int64)[code] for code, names in columns
    )
    return genes, first, second


def named_predictions(predictions: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Replace `row` (of the table of roles) by Gene1, Gene2 and edge; sort."""
    named = table[["Gene1", "Gene2", "edge"]].iloc[predictions["row"]].reset_index(drop=True)
    rest = predictions.drop(columns="row").reset_index(drop=True)
    merged = pd.concat(
        [rest[["replicate", "fold"]], named, rest.drop(columns=["replicate", "fold"])], axis=1
    )
    return merged.sort_values(["replicate", "Gene1", "Gene2", "fold"], ignore_index=True)


def _of_pairs(
    values: Mapping[tuple[str, str], int], genes: np.ndarray, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """Value of each pair, 0 where it has none; genes and codes as `gene_codes` returns them."""
    place = {gene: i for i, gene in enumerate(genes)}
    table = np.zeros((len(genes),) * 2, dtype=int)
    for (gene1, gene2), value in values.items():
        if gene1 in place and gene2 in place:
            table[place[gene1], place[gene2]] = value
    return table[first, second]


def _network_metrics(
    codes: tuple[np.ndarray, np.ndarray, np.ndarray],
    edge: np.ndarray,
    score: np.ndarray,
    signs: Mapping[tuple[str, str], int],
) -> dict[str, float]:
    """Signed early precision, and motifs of the network of as many edges as the reference has."""
    genes, first, second = codes
    sign = _of_pairs(signs, genes, first, second)
    found = {}
    for kind, value in (("activation", 1), ("repression", -1)):
        name = f"early_precision_ratio_{kind}"
        found[name] = signed_early_precision_ratio(edge, sign, score, value)
        found[f"{name}_beeline"] = beeline_signed_early_precision_ratio(edge, sign, score, value)

    top = np.argsort(-score, kind="stable")[: edge.sum()]
    top = top[score[top] > 0]
    reference, predicted = (np.zeros((len(genes),) * 2, dtype=bool) for _ in range(2))
    reference[first[edge], second[edge]] = True
    predicted[first[top], second[top]] = True
    motifs: dict[str, float] = dict(motif_counts(predicted))
    ratios = motif_ratios(predicted, reference)
    motifs |= {f"{motif}_ratio": ratio for motif, ratio in ratios.items()}
    if np.ptp(score) == 0:  # which edges are on top is not defined
        motifs = dict.fromkeys(motifs, np.nan)
    return found | motifs


def _metrics(
    pairs: pd.DataFrame,
    signs: Mapping[tuple[str, str], int] | None,
    functional: Set[tuple[str, str]] | None,
    relabelling: Relabelling | None,
) -> dict[str, float]:
    """All metrics of the pairs of one replicate."""
    edge, score = pairs["edge"].to_numpy() == 1, np.abs(pairs["score"].to_numpy())
    codes = gene_codes(pairs)
    found = {"prevalence": prevalence(edge)} | ranking_metrics(edge, score)
    if relabelling is not None:
        found |= relabelling.metrics(*codes[1:], edge, score, found["average_precision"])
    if "threshold" in pairs:
        found |= call_metrics(edge, score >= pairs["threshold"].to_numpy())
    if "called" in pairs and pairs["called"].notna().all():
        found |= label_free_metrics(pairs["called"], pairs["negated_called"])
    if signs is not None:
        found |= _network_metrics(codes, edge, score, signs)
    if functional is not None:
        depends = _of_pairs(dict.fromkeys(functional, 1), *codes) == 1
        values = ranking_metrics(depends, score)
        found |= {f"functional_{name}": values[name] for name in _FUNCTIONAL}
    return found


def _curves(by_replicate: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """PR and ROC curve on a fixed grid, mean over replicates."""
    parts: dict[str, list[np.ndarray]] = {"pr": [], "roc": []}
    for pairs in by_replicate:
        edge, score = pairs["edge"].to_numpy() == 1, np.abs(pairs["score"].to_numpy())
        parts["pr"].append(pr_curve(edge, score, GRID))
        parts["roc"].append(roc_curve(edge, score, GRID))
    tables = [
        pd.DataFrame({"curve": curve, "x": GRID, "y": np.mean(values, axis=0)})
        for curve, values in parts.items()
    ]
    return pd.concat(tables, ignore_index=True)


def _stability(by_replicate: Sequence[pd.DataFrame]) -> dict[str, float]:
    """Agreement of the replicates on the same pairs (BEELINE's Jaccard and Spearman)."""
    names = [p[["Gene1", "Gene2"]].to_numpy() for p in by_replicate]
    if not all(np.array_equal(other, names[0]) for other in names[1:]):
        return {}  # protocols that do not score the same pairs in all replicates
    edge = np.stack([p["edge"].to_numpy() == 1 for p in by_replicate])
    score = np.stack([p["score"].to_numpy() for p in by_replicate])
    chosen = [selected_edges(e.sum(), s) for e, s in zip(edge, np.abs(score), strict=True)]
    values = (*jaccard_stability(np.stack(chosen)), *spearman_stability(score), len(score))
    return dict(zip(STABILITY, values, strict=True))


def _by_regulators(
    pairs: pd.DataFrame, groups: RegulatorGroups, method: str, replicate: int
) -> pd.DataFrame:
    """Pseudo-values over the regulators of one replicate, with the columns REGULATORS."""
    edge, score = pairs["edge"].to_numpy() == 1, np.abs(pairs["score"].to_numpy())
    table = groups.table(gene_codes(pairs)[1], edge, score)
    return table.assign(method=method, replicate=replicate)[list(REGULATORS)]


def score_methods(
    methods: Mapping[str, pd.DataFrame],
    signs: Mapping[tuple[str, str], int] | None = None,
    functional: Set[tuple[str, str]] | None = None,
    relabelling: Relabelling | None = None,
    groups: RegulatorGroups | None = None,
) -> dict[str, pd.DataFrame]:
    """Score the predictions of several methods.

    Args:
        methods: predictions per method (columns replicate, Gene1, Gene2, edge, score, and where
            they are known fold and threshold, as `training.train_folds`, `label_controls` and
            `score_tables.method_predictions` return them). Metrics are those of |score|.
        signs: sign of each reference edge (+1, -1, 0 where unknown), for the metrics of whole
            networks (signed early precision, motifs, stability); None leaves these out.
        functional: edges that the model's rules depend on, for metrics `functional_...`, to which
            the other edges are none; None leaves these out.
        relabelling: relabellings of the network, for metrics `relabelling_...`; None where the
            pairs of a replicate are not those of a network.
        groups: groups of its regulators, for intervals; None leaves these out.

    Returns:
        `metrics` with columns method, replicate, metric, value; `regulators` with columns
        REGULATORS (see `regulator_groups`); `curves` with columns method, curve (pr: x recall, y
        precision; roc: x false, y true positive rate), x, y; `stability` with columns method and
        those of STABILITY (see `metrics.jaccard_stability`).
    """
    metrics, curves, stability = [], [], []
    regulators = [pd.DataFrame(columns=REGULATORS)]
    for method, predictions in methods.items():
        if predictions.empty:
            continue
        numbers, parts = zip(*consolidate(predictions).groupby("replicate"), strict=True)
        for replicate, pairs in zip(numbers, parts, strict=True):
            found = _metrics(pairs, signs, functional, relabelling)
            metrics += [(method, int(replicate), name, value) for name, value in found.items()]
            if groups is not None:
                regulators.append(_by_regulators(pairs, groups, method, int(replicate)))
        curve = _curves(parts)
        curve.insert(0, "method", method)
        curves.append(curve)
        if signs is not None:
            stability.append({"method": method} | _stability(parts))
    return {
        "metrics": pd.DataFrame(metrics, columns=["method", "replicate", "metric", "value"]),
        "regulators": pd.concat(
            [part for part in regulators if len(part)] or regulators, ignore_index=True
        ),
        "curves": pd.concat(curves, ignore_index=True)
        if curves
        else pd.DataFrame(columns=["method", "curve", "x", "y"]),
        "stability": pd.DataFrame(stability, columns=["method", *STABILITY]),
    }
