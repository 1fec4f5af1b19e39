"""The report tables: long metrics, their mean over replicates, and the summary with intervals."""

import numpy as np
import pandas as pd

from grn_gat.metrics import two_way_bootstrap
from grn_gat.seeds import generator

# Fewer, and intervals that exclude 0 are too often chance: with additive effects of seeds and
# replicates and no true difference, in a quarter of all studies of 2 x 2, a third of 5 x 1.
MIN_SEEDS, MIN_REPLICATES = 4, 3
CONSTANT_CONTROLS = ("majority", "constant-logit")
_GROUP = ["network", "dropout", "protocol", "method", "metric"]


def mean_over_replicates(by_replicate: pd.DataFrame) -> pd.DataFrame:
    """Columns network, dropout, protocol, method, seed, metric, value (mean over replicates)."""
    keys = ["network", "dropout", "protocol", "method", "seed", "metric"]
    return by_replicate.groupby(keys, sort=False)["value"].mean().reset_index()


def summarise(by_replicate: pd.DataFrame, seed: int, n_resamples: int) -> pd.DataFrame:
    """Mean, sd, 95 % bootstrap interval and number of values, over seeds and replicates.

    Args:
        by_replicate: columns network, dropout, protocol, method, seed, replicate, metric, value.
        seed: seed of the workflow.
        n_resamples: bootstrap resamples.

    Returns:
        Columns network, dropout, protocol, method, metric, mean, sd, low, high, n. `sd` is over
        the n single values; `low` and `high` resample seeds and replicates
        (`metrics.two_way_bootstrap`). Undefined values (NaN) are left out and not counted in n.
    """
    rows = []
    for key, group in by_replicate.groupby(_GROUP, sort=False):
        values = group.pivot(index="seed", columns="replicate", values="value").to_numpy()
        known = values[~np.isnan(values)]
        # One stream for all dropout levels: a control that is the same at each has one interval.
        network, _, protocol, method, metric = key
        rng = generator(seed, "bootstrap", network, protocol, method, metric)
        low, high = two_way_bootstrap(values, rng, n_resamples=n_resamples)
        mean = known.mean() if len(known) else np.nan
        sd = known.std(ddof=1) if len(known) > 1 else np.nan
        rows.append((*key, mean, sd, low, high, len(known)))
    return pd.DataFrame(rows, columns=[*_GROUP, "mean", "sd", "low", "high", "n"])


def compare_with_controls(by_replicate: pd.DataFrame, seed: int, n_resamples: int) -> pd.DataFrame:
    """Paired difference between the GATv2 and each control, with its interval.

    AUROC has the same expectation, 0.5, for every score that knows nothing. Average precision has
    not: that of a random ranking of few pairs lies above that of a constant score (the share of
    edges), so controls with one score for all pairs are compared by AUROC only, and verdicts in the
    report are those by AUROC.

    Args as `summarise`. Differences are taken per seed and replicate, on the same pairs.

    Returns:
        Columns network, dropout, protocol, metric (auroc, average_precision), control, gat,
        control_value, difference, low, high, n, verdict: `better` or `worse` where the interval
        does not hold 0, `no difference` where it does, `not determined` with fewer than MIN_SEEDS
        seeds or MIN_REPLICATES replicates.
    """
    rows = []
    chosen = by_replicate[by_replicate["metric"].isin(["auroc", "average_precision"])]
    for key, group in chosen.groupby(["network", "dropout", "protocol", "metric"], sort=False):
        wide = {
            method: part.pivot(index="seed", columns="replicate", values="value").to_numpy()
            for method, part in group.groupby("method", sort=False)
        }
        gat = wide.pop("gat")
        for control, values in wide.items():
            difference = gat - values
            number = int((~np.isnan(difference)).sum())
            if number == 0 or (key[3] == "average_precision" and control in CONSTANT_CONTROLS):
                continue
            rng = generator(seed, "comparison", *map(str, key), control)
            low, high = two_way_bootstrap(difference, rng, n_resamples=n_resamples)
            if min(values.shape[0] - MIN_SEEDS, values.shape[1] - MIN_REPLICATES) < 0:
                verdict = "not determined"
            else:
                verdict = "better" if low > 0 else "worse" if high < 0 else "no difference"
            means = (np.nanmean(gat), np.nanmean(values), np.nanmean(difference))
            rows.append((*key, control, *means, low, high, number, verdict))
    columns = ["network", "dropout", "protocol", "metric", "control", "gat", "control_value"]
    return pd.DataFrame(rows, columns=[*columns, "difference", "low", "high", "n", "verdict"])
