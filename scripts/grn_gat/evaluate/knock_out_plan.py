"""What predicts knock-outs of simulated networks: methods, baselines and oracles.

Read when Snakemake reads the workflow: no numpy here.
"""

from collections.abc import Mapping
from typing import Any

NOTHING, CORRELATION, MEAN_OF_OTHERS = "nothing", "correlation", "mean-of-others"
BASELINES = (NOTHING, CORRELATION, MEAN_OF_OTHERS)
# They see the true network, and no cell: what it would be worth to know it.
TRUE_EDGES, TRUE_PATHS = "true-edges", "true-paths"
ORACLES = (TRUE_EDGES, TRUE_PATHS)
CONTROLS = "controls"  # the job that scores both
EDGES, PATHS, TOGETHER = "edges", "paths", "paths-and-correlation"
WAYS = (EDGES, PATHS, TOGETHER)  # in which the network of a method is read


def jobs(block: Mapping[str, Any]) -> list[str]:
    """Return what predicts the knock-outs of a condition: methods, and baselines as one job.

    Args:
        block: `knock_outs` of the pretraining config.
    """
    return [*block["methods"], CONTROLS]


def predictions(job: str) -> list[str]:
    """Return the names of what a job predicts."""
    return [*BASELINES, *ORACLES] if job == CONTROLS else [f"{job}-{way}" for way in WAYS]
