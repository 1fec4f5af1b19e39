"""What is taken of a file of cells: genes, cells, candidate regulators; and what is said of it."""

import anndata
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from data_texts import put, refuses
from grn_gat.core.remarks import Remarks
from grn_gat.data import cell_preparation, gene_choice, hdf5
from grn_gat.data.cell_preparation import Preparation
from grn_gat.data.in_memory import as_dataset
from grn_gat.data.tf_lists import transcription_factors
from grn_gat.data.user_data import read_cells, read_user_data

CELLS = 90
FACTORS = ["GATA1", "KLF1", "FLI1", "TAL1", "RUNX1", "SPI1"]
OTHERS = [f"X{i:02d}" for i in range(14)]
NAMES = [*FACTORS, *OTHERS]


def counts() -> np.ndarray:
    """Counts (genes, cells): a gene varies more the later it stands among its kind."""
    rng = np.random.default_rng(3)
    spread = np.r_[np.linspace(0.1, 1.0, 6), np.linspace(0.1, 1.2, 14)]
    values = rng.poisson(np.exp(2 + spread[:, None] * rng.normal(size=(20, CELLS))))
    values[0] = 0  # GATA1, which no cell has
    return values.astype(float)


@pytest.fixture
def small(monkeypatch):
    """The budget of a file of ten genes and thirty cells."""
    monkeypatch.setattr(cell_preparation, "MOST_GENES", 10)
    monkeypatch.setattr(cell_preparation, "MOST_CELLS", 30)
    monkeypatch.setattr(gene_choice, "MOST_GENES", 10)
    monkeypatch.setattr(gene_choice, "MOST_REGULATORS", 3)
    monkeypatch.setattr(gene_choice, "MOST_GENES_OF_ALL", 7)
    monkeypatch.setattr(hdf5, "_BLOCK", 7)


def adata(names=NAMES, values=None, **obs) -> anndata.AnnData:
    x = sp.csr_matrix((counts() if values is None else values).T)
    cells = [f"cell{i}" for i in range(CELLS)]
    var = pd.DataFrame(index=list(names))
    return anndata.AnnData(x, pd.DataFrame(obs, index=cells), var)


def saved(folder, data, matrix=sp.csr_matrix):
    data.X = matrix(data.X.toarray())
    data.write_h5ad(folder / "a.h5ad")
    return folder / "a.h5ad"


def read(path, **entry):
    remarks = Remarks()
    data = read_cells(remarks, expression=str(path), **entry)
    return data, [f"{remark.kind}: {remark.text}" for remark in remarks]


GROUPS = ["a"] * 60 + ["b"] * 30


@pytest.mark.parametrize("matrix", [sp.csr_matrix, sp.csc_matrix, lambda dense: dense])
def test_a_file_of_which_nothing_was_chosen(tmp_path, small, matrix):
    data, told = read(saved(tmp_path, adata(leiden=GROUPS), matrix))
    # Expressed regulators within the budget: those that vary most; of the others the rest of it.
    assert len(data.regulators) == 3 and set(data.regulators) == {*data.genes} & {*FACTORS}
    assert "SPI1" in data.regulators and "X13" in data.genes and len(data.genes) == 10
    assert "GATA1" not in data.genes and data.genes == sorted(data.genes)
    drawn = [int(cell.removeprefix("cell")) for cell in data.cells]
    assert [sum(GROUPS[i] == name for i in drawn) for name in "ab"] == [20, 10]
    rows = [NAMES.index(gene) for gene in data.genes]
    assert (data.expression == counts()[rows][:, drawn]).all()
    said = "\n".join(told)
    assert "left out: 60 of 90 cells: 30 were drawn, of each of 2 groups (leiden) its share" in said
    assert "spelled as those of human: the 6 of its transcription factors" in said
    assert "left out: 1 of 6 candidate regulators, which fewer than 3 cells have" in said
    assert "left out: 2 of 5 expressed candidate regulators: the 3 that vary most" in said
    assert "left out: 10 of 20 genes: 3 candidate regulators and those that vary most" in said


def test_every_way_in_gives_the_same(tmp_path, small):
    data = adata(leiden=GROUPS)
    of_file, _ = read(saved(tmp_path, data))
    for given in (data, tmp_path / "a.h5ad"):
        found = as_dataset(given)
        assert (found.genes, found.cells) == (of_file.genes, of_file.cells)
        assert found.regulators == sorted(of_file.regulators)
        assert (found.expression == of_file.expression).all()
    # A table has no groups: cells are drawn at random.
    frame = pd.DataFrame(data.X.toarray(), data.obs_names, data.var_names)
    found = as_dataset(frame)
    assert len(found.cells) == 30 and len(found.genes) == 10


