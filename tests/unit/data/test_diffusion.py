"""Pseudotime by diffusion: along a made path, from a named root."""

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_preparation import Preparation, check_cell_keys
from grn_gat.data.diffusion import TRAJECTORY, diffusion_pseudotime
from grn_gat.data.in_memory import as_dataset
from grn_gat.data.user_data import read_cells

CELLS, GENES = 200, 30


@pytest.fixture
def path(tmp_path):
    """Counts of cells along a line, and a column that says which third each is in."""
    rng = np.random.default_rng(1)
    time = rng.random(CELLS)
    starts, widths = rng.random(GENES)[:, None], 0.25
    means = 20 * np.exp(-(((time - starts) / widths) ** 2)) + 0.2
    obs = pd.DataFrame({"third": [f"t{int(3 * t)}" for t in time], "time": time})
    obs.index = [f"c{k}" for k in range(CELLS)]
    var = pd.DataFrame(index=[f"G{k:02d}" for k in range(GENES)])
    data = anndata.AnnData(rng.poisson(means).T.astype(np.float32), obs, var)
    data.write_h5ad(tmp_path / "path.h5ad")
    return tmp_path / "path.h5ad", data


def test_it_follows_the_path_from_the_root(path):
    file, data = path
    remarks = Remarks()
    entry = {"expression": str(file), "pseudotime": "diffusion"}
    found = read_cells(remarks, **entry, root="third=t0").pseudotime[TRAJECTORY]
    assert spearmanr(found, data.obs["time"]).statistic > 0.9
    assert found.min() == 0 and data.obs.loc[found.idxmin(), "third"] == "t0"
    assert str(next(iter(remarks))).endswith("nearest to the mean of third=t0")
    last = data.obs["time"].idxmax()
    told = Remarks()
    back = read_cells(told, **entry, root=last).pseudotime[TRAJECTORY]
    assert not any("diffusion" in str(one) for one in told)  # the user named it
    assert back[last] == 0 and spearmanr(back, data.obs["time"]).statistic < -0.9
    again = as_dataset(
        data, None, "diffusion", preparation=Preparation(root="third=t0"), remarks=Remarks()
    )
    assert (again.pseudotime[TRAJECTORY] == found).all()


def test_groups_have_one_pseudotime(path):
    file, _ = path
    entry = {"expression": str(file), "pseudotime": "diffusion", "root": "third=t0"}
    whole = read_cells(Remarks(), **entry, groupby="third").pseudotime
    part = read_cells(Remarks(), **entry, groupby="third", group="t1").pseudotime
    assert 50 <= len(part) < len(whole) and (whole.loc[part.index] == part).all(axis=None)


def test_cells_apart_are_on_no_trajectory():
    rng = np.random.default_rng(2)
    values = rng.random((10, 80))
    values[:, 40:] += 1000
    remarks = Remarks()
    names = [f"c{k}" for k in range(80)]
    found = diffusion_pseudotime(values, names, 3, "x", remarks)[TRAJECTORY]
    assert found[:40].notna().all() and found["c3"] == 0
    if found.isna().any():  # as scanpy has it: not connected
        assert "not connected" in " ".join(map(str, remarks))


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"pseudotime": "diffusion"}, "diffusion needs root"),
        ({"root": "c1"}, "root: is where pseudotime by diffusion begins"),
        ({"pseudotime": "diffusion", "root": "a=b"}, r"COLUMN=LABEL is of obs of \.h5ad files"),
    ],
)
def test_keys_that_do_not_fit_are_one_sentence(entry, why):
    with pytest.raises(InputError, match=why):
        check_cell_keys({"expression": "cells.csv"} | entry)


@pytest.mark.parametrize(
    ("root", "why"),
    [
        ("c999", "no cell is called 'c999'"),
        ("third=t9", "no cell has 't9' in third; there are t0, t1, t2"),
        ("fourth=t1", "no obs column 'fourth'"),
    ],
)
def test_roots_that_are_not_there_are_one_sentence(path, root, why):
    with pytest.raises(InputError, match=why):
        read_cells(Remarks(), expression=str(path[0]), pseudotime="diffusion", root=root)


def test_too_few_cells_are_one_sentence():
    with pytest.raises(InputError, match="20 cells; diffusion needs 30 or more"):
        diffusion_pseudotime(np.ones((5, 20)), [f"c{k}" for k in range(20)], 0, "x", Remarks())
