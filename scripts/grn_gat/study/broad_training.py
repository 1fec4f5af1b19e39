"""Parts of the training on many kinds of data: variants, chunks, stages.

Read when Snakemake reads the workflow: no numpy here.
"""

from collections.abc import Mapping
from typing import Any

SUBSETS, AGGREGATOR, CALIBRATION = "subsets", "aggregator", "calibration"


def variant(block: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the settings of a variant.

    Args:
        block: `broad_training` of the pretraining config.
        name: of one of its `variants`.
    """
    plain = {key: value for key, value in block.items() if key != "variants"}
    return plain | block["variants"][name]


def chunks(
    block: Mapping[str, Any], available: Mapping[str, int], name: str, use: str
) -> list[tuple[str, int]]:
    """Return the chunks of views, (kind, number from 1), that a variant uses for something.

    The last ones of a kind calibrate, those before them train the aggregator, all others the model
    of subsets: nothing is seen twice.

    Args:
        block: `broad_training` of the pretraining config.
        available: `views.chunks`: chunks of each kind.
        name: of the variant.
        use: SUBSETS, AGGREGATOR or CALIBRATION.
    """
    settings = variant(block, name)
    found = []
    for kind in settings["kinds"]:
        number, held, read = (
            available[kind], settings["calibration_chunks"], settings["aggregator_chunks"]
        )  # fmt: skip
        first = {CALIBRATION: number - held, AGGREGATOR: number - held - read, SUBSETS: 0}[use]
        last = {CALIBRATION: number, AGGREGATOR: number - held, SUBSETS: number - held - read}[use]
        if use == SUBSETS:
            last = max(1, round(settings["share"] * last))
        found += [(kind, k + 1) for k in range(first, last)]
    return found


def of_stage(
    block: Mapping[str, Any], available: Mapping[str, int], name: str, stage: int
) -> list[tuple[str, int]]:
    """Return the chunks that one stage (from 1) of the training of subsets sees, of every kind."""
    return chunks(block, available, name, SUBSETS)[stage - 1 :: variant(block, name)["stages"]]
