"""The report tables: long metrics, their mean over replicates, and the summary with intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import ZERO_SHOT
from grn_gat.core.protocols import UNSUPERVISED
from grn_gat.core.row_names import FINE_TUNED, GAT, MODEL_CONTROLS, ORACLE, is_taken
from grn_gat.evaluate.intervals import MIN_REPLICATES, MIN_SEEDS, mean_interval
from grn_gat.evaluate.metrics import limits
from grn_gat.evaluate.regulator_groups import MIN_GROUPS
from grn_gat.evaluate.scoring import STABILITY

BEELINE_MARGIN = 0.05
_COMPARED = {
    "labels": ("auroc", "average_precision"),
    "unsupervised": ("auroc", "average_precision", "early_precision_ratio"),
}
_GROUP = ["network", "dropout", "protocol", "method", "metric"]
_COMPARISON = [
    "network",
    "dropout",
    "protocol",
    "model",
    "metric",
    "method",
    "kind",
    "model_value",
    "value",
    "difference",
    "low",
    "high",
    "n",
    "verdict",
    "over",
]
_TRAINED = ("GATv2", "fine-tuned", "model control")  # kinds of rows with training seeds
# What an interval is over, beside seeds.
_REPLICATES, _REGULATORS = "replicates", "regulators"


def mean_over_replicates(by_replicate: pd.DataFrame) -> pd.DataFrame:
    """Columns network, dropout, protocol, method, seed, metric, value (mean over replicates)."""
    keys = ["network", "dropout", "protocol", "method", "seed", "metric"]
    return by_replicate.groupby(keys, sort=False)["value"].mean().reset_index()


def _table(group: pd.DataFrame, columns: pd.Index) -> np.ndarray:
    """Values (seeds, replicates) of one method, NaN where a replicate is missing."""
    wide = group.pivot(index="seed", columns="replicate", values="value")
    return wide.reindex(columns=columns).to_numpy()


def _cubes(by_regulators: pd.DataFrame | None) -> dict[tuple, pd.DataFrame]:
    """Pseudo-values of each network, dropout level, protocol, method and metric.

    A table has one row per seed and columns (replicate, group). Networks with replicates enough for
    an interval have none.
    """
    if by_regulators is None:
        return {}
    return {
        key: part.pivot(index="seed", columns=["replicate", "group"], values="value")
        for key, part in by_regulators.groupby(_GROUP, sort=False)
    }


def _over_regulators(cube: pd.DataFrame) -> np.ndarray:
    """Pseudo-values (seeds, groups), mean over replicates, NaN where a group is missing."""
    return cube.T.groupby(level="group").mean().T.to_numpy(dtype=float)


def _groups(values: np.ndarray) -> int:
    """Number of groups of which a value is known."""
    return int((~np.isnan(values)).any(axis=0).sum())


def summarise(
    by_replicate: pd.DataFrame, by_regulators: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Mean, median, sd, 95 % interval of the mean and number of values, over seeds and replicates.

    Args:
        by_replicate: columns network, dropout, protocol, method, seed, replicate, metric, value.
        by_regulators: pseudo-values (`regulator_groups`) of networks with few replicates: columns
            network, dropout, protocol, method, seed, replicate, group, metric, value.

    Returns:
        Columns network, dropout, protocol, method, metric, mean, median, sd, low, high, n, over.
        `sd` is over the n single values; `low` and `high` bracket the mean
        (`intervals.mean_interval`), no further than a metric can be; `over` says over what beside
        seeds they are: replicates, or regulators. Undefined values (NaN) are left out and not
        counted in n.
    """
    cubes = _cubes(by_regulators)
    rows = []
    for key, group in by_replicate.groupby(_GROUP[:-1], sort=False):
        replicates = pd.Index(group["replicate"].unique())
        metrics = dict(list(group.groupby("metric", sort=False)))
        tables = np.stack([_table(part, replicates) for part in metrics.values()])
        for metric, values, *ends in zip(metrics, tables, *mean_interval(tables), strict=True):
            known = values[~np.isnan(values)]
            mean, median = (known.mean(), np.median(known)) if len(known) else (np.nan, np.nan)
            sd = known.std(ddof=1) if len(known) > 1 else np.nan
            over = _REPLICATES
            if (*key, metric) in cubes:
                pseudo = _over_regulators(cubes[*key, metric])
                if _groups(pseudo) >= MIN_GROUPS:
                    ends, over = [*mean_interval(pseudo)], _REGULATORS
            low, high = np.clip(ends, *limits(metric))
            rows.append((*key, metric, mean, median, sd, low, high, len(known), over))
    columns = [*_GROUP, "mean", "median", "sd", "low", "high", "n", "over"]
    return pd.DataFrame(rows, columns=columns)


