"""Expression of a user as loom: HDF5 with genes in rows and cells in columns."""

from pathlib import Path
from typing import TYPE_CHECKING

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.hdf5 import dense_matrix, offered, open_hdf5, part, texts
from grn_gat.data.matrix import Matrix

if TYPE_CHECKING:
    import h5py

# Names of attributes, as loompy, velocyto, SCENIC and scanpy write them; the first that is there.
_GENES = ("Gene", "gene", "GeneName", "gene_name", "gene_names", "var_names", "Accession")
_CELLS = ("CellID", "cell_id", "cell_names", "obs_names", "Barcode", "barcode")


def read_loom(path: PathLike, layer: str | None, remarks: Remarks) -> Matrix:
    """Read the main matrix of a file, or a layer of it.

    Raises InputError where the file is missing, damaged, no loom, or lacks the layer or the names.
    """
    path = Path(path)
    with open_hdf5(path, "a loom file") as file:
        if "matrix" not in file or "row_attrs" not in file:
            raise InputError(f"{path}: is HDF5 but no loom file: it has no matrix or row_attrs")
        genes = _names(file, "row_attrs", _GENES, path)
        cells = _names(file, "col_attrs", _CELLS, path)
        place = "matrix"
        if layer is not None:
            if layer not in file.get("layers", ()):
                raise InputError(f"{path}: no layer {layer!r}{offered(file.get('layers', ()))}")
            place = f"layers/{layer}"
        elif len(file.get("layers", ())):
            remarks.guessed(
                path, f"the main matrix was taken; it has layers, too: {', '.join(file['layers'])}"
            )
        values = dense_matrix(part(file, place, path), f"{path}: {place}", turned=False)
    if values.shape != (len(genes), len(cells)):
        raise InputError(f"{path}: {place} and names differ in size; fetch or save it anew")
    return Matrix(genes, cells, values, place.replace("layers/", "layer "))


def _names(file: "h5py.File", axis: str, known: tuple[str, ...], path: Path) -> list[str]:
    there = part(file, axis, path)
    name = next((name for name in known if name in there), None)
    if name is None:
        raise InputError(
            f"{path}: {axis} has none of {', '.join(known)} with names{offered(there)}"
        )
    return texts(there, name, path)
