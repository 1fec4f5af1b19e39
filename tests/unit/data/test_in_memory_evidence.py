"""Evidence in memory is that of the same content in files."""

import anndata
import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.evidence import Evidence
from grn_gat.data.in_memory_evidence import evidence_in_memory

GENES, CELLS = ["A", "B", "C"], ["c0", "c1", "c2", "c3"]
LABELS = pd.Series(["control", "B", None, "X"], CELLS)
TABLE = pd.DataFrame(np.arange(8.0).reshape(4, 2) - 3, CELLS, ["C", "A"])
PRIOR = pd.DataFrame({"Gene1": ["A", "C"], "Gene2": ["B", "A"]})


def read(data=None, remarks=None, **given) -> Evidence:
    kind = given.pop("perturbation_kind", None)
    told = Remarks() if remarks is None else remarks
    return evidence_in_memory(given, data, GENES, CELLS, {"perturbation_kind": kind}, told)


def same(one: Evidence, other: Evidence) -> bool:
    pairs = ((value, getattr(other, name)) for name, value in vars(one).items())
    return one.kinds == other.kinds and all(np.array_equal(a, b) for a, b in pairs)


@pytest.fixture
def atlas() -> anndata.AnnData:
    obs = pd.DataFrame({"guide": pd.Categorical(LABELS)}, CELLS)
    data = anndata.AnnData(np.ones((4, 3)), obs=obs, var=pd.DataFrame(index=GENES))
    data.layers["rate"] = np.arange(12.0).reshape(4, 3)
    data.obsm["ADT"], data.obsm["pca"] = TABLE, np.ones((4, 2))
    return data


def test_objects_and_files_say_the_same(tmp_path, atlas):
    LABELS.rename("gene").to_csv(tmp_path / "p.csv", index_label="cell")
    TABLE.T.to_csv(tmp_path / "m.csv")
    PRIOR.to_csv(tmp_path / "prior.csv", index=False)
    p, m, prior = (str(tmp_path / name) for name in ("p.csv", "m.csv", "prior.csv"))
    remarks = Remarks()
    labels = read(perturbations=LABELS, remarks=remarks)
    assert labels.target.tolist() == [-1, 1, -1, -2] and len(remarks) == 1
    assert same(labels, read(perturbations=p))
    assert same(labels, read(perturbations=tmp_path / "p.csv"))
    assert same(labels, read(atlas, perturbations="guide"))
    assert same(labels, read(perturbations=LABELS.to_frame("gene").iloc[::-1]))
    assert same(read(protein=TABLE), read(protein=m))
    assert same(read(protein=TABLE.iloc[::-1]), read(atlas, protein="ADT"))
    assert same(read(velocity=TABLE), read(velocity=m))
    assert (
        read(atlas, activity="rate").activity.tolist() == np.arange(12.0).reshape(4, 3).T.tolist()
    )
    for given in (PRIOR, prior, [PRIOR], [prior]):
        (found,) = read(prior=given).priors
        assert np.argwhere(found).tolist() == [[0, 1], [2, 0]]
    assert len(read(prior=[PRIOR, prior]).priors) == 2
    assert read(prior=None, velocity=None).kinds == []


def test_kinds_of_perturbations():
    table = LABELS.to_frame("gene").assign(kind=["", "knock-down", None, ""])
    assert read(perturbations=table).fold.tolist() == [1, 0.5, 1, 0]
    found = read(perturbations=LABELS, perturbation_kind="over-expression")
    assert found.fold.tolist() == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"perturbations": LABELS.iloc[1:]}, "1 of 4 cells of the expression matrix are missing"),
        ({"perturbations": pd.concat([LABELS, LABELS])}, "cell c0 occurs more than once"),
        ({"perturbations": TABLE}, "a column gene"),
        ({"perturbations": LABELS, "perturbation_kind": "none"}, "'none' is none of knock-out"),
        ({"prior": TABLE}, "columns Gene1 and Gene2"),
        ({"prior": PRIOR.assign(Gene1="X")}, "2 of 2 edges name genes"),
        ({"velocity": np.ones((4, 3))}, "velocity: is a ndarray; expected a table"),
        ({"velocity": TABLE.T}, "not in the expression matrix"),
        ({"activity": TABLE.astype(str) + "x"}, "activity: holds something that is no number"),
    ],
)
def test_what_is_wrong_is_one_sentence(given, words):
    with pytest.raises(InputError) as error:
        read(**given)
    assert words in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"perturbations": "batch"}, r"data: no obs column 'batch' \(it has: guide\)"),
        ({"protein": "CITE"}, r"data: no obsm 'CITE' \(it has: ADT, pca\)"),
        ({"protein": "pca"}, "data: obsm pca has no names"),
        ({"velocity": "velocity"}, r"data: no layer 'velocity' \(it has: rate\)"),
    ],
)
def test_what_anndata_lacks(atlas, given, words):
    with pytest.raises(InputError, match=words):
        read(atlas, **given)
