"""Groups of cells: which there are, and data of one of them."""

import anndata
import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_groups import group_names
from grn_gat.data.user_data import read_cells

SIZES = {"T cell": 80, "B/cell": 70, "10": 60, "9": 55, "few": 20, "": 15}


@pytest.fixture
def atlas(tmp_path):
    """Cells of four groups, some of a small one and of none; 40 genes, 3 regulators."""
    labels = np.repeat(list(SIZES), list(SIZES.values()))
    rng = np.random.default_rng(1)
    obs = pd.DataFrame({"kind": labels}, index=[f"c{k}" for k in range(len(labels))])
    counts = rng.poisson(2, (len(labels), 40)).astype(np.float32)
    var = pd.DataFrame(index=[f"G{k:02d}" for k in range(40)])
    path = tmp_path / "atlas.h5ad"
    anndata.AnnData(counts, obs, var).write_h5ad(path)
    return path


def test_groups_have_words_for_files_in_the_order_of_their_numbers(atlas, tmp_path):
    found = group_names("kind", atlas)
    assert found == {"9": "9", "10": "10", "B/cell": "B-cell", "T cell": "T-cell"}
    table = tmp_path / "groups.csv"
    rows = [f"c{k},{'a b' if k < 60 else 'a/b'}" for k in range(130)]
    table.write_text("\n".join(["cell,group", *rows]))
    assert group_names(str(table), atlas) == {"a b": "a-b", "a/b": "a-b-2"}
    table.write_text(table.read_text().replace("a b", "März").replace("a/b", "细胞"))
    assert group_names(str(table), atlas) == {"März": "Marz", "细胞": "group"}
    table.write_text(table.read_text().replace("März", "a b").replace("细胞", "comparison"))
    assert group_names(str(table), atlas) == {"a b": "a-b", "comparison": "comparison-2"}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            ["a"] * 200,
            r"1 of 1 labels have 50 cells or more \(cells of each: a: 200\); "
            "expected 2 to 40 such labels",
        ),
        (["a"] * 200 + ["b"] * 9, r"1 of 2 labels .*\(cells of each: a: 200, b: 9\)"),
        ([str(k // 50) for k in range(50 * 41)], "41 of 41 labels have 50 cells or more"),
        (
            [f"{k / 7:.4f}" for k in range(200)],
            "holds numbers, of which 200 differ; expected a label",
        ),
    ],
)
def test_too_few_and_too_many_groups_are_one_sentence(tmp_path, rows, why):
    table = tmp_path / "groups.csv"
    table.write_text("\n".join(["cell,group", *(f"c{k},{r}" for k, r in enumerate(rows))]))
    with pytest.raises(InputError, match=why):
        group_names(str(table), "cells.csv")


def test_data_of_a_group_are_its_cells_and_the_genes_of_all(atlas, tmp_path):
    read = {
        label: read_cells(Remarks(), expression=str(atlas), groupby="kind", group=label)
        for label in ("T cell", "9")
    }
    assert [len(one.cells) for one in read.values()] == [80, 55]
    assert read["9"].genes == read["T cell"].genes and len(read["9"].genes) == 40
    remarks = Remarks()
    every = read_cells(remarks, expression=str(atlas), groupby="kind")
    assert len(every.cells) == 80 + 70 + 60 + 55
    said = " ".join(map(str, remarks))
    assert (
        "15 of 300 cells have no label (groupby)" in said
        and "1 group with fewer than 50 cells: few" in said
    )
    text = tmp_path / "cells.csv"
    held = anndata.read_h5ad(atlas)
    held.to_df().T.to_csv(text)
    table = tmp_path / "groups.csv"
    held.obs.rename_axis("cell").to_csv(table)
    of_text = read_cells(Remarks(), expression=str(text), groupby=str(table), group="9")
    assert of_text.cells == read["9"].cells
    assert (of_text.expression == read["9"].expression).all()


def test_cells_are_drawn_of_each_group(atlas):
    found = [
        read_cells(Remarks(), expression=str(atlas), groupby="kind", group=label, cells=100)
        for label in ("T cell", "B/cell", "10", "9")
    ]
    sizes = [len(one.cells) for one in found]
    assert sum(sizes) == 100 and min(sizes) >= 20
