"""Expression of a user as text: genes in rows, cells in columns."""

from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.expression import read_numbers
from grn_gat.data.matrix import Matrix
from grn_gat.data.names import is_number, look_like_cells, some

# Columns between the names of the genes and the cells, as counting programs write them.
ANNOTATION = frozenset(
    (
        *("chr", "chrom", "chromosome", "start", "end", "strand", "length", "width"),
        *("gene_id", "geneid", "gene", "gene_name", "genename", "symbol", "gene_symbol", "name"),
        *("description", "biotype", "gene_biotype", "gene_type", "type", "id", "transcript_id"),
        *("entrez", "entrezid", "ensembl", "ensembl_id", "accession", "probe"),
    )
)


def read_text_matrix(path: PathLike, remarks: Remarks, signed: bool = False) -> Matrix:
    """Read a matrix; columns of annotation before the cells are left out, with a remark.

    With `signed` any number may be a value, also one below 0, and nan.

    Raises:
        InputError: the file is missing, damaged or no such table, has no header or no column with
            the names of the genes, or a value is no number.
    """
    path = Path(path)

    def annotation(header: list[str]) -> int:
        """Number of columns after the names that are no cells."""
        _check_header(path, header)
        number = 0
        while number + 1 < len(header) and header[number + 1].lower() in ANNOTATION:
            number += 1
        if number:
            found = header[1 : number + 1]
            remarks.left_out(path, f"columns of annotation, which are no cells: {some(found, 6)}")
        return number

    header, genes, values = read_numbers(path, annotation, signed)
    _check_genes(path, header, genes)
    others = [name for name in header[1:] if name.lower() in ANNOTATION]
    if others:
        named = f"columns among the cells are named like annotation: {some(others, 6)}"
        remarks.doubtful(path, [f"{named}; remove them if they are no cells"])
    return Matrix(genes, header[1:], values)


def _check_header(path: Path, header: list[str]) -> None:
    """Refuse a table whose first line holds values."""
    cells = header[1:]
    counted = [name for name in cells if is_number(name)]
    fractions = sum("." in name or "e" in name.lower() for name in counted)
    repeated = len(set(cells)) < len(cells)
    if len(counted) > len(cells) / 2 and (repeated or fractions > len(cells) / 2):
        raise InputError(
            f"{path}: line 1 holds values ({some(counted)}) where names of cells are expected: the "
            "header is missing; write the names of the cells in the first line"
        )


def _check_genes(path: Path, header: list[str], genes: list[str]) -> None:
    """Refuse a table whose first column holds values."""
    if not genes or not all(map(is_number, genes)):
        return
    first = header[0]
    a_cell = bool(first) and look_like_cells([first, *header[1:2]])
    fractions = any("." in name or "e" in name.lower() for name in genes)
    repeated = len(set(genes)) < len(genes)  # as counts are, and identifiers are not
    if fractions or a_cell or repeated:
        raise InputError(
            f"{path}: the gene names are numbers ({some(genes)}): the first column must hold the "
            "names of the genes"
        )
