"""Kinds of evidence that cells come with beside their expression, and words in its files.

Standard library only: used when the workflow is read, and when the data are.
"""

from collections.abc import Mapping
from typing import Any

from grn_gat.core.files import PathLike
from grn_gat.data.file_kinds import KINDS as SUFFIXES
from grn_gat.data.file_kinds import is_h5ad

PERTURBATIONS, PRIOR = "perturbations", "prior"
MATRICES = ("protein", "activity", "velocity")
# Keys of a data set in a config, and names of files of results.
EVIDENCE = (PERTURBATIONS, PRIOR, *MATRICES)
DEFAULT_KIND = "perturbation_kind"  # key: what was done to cells of which nothing else is said
# Where AnnData has it, if no file is named.
PLACES = {
    PERTURBATIONS: "obs",
    "protein": "obsm",
    "activity": "layers",
    "velocity": "layers",
}
# What the expression of the gene is about multiplied by; of the other kinds only the side counts.
FOLDS = {"knock-out": 0.0, "knock-down": 0.5, "over-expression": 2.0}
KNOCK_OUT = "knock-out"
# Labels of cells that nothing was done to, in lower case and with - for _ and blanks.
UNPERTURBED = frozenset(
    (
        *("", "none", "control", "ctrl", "nt", "non-targeting", "nontargeting"),
        *("unperturbed", "untreated", "wild-type", "wildtype", "wt"),
    )
)
WORDS = {
    PERTURBATIONS: "perturbations",
    PRIOR: "a prior network",
    "protein": "protein",
    "activity": "promoter activity",
    "velocity": "velocity",
}


def is_unperturbed(label: str) -> bool:
    """Whether a label says that nothing was done to a cell."""
    return label.strip().lower().replace("_", "-").replace(" ", "-") in UNPERTURBED


def is_inside(kind: str, value: str, expression: PathLike) -> bool:
    """Whether a value names a place in the AnnData of the expression, and no file."""
    has_place = kind in PLACES and is_h5ad(expression)
    return has_place and not value.lower().endswith(SUFFIXES)


def listed(entry: Mapping[str, Any], kind: str) -> list[str]:
    """Return the values of a kind of evidence in an entry of the config: files, or a place."""
    found = entry.get(kind, [])
    return [found] if isinstance(found, str) else list(found)


def given(entry: Mapping[str, Any]) -> list[str]:
    """Return the kinds of evidence that an entry of the config names."""
    return [kind for kind in EVIDENCE if entry.get(kind)]


def named_files(entry: Mapping[str, Any], expression: PathLike) -> dict[str, list[str]]:
    """Return the files of evidence that an entry of the config names, by kind.

    Args:
        entry: keys of a data set.
        expression: its file or folder; what lies in that AnnData is no file of its own.
    """
    found = {
        kind: [value for value in listed(entry, kind) if not is_inside(kind, value, expression)]
        for kind in EVIDENCE
    }
    return {kind: files for kind, files in found.items() if files}
