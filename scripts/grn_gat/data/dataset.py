"""Read and write one dataset: expression matrix, pseudotime, reference network, regulators.

The files have the layout that BEELINE uses (separated by commas or tabs, as the first line shows,
optionally gzip-compressed):

- `ExpressionData.csv`: genes in rows, cells in columns, values >= 0;
- `PseudoTime.csv`: one row per cell, one column per trajectory, empty where a cell is not on it;
- `refNetwork.csv`: columns Gene1 (regulator), Gene2 (target) and, where known, Type (+ or -).

What a user may get wrong raises InputError with one sentence that names the file and the gene,
cell or column. Names are read as text (a gene called `NA` stays one) without surrounding blanks.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grn_gat.core.files import PathLike
from grn_gat.data.csv_text import numbers, quoted, write_lines
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.regulators import read_regulators


@dataclass(frozen=True, eq=False)
class Dataset:
    """One expression dataset with its reference network, if it has one.

    Attributes:
        genes: gene names, in the order of the rows of `expression`.
        cells: cell names, in the order of its columns.
        expression: array (genes, cells), counts or log values, >= 0.
        pseudotime: table (cells, trajectories) with index `cells`, NaN where a cell is not on the
            trajectory; None where there is no pseudotime. Its unit is whatever the source used.
        edges: table with text columns Gene1 (regulator), Gene2 (target), Type ('+', '-', '' where
            unknown); each ordered pair once; self-loops are kept. Without rows where there is no
            reference network (`no_edges`).
        regulators: names of the candidate regulators, None where every gene is one.

    Raises ValueError where shapes or names contradict each other.
    """

    genes: list[str]
    cells: list[str]
    expression: np.ndarray
    pseudotime: pd.DataFrame | None
    edges: pd.DataFrame
    regulators: list[str] | None = None

    def __post_init__(self) -> None:
        expected = (len(self.genes), len(self.cells))
        if self.expression.shape != expected:
            raise ValueError(f"expression is {self.expression.shape}, genes x cells is {expected}")
        if self.pseudotime is not None and list(self.pseudotime.index) != list(self.cells):
            raise ValueError("the index of pseudotime is not the list of cells")
        missing = {"Gene1", "Gene2", "Type"} - set(self.edges.columns)
        if missing:
            raise ValueError(f"edges lacks {', '.join(sorted(missing))}")


def read_dataset(
    expression_path: PathLike,
    pseudotime_path: PathLike,
    edges_path: PathLike,
    regulators_path: PathLike | None = None,
) -> Dataset:
    """Read back what `write_dataset` wrote, with or without a reference network.

    Raises InputError where a file is missing or one of the readers refuses it.
    """
    genes, cells, values = read_expression(expression_path)
    names = None if regulators_path is None else read_regulators(regulators_path, genes, cells)
    return Dataset(
        genes=genes,
        cells=cells,
        expression=values,
        pseudotime=read_pseudotime(pseudotime_path, cells, genes),
        edges=read_edges(edges_path, genes, cells, names, may_be_empty=True),
        regulators=names,
    )


# ------------------------------------------------------------------------------------------ writer


def write_dataset(
    dataset: Dataset,
    expression_path: PathLike,
    pseudotime_path: PathLike,
    edges_path: PathLike,
    regulators_path: PathLike | None = None,
) -> None:
    """Write a dataset as three files in BEELINE's layout, and its regulators if a path is given.

    Genes are sorted by code point, edges by target, then regulator; cells keep their order. Numbers
    are the shortest text that reads back as the same float64 (or float32, if the array is one).
    Without pseudotime its file has the cell names only, without a reference network that file has
    its header only; without a list every gene is a regulator.
    Identical datasets give identical bytes; a path that ends in .gz is compressed. Each file
    appears complete or not at all. Folders are made as needed.
    """
    order = sorted(range(len(dataset.genes)), key=dataset.genes.__getitem__)
    lines = (
        f"{quoted([dataset.genes[i]])},{','.join(numbers(dataset.expression[i]))}" for i in order
    )
    write_lines(expression_path, [quoted(["", *dataset.cells])], lines)

    table = dataset.pseudotime
    rows: Iterable[Iterable[str]]
    if table is None:
        rows = ([cell] for cell in dataset.cells)
        header = [""]
    else:
        values = [numbers(table[column].to_numpy(), missing="") for column in table.columns]
        rows = zip(dataset.cells, *values, strict=True)
        header = ["", *map(str, table.columns)]
    write_lines(pseudotime_path, [quoted(header)], map(quoted, rows))

    write_edges(dataset.edges, edges_path)
    if regulators_path is not None:
        names = dataset.genes if dataset.regulators is None else dataset.regulators
        write_regulators(names, regulators_path)


def write_edges(edges: pd.DataFrame, path: PathLike) -> None:
    """Write edges (Gene1, Gene2, Type) as `write_dataset` does."""
    columns = (edges[name] for name in ("Gene2", "Gene1", "Type"))
    rows = sorted(zip(*columns, strict=True))
    lines = (quoted([source, target, sign]) for target, source, sign in rows)
    write_lines(path, ["Gene1,Gene2,Type"], lines)


def write_regulators(names: Iterable[str], path: PathLike) -> None:
    """Write candidate regulators as `write_dataset` does."""
    write_lines(path, ["TF"], (quoted([name]) for name in sorted(names)))