def test_a_small_file_and_a_study_are_left_as_they_are(tmp_path):
    path = saved(tmp_path, adata(leiden=GROUPS))
    whole, told = read(path)
    assert whole.expression.shape == (20, CELLS) and whole.regulators is None
    assert not any("option" in text for text in told)
    of_study = read_user_data(path)
    assert (of_study.expression == whole.expression).all()


def test_a_study_takes_all_of_a_large_file(tmp_path, small):
    assert read_user_data(saved(tmp_path, adata())).expression.shape == (20, CELLS)


def test_genes_that_are_asked_for(tmp_path, small):
    data = adata()
    data.var["chosen"] = [name in ("X01", "X02", "KLF1") for name in NAMES]
    path = saved(tmp_path, data)
    assert read(path, genes="all")[0].expression.shape == (20, 30)
    found, told = read(path, genes="var:chosen", cells=0)
    assert found.genes == ["KLF1", "X01", "X02"] and len(found.cells) == CELLS
    assert "left out: 17 of 20 genes, whose var:chosen is false" in told
    listed = put(tmp_path, "genes.txt", "X05\nX03\nnone\n")
    found, told = read(path, genes=str(listed))
    assert found.genes == ["X03", "X05"]
    assert "left out: 1 genes, which the expression matrix lacks: none" in told
    assert as_dataset(data, preparation=Preparation(("X05", "X03"))).genes == ["X03", "X05"]
    found, _ = read(path, genes="hvg:4")
    assert len(found.genes) == 4 and found.regulators is None
    found, _ = read(path, genes="hvg:4", regulators="human")
    # The four that vary most, and every regulator that is expressed.
    assert set(found.regulators) == set(FACTORS) - {"GATA1"} < set(found.genes)
    assert len(found.genes) <= 9
    for wrong, message in (
        ("hvg:many", "expected hvg:N"),
        ("var:none", "var has no column 'none'"),
        (str(put(tmp_path, "x.txt", "gata1\nx01\n")), "upper and lower case differ"),
    ):
        with refuses(message):
            read(path, genes=wrong)


def test_regulators_by_a_word(tmp_path):
    data = adata()
    path = saved(tmp_path, data)
    found, told = read(path, regulators="human")
    assert sorted(found.regulators) == sorted(FACTORS) and len(found.genes) == 20
    assert not any("regulators" in text for text in told)
    assert sorted(read(path, regulators="auto")[0].regulators) == sorted(FACTORS)
    assert read(path, regulators="all")[0].regulators is None
    with refuses("spelled as those of human (", "expected regulators human"):
        read(path, regulators="mouse")
    mouse = saved(tmp_path, adata([name.capitalize() for name in NAMES]))
    found, told = read(mouse, regulators="auto")
    assert sorted(found.regulators) == sorted(name.capitalize() for name in FACTORS)
    assert any("spelled as those of mouse" in text for text in told)
    none = saved(tmp_path, adata([f"Y{i}" for i in range(20)]))
    found, told = read(none, regulators="auto")
    assert found.regulators is None
    assert any("no transcription factors of human or mouse" in text for text in told)


def test_factors_are_the_candidates_where_more_genes_than_a_few_have_some(tmp_path):
    rng = np.random.default_rng(1)
    others = [f"Y{k}" for k in range(110)]
    values = rng.poisson(2.0, (116, CELLS)).astype(float)
    data, told = read(saved(tmp_path, adata([*FACTORS, *others], values)))
    assert sorted(data.regulators) == sorted(FACTORS) and len(data.genes) == 116
    assert any("the 6 of its transcription factors that are there" in text for text in told)
    assert read(tmp_path / "a.h5ad", regulators="all")[0].regulators is None
    few = adata([*FACTORS, *others[:94]], values[:100])
    assert read(saved(tmp_path, few))[0].regulators is None
    data, told = read(saved(tmp_path, adata([*others, *"abcdef"], values)))
    assert data.regulators is None and told == []
    names = [f"ENSG{k:011d}" for k in range(116)]
    data, told = read(saved(tmp_path, adata(names, values)))
    assert data.regulators is None
    assert any("option symbols names a column of var" in text for text in told)