def kind_of(method: str) -> str:
    """Kind of a row.

    `GATv2` (trained on labels), `fine-tuned` (the zero-shot model, trained on labels), `model
    control` (the GATv2 without expression), `control`, `oracle` (knows of the reference itself what
    nothing else may: compared with nothing), and all else `method` (no label needed).
    """
    named = {GAT: "GATv2", FINE_TUNED: "fine-tuned", ORACLE: "oracle"}
    named |= dict.fromkeys(MODEL_CONTROLS, "model control")
    return named.get(method, "control" if is_taken(method) else "method")


def compare_with_others(
    by_replicate: pd.DataFrame,
    by_regulators: pd.DataFrame | None = None,
    focus: str | None = None,
) -> pd.DataFrame:
    """Paired difference between one model and each control and method, with its interval.

    The model is the GATv2 trained on labels (`gat`) or, for all pairs without a label (protocol
    `unsupervised`), the zero-shot one, which is compared by the early precision ratio as well; or
    `focus`, a method, wherever that was scored.

    AUROC has the same expectation, 0.5, for every score that knows nothing. Average precision has
    not: that of a random ranking of few pairs lies above that of a constant score (the share of
    edges), so controls with one score for all pairs are compared by AUROC only, and verdicts in the
    report are those by AUROC.

    Args as `summarise`. Differences are taken per seed and replicate, on the same pairs; a method
    without training seed is compared with every seed. Where pseudo-values over regulators are given
    and there are MIN_GROUPS of them, the interval and the verdict are over these.

    Returns:
        Columns network, dropout, protocol, model (gat, gat-zeroshot, or the focus), metric, method,
        kind (`kind_of`), model_value, value, difference, low, high, n, verdict:
        `better` or `worse` where the interval does not hold 0, `no difference` where it does,
        `not determined` with fewer than MIN_SEEDS seeds (where one of both is trained with seeds)
        or MIN_REPLICATES replicates (or MIN_GROUPS groups of regulators); over: replicates or
        regulators, as in `summarise`.
    """
    cubes = _cubes(by_regulators)
    rows = []
    chosen = by_replicate[by_replicate["metric"].isin(_COMPARED["unsupervised"])]
    for key, group in chosen.groupby(["network", "dropout", "protocol"], sort=False):
        methods = set(group["method"])
        usual = GAT if GAT in methods else ZERO_SHOT
        model = focus if focus is not None and focus in methods else usual
        if model in methods:
            metrics = _COMPARED["labels" if usual == GAT else "unsupervised"]
            rows += _compared(key, group, cubes, model, metrics)
    return pd.DataFrame(rows, columns=_COMPARISON)


