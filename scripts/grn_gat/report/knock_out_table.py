"""The table of predicted knock-outs: how well each way predicts, and beside the best baseline."""

import numpy as np
import pandas as pd

from grn_gat.evaluate.intervals import mean_interval
from grn_gat.evaluate.knock_out_plan import BASELINES
from grn_gat.evaluate.knock_out_prediction import COLUMNS

CONDITION = ["kind", "measurement"]
ALL = "all"  # kind of the rows over the networks of all kinds


def knock_out_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Summarise over networks, each of which is the mean of its knock-outs.

    Args:
        scores: one row per kind, measurement, network, gene and prediction
            (`knock_out_scores.score_panels`, with these columns).

    Returns:
        One row per kind (and `all`: every network counts the same), measurement and prediction:
        networks, knock_outs, changed (mean share of genes that change); of each of
        `knock_out_prediction.COLUMNS` its mean, low, high (95 % interval of the mean over
        networks), and `<column>_gain`, `_low`, `_high`: the mean difference to the best baseline
        there, on the same networks, with its interval. Of the best baseline the gain is 0.
    """
    every = scores.assign(kind=ALL, network=scores["kind"] + " " + scores["network"].astype(str))
    both = pd.concat([scores.assign(network=scores["network"].astype(str)), every])
    return pd.DataFrame(
        [
            row
            for key, part in both.groupby(CONDITION, sort=False)
            for row in _rows(dict(zip(CONDITION, key, strict=True)), part)
        ]
    )


def _rows(named: dict[str, str], part: pd.DataFrame) -> list[dict]:
    """Rows of one condition."""
    means = part.groupby(["prediction", "network"], sort=False)[list(COLUMNS)].mean()
    of_all = means.groupby(level="prediction", sort=False).mean()
    baselines = of_all.loc[[name for name in BASELINES if name in of_all.index]]
    best = {column: str(baselines[column].idxmax()) for column in COLUMNS}
    rows = []
    for name, own in part.groupby("prediction", sort=False):
        row = {
            **named,
            "prediction": name,
            "networks": own["network"].nunique(),
            "knock_outs": len(own),
            "changed": own["changed"].mean(),
        }
        for column in COLUMNS:
            values = means.loc[name, column]
            gain = (values - means.loc[best[column], column]).dropna()
            row |= _with_interval(column, values.dropna()) | {f"{column}_best": best[column]}
            row |= _with_interval(f"{column}_gain", gain)
        rows.append(row)
    return rows


def _with_interval(name: str, values: pd.Series) -> dict[str, float]:
    """Mean and the ends of its interval; NaN where there are too few."""
    mean = float(values.mean()) if len(values) else np.nan
    low, high = mean_interval(values.to_numpy()[None]) if len(values) else (np.nan, np.nan)
    return {name: mean, f"{name}_low": float(low), f"{name}_high": float(high)}
