"""How a file of cells is prepared before a network is inferred from it: keys, words, and budget.

Standard library only: used when the workflow is read, and when the data are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grn_gat.core.errors import InputError
from grn_gat.data.file_kinds import is_h5ad

AUTO, ALL = "auto", "all"
VARIABLE, FLAG = "hvg:", "var:"  # what values of `genes` begin with, else they are files
SPECIES = ("human", "mouse")
REGULATOR_WORDS = (AUTO, ALL, *SPECIES)
AS_THEY_ARE, LOGARITHMS, SHARES = "none", "log1p", "cp10k"
NORMALISATIONS = (AUTO, AS_THEY_ARE, LOGARITHMS, SHARES)
# What auto means. Neither weights of gat-zeroshot want anything else: those of levels fail where
# cells were divided by their totals, those of any data were trained on counts and on normalised
# ones, as they come from the experiment. What `weights` ask for is decided here and nowhere else.
USUAL_NORMALISATION = AS_THEY_ARE

# The budget of a file of which nothing was chosen. It follows from what gat-zeroshot costs with
# weights of any data (inference/cost.py): with every default method and ten runs on subsamples of
# the cells it stays below 15 minutes on 2 cores, and below 8 GB.
MOST_GENES = 3000  # a file with no more is taken as its owner's choice
FEW_GENES = 100  # of a file with no more every gene may regulate, unless regulators are named
MOST_REGULATORS = 500  # among them
MOST_CELLS = 5000
# Where every gene is a candidate regulator, as many genes as have the same number of pairs.
MOST_GENES_OF_ALL = 1200
_GROUPS_IN_BUDGET = 3

KEYS = ("genes", "cells", "groups", "normalise", "groupby", "root")  # of a user
DIFFUSION = "diffusion"  # in place of a table of pseudotime, or of columns


@dataclass(frozen=True)
class Preparation:
    """What is asked for.

    Attributes:
        genes: auto (of a file with more than `MOST_GENES`: expressed regulators and the genes that
            vary most), all, hvg:N (the N that vary most, and the expressed regulators that are
            named), var:COLUMN (a column of truth values in var of .h5ad), the path of a list, or
            names.
        cells: at most so many; 0 takes all, None up to `MOST_CELLS`, or all of a file that has few
            genes.
        groups: column of obs of .h5ad that cells are drawn by; empty: the first that looks like
            one.
        normalise: none, log1p, cp10k (each cell to 10,000, then log1p, as scanpy does), or auto.
        groupby: groups of cells, a network of each: a column of obs of .h5ad, or a table. Genes are
            chosen among the cells of all groups, so that the networks are of the same ones.
        group: that whose cells are taken; empty without `groupby`.
        root: cell that pseudotime by diffusion begins at: its name, or COLUMN=LABEL of obs.
        groupby: groups of cells, a network of each: a column of obs of .h5ad, or a table. Genes are
            chosen among the cells of all groups, so that the networks are of the same ones.
        group: that whose cells are taken; empty without `groupby`.
        root: cell that pseudotime by diffusion begins at: its name, or COLUMN=LABEL of obs.
    """

    genes: str | tuple[str, ...] = AUTO
    cells: int | None = None
    groups: str = ""
    normalise: str = AUTO
    groupby: str = ""
    group: str = ""
    root: str = ""

    def most_cells(self, genes: int) -> int:
        """Return how many cells may be taken of a file with so many genes; 0: all of them."""
        if self.cells is not None:
            return self.cells
        return MOST_CELLS if genes > MOST_GENES else 0

    def chooses(self, genes: int) -> bool:
        """Return whether genes are chosen that the user has not named: auto, of many genes."""
        return self.genes == AUTO and genes > MOST_GENES


def share_of_budget(groups: int) -> float:
    """Return which share of the budget of genes and of regulators a file of groups may take.

    A network is inferred of each group: of more than three the pairs of all networks together stay
    about as many.
    """
    return min(1.0, (_GROUPS_IN_BUDGET / groups) ** 0.5) if groups else 1.0


def split_entry(entry: Mapping[str, Any]) -> tuple[dict[str, Any], Preparation]:
    """Return the keys of a data set without those of its preparation, and the preparation."""
    keys = (*KEYS, "group")
    rest = {key: value for key, value in entry.items() if key not in keys}
    return rest, Preparation(**{key: entry[key] for key in keys if key in entry})


def as_wanted(genes: Any) -> str | tuple[str, ...]:
    """Return genes as a program gives them: a word, a path or names."""
    if isinstance(genes, str):
        return genes
    return str(genes) if hasattr(genes, "__fspath__") else tuple(map(str, genes))


def genes_file(entry: Mapping[str, Any]) -> str | None:
    """Return the file of genes that a data set names, None where it names none."""
    genes = str(entry.get("genes", AUTO))
    return None if genes in (AUTO, ALL) or genes.startswith((VARIABLE, FLAG)) else genes


def regulators_file(entry: Mapping[str, Any]) -> str | None:
    """Return the file of regulators that a data set names, None where it names none."""
    named = entry.get("regulators")
    return None if named is None or named in REGULATOR_WORDS else str(named)


def number_of_variable(genes: str) -> int:
    """Return N of hvg:N; InputError where it is no number of genes."""
    text = genes.removeprefix(VARIABLE)
    if not text.isascii() or not text.isdigit() or int(text) < 2:
        raise InputError(f"genes: {genes}: expected {VARIABLE}N, as {VARIABLE}2000, N at least 2")
    return int(text)


def check_cell_keys(entry: Mapping[str, Any]) -> None:
    """Raise InputError, beginning with the key, for keys that do not fit the file or one another.

    Files are looked for by `study.config.check_dataset_files`.
    """
    genes = str(entry.get("genes", AUTO))
    if genes.startswith(VARIABLE):
        number_of_variable(genes)
    inside = is_h5ad(entry["expression"])
    if genes.startswith(FLAG) and not inside:
        raise InputError(f"genes: {genes} is a column of var of .h5ad files; the file is none")
    by_diffusion = entry.get("pseudotime") == DIFFUSION
    if by_diffusion != ("root" in entry):
        raise InputError(
            f"pseudotime: {DIFFUSION} needs root, the name of a cell or COLUMN=LABEL of obs"
            if by_diffusion
            else f"root: is where pseudotime by {DIFFUSION} begins, which is not asked for"
        )
    if by_diffusion and "=" in str(entry["root"]) and not inside:
        raise InputError("root: COLUMN=LABEL is of obs of .h5ad files; name a cell")
    if "groups" in entry and "groupby" in entry:
        raise InputError("groups: cells are drawn by those of groupby; leave it out")
    if "groups" in entry and not inside:
        raise InputError("groups: is a column of obs of .h5ad files; the expression file is none")
    if "symbols" in entry and not inside:
        name = Path(entry["expression"]).name
        raise InputError(f"symbols: is a column of var of .h5ad files; {name} is none")
