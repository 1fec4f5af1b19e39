"""Parts of the training on many kinds of data: variants, chunks, stages.

Read when Snakemake reads the workflow: no numpy here.
"""

from collections.abc import Mapping
from typing import Any

EXPERT = "model-of-levels"  # one of `zeroshot.input_groups.GROUPS`
AFTERWARDS = ("agreement",)  # what is decided after the training
SUBSETS, AGGREGATOR, CALIBRATION = "subsets", "aggregator", "calibration"


def variant(block: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the settings of a variant.

    Args:
        block: `broad_training` of the pretraining config.
        name: of one of its `variants`.
    """
    own = {key: value for key, value in block["variants"][name].items() if key != "of"}
    shared = trained(block, name)
    if shared != name:
        return variant(block, shared) | own
    plain = {key: value for key, value in block.items() if key != "variants"}
    aggregator = plain["aggregator"] | own.get("aggregator", {})
    found = {"cold": False, "hidden": []} | plain | own | {"aggregator": aggregator}
    if found["cold"]:
        found["hidden"] = [*found["hidden"], EXPERT]
    return found


def trained(block: Mapping[str, Any], name: str) -> str:
    """Return the variant whose training a variant shares: another (`of`), or itself."""
    found: str = block["variants"][name].get("of", name)
    return found


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
    if use == SUBSETS:
        seen = first_chunks(block, available, name)
        return [(kind, k + 1) for kind in seen for k in range(seen[kind])]
    held, read = settings["calibration_chunks"], settings["aggregator_chunks"]
    found = []
    for kind in settings["kinds"]:
        number = available[kind]
        last = number - held if use == AGGREGATOR else number
        first = last - (read if use == AGGREGATOR else held)
        found += [(kind, k + 1) for k in range(first, last)]
    return found


def first_chunks(
    block: Mapping[str, Any], available: Mapping[str, int], name: str
) -> dict[str, int]:
    """Return how many chunks of each kind, the first ones, the model of subsets of a variant sees.

    Parameters as `chunks` has them.
    """
    settings = variant(block, name)
    aside = settings["calibration_chunks"] + settings["aggregator_chunks"]
    return {
        kind: round(settings["share"] * (available[kind] - aside)) for kind in settings["kinds"]
    }


def views_seen(
    block: Mapping[str, Any], pretraining: Mapping[str, Any], name: str
) -> dict[str, int]:
    """Return how many views of each kind the model of subsets of a variant sees.

    Args:
        block: `broad_training` of the pretraining config.
        pretraining: all of it.
        name: of the variant.
    """
    per_chunk = pretraining["chunks"]["networks_per_chunk"]
    seen = first_chunks(block, pretraining["views"]["chunks"], name)
    return {kind: number * per_chunk for kind, number in seen.items()}


def of_stage(
    block: Mapping[str, Any], available: Mapping[str, int], name: str, stage: int
) -> list[tuple[str, int]]:
    """Return the chunks that one stage (from 1) of the training of subsets sees, of every kind."""
    return chunks(block, available, name, SUBSETS)[stage - 1 :: variant(block, name)["stages"]]