def test_identifiers_of_ensembl(tmp_path, small):
    names = [f"ENSG{i:011d}" for i in range(20)]
    data = adata(names)
    path = saved(tmp_path, data)
    found, told = read(path)
    assert found.regulators is None and len(found.genes) == 7  # every gene is a candidate
    assert any("option symbols names a column of var" in text for text in told)
    with refuses("identifiers of Ensembl", "option symbols", "file of identifiers"):
        read(path, regulators="human")
    data.var["feature_name"] = [*NAMES[:-2], "X00", ""]
    path = saved(tmp_path, data)
    assert set(read(path)[0].regulators) < set(FACTORS)
    found, told = read(path, genes="all", cells=0, regulators="auto")
    assert set(found.genes) == {*NAMES[:-2], *names[-2:], names[6]} - {"X00"}
    said = "\n".join(told)
    assert "the symbols in column feature_name of var here; 3 of them without a symbol" in said
    assert "GATA1" in as_dataset(data, "human", preparation=Preparation("all")).genes
    # Named by the user, by whatever they are: nothing is guessed.
    own = put(tmp_path, "TFs.txt", "\n".join(names[:3]))
    assert read(path, regulators=str(own), genes="all")[0].genes == names


def test_a_scaled_matrix_is_left_for_what_it_came_from(tmp_path):
    data = adata()
    data.layers["counts"] = data.X.copy()
    data.X = sp.csr_matrix(data.X.toarray() - 5)
    data.write_h5ad(tmp_path / "s.h5ad")
    found, told = read(tmp_path / "s.h5ad")
    assert (found.expression == counts()[np.argsort(NAMES)]).all()
    assert any("X has values below 0, so that counts was taken" in text for text in told)
    with refuses("is negative"):
        read_user_data(tmp_path / "s.h5ad")


def test_a_large_raw_behind_a_small_scaled_matrix(tmp_path, small):
    data = adata()
    data.raw = data.copy()
    data = data[:, ["X01", "X02"]].copy()
    data.X = np.tile([-1.0, 1.0], (CELLS, 1))
    data.write_h5ad(tmp_path / "s.h5ad")
    for entry in ({}, {"layer": "raw"}):
        found, told = read(tmp_path / "s.h5ad", **entry)
        assert found.expression.shape == (10, 30) and len(found.regulators) == 3
        drawn = [int(cell.removeprefix("cell")) for cell in found.cells]
        rows = [NAMES.index(gene) for gene in found.genes]
        assert (found.expression == counts()[rows][:, drawn]).all()
        assert sum("60 of 90 cells: 30 were drawn (option cells)" in text for text in told) == 1


def test_normalisation(tmp_path):
    path = saved(tmp_path, adata())
    values = counts()[np.argsort(NAMES)]
    assert (read(path, normalise="auto")[0].expression == values).all()
    assert (read(path, normalise="none")[0].expression == values).all()
    assert np.allclose(read(path, normalise="log1p")[0].expression, np.log1p(values))
    listed = put(tmp_path, "genes.txt", "X05\nX03\n")
    found, _ = read(path, normalise="cp10k", genes=str(listed))
    # Shares are those of all genes of the file, not of those that were taken.
    expected = np.log1p(counts() / counts().sum(axis=0) * 1e4)
    assert np.allclose(found.expression, expected[[NAMES.index("X03"), NAMES.index("X05")]])
    logs = saved(tmp_path, adata(values=np.log1p(counts())))
    with refuses("normalise: cp10k is for counts", "look like logarithms of counts"):
        read(logs, normalise="cp10k")


def test_pseudotime_and_evidence_of_the_cells_that_are_drawn(tmp_path, small):
    data = adata(dpt=np.linspace(0, 1, CELLS))
    path = saved(tmp_path, data)
    found, _ = read(path, pseudotime="dpt")
    drawn = [int(cell.removeprefix("cell")) for cell in found.cells]
    assert len(drawn) == 30
    assert np.allclose(found.pseudotime["dpt"], np.linspace(0, 1, CELLS)[drawn])


@pytest.mark.parametrize("matrix", [sp.csr_matrix, sp.csc_matrix, lambda dense: dense])
def test_values_of_genes_that_are_not_taken_are_checked(tmp_path, small, matrix):
    values = counts()
    values[5, 3] = -1  # whichever cells are drawn, no row of this gene may be negative
    values[5] = -np.abs(values[5]) - 1
    with refuses("gene SPI1", "is negative"):
        read(saved(tmp_path, adata(values=values), matrix))


def test_the_lists_that_come_along():
    human, mouse = map(transcription_factors, ("human", "mouse"))
    assert {"GATA1", "TP53", "SOX2"} <= set(human) and {"Gata1", "Trp53", "Sox2"} <= set(mouse)
    for names in (human, mouse):
        assert len(names) > 1500 and names == sorted(set(names))
