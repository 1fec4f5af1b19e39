"""Evidence of users: what is read, what is refused with one sentence, and the way through files."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.evidence import NO_TARGET, UNSEEN, Evidence
from grn_gat.data.evidence_files import as_evidence, read_evidence_files, write_evidence
from grn_gat.data.evidence_names import EVIDENCE, FOLDS, is_inside, named_files
from grn_gat.data.user_evidence import read_user_evidence
from grn_gat.simulate import evidence as simulated
from grn_gat.zeroshot import evidence_statistics

GENES = ["A", "B", "C", "HLA_A"]
CELLS = [f"c{i}" for i in range(6)]


def put(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def read(kind: str, value, remarks=None, **entry):
    entry = {"expression": "cells.csv", kind: value} | entry
    told = Remarks() if remarks is None else remarks
    return read_user_evidence(kind, entry, GENES, CELLS, told)


def arrays(kind: str, value, **entry) -> Evidence:
    return as_evidence({kind: read(kind, value, **entry)}, GENES, CELLS)


def labelled(folder: Path, *labels: str, kinds=None) -> str:
    """A table of perturbations whose cells are in another order than those of the expression."""
    header = "kind,gene,cell\n" if kinds else "batch,gene,cell\n"
    rows = list(zip(kinds or [1] * 6, labels, CELLS, strict=True))
    text = "".join(f'{kind},"{gene}",{cell}\n' for kind, gene, cell in reversed(rows))
    return put(folder, "perturbations.csv", header + text)


def refused(kind: str, value, *words: str, **entry) -> None:
    with pytest.raises(InputError) as error:
        read(kind, value, **entry)
    text = str(error.value)
    assert "\n" not in text and all(word in text for word in words), text


def test_numbers_of_targets_are_those_that_the_model_was_trained_with():
    assert UNSEEN == simulated.UNSEEN
    assert NO_TARGET == evidence_statistics.NO_TARGET == simulated.NONE
    assert FOLDS["knock-out"] == 0 < FOLDS["knock-down"] < 1 < FOLDS["over-expression"]


# ------------------------------------------------------------------------------- perturbations


def test_a_table_of_perturbations(tmp_path):
    labels = ["", "B", "Non-Targeting", "HLA_A", "A", "wild type"]
    found = arrays("perturbations", labelled(tmp_path, *labels))
    assert found.target.tolist() == [-1, 1, -1, 3, 0, -1]
    assert found.fold.tolist() == [1, 0, 1, 0, 0, 1] and found.kinds == ["perturbations"]


@pytest.mark.parametrize("label", ["control", "CTRL", "nt", "non_targeting", "Unperturbed", "NA"])
def test_words_for_cells_that_nothing_was_done_to(tmp_path, label):
    path = labelled(tmp_path, label, "B", label, "B", "B", f"B+{label}")
    assert arrays("perturbations", path).target.tolist() == [-1, 1, -1, 1, 1, 1]


def test_kinds_of_perturbations(tmp_path):
    kinds = ["", "knock-down", "Over_expression", "", "knock-out", "whatever"]
    path = labelled(tmp_path, "", "A", "B", "C", "C", "control", kinds=kinds)
    out, down, over = FOLDS.values()
    assert arrays("perturbations", path).fold.tolist() == [1, down, over, out, out, 1]
    found = arrays("perturbations", path, perturbation_kind="over-expression")
    assert found.fold.tolist() == [1, down, over, over, out, 1]
    path = labelled(tmp_path, "", "A", "B", "C", "C", "", kinds=["", "deleted", *kinds[2:]])
    refused("perturbations", path, "cell c1 has kind 'deleted'", "knock-down, over-expression")


def test_genes_that_the_expression_lacks_are_neither_perturbed_nor_plain(tmp_path):
    remarks = Remarks()
    path = labelled(tmp_path, "", "X", "B", "X", "Y", "")
    found = as_evidence({"perturbations": read("perturbations", path, remarks)}, GENES, CELLS)
    assert found.target.tolist() == [-1, UNSEEN, 1, UNSEEN, UNSEEN, -1]
    (remark,) = remarks
    assert remark.kind == "left out" and remark.text.startswith("3 cells")
    assert "2 genes" in remark.text and remark.text.endswith("X, Y")


@pytest.mark.parametrize("label", ["A+B", "A,B", "A_B", "B+X", "A;C", "HLA_A+B"])
def test_two_genes_in_one_cell(tmp_path, label):
    path = labelled(tmp_path, "", "", "A", label, "", "")
    refused("perturbations", path, f"cell c3 has two perturbed genes ({label})")


def test_an_underscore_alone_joins_no_genes(tmp_path):
    """A_X is the name of a gene that nobody measured; HLA_A is that of one."""
    found = arrays("perturbations", labelled(tmp_path, "", "A_X", "HLA_A", "", "", ""))
    assert found.target.tolist() == [-1, UNSEEN, 3, -1, -1, -1]


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["X", "", "", "Y", "", ""], ["no cell has a perturbed gene that is in", "found X, Y"]),
        ([""] * 6, ["no cell has a perturbed gene", "nothing was done to any cell"]),
        (["A"] * 6, ["every cell is perturbed", "non-targeting"]),
        (["A", "X", "A", "A", "X", "B"], ["every cell is perturbed"]),
    ],
)
def test_perturbations_that_say_nothing(tmp_path, labels, words):
    refused("perturbations", labelled(tmp_path, *labels), *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "cell,gene\nc1,A\nc1,B\n",
            ["cell c1 occurs more than once", "one perturbed gene at most"],
        ),
        ("cell,label\nc1,A\n", ["no column gene", "found: cell, label"]),
        ("cell,gene\nc0,A\nc1,\n", ["4 of 6 cells of the expression", "c2, c3", "an empty gene"]),
        ("cell,gene\nz1,A\nz2,\n", ["2 of 2 cells are not in the expression matrix (z1, z2)"]),
    ],
)
def test_tables_that_are_not_of_these_cells(tmp_path, text, words):
    refused("perturbations", put(tmp_path, "p.csv", text), "p.csv", *words)


def test_cells_of_other_replicates_are_left_out(tmp_path):
    rows = "".join(f"{cell},{'A' if cell == 'c1' else ''}\n" for cell in ["z", *CELLS])
    path = put(tmp_path, "p.tsv", f"cell,gene\n{rows}")
    assert arrays("perturbations", path, others=True).target.tolist() == [-1, 0, -1, -1, -1, -1]
    refused("perturbations", path, "1 of 7 cells are not in the expression matrix (z)")


# --------------------------------------------------------------------------------------- priors


def test_priors_in_one_file_or_several(tmp_path):
    one = put(tmp_path, "one.csv", "Gene2,Gene1,Type\nB,A,+\nA,A,-\nX,A,\nC,B,\nX,Y,\n")
    two = put(tmp_path, "two.tsv", "Gene1\tGene2\nC\tA\n")
    remarks = Remarks()
    found = as_evidence({"prior": read("prior", [one, two], remarks)}, GENES, CELLS).priors
    assert [np.argwhere(prior).tolist() for prior in found] == [[[0, 1], [1, 2]], [[2, 0]]]
    (remark,) = remarks
    assert "2 of 4 edges" in remark.text and "lacks 2 of their genes" in remark.text
    assert len(read("prior", two)) == 1


def test_a_prior_of_two_genes_in_both_directions_is_one(tmp_path):
    """Every pair of the genes that it names, and no prior that knows nothing."""
    (prior,) = arrays("prior", put(tmp_path, "p.csv", "Gene1,Gene2\nA,B\nB,A\n")).priors
    assert prior.sum() == 2


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("X", "Y"), ("X", "A")], ["2 of 2 edges name genes that are not in the expression"]),
        ([("a", "b")], ["upper and lower case differ"]),
        ([("A", "A")], ["no edge between two different genes"]),
        ([(a, b) for a in GENES for b in GENES], ["all 12 pairs of the genes"]),
    ],
)
def test_priors_that_say_nothing(tmp_path, pairs, words):
    text = "Gene1,Gene2\n" + "".join(f"{a},{b}\n" for a, b in pairs)
    refused("prior", put(tmp_path, "prior.csv", text), "prior.csv", *words)


# ------------------------------------------------------------------------------------- matrices


def table(genes, cells=CELLS, seed=1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(size=(len(genes), len(cells))).round(3), genes, cells)


def test_matrices_are_of_the_genes_and_cells_of_the_expression(tmp_path):
    given = table(["C", "X", "A"])
    given[CELLS[::-1]].to_csv(tmp_path / "m.csv")
    remarks = Remarks()
    for kind in ("protein", "activity", "velocity"):
        found = arrays(kind, str(tmp_path / "m.csv"))
        wanted = given.loc[["A", "C"]].to_numpy()
        if kind == "protein":
            assert found.protein_genes.tolist() == [0, 2]
            assert np.array_equal(found.protein, wanted)
        else:
            values = getattr(found, kind)
            assert values.shape == (4, 6) and np.array_equal(values[[0, 2]], wanted)
            assert not values[[1, 3]].any()
        assert found.kinds == [kind]
    read("velocity", str(tmp_path / "m.csv"), remarks)
    (remark,) = remarks
    assert "1 of 3 genes" in remark.text and remark.text.endswith("X")


def test_a_gene_without_any_value_was_not_measured(tmp_path):
    given = table(["A", "B"])
    given.loc["B"] = np.nan
    given.to_csv(tmp_path / "m.csv", na_rep="nan")
    remarks = Remarks()
    assert read("velocity", str(tmp_path / "m.csv"), remarks).genes == ["A"]
    assert [remark.text for remark in remarks] == ["1 genes without any value: B"]
    given.loc["B", "c1"] = 1.0
    given.to_csv(tmp_path / "m.csv", na_rep="nan")
    refused("velocity", str(tmp_path / "m.csv"), "gene B, cell c0: the value is nan")


@pytest.mark.parametrize("kind", ["protein", "activity", "velocity"])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (table(["A"], [*CELLS[1:], "z"]), ["1 of 6 cells are not in the expression matrix (z)"]),
        (table(["A"], CELLS[1:]), ["1 of 6 cells of the expression matrix are missing (c0)"]),
        (table(["X", "Y"]), ["none of its 2 genes is in the expression matrix (X, Y)"]),
        (table(["A", "A"]), ["gene A occurs more than once"]),
        (table(["A", "B"], seed=2).T, ["not in the expression matrix (A, B)", "transposed"]),
    ],
)
def test_matrices_of_other_cells_or_genes(tmp_path, kind, given, words):
    given.to_csv(tmp_path / "m.csv")
    refused(kind, str(tmp_path / "m.csv"), "m.csv", *words)


def test_values_below_0_are_still_refused_in_the_expression(tmp_path):
    from grn_gat.data.user_data import read_user_data

    table(["A", "B"]).to_csv(tmp_path / "m.csv")
    with pytest.raises(InputError, match="is negative"):
        read_user_data(tmp_path / "m.csv")


# -------------------------------------------------------------------------------------- AnnData


@pytest.fixture
def atlas(tmp_path) -> str:
    anndata = pytest.importorskip("anndata")
    obs = pd.DataFrame({"guide": pd.Categorical(["A", None, "NT", "B", "A", "C"])}, index=CELLS)
    data = anndata.AnnData(np.ones((6, 4)), obs=obs, var=pd.DataFrame(index=GENES))
    data.layers["ATAC"] = table(GENES).to_numpy().T
    data.obsm["ADT"] = table(["C", "A"]).T
    data.obsm["X_pca"] = np.ones((6, 2))
    data.write_h5ad(tmp_path / "cells.h5ad")
    return str(tmp_path / "cells.h5ad")


def test_evidence_inside_anndata(atlas, tmp_path):
    found = arrays("perturbations", "guide", expression=atlas)
    assert found.target.tolist() == [0, -1, -1, 1, 0, 2]
    found = arrays("activity", "ATAC", expression=atlas)
    assert np.array_equal(found.activity, table(GENES).to_numpy())
    found = arrays("protein", "ADT", expression=atlas)
    assert np.array_equal(found.protein, table(["C", "A"]).loc[["A", "C"]].to_numpy())
    beside = labelled(tmp_path, "A", "", "", "", "", "")
    assert arrays("perturbations", beside, expression=atlas).target.tolist() == [0, *[-1] * 5]


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("perturbations", "batch", ["no obs column 'batch' (it has: guide)"]),
        ("velocity", "velocity", ["no layer 'velocity' (it has: ATAC)"]),
        ("protein", "protein", ["no obsm 'protein'", "ADT, X_pca"]),
        ("protein", "X_pca", ["obsm X_pca has no names of its columns"]),
    ],
)
def test_what_anndata_lacks(atlas, kind, name, words):
    refused(kind, name, "cells.h5ad", *words, expression=atlas)


def test_files_are_told_from_places_in_anndata():
    assert is_inside("perturbations", "guide", "x.h5ad") and is_inside("velocity", "v", "x.H5AD")
    assert not is_inside("perturbations", "p.tsv.gz", "x.h5ad")
    assert not is_inside("perturbations", "guide", "x.csv")
    assert not is_inside("prior", "prior", "x.h5ad")
    entry = {"perturbations": "guide", "prior": "a.csv", "velocity": "other.h5ad"}
    assert named_files(entry, "x.h5ad") == {"prior": ["a.csv"], "velocity": ["other.h5ad"]}


# ---------------------------------------------------------------------------------- whole way


def test_files_of_results_give_back_what_was_read(tmp_path):
    labels = ["", "X", "B", "HLA_A", "A", ""]
    table(["HLA_A", "B"]).to_csv(tmp_path / "m.csv")
    prior = put(tmp_path, "p.csv", "Gene1,Gene2\nB,A\nA,HLA_A\n")
    values = dict.fromkeys(EVIDENCE, str(tmp_path / "m.csv"))
    values |= {"perturbations": labelled(tmp_path, *labels), "prior": [prior]}
    found = {kind: read(kind, value) for kind, value in values.items()}
    files = [tmp_path / "evidence" / f"{kind}.csv" for kind in EVIDENCE]
    for kind, path in zip(EVIDENCE, files, strict=True):
        write_evidence(kind, found[kind], path)
        before = path.read_bytes()
        write_evidence(kind, found[kind], path)
        assert path.read_bytes() == before
    one, other = as_evidence(found, GENES, CELLS), read_evidence_files(files, GENES, CELLS)
    assert one.kinds == other.kinds == list(EVIDENCE)
    for name, value in vars(one).items():
        assert np.array_equal(value, getattr(other, name)), name
    fewer = read_evidence_files(files[:1], GENES, CELLS[2:])
    assert np.array_equal(fewer.target, one.target[2:])
    with pytest.raises(InputError, match=re.escape("not of this expression, which lacks")):
        read_evidence_files(files[1:2], ["A", "B"], CELLS)
    assert read_evidence_files([], GENES, CELLS).kinds == []


def test_cells_and_genes_of_evidence():
    rng = np.random.default_rng(1)
    every = Evidence(
        target=np.array([0, 2, -1, -2, 1]),
        fold=np.array([0.0, 0.5, 1, 0, 2]),
        protein=rng.random((2, 5)),
        protein_genes=np.array([1, 2]),
        activity=rng.random((3, 5)),
        velocity=rng.random((3, 5)),
        priors=(np.eye(3, k=1, dtype=bool),),
    )
    some = every.of_cells(np.array([1, 2, 4]))
    assert some.target.tolist() == [2, -1, 1] and some.fold.tolist() == [0.5, 1, 2]
    assert np.array_equal(some.protein, every.protein[:, [1, 2, 4]])
    assert np.array_equal(some.velocity, every.velocity[:, [1, 2, 4]])
    few = every.of_genes(np.array([0, 2]))
    assert few.target.tolist() == [0, 1, -1, -2, -2] and few.protein_genes.tolist() == [1]
    assert np.array_equal(few.protein, every.protein[1:])
    assert np.array_equal(few.activity, every.activity[[0, 2]]) and not few.priors[0].any()
    assert every.of_genes(np.array([0])).protein is None
    assert every.only(["prior", "protein"]).kinds == ["prior", "protein"]
    assert every.only([]).kinds == []