def compare_leader(
    by_replicate: pd.DataFrame, by_regulators: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Paired difference between the best method that needs no label and each other one.

    The best is the one with the highest mean average precision on all candidate pairs, of those
    that failed on no data set that others did not fail on. It was chosen by the values that are
    compared, so verdicts are somewhat in its favour.

    Args and columns as `compare_with_others`, of the metric average_precision; the columns model
    and model_value are called leader and leader_value.
    """
    cubes = _cubes(by_regulators)
    rows = []
    chosen = by_replicate[
        (by_replicate["metric"].isin(["average_precision", "auroc"]))
        & (by_replicate["protocol"] == UNSUPERVISED)
    ]
    for key, group in chosen.groupby(["network", "dropout", "protocol"], sort=False):
        own = group[(group["metric"] == "average_precision") & group["value"].notna()]
        of_methods = own[own["method"].map(kind_of) == "method"].groupby("method")["value"]
        means, numbers = of_methods.mean(), of_methods.size()
        if len(means):
            leader = means[numbers == numbers.max()].idxmax()
            rows += _compared(key, group, cubes, leader, ("average_precision",))
    named = {"model": "leader", "model_value": "leader_value"}
    return pd.DataFrame(rows, columns=_COMPARISON).rename(columns=named)


def _compared(
    key: tuple, group: pd.DataFrame, cubes: dict, model: str, metrics: Sequence[str]
) -> list[tuple]:
    """Rows of a comparison: a model against all others of a network, dropout level and protocol."""
    rows = []
    methods = dict(list(group.groupby("method", sort=False)))
    replicates = pd.Index(methods[model]["replicate"].unique())
    tables = {
        (method, metric): _table(part, replicates)
        for method, own in methods.items()
        for metric, part in own.groupby("metric")
    }
    for metric in metrics:
        ours_of_all = tables[model, metric]
        for method in methods:
            if kind_of(method) == "oracle":
                continue
            area = tables[method, "auroc"]
            flat = bool((area[~np.isnan(area)] == 0.5).all())  # one score for all pairs
            if method == model or (metric != "auroc" and flat):
                continue
            difference = ours_of_all - tables[method, metric]
            # Without the replicates on which the method failed.
            kept = ~np.isnan(difference).all(axis=0)
            ours, other = ours_of_all[:, kept], tables[method, metric][:, kept]
            difference = difference[:, kept]
            number = int((~np.isnan(difference)).sum())
            if number == 0:
                continue
            levels, enough, over = difference, MIN_REPLICATES, _REPLICATES
            if all((*key, name, metric) in cubes for name in (model, method)):
                pseudo = _paired(cubes[*key, model, metric], cubes[*key, method, metric])
                if _groups(pseudo) >= MIN_GROUPS:
                    levels, enough, over = pseudo, MIN_GROUPS, _REGULATORS
            most = limits(metric)[1]  # as the least of all metrics is 0
            low, high = np.clip(mean_interval(levels), -most, most)
            seeds = (~np.isnan(difference)).any(axis=1).sum()
            trained = any(kind_of(name) in _TRAINED for name in (model, method))
            few_seeds = trained and seeds < MIN_SEEDS
            if few_seeds or _groups(levels) < enough:
                verdict = "not determined"
            else:
                verdict = "better" if low > 0 else "worse" if high < 0 else "no difference"
            # Over the same seeds and replicates, so that the third mean is model_value - value.
            both = np.where(np.isnan(difference), np.nan, 1)
            means = (np.nanmean(v * both) for v in (ours, other, difference))
            bounds = (float(low), float(high))
            row = (*key, model, metric, method, kind_of(method), *means, *bounds, number)
            rows.append((*row, verdict, over))
    return rows


def _paired(model: pd.DataFrame, method: pd.DataFrame) -> np.ndarray:
    """Differences of pseudo-values (seeds, groups), on the replicates that both have.

    One without training seed is compared with every seed of the other.
    """
    other = method.reindex(columns=model.columns)
    difference = model.to_numpy(dtype=float) - other.to_numpy(dtype=float)
    return _over_regulators(pd.DataFrame(difference, columns=model.columns))


def mean_stability(stability: pd.DataFrame) -> pd.DataFrame:
    """Mean over seeds: columns network, dropout, protocol, method and `scoring.STABILITY`."""
    keys = ["network", "dropout", "protocol", "method"]
    return stability.groupby(keys, sort=False)[list(STABILITY)].mean().reset_index()


def compare_with_beeline(
    by_replicate: pd.DataFrame, published: pd.DataFrame, networks: Sequence[str]
) -> pd.DataFrame:
    """Medians over replicates without dropout beside those that BEELINE's maintainers publish.

    Args:
        by_replicate: as in `summarise`.
        published: columns network, method, metric, median, low, high (of ten runs).
        networks: networks that are simulated from, or are, BEELINE's.

    Returns:
        Columns network, method, metric, median, beeline_median, beeline_low, beeline_high,
        within_0.05_of_range: whether the median lies in the published range widened by
        BEELINE_MARGIN on both sides. The sampled parameters of our replicates are not those of
        BEELINE's.
    """
    chosen = by_replicate[
        (by_replicate["protocol"] == "unsupervised")
        & (by_replicate["dropout"].astype(int) == 0)
        & by_replicate["network"].isin(networks)
    ]
    ours = chosen.groupby(["network", "method", "metric"], sort=False)["value"].median()
    named = published.rename(columns={c: f"beeline_{c}" for c in ("median", "low", "high")})
    table = ours.rename("median").reset_index().merge(named, on=["network", "method", "metric"])
    low, high = table["beeline_low"], table["beeline_high"]
    within = table["median"].between(low - BEELINE_MARGIN, high + BEELINE_MARGIN)
    name = f"within_{BEELINE_MARGIN}_of_range"
    return table.assign(**{name: np.where(within, "yes", "no")})
