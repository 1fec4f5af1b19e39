"""Read and write one dataset: expression matrix, pseudotime, reference network, regulators.

The files have the layout that BEELINE uses (separated by commas or tabs, as the first line shows,
optionally gzip-compressed):

- `ExpressionData.csv`: genes in rows, cells in columns, values >= 0;
- `PseudoTime.csv`: one row per cell, one column per trajectory, empty where a cell is not on it;
- `refNetwork.csv`: columns Gene1 (regulator), Gene2 (target) and, where known, Type (+ or -).

What a user may get wrong raises InputError with one sentence that names the file and the gene,
cell or column. Names are read as text (a gene called `NA` stays one) without surrounding blanks.
"""

import csv
import gzip
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path
from grn_gat.data.dataset_files import find_files

MINIMUM_GENES = 2
MINIMUM_CELLS = 3
# Beyond these a file is refused: a few kilobytes of gzip or HDF5 can hold more than any memory.
MAXIMUM_VALUES = 1_000_000_000  # genes x cells; 8 GB in memory
MAXIMUM_LINE = 1 << 28  # characters
MAXIMUM_TEXT = 1 << 34  # characters of a file, decompressed
MISSING = frozenset({"", "NA", "N/A", "NaN", "nan"})
REGULATOR_HEADERS = frozenset(
    {"tf", "tfs", "gene", "genes", "gene1", "name", "regulator", "regulators", "symbol"}
)
EXPECTED_VALUES = "expected counts or log values >= 0"
SEPARATED = "comma-separated or tab-separated"

PathLike = str | os.PathLike[str]


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


def no_edges() -> pd.DataFrame:
    """Return the edges of a dataset without a reference network: the columns, and no row."""
    return pd.DataFrame(columns=["Gene1", "Gene2", "Type"], dtype=object)


# ------------------------------------------------------------------------------------ reading text


