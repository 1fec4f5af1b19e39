import anndata
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from factories import expression_table
from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.in_memory import as_dataset

TABLE = expression_table(20, ["B", "A", "C"]).T  # cells in rows


def adata(**more) -> anndata.AnnData:
    obs = pd.DataFrame({"dpt": np.linspace(0, 1, 20)}, index=TABLE.index)
    var = pd.DataFrame(index=TABLE.columns)
    return anndata.AnnData(csr_matrix(TABLE.to_numpy()), obs, var, **more)


def test_table_anndata_and_file_are_one_data_set(tmp_path):
    TABLE.T.to_csv(tmp_path / "cells.csv")
    adata().write_h5ad(tmp_path / "cells.h5ad")
    sources = (TABLE, adata(), tmp_path / "cells.csv", str(tmp_path / "cells.h5ad"))
    first, *others = map(as_dataset, sources)
    assert first.genes == ["A", "B", "C"] and first.regulators == first.genes
    assert first.cells == list(TABLE.index)
    assert (first.expression == TABLE[["A", "B", "C"]].to_numpy().T).all()
    for other in others:
        assert (other.genes, other.cells) == (first.genes, first.cells)
        assert (other.expression == first.expression).all()


def test_regulators_are_names_or_a_file(tmp_path):
    (tmp_path / "TFs.txt").write_text("C\nA\n")
    for given in (["C", "A", "C"], tmp_path / "TFs.txt"):
        assert as_dataset(TABLE, given).regulators == ["A", "C"]


def test_pseudotime_is_a_table_a_series_or_columns_of_obs():
    times = pd.Series(np.linspace(0, 1, 20), TABLE.index)[::-1]
    for found in (
        as_dataset(TABLE, pseudotime=times),
        as_dataset(TABLE, pseudotime=times.to_frame("x")),
        as_dataset(adata(), pseudotime="dpt"),
        as_dataset(adata(), pseudotime=times),
    ):
        assert np.allclose(found.pseudotime.to_numpy()[:, 0], np.linspace(0, 1, 20))


def test_a_table_with_genes_in_rows_is_doubtful():
    wide = pd.DataFrame(np.eye(4, 9), list("abcd"), list("pqrstuvwx"))
    remarks = Remarks()
    as_dataset(wide + 0.5, remarks=remarks)
    assert "rows are read as cells, columns as genes" in remarks.made[0].text


def test_layer():
    data = adata(layers={"counts": np.ones((20, 3))})
    assert (as_dataset(data, layer="counts").expression == 1).all()


@pytest.mark.parametrize(
    ("data", "more", "message"),
    [
        (TABLE.to_numpy(), {}, "data: is a ndarray; expected AnnData, a DataFrame with cells in"),
        (TABLE.astype(str) + "x", {}, "data: holds something that is no number"),
        (-TABLE, {}, "data: gene A, cell c0: -.* is negative"),
        (TABLE.rename(columns={"A": "B"}), {}, "data: gene B occurs more than once"),
        (TABLE[:2], {}, "data: 2 cells, at least 3"),
        (TABLE, {"layer": "counts"}, "data: a table has no layers"),
        (TABLE, {"pseudotime": "dpt"}, "data: a table has no layers and no columns"),
        (TABLE, {"pseudotime": pd.Series([1.0], ["c0"])}, r"pseudotime: its index .* \(c1 is not"),
        (TABLE, {"pseudotime": TABLE["A"] / 0}, "pseudotime: column pseudotime has no value"),
        (TABLE, {"pseudotime": TABLE["A"].astype(str) + "x"}, "pseudotime: holds something"),
        (TABLE, {"pseudotime": TABLE["A"] * np.nan}, "pseudotime: column pseudotime has no value"),
        (TABLE, {"regulators": []}, "regulators: the list is empty"),
        (TABLE, {"regulators": ["a"]}, "regulators: 1 of 1 regulators are not .*upper and lower"),
        (adata(), {"layer": "counts"}, "data: no layer 'counts'"),
    ],
)
def test_what_is_wrong_is_one_sentence(data, more, message):
    with pytest.raises(InputError, match=message):
        as_dataset(data, **more)
