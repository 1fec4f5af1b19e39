"""What is scored on held-out networks: kinds, measurements, methods and controls.

Read when Snakemake reads the workflow: no numpy here.
"""

from collections.abc import Mapping
from typing import Any

SPEARMAN = "spearman"  # what the others are compared with, network by network
# They see the true network and no cell. The second is no control but an oracle: what it is worth to
# know the degrees of the network that is asked for.
RANDOM, DEGREE_PRODUCT = "random", "degree-product"
OF_LABELS = (RANDOM, DEGREE_PRODUCT)
CONTROLS = "controls"  # the job that scores these
_SHUFFLED = "-shuffled"


def conditions(block: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return each kind with each of its measurements, from home to abroad.

    Args:
        block: `held_out` of the pretraining config. A measurement may name its `kinds`.
    """
    return [
        (kind, name)
        for kind in block["kinds"]
        for name, how in block["measurements"].items()
        if kind in how.get("kinds", block["kinds"])
    ]


def jobs(block: Mapping[str, Any]) -> list[str]:
    """Return what each condition is scored by: the methods, and the controls as one job."""
    return [*block["methods"], CONTROLS]


def scored_by(block: Mapping[str, Any], job: str) -> list[str]:
    """Return what a job scores: the controls, or a method, maybe on shuffled cells as well."""
    if job == CONTROLS:
        return list(OF_LABELS)
    return [job, *([job + _SHUFFLED] if job in block["shuffled"] else [])]


def scored(block: Mapping[str, Any]) -> list[str]:
    """Return the names of all that is scored, as `scored_by` gives them."""
    return [name for job in jobs(block) for name in scored_by(block, job)]


def on_shuffled(name: str) -> bool:
    """Whether it is a method on cells whose genes are shuffled."""
    return name.endswith(_SHUFFLED)


def method_of(name: str) -> str | None:
    """Return the method that a name of `scored` is of; None of a control."""
    return None if name in OF_LABELS else name.removesuffix(_SHUFFLED)


def measurement_block(block: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a measurement as `measurement_settings.settings_of` takes it."""
    return {key: value for key, value in block["measurements"][name].items() if key != "kinds"}
