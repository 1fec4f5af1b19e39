"""Matrices in HDF5 files of users, whoever wrote them: read in blocks, nothing of them trusted."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from grn_gat.core.errors import InputError
from grn_gat.data.expression import MAXIMUM_VALUES
from grn_gat.data.matrix import check_numeric
from grn_gat.data.text_rows import check_file

if TYPE_CHECKING:
    import h5py

SPARSE = {"csr_matrix": sparse.csr_array, "csc_matrix": sparse.csc_array}
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_BLOCK = 1000  # cells (of a matrix by genes: genes) that are read at once


@contextmanager
def open_hdf5(path: Path, kind: str) -> Iterator["h5py.File"]:
    """Open a file for reading; what goes wrong while it is read becomes one sentence.

    Args:
        path: the file.
        kind: what it should be, for messages.
    """
    import h5py

    check_file(path)
    try:
        with h5py.File(path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield file
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise InputError(f"{path}: {_reason(path, error, kind)}") from error


def _reason(path: Path, error: Exception, kind: str) -> str:
    try:
        with open(path, "rb") as stream:
            is_hdf5 = stream.read(len(_SIGNATURE)) == _SIGNATURE
    except OSError as unreadable:
        return f"cannot be read ({unreadable.strerror})"
    if not is_hdf5:
        return f"is not an HDF5 file; expected {kind}"
    if isinstance(error, OSError):
        return "is truncated or damaged; fetch or save it anew"
    return f"is HDF5 but not {kind} ({type(error).__name__}: {str(error)[:80]})"


def part(group: "h5py.Group", name: str, path: Path) -> Any:
    """Return a member of a file; InputError where it is missing or lies in another file.

    HDF5 can say that the values of an array are in another file, of whatever kind: reading a file
    from elsewhere must not copy one of this computer into the results.
    """
    import h5py

    where = group
    for key in name.split("/"):
        link = where.get(key, getlink=True)
        if isinstance(link, h5py.ExternalLink):
            raise InputError(f"{path}: {name} refers to another file; save it as a single file")
        found = None if link is None else where.get(key)
        if found is None:
            raise InputError(f"{path}: has no {name}; fetch or save it anew")
        where = found
    if isinstance(where, h5py.Dataset) and (where.external or where.is_virtual):
        raise InputError(f"{path}: {name} refers to another file; save it as a single file")
    return where


def array(group: "h5py.Group", name: str, path: Path, most: int = MAXIMUM_VALUES) -> np.ndarray:
    """Return all of a one-dimensional data set of numbers that is no longer than it may be."""
    found = part(group, name, path)
    if not hasattr(found, "shape") or len(found.shape) != 1:
        raise InputError(f"{path}: {name} is no list; fetch or save it anew")
    if found.shape[0] > most:
        raise InputError(f"{path}: {name} has {found.shape[0]} values, more than can be read")
    return np.asarray(found[()])


def texts(group: "h5py.Group", name: str, path: Path) -> list[str]:
    """Return a list of texts."""
    return [as_text(value) for value in array(group, name, path)]


def as_text(value: Any) -> str:
    """Return a value of a list of texts."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def dense_matrix(found: "h5py.Dataset", where: str, turned: bool) -> np.ndarray:
    """Read a matrix block by block into one array of float64.

    Args:
        found: data set of two axes.
        where: what messages call it.
        turned: whether the axes are exchanged on the way.
    """
    if len(found.shape) != 2:
        raise InputError(f"{where}: has {len(found.shape)} axes; expected a matrix")
    check_area(found.shape, where)
    check_numeric(found.dtype, where)
    values = np.empty(found.shape[::-1] if turned else found.shape)
    for start in range(0, found.shape[0], _BLOCK):
        block = slice(start, start + _BLOCK)
        if turned:
            values[:, block] = found[block].T
        else:
            values[block] = found[block]
    return values


