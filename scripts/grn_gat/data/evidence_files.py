"""Evidence as files of results, one of each kind, and read back as arrays.

perturbations.csv                        cell, gene, kind: a row per cell
prior.csv                                Gene1, Gene2, prior: a row per edge and prior network
protein.csv, activity.csv, velocity.csv  genes in rows, cells in columns
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.data.csv_text import numbers, quoted, write_lines
from grn_gat.data.evidence import NO_TARGET, UNSEEN, Evidence
from grn_gat.data.evidence_names import FOLDS, PERTURBATIONS, PRIOR
from grn_gat.data.expression import read_numbers
from grn_gat.data.matrix import Matrix
from grn_gat.data.text_rows import read_table_rows

# Of a kind, what `user_evidence.read_user_evidence` returns: a table of perturbations, tables of
# prior networks, or a matrix.
Found = Any


def write_evidence(kind: str, found: Found, path: PathLike) -> None:
    """Write what there is of a kind; the same content gives the same bytes.

    Args:
        kind: one of `evidence_names.EVIDENCE`.
        found: of perturbations a table (cells) with columns gene and kind; of priors a list of
            tables with columns Gene1 and Gene2; else a matrix of genes and cells.
        path: the file.
    """
    if kind == PERTURBATIONS:
        rows = zip(found.index, found["gene"], found["kind"], strict=True)
        write_lines(path, ["cell,gene,kind"], map(quoted, rows))
    elif kind == PRIOR:
        listed = [
            (str(number), source, target)
            for number, prior in enumerate(found, start=1)
            for source, target in sorted(zip(prior["Gene1"], prior["Gene2"], strict=True))
        ]
        lines = (quoted([source, target, number]) for number, source, target in listed)
        write_lines(path, ["Gene1,Gene2,prior"], lines)
    else:
        genes = zip(found.genes, found.values, strict=True)
        lines = (f"{quoted([gene])},{','.join(numbers(values))}" for gene, values in genes)
        write_lines(path, [quoted(["", *found.cells])], lines)


def read_evidence_files(
    files: Sequence[PathLike], genes: Sequence[str], cells: Sequence[str]
) -> Evidence:
    """Read what `write_evidence` wrote, for the genes and cells of the expression.

    The name of a file says which kind it is.

    Raises:
        InputError: a file is missing or damaged, or of other genes or cells.
    """
    found = {Path(path).stem: _read(Path(path).stem, Path(path)) for path in files}
    try:
        return as_evidence(found, genes, cells)
    except KeyError as error:
        named = ", ".join(map(str, files))
        raise InputError(f"{named}: not of this expression, which lacks {error}") from None


def as_evidence(found: Mapping[str, Found], genes: Sequence[str], cells: Sequence[str]) -> Evidence:
    """Return arrays of what there is of each kind, in the order of the genes and cells.

    Args:
        found: by kind, as `write_evidence` takes it.
        genes, cells: of the expression, of which everything is. Raises KeyError where it is not.
    """
    row = {gene: i for i, gene in enumerate(genes)}
    arrays: dict[str, Any] = {}
    for kind, content in found.items():
        if kind == PERTURBATIONS:
            table = content.loc[list(cells)]
            known = [row.get(gene, UNSEEN) if gene else NO_TARGET for gene in table["gene"]]
            arrays["target"] = np.array(known, dtype=np.int64)
            arrays["fold"] = np.array([FOLDS[done] if done else 1.0 for done in table["kind"]])
        elif kind == PRIOR:
            arrays["priors"] = tuple(_adjacency(prior, row) for prior in content)
        else:
            column = {cell: i for i, cell in enumerate(content.cells)}
            order = sorted(range(len(content.genes)), key=lambda i: row[content.genes[i]])
            rows = np.array([row[content.genes[i]] for i in order], dtype=np.int64)
            values = content.values[order][:, [column[cell] for cell in cells]]
            if kind == "protein":
                arrays |= {"protein": values, "protein_genes": rows}
            else:
                arrays[kind] = np.zeros((len(genes), len(cells)))
                arrays[kind][rows] = values
    return Evidence(**arrays)


def _adjacency(prior: pd.DataFrame, row: Mapping[str, int]) -> np.ndarray:
    edges = np.zeros((len(row), len(row)), dtype=bool)
    edges[[row[gene] for gene in prior["Gene1"]], [row[gene] for gene in prior["Gene2"]]] = True
    return edges


def _read(kind: str, path: Path) -> Found:
    if kind == PERTURBATIONS:
        return _read_perturbations(path)
    return _read_priors(path) if kind == PRIOR else _read_matrix(path)


def _read_perturbations(path: Path) -> pd.DataFrame:
    _, rows = read_table_rows(path, "columns cell, gene, kind")
    told = {fields[0]: fields[1:] for _, fields in rows}
    index = list(told)
    return pd.DataFrame([*told.values()], index=index, columns=["gene", "kind"], dtype=object)


def _read_priors(path: Path) -> list[pd.DataFrame]:
    _, rows = read_table_rows(path, "columns Gene1, Gene2, prior")
    found: dict[str, list[list[str]]] = {}
    for _, (*edge, number) in rows:
        found.setdefault(number, []).append(edge)
    return [pd.DataFrame(edges, columns=["Gene1", "Gene2"]) for edges in found.values()]


def _read_matrix(path: Path) -> Matrix:
    header, genes, values = read_numbers(path, signed=True)
    return Matrix(genes, header[1:], values)
