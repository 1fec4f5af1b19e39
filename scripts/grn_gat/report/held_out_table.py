"""The table of held-out networks: what a training has to beat, by kind and measurement."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grn_gat.evaluate.held_out_plan import SPEARMAN
from grn_gat.evaluate.intervals import mean_interval
from grn_gat.evaluate.metrics import expected_calibration_error

CONDITION = ["kind", "measurement"]
_BINS = ["pairs", "predicted", "observed"]


def held_out_table(scores: pd.DataFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """Summarise scores over networks.

    Average precision is compared by its logarithm, as networks differ in size: means are geometric.
    Intervals are those of the mean over networks.

    Args:
        scores: one row per kind, measurement, method and network, as
            `held_out_scores.score_networks` returns them with these columns.
        bins: kind, measurement, method, bin, pairs, predicted, observed.

    Returns:
        One row per kind, measurement and method, in the order of `scores`:
        networks (with a score), failed (without one, for a reason); share_of_edges and
        average_precision (means), ratio (geometric mean of average precision over the share of
        edges), ratio_low, ratio_high, ratio_median; factor (geometric mean of average precision
        over Spearman's, on the same networks), factor_low, factor_high, above (share of these
        networks on which it is above Spearman; equal counts half); early_precision_ratio and auroc
        (means); mean_probability (mean over networks) and calibration_error (over the pairs of all
        networks) where scores are probabilities.
    """
    log = np.log(scores["average_precision_ratio"])
    spearman = scores.assign(log=log)[scores["method"] == SPEARMAN]
    scores = scores.assign(log=log).merge(
        spearman[[*CONDITION, "network", "log"]].rename(columns={"log": "log_spearman"}),
        on=[*CONDITION, "network"],
        how="left",
    )
    errors = {
        key: expected_calibration_error(part[_BINS])
        for key, part in bins.groupby([*CONDITION, "method"], sort=False)
    }
    rows = []
    for key, part in scores.groupby([*CONDITION, "method"], sort=False):
        known = part[part["log"].notna()]
        difference = (known["log"] - known["log_spearman"]).dropna()
        ratio, factor = _geometric(known["log"]), _geometric(difference)
        above = np.where(difference == 0, 0.5, difference > 0)
        rows.append(
            {
                **dict(zip([*CONDITION, "method"], key, strict=True)),
                "networks": len(known),
                "failed": int((part["reason"] != "").sum()),
                "share_of_edges": known["prevalence"].mean(),
                "average_precision": known["average_precision"].mean(),
                **dict(zip(("ratio", "ratio_low", "ratio_high"), ratio, strict=True)),
                "ratio_median": known["average_precision_ratio"].median(),
                **dict(zip(("factor", "factor_low", "factor_high"), factor, strict=True)),
                "above": above.mean() if len(above) else np.nan,
                "early_precision_ratio": known["early_precision_ratio"].mean(),
                "auroc": known["auroc"].mean(),
                "mean_probability": known["mean_probability"].mean(),
                "calibration_error": errors.get(key, np.nan),
            }
        )
    return pd.DataFrame(rows)


def _geometric(logarithms: Sequence[float] | pd.Series) -> tuple[float, float, float]:
    """Geometric mean and its interval, NaN where there are too few."""
    values = np.asarray(logarithms, dtype=float)
    if not len(values):
        return np.nan, np.nan, np.nan
    low, high = mean_interval(values[None])
    return float(np.exp(values.mean())), float(np.exp(low)), float(np.exp(high))
