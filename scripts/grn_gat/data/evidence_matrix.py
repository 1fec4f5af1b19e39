"""Protein, promoter activity or velocity of the cells of a data set, as a user has them."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.matrix import Matrix, check_numeric, once
from grn_gat.data.names import check_names, mismatch_hint, some
from grn_gat.data.same_cells import check_cells


def aligned(
    found: Matrix,
    genes: Sequence[str],
    cells: Sequence[str],
    where: str,
    remarks: Remarks,
    duplicates: str = "error",
    others: bool = False,
) -> Matrix:
    """Return a matrix of some of the genes, and all of the cells, of the expression.

    Args:
        found: as a reader returns it.
        genes, cells: of the expression.
        where: what messages call it.
        remarks: takes which genes are left out: those that the expression lacks, and those without
            any value.
        duplicates: what becomes of genes with one name: error, first or sum.
        others: whether there may be further cells, which are left out.

    Returns:
        Genes and cells in the order of the expression, values as float64 array; below 0 too.

    Raises:
        InputError: a name is missing or there twice, the cells are others than those of the
            expression, no gene is one of it, or a value is no finite number.
    """
    names = [str(name).strip() for name in found.genes]
    columns = [str(name).strip() for name in found.cells]
    check_names(columns, "cell", where)
    check_cells(columns, cells, genes, where, others)
    check_numeric(found.values.dtype, where)
    values = sparse.csr_array(found.values) if sparse.issparse(found.values) else found.values
    if len(set(names)) < len(names) and duplicates != "error":
        names, values = once(names, values, where, duplicates, remarks)
    check_names(names, "gene", where)
    row = {name: i for i, name in enumerate(names)}
    shared = [gene for gene in genes if gene in row]
    unknown = sorted(set(names) - set(genes), key=row.__getitem__)
    if not shared:
        hint = mismatch_hint(unknown, genes, cells, "expected genes in rows, cells in columns")
        raise InputError(
            f"{where}: none of its {len(names)} genes is in the expression matrix "
            f"({some(unknown)}){hint or f'; expected names such as {some(genes)}'}"
        )
    if unknown:
        remarks.left_out(
            where,
            f"{len(unknown)} of {len(names)} genes, which the expression matrix lacks: "
            f"{some(unknown)}",
        )
    column = {name: i for i, name in enumerate(columns)}
    values = values[[row[gene] for gene in shared]]
    dense = values.toarray() if sparse.issparse(values) else values
    dense = np.asarray(dense[:, [column[cell] for cell in cells]], dtype=np.float64)
    return _finite(Matrix(shared, list(cells), dense), where, remarks)


def _finite(found: Matrix, where: str, remarks: Remarks) -> Matrix:
    """Leave out genes of which every value is missing; refuse any other value that is no number."""
    nothing = np.isnan(found.values).all(axis=1)
    if nothing.all():
        raise InputError(f"{where}: every value is missing; expected numbers")
    if nothing.any():
        names = [gene for gene, lost in zip(found.genes, nothing, strict=True) if lost]
        remarks.left_out(where, f"{len(names)} genes without any value: {some(names)}")
    kept = ~nothing
    genes = [gene for gene, stays in zip(found.genes, kept, strict=True) if stays]
    values = found.values[kept]
    wrong = ~np.isfinite(values)
    if wrong.any():
        gene, cell = (int(i) for i in np.argwhere(wrong)[0])
        raise InputError(
            f"{where}: gene {genes[gene]}, cell {found.cells[cell]}: the value is "
            f"{float(values[gene, cell])}; expected numbers (of a gene that was not measured, no "
            "value at all)"
        )
    return Matrix(genes, found.cells, values)