def check_file(path: Path) -> None:
    """Raise InputError if `path` is no file."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder, expected a file")
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty")


def _lines(stream: TextIO, path: Path) -> Iterator[str]:
    """Yield the lines of a file; one that is too long, or too many of them, raise InputError."""
    total = 0
    while line := stream.readline(MAXIMUM_LINE):
        total += len(line)
        if len(line) == MAXIMUM_LINE or total > MAXIMUM_TEXT:
            raise InputError(
                f"{path}: is larger than can be read (a line of {MAXIMUM_LINE} characters, or "
                f"{MAXIMUM_TEXT} in all); is it {SEPARATED} text?"
            )
        yield line


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, fields) of a file, without blank lines.

    Fields are separated by tabs if the first line has more tabs than commas, else by commas.
    """
    check_file(path)
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
            first = next((line for line in _lines(stream, path) if line.strip()), "")
            tabs = first.count("\t") > first.count(",")
            stream.seek(0)
            lines = _lines(stream, path)
            reader = csv.reader(lines, delimiter="\t" if tabs else ",", strict=True)
            for fields in reader:
                if fields:
                    yield reader.line_num, [field.strip() for field in fields]
    except gzip.BadGzipFile as error:
        reason = f"is not an intact gzip file ({error})"
        raise InputError(f"{path}: {reason}; compress it anew or drop .gz from its name") from error
    except (EOFError, zlib.error) as error:
        raise InputError(f"{path}: the gzip file is truncated or damaged; fetch it anew") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: is not UTF-8 text; expected {SEPARATED} text, with a name that ends in "
            ".gz if it is gzip-compressed"
        ) from error
    except csv.Error as error:
        raise InputError(
            f"{path}: line {reader.line_num} is not {SEPARATED} text ({error})"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def _table(path: Path, layout: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the header and the rows of a table; rows of another length raise InputError."""
    rows = _rows(path)
    header = next(rows, (0, []))[1]
    if not header:
        raise InputError(f"{path}: the file is empty; expected {layout}")
    if len(header) == 1 and ";" in header[0]:
        raise InputError(f"{path}: is separated by semicolons; expected {layout}")

    def checked() -> Iterator[tuple[int, list[str]]]:
        for line, fields in rows:
            if len(fields) != len(header):
                hint = ""
                if len(fields) == len(header) + 1:
                    hint = "; the header must name the first column too, or leave it empty"
                raise InputError(
                    f"{path}: line {line} has {len(fields)} fields where the header has "
                    f"{len(header)}{hint}"
                )
            yield line, fields

    return header, checked()


def _number(text: str) -> float:
    if "_" in text:  # Python reads 1_000 as a number, other programs do not
        raise ValueError(text)
    return float(text)


def _first_duplicate(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def check_names(names: Sequence[str], kind: str, where: str) -> None:
    """Raise InputError for a missing or repeated gene or cell name."""
    if "" in names:
        raise InputError(f"{where}: {kind} number {names.index('') + 1} has no name")
    duplicate = _first_duplicate(names)
    if duplicate is not None:
        raise InputError(
            f"{where}: {kind} {duplicate} occurs more than once; {kind} names must be unique"
        )


def check_size(genes: Sequence[str], cells: Sequence[str], where: str) -> None:
    """Raise InputError for too few genes or cells, or too many values."""
    for names, kind, minimum in ((genes, "gene", MINIMUM_GENES), (cells, "cell", MINIMUM_CELLS)):
        if len(names) < minimum:
            plural = "" if len(names) == 1 else "s"
            raise InputError(
                f"{where}: {len(names)} {kind}{plural}, at least {minimum} are needed; expected "
                "genes in rows and cells in columns"
            )
    check_number(genes, cells, where)


def check_number(genes: Sequence[str], cells: Sequence[str], where: str) -> None:
    """Raise InputError for more values than can be handled."""
    if len(genes) * len(cells) > MAXIMUM_VALUES:
        raise InputError(
            f"{where}: {len(genes)} genes x {len(cells)} cells are more than {MAXIMUM_VALUES} "
            "values; choose some of the genes or cells"
        )


def check_values(
    values: np.ndarray, genes: Sequence[str], cells: Sequence[str], where: str
) -> None:
    """Raise InputError at the first value of an array (genes, cells) that is not >= 0."""
    wrong = ~((values >= 0) & (values < np.inf))
    if not wrong.any():
        return
    gene, cell = (int(i) for i in np.argwhere(wrong)[0])
    value = float(values[gene, cell])
    if np.isnan(value):
        reason = "the value is missing (NaN)"
    elif np.isinf(value):
        reason = f"{value} is not finite"
    else:
        reason = f"{value!r} is negative"
    raise InputError(
        f"{where}: gene {genes[gene]}, cell {cells[cell]}: {reason}; {EXPECTED_VALUES}"
    )


def _some(names: Sequence[str], count: int = 3) -> str:
    return ", ".join(names[:count]) + (", ..." if len(names) > count else "")


def _mismatch_hint(
    unknown: Sequence[str], known: Sequence[str], others: Sequence[str] | None, axis: str
) -> str:
    """Say what the mismatch of names looks like, '' where it looks like nothing in particular."""
    if others is not None and set(unknown) & set(others):
        return f"; they are names on the other axis, so the matrix looks transposed: {axis}"
    folded = {name.lower(): name for name in known}
    for name in unknown:
        if name.lower() in folded:
            return f"; upper and lower case differ: {name} there, {folded[name.lower()]} here"
    return ""


# ------------------------------------------------------------------------------------------ readers


def _is_fraction(name: str) -> bool:
    """A number that is no identifier, as those of Entrez are: 0.743, 1e-3."""
    try:
        return not float(name).is_integer() or not name.isdigit()
    except ValueError:
        return False


def read_expression(path: PathLike) -> tuple[list[str], list[str], np.ndarray]:
    """Read an expression matrix in BEELINE's layout, gzip-compressed if its name ends in `.gz`.

    Returns (genes, cells, values), names in the order of the file and values as float64 array
    (genes, cells) in the unit of the file. Constant genes are allowed.

    Raises InputError where the file is missing, empty, damaged or no such table, has fewer than 2
    genes or 3 cells, a name twice, only fractions as names of genes, or a value that is not a
    finite number >= 0.
    """
    path = Path(path)
    layout = (
        f"{SEPARATED} text with genes in rows and cells in columns (first field: empty or any name)"
    )
    header, rows = _table(path, layout)
    cells = header[1:]
    check_names(cells, "cell", str(path))
    genes: list[str] = []
    values: list[np.ndarray] = []
    for _, fields in rows:
        gene, texts = fields[0], fields[1:]
        try:
            if "_" in "".join(texts):
                raise ValueError
            row = np.fromiter(map(float, texts), dtype=np.float64, count=len(texts))
        except ValueError:
            _raise_not_a_number(path, gene, cells, texts)
        check_values(row[None], [gene], cells, str(path))
        genes.append(gene)
        values.append(row)
        check_number(genes, cells, str(path))
    check_names(genes, "gene", str(path))
    check_size(genes, cells, str(path))
    if all(map(_is_fraction, genes)):
        raise InputError(
            f"{path}: the gene names are numbers ({genes[0]}, {genes[1]}, ...): the first column "
            "must hold the names of the genes"
        )
    return genes, cells, np.vstack(values)


def _raise_not_a_number(path: Path, gene: str, cells: list[str], texts: list[str]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        where = f"{path}: gene {gene}, cell {cell}"
        if text in MISSING:
            raise InputError(
                f"{where}: the value is missing ({text or 'empty field'}); {EXPECTED_VALUES}"
            )
        try:
            _number(text)
        except ValueError as error:
            raise InputError(f"{where}: {text!r} is not a number; {EXPECTED_VALUES}") from error


def read_pseudotime(
    path: PathLike, cells: Sequence[str], genes: Sequence[str] | None = None
) -> pd.DataFrame | None:
    """Read the pseudotime of each cell in BEELINE's layout.

    `cells` are the cells of the matrix; `genes`, if given, only serve to recognise a transposed
    matrix. Returns a float64 table (cells, trajectories) in the order of `cells`, NaN (in the
    file: empty or NA) where a cell is not on the trajectory; None if the file has no trajectory
    column. A cell may be on no trajectory.

    Raises InputError where the file is missing, empty or damaged, its cells are not those of the
    matrix, a value is not a finite number, or a trajectory has no cell.
    """
    path = Path(path)
    layout = f"{SEPARATED} text with the cell name first, then one column per trajectory"
    header, rows = _table(path, layout)
    columns = header[1:]
    check_names(columns, "column", str(path))
    if {"Time", "Experiment"} <= set(columns):
        raise InputError(
            f"{path}: columns Time and Experiment belong to BoolODE's table of all time points; "
            f"expected {layout}"
        )
    found: dict[str, list[float]] = {}
    for line, (cell, *texts) in rows:
        if cell in found:
            raise InputError(f"{path}: cell {cell} occurs more than once (line {line})")
        found[cell] = [
            _pseudotime_value(path, cell, column, text)
            for column, text in zip(columns, texts, strict=True)
        ]
    known = set(cells)
    unknown = [cell for cell in found if cell not in known]
    absent = [cell for cell in cells if cell not in found]
    if unknown:
        hint = _mismatch_hint(unknown, cells, genes, "expected genes in rows, cells in columns")
        raise InputError(
            f"{path}: {len(unknown)} of {len(found)} cells are not in the expression matrix "
            f"({_some(unknown)}){hint or '; expected exactly the cells of the matrix'}"
        )
    if absent:
        raise InputError(
            f"{path}: {len(absent)} of {len(cells)} cells of the expression matrix are missing "
            f"({_some(absent)}); a cell on no trajectory needs a row with empty fields"
        )
    if not columns:
        return None
    table = pd.DataFrame([found[cell] for cell in cells], index=list(cells), columns=columns)
    check_trajectories(table, str(path))
    return table


def _pseudotime_value(path: Path, cell: str, column: str, text: str) -> float:
    if text in MISSING:
        return np.nan
    try:
        value = _number(text)
    except ValueError:
        value = np.inf
    if not np.isfinite(value):
        raise InputError(
            f"{path}: cell {cell}, column {column}: {text!r} is not a finite number; expected a "
            "pseudotime, or nothing where the cell is not on the trajectory"
        )
    return value


def check_trajectories(table: pd.DataFrame, where: str) -> None:
    """Raise InputError for a trajectory without cells."""
    for column in table.columns:
        if table[column].isna().all():
            raise InputError(f"{where}: column {column} has no value; a trajectory needs cells")


def read_edges(
    path: PathLike,
    genes: Sequence[str],
    cells: Sequence[str] | None = None,
    regulators: Sequence[str] | None = None,
    may_be_empty: bool = False,
) -> pd.DataFrame:
    """Read a reference network: columns Gene1 (regulator), Gene2 (target) and optionally Type.

    The order of the columns is free, others are ignored. Returns a table with text columns Gene1,
    Gene2, Type, one row per ordered pair in the order of the file, self-loops included. Type is
    '+', '-' or '' (unknown; in the file empty or NA). A pair listed with both signs has unknown
    sign; a known sign wins over an unknown one.

    `genes` are those of the matrix; `cells`, if given, only serve to recognise a transposed one.
    The universe of candidate edges is all ordered pairs of different genes that the file names
    (self-loops included, as BEELINE counts them); with `regulators`, the pairs that start at one.
    `may_be_empty` accepts a file with a header only, which `write_dataset` writes for a dataset
    without a reference network.

    Raises InputError where the file is missing, empty or damaged, lacks a column, has an unknown
    Type or a gene that is not in the matrix, or has none or all of the candidate edges.
    """
    path = Path(path)
    layout = f"{SEPARATED} text with columns Gene1 (regulator), Gene2 (target)[, Type]"
    header, rows = _table(path, layout)
    for column in ("Gene1", "Gene2"):
        if column not in header:
            raise InputError(
                f"{path}: no column {column} (found: {', '.join(header)}); expected {layout}"
            )
    duplicate = _first_duplicate(name for name in header if name in ("Gene1", "Gene2", "Type"))
    if duplicate is not None:
        raise InputError(f"{path}: column {duplicate} occurs more than once")
    source, target = header.index("Gene1"), header.index("Gene2")
    sign = header.index("Type") if "Type" in header else None
    signs: dict[tuple[str, str], set[str]] = {}
    for line, fields in rows:
        pair = fields[source], fields[target]
        if "" in pair:
            raise InputError(f"{path}: line {line} lacks a gene; expected {layout}")
        kind = "" if sign is None or fields[sign] in MISSING else fields[sign]
        if kind not in ("+", "-", ""):
            raise InputError(
                f"{path}: edge {pair[0]} -> {pair[1]} (line {line}) has Type {kind!r}; expected +, "
                "- or nothing"
            )
        signs.setdefault(pair, set()).add(kind)
    if may_be_empty and not signs:
        return no_edges()
    _check_edge_genes(path, list(signs), genes, cells)
    _check_universe(path, signs, regulators)
    kinds = [kind - {""} if len(kind) > 1 else kind for kind in signs.values()]
    return pd.DataFrame(
        {
            "Gene1": [pair[0] for pair in signs],
            "Gene2": [pair[1] for pair in signs],
            "Type": [next(iter(kind)) if len(kind) == 1 else "" for kind in kinds],
        },
        dtype=object,
    )


def _check_edge_genes(
    path: Path,
    pairs: list[tuple[str, str]],
    genes: Sequence[str],
    cells: Sequence[str] | None,
) -> None:
    known = set(genes)
    unknown = list(dict.fromkeys(name for pair in pairs for name in pair if name not in known))
    if not unknown:
        return
    edges = sum(pair[0] not in known or pair[1] not in known for pair in pairs)
    hint = _mismatch_hint(unknown, genes, cells, "expected genes in rows, cells in columns")
    raise InputError(
        f"{path}: {edges} of {len(pairs)} edges name genes that are not in the expression matrix "
        f"({len(unknown)} genes: {_some(unknown)}){hint or '; drop these edges or add the genes'}"
    )


def _check_universe(
    path: Path, pairs: Iterable[tuple[str, str]], regulators: Sequence[str] | None
) -> None:
    pairs = list(pairs)
    named = {name for pair in pairs for name in pair}
    sources = named if regulators is None else named & set(regulators)
    edges = sum(a != b and a in sources for a, b in pairs)
    possible = len(sources) * (len(named) - 1)
    of_whom = "" if regulators is None else " from a listed regulator"
    if edges == 0:
        raise InputError(
            f"{path}: the reference network has no edge{of_whom} (self-loops do not count); "
            "scores need at least one"
        )
    if edges == possible:
        raise InputError(
            f"{path}: the reference network has all {possible} possible edges{of_whom} among its "
            f"{len(named)} genes; scores need at least one pair without an edge"
        )


def read_regulators(
    path: PathLike, genes: Sequence[str], cells: Sequence[str] | None = None
) -> list[str]:
    """Read the candidate regulators: one name per line, or a csv with one column.

    A first line such as TF, Gene or Regulator (any case) is a header, even where a gene has that
    name. `cells`, if given, only serve to recognise a transposed matrix. Returns the names in the
    order of the file, each once.

    Raises InputError where the file is missing, empty or damaged, has more than one column or no
    name, or names a gene that is not in the matrix.
    """
    path = Path(path)
    names: list[str] = []
    for row, (line, fields) in enumerate(_rows(path)):
        if len(fields) > 1:
            raise InputError(
                f"{path}: line {line} has {len(fields)} fields; expected one name per line"
            )
        if fields[0] and not (row == 0 and fields[0].lower() in REGULATOR_HEADERS):
            names.append(fields[0])
    names = list(dict.fromkeys(names))
    if not names:
        raise InputError(f"{path}: no regulator; expected one gene name per line")
    known = set(genes)
    unknown = [name for name in names if name not in known]
    if unknown:
        hint = _mismatch_hint(unknown, genes, cells, "expected genes in rows, cells in columns")
        raise InputError(
            f"{path}: {len(unknown)} of {len(names)} regulators are not in the expression matrix "
            f"({_some(unknown)}){hint or '; list only genes of the matrix'}"
        )
    return names


def transposed_doubt(path: PathLike, genes: int, cells: int) -> str:
    """What to say where a text file may have cells in rows (more genes than cells); else empty."""
    if genes <= cells or Path(path).name.lower().endswith(".h5ad"):
        return ""
    return (
        f"more genes ({genes}) than cells ({cells}): rows are read as genes, columns as cells; if "
        "the file has cells in rows, transpose it"
    )


def read_beeline_folder(
    folder: PathLike, edges: PathLike | None = None, regulators: PathLike | None = None
) -> Dataset:
    """Read a dataset folder of BEELINE; which files it may hold: `dataset_files.find_files`.

    Raises InputError where a file is missing or one of the readers refuses it.
    """
    files = find_files(folder, edges, regulators)
    return _assemble(
        read_expression(files.expression), files.pseudotime, files.edges, files.regulators
    )


def read_text_files(
    expression: PathLike,
    pseudotime: PathLike | None = None,
    regulators: PathLike | None = None,
    reference: PathLike | None = None,
) -> Dataset:
    """Read the files of a dataset that may lack everything but the matrix.

    Raises InputError where a file is missing or one of the readers refuses it.
    """
    return _assemble(read_expression(expression), pseudotime, reference, regulators)


def _assemble(
    matrix: tuple[list[str], list[str], np.ndarray],
    pseudotime: PathLike | None,
    edges: PathLike | None,
    regulators: PathLike | None,
    may_be_empty: bool = False,
) -> Dataset:
    genes, cells, values = matrix
    names = None if regulators is None else read_regulators(regulators, genes, cells)
    return Dataset(
        genes=genes,
        cells=cells,
        expression=values,
        pseudotime=None if pseudotime is None else read_pseudotime(pseudotime, cells, genes),
        edges=(
            no_edges()
            if edges is None
            else read_edges(edges, genes, cells, names, may_be_empty=may_be_empty)
        ),
        regulators=names,
    )


def read_dataset(
    expression_path: PathLike,
    pseudotime_path: PathLike,
    edges_path: PathLike,
    regulators_path: PathLike | None = None,
) -> Dataset:
    """Read back what `write_dataset` wrote, with or without a reference network.

    Raises InputError where a file is missing or one of the readers refuses it.
    """
    return _assemble(
        read_expression(expression_path),
        Path(pseudotime_path),
        Path(edges_path),
        None if regulators_path is None else Path(regulators_path),
        may_be_empty=True,
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
        f"{_quoted([dataset.genes[i]])},{','.join(_numbers(dataset.expression[i]))}" for i in order
    )
    _write_lines(expression_path, [_quoted(["", *dataset.cells])], lines)

    table = dataset.pseudotime
    if table is None:
        rows = ([cell] for cell in dataset.cells)
        header = [""]
    else:
        values = [_numbers(table[column].to_numpy(), missing="") for column in table.columns]
        rows = zip(dataset.cells, *values, strict=True)
        header = ["", *map(str, table.columns)]
    _write_lines(pseudotime_path, [_quoted(header)], map(_quoted, rows))

    columns = (dataset.edges[name] for name in ("Gene2", "Gene1", "Type"))
    edges = sorted(zip(*columns, strict=True))
    _write_lines(
        edges_path,
        ["Gene1,Gene2,Type"],
        (_quoted([source, target, sign]) for target, source, sign in edges),
    )
    if regulators_path is not None:
        names = dataset.genes if dataset.regulators is None else dataset.regulators
        _write_lines(regulators_path, ["TF"], (_quoted([name]) for name in sorted(names)))


def _numbers(values: np.ndarray, missing: str = "nan") -> list[str]:
    """Return each number of a one-dimensional array as the shortest text that reads back."""
    if values.dtype in (np.float32, np.float16):
        texts = values.astype(str).tolist()
    else:
        texts = [repr(value) for value in values.tolist()]
    return [missing if text == "nan" else text for text in texts]


def _quoted(fields: Iterable[str]) -> str:
    """Return one line of csv without its end; fields are quoted where they have to be."""
    fields = list(fields)
    if fields == [""]:
        return '""'
    return ",".join(
        '"' + field.replace('"', '""') + '"' if set(field) & set(',"\r\n') else field
        for field in fields
    )


def _write_lines(path: PathLike, header: list[str], lines: Iterable[str]) -> None:
    with atomic_path(path) as temporary, open(temporary, "wb") as file:
        if Path(path).suffix == ".gz":
            # no name and no time in the header: identical content gives identical bytes
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as stream:
                stream.writelines(_encoded(header, lines))
        else:
            file.writelines(_encoded(header, lines))


def _encoded(header: list[str], lines: Iterable[str]) -> Iterator[bytes]:
    for part in (header, lines):
        for line in part:
            yield f"{line}\n".encode()
