"""Which gene was perturbed in each cell, as users say it: a table, or labels of the cells."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.evidence_names import FOLDS, KNOCK_OUT, is_unperturbed
from grn_gat.data.names import check_names, some
from grn_gat.data.same_cells import check_cells
from grn_gat.data.text_rows import MISSING, SEPARATED, read_table_rows

LAYOUT = f"{SEPARATED} text with columns cell, gene (empty where nothing was done)[, kind]"
_KINDS = ", ".join(FOLDS)
_BOTH = re.compile(r"[+,;|]")  # between two genes, never in the name of one


def read_perturbations(
    path: PathLike,
    genes: Sequence[str],
    cells: Sequence[str],
    remarks: Remarks,
    kind: str = KNOCK_OUT,
    others: bool = False,
) -> pd.DataFrame:
    """Read a table of cells: which gene was perturbed in each, and how.

    Args:
        path: text with columns cell, gene and, optionally, kind; their order is free, others are
            ignored.
        genes: of the expression.
        cells: of the expression.
        remarks: takes what was left out.
        kind: of cells of which the table says nothing else.
        others: whether the table may have further cells, which are left out.

    Returns:
        Table (cells) as `checked_perturbations` returns it.

    Raises:
        InputError: the file is missing, damaged or no such table, has a cell twice, other cells
            than the expression, or what `checked_perturbations` refuses.
    """
    path = Path(path)
    header, rows = read_table_rows(path, LAYOUT)
    for column in ("cell", "gene"):
        if column not in header:
            found = ", ".join(header)
            raise InputError(f"{path}: no column {column} (found: {found}); expected {LAYOUT}")
    check_names([name for name in header if name], "column", str(path))
    cell_at, gene_at = header.index("cell"), header.index("gene")
    kind_at = header.index("kind") if "kind" in header else None
    told: dict[str, tuple[str, str]] = {}
    for line, fields in rows:
        cell = fields[cell_at]
        if cell in told:
            raise InputError(
                f"{path}: cell {cell} occurs more than once (line {line}); expected one perturbed "
                "gene at most in each cell"
            )
        told[cell] = fields[gene_at], "" if kind_at is None else fields[kind_at]
    check_cells(
        list(told),
        cells,
        genes,
        str(path),
        others,
        "a cell that nothing was done to needs a row with an empty gene",
    )
    labels, kinds = zip(*(told[cell] for cell in cells), strict=True)
    return checked_perturbations(labels, kinds, genes, cells, str(path), remarks, kind)


def checked_perturbations(
    labels: Sequence[str],
    kinds: Sequence[str],
    genes: Sequence[str],
    cells: Sequence[str],
    where: str,
    remarks: Remarks,
    usual: str = KNOCK_OUT,
) -> pd.DataFrame:
    """Return the perturbed gene of each cell and what was done to it.

    Args:
        labels: of each cell; a gene, or one of `evidence_names.UNPERTURBED`.
        kinds: of each cell; one of `evidence_names.FOLDS`, or nothing.
        genes, cells: of the expression.
        where: what messages call it.
        remarks: takes how many cells are of genes that the expression lacks.
        usual: kind of the cells without one.

    Returns:
        Table with index `cells` and text columns gene, empty where nothing was done, and kind. A
        gene that the expression lacks stays there: such cells are neither perturbed nor plain.

    Raises:
        InputError: a cell with two genes or an unknown kind, no cell that nothing was done to, or
            no gene of the expression.
    """
    known = set(genes)
    named = {label: _gene(label, known) for label in dict.fromkeys(labels)}
    found = []
    for cell, label, kind in zip(cells, labels, kinds, strict=True):
        gene = named[label]
        if gene is None:
            raise InputError(
                f"{where}: cell {cell} has two perturbed genes ({label}); expected one at most: "
                "leave such cells out of the data"
            )
        done = kind.strip().lower().replace("_", "-") if kind not in MISSING else usual
        if gene and done not in FOLDS:
            raise InputError(f"{where}: cell {cell} has kind {kind!r}; expected one of {_KINDS}")
        found.append((gene, done if gene else ""))
    table = pd.DataFrame(found, index=list(cells), columns=["gene", "kind"], dtype=object)
    perturbed = table["gene"][table["gene"] != ""]
    if len(perturbed) == len(cells):
        raise InputError(
            f"{where}: every cell is perturbed; expected some that nothing was done to, with an "
            "empty label or one such as control, non-targeting or wild-type"
        )
    unknown = perturbed[~perturbed.isin(known)]
    names = list(dict.fromkeys(unknown))
    if len(unknown) == len(perturbed):
        seen = f"found {some(names)}" if names else "nothing was done to any cell"
        raise InputError(
            f"{where}: no cell has a perturbed gene that is in the expression ({seen}); expected "
            f"names such as {some(genes)}"
        )
    if names:
        remarks.left_out(
            where,
            f"{len(unknown)} cells from those with and without a perturbation, as the expression "
            f"lacks the {len(names)} genes that are perturbed in them: {some(names)}",
        )
    return table


def _gene(label: str, genes: Collection[str]) -> str | None:
    """The gene that a label names, '' for none, None for more than one."""
    label = label.strip()
    if label in genes:
        return label
    if _is_nothing(label):
        return ""
    parts = [part.strip() for part in _BOTH.split(label)]
    parts = [part for part in parts if not _is_nothing(part)]  # KLF1+ctrl
    if len(parts) != 1:
        return None if parts else ""
    joined = [part for part in parts[0].split("_") if part]
    if parts[0] not in genes and len(joined) > 1 and all(part in genes for part in joined):
        return None
    return parts[0]


def _is_nothing(label: str) -> bool:
    return label in MISSING or is_unperturbed(label)
