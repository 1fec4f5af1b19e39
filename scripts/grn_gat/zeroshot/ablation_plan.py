"""The trainings of the zero-shot model's ablation: every one is an altered block `pretraining`."""

from collections.abc import Mapping
from itertools import product

REFERENCE = "default"  # the variant that nothing is changed in
ALTERED = ("model", "augmentation")  # blocks that a variant may change


def grid_cells(grid: Mapping) -> dict[str, dict]:
    """Name and sizes of every cell: layers x heads x width."""
    cells = product(grid["layers"], grid["heads"], grid["width"])
    return {
        f"layers-{layers}-heads-{heads}-width-{width}": {
            "layers": layers, "heads": heads, "width": width
        }
        for layers, heads, width in cells
    }  # fmt: skip


def _kind(variant: Mapping) -> str:
    return "learning curve" if "networks" in variant else "features"


def trainings(pretraining: Mapping) -> dict[str, dict]:
    """Everything that is trained, by the name of its variant.

    A cell of the grid keeps those of `model.triple_layers` that it has: the model ignores layers
    beyond its last.

    Args:
        pretraining: the config block, with a block `ablation`.

    Returns:
        For each variant `kind` (reference, grid, features or learning curve), `networks` (how many
        of the training networks) and `pretraining` (what `pretraining.train_member` takes).
    """
    ablation = pretraining["ablation"]
    variants: dict[str, tuple[str, Mapping]] = {REFERENCE: ("reference", {})}
    for name, sizes in grid_cells(ablation["grid"]).items():
        variants[name] = ("grid", {"model": sizes})
    for name, variant in ablation["variants"].items():
        variants[name] = (_kind(variant), variant)
    return {
        name: {
            "kind": kind,
            "networks": variant.get("networks", ablation["networks"]),
            "pretraining": {
                "seed": pretraining["seed"],
                **{block: pretraining[block] | variant.get(block, {}) for block in ALTERED},
                "training": pretraining["training"]
                | {"epochs": variant.get("epochs", ablation["epochs"])},
            },
        }
        for name, (kind, variant) in variants.items()
    }