def some_dense_cells(found: "h5py.Dataset", cells: np.ndarray, where: str) -> sparse.csr_array:
    """Read chosen cells of a matrix (cells, genes) block by block; none of it is dense at once.

    Args:
        found: data set of two axes.
        cells: indices, ascending.
        where: what messages call it.
    """
    if len(found.shape) != 2:
        raise InputError(f"{where}: has {len(found.shape)} axes; expected a matrix")
    check_numeric(found.dtype, where)
    check_area((len(cells), found.shape[1]), where)
    blocks = []
    for block, within in _blocks(found.shape[0], cells):
        blocks.append(sparse.csr_array(found[block][within]))
    return sparse.vstack(blocks, format="csr")


def some_sparse_cells(
    group: "h5py.Group", kind: str, shape: Sequence[int], cells: np.ndarray, path: Path, where: str
) -> sparse.csr_array:
    """Read chosen cells of a sparse matrix (cells, genes) block by block, each of them checked.

    Args:
        group: of the file, with data, indices and indptr.
        kind: csr_matrix or csc_matrix.
        shape: of the whole.
        cells: indices, ascending.
        path: the file.
        where: what messages call the matrix.
    """
    check_area((len(cells), shape[1]), where)
    number, genes = (int(n) for n in shape)
    rows = kind == "csr_matrix"  # the axis that lies in one piece
    pointers = array(group, "indptr", path)
    data, indices = part(group, "data", path), part(group, "indices", path)
    if len(pointers) != (number if rows else genes) + 1:
        raise InputError(f"{where}: its sparse indices are wrong (indptr); fetch or save it anew")
    blocks = []
    for block, within in _blocks(number, cells) if rows else _blocks(genes, np.arange(genes)):
        ends = pointers[block.start : block.stop + 1].astype(np.int64)
        inside = slice(int(ends[0]), int(ends[-1]))
        if not 0 <= inside.start <= inside.stop <= data.shape[0] == indices.shape[0]:
            raise InputError(
                f"{where}: its sparse indices are wrong (indptr); fetch or save it anew"
            )
        parts = (data[inside], indices[inside], ends - ends[0])
        size = block.stop - block.start
        piece = (size, genes) if rows else (number, size)
        found = checked_sparse(SPARSE[kind], parts, piece, where)
        blocks.append(found[within] if rows else found.tocsr()[cells])
    return (sparse.vstack if rows else sparse.hstack)(blocks, format="csr")


def _blocks(number: int, chosen: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield blocks that hold some chosen indices, and where these are in them."""
    for start in range(0, number, _BLOCK):
        first, last = np.searchsorted(chosen, [start, start + _BLOCK])
        if first < last:
            some = chosen[first:last]
            yield slice(int(some[0]), int(some[-1]) + 1), some - some[0]


def check_area(shape: Sequence[int], where: str) -> None:
    """Raise InputError for a matrix with more values than can be handled."""
    if int(shape[0]) * int(shape[1]) > MAXIMUM_VALUES:
        raise InputError(
            f"{where}: {shape[0]} x {shape[1]} are more than {MAXIMUM_VALUES} values; choose some "
            "of the genes or cells"
        )


def sparse_matrix(
    group: "h5py.Group", kind: str, shape: Sequence[int], path: Path, where: str
) -> Any:
    """Read a sparse matrix whose indices are checked before anything is done with them."""
    check_area(shape, where)
    parts = tuple(array(group, name, path) for name in ("data", "indices", "indptr"))
    return checked_sparse(SPARSE[kind], parts, shape, where)


def checked_sparse(make: Any, parts: Any, shape: Sequence[int], where: str) -> Any:
    """Return a sparse array of these parts; InputError where they are none."""
    try:
        found = make(parts, shape=tuple(int(n) for n in shape))
        found.check_format(full_check=True)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise InputError(
            f"{where}: its sparse indices are wrong ({error}); fetch or save it anew"
        ) from error
    return found


def offered(names: Iterable[str]) -> str:
    """What there is instead, for a message."""
    # Where AnnData keeps names and categories is no column of the user.
    listed = [str(name) for name in names if name not in (None, "_index", "__categories")]
    shown = listed[:20] + (["..."] if len(listed) > 20 else [])
    return f" (it has: {', '.join(shown)})" if listed else " (it has none)"
