"""Variants of the training on many kinds of data, on kinds that they saw and kinds left out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from grn_gat.report.held_out_table import CONDITION, held_out_table

OVERALL = "all"


def broad_table(
    scores: pd.DataFrame, bins: pd.DataFrame, kinds: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Summarise as `held_out_table`, and over the conditions of each kind.

    Args:
        scores, bins: as `held_out_table` takes them.
        kinds: of each variant, what it was trained on; the other methods are trained on nothing.

    Returns:
        Its rows, and one per kind and method in which every condition weighs the same (measurement
        `all`: the geometric mean of ratio and factor, the largest calibration error); `left_out`:
        yes where a variant was not trained on the kind.
    """
    table = held_out_table(scores, bins)
    means = []
    for (kind, method), part in table.groupby(["kind", "method"], sort=False):
        means.append(
            {
                **dict(zip(CONDITION, (kind, OVERALL), strict=True)),
                "method": method,
                "networks": int(part["networks"].sum()),
                "failed": int(part["failed"].sum()),
                "ratio": float(np.exp(np.log(part["ratio"]).mean())),
                "factor": float(np.exp(np.log(part["factor"]).mean())),
                "calibration_error": part["calibration_error"].max(),
            }
        )
    found = pd.concat([table, pd.DataFrame(means)], ignore_index=True)
    left_out = [
        method in kinds and kind not in kinds[method]
        for kind, method in zip(found["kind"], found["method"], strict=True)
    ]
    found.insert(3, "left_out", np.where(left_out, "yes", "no"))
    return found
