"""Whether knock-outs in a Boolean model do what papers report of animals and patients.

The table (workflow/resources/published_knock_outs.tsv) has, for each statement of a paper, what was
done, the fates that it is about (`with` and `without`: genes that are on and off in them) and what
is reported of their cells: `lost`, `fewer`, `more`, `not lost` or `not fewer`. What the model gives
is in `wild`, `share` (of the cells) and `ours`, and `agreed` says whether that is the same.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from grn_gat.core.repository import repository
from grn_gat.core.seeds import seed_sequence
from grn_gat.simulate.attractors import JOINT, Fates
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.perturbed_cells import Condition, on, perturbed_model, simulate_condition
from grn_gat.simulate.simulator import default_parameters

TABLE = "workflow/resources/published_knock_outs.tsv"
MODELS = "workflow/resources/models"
CELLS, SEED, LEFT = 400, 20240920, 0.5
_SIMULATION = {"activation": "hill", "max_tries": 100}
_LEAST = 0.02  # share below which a fate is lost
_ERRORS = 3  # standard errors by which shares must differ
# What agrees with a statement; the second of a pair in part.
_AGREED = {
    "lost": (("lost",), ("fewer",)),
    "fewer": (("fewer", "lost"), ()),
    "more": (("more",), ()),
    "not lost": (("fewer", "kept", "more"), ()),
    "not fewer": (("kept", "more"), ()),
}


def statements() -> list[dict[str, str]]:
    """Return the rows of the table."""
    with open(Path(repository()) / TABLE, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def fate_share(row: Mapping[str, str], wild_type: bool) -> float:
    """Return the share of the cells of a model that come to the fates of a statement.

    Args:
        row: `model`, `gene`, `kind`, `begin`, `with` and `without` of a statement.
        wild_type: whether nothing is done to the cells.
    """
    model = read_model(Path(repository()) / MODELS / f"{row['model']}.tsv")
    done = Condition(row["begin"], row["kind"], (row["gene"],))
    condition = done.wild_type if wild_type else done
    cells = simulate_condition(
        model,
        condition,
        {"cells": CELLS, "knock_down": LEFT},
        seed_sequence(SEED, "published", row["model"], condition.key),
        default_parameters(model.genes),
        _SIMULATION,
    )
    fates = Fates(perturbed_model(model, condition, LEFT))
    names = fates.of_cells(on(cells, condition, model.genes, LEFT))
    there, absent = (set(row[key].split()) for key in ("with", "without"))
    found = [set(name.split(JOINT)) for name in names]
    return float(np.mean([there <= genes and not absent & genes for genes in found]))


def verdict(wild: float, share: float) -> str:
    """Return what became of the fates: `lost`, `fewer`, `more` or `kept`."""
    if share < _LEAST <= wild:
        return "lost"
    error = ((wild * (1 - wild) + share * (1 - share)) / CELLS) ** 0.5
    if abs(share - wild) <= max(_ERRORS * error, _LEAST):
        return "kept"
    return "more" if share > wild else "fewer"


def agreed(reported: str, ours: str) -> str:
    """Return `yes`, `partly` or `no`: whether the model gives what is reported."""
    whole, part = _AGREED[reported]
    return "yes" if ours in whole else "partly" if ours in part else "no"
