import anndata
import numpy as np
import pandas as pd
import pytest

from factories import expression_table
from grn_gat.core.errors import InputError
from grn_gat.inference.preview import preview
from grn_gat.study.study import Study

TABLE = expression_table(60)


def lines(methods="gat-zeroshot", **entry) -> dict[str, str]:
    """What is said under each title, as one text."""
    study = Study.installed({"infer": {"x": entry}, "methods": methods})
    found = preview(study, "x")
    return {title.split()[0]: "\n".join(text) for title, text in found.items()}


@pytest.fixture
def cells(tmp_path):
    path = tmp_path / "cells.csv"
    TABLE.to_csv(path)
    return path


def test_what_is_read(cells, tmp_path):
    (tmp_path / "TFs.txt").write_text("G0\nG1\n")
    (tmp_path / "known.csv").write_text("Gene1,Gene2\nG0,G1\n")
    more = {name: str(tmp_path / name) for name in ("TFs.txt", "known.csv")}
    found = lines(expression=str(cells), regulators=more["TFs.txt"], reference=more["known.csv"])
    assert "cells.csv: 6 genes x 60 cells" in found["read"]
    assert "look like continuous" in found["read"]
    assert "candidate regulators: 2 (G0, G1)" in found["read"] and "known edges: 1" in found["read"]
    assert "of disk for the scores" in found["cost"] and "shuffled" not in found["cost"]
    found = lines("pearson,pidc", expression=str(cells))
    assert "candidate regulators: every gene (--regulators names them)" in found["read"]
    assert found["cost"].count("scores, as much time again on shuffled genes") == 1
    found = lines(expression=str(cells), regulators=more["TFs.txt"], reference=more["known.csv"])
    assert set(found) == {"read", "cost"}


def test_transcription_factors_are_offered_where_every_gene_is_a_candidate(tmp_path):
    names = ["Gata1", "Gata2", "Fli1", "Tal1", "Klf1", "Actb"]
    TABLE.set_axis(names, axis=0).to_csv(tmp_path / "cells.csv")
    found = lines(expression=str(tmp_path / "cells.csv"))
    assert "every gene (--regulators mouse takes the 5 transcription factors" in found["read"]


def test_evidence_that_is_read_or_not(cells, tmp_path):
    (tmp_path / "prior.csv").write_text("Gene1,Gene2\nG0,G1\nG0,X\n")
    entry = {"expression": str(cells), "prior": str(tmp_path / "prior.csv")}
    found = lines("gat-zeroshot-prior,gat-zeroshot-protein", **entry)
    assert "a prior network: " in found["read"] and "prior.csv" in found["read"]
    assert "left out: " in found["to"] and "1 of 2 edges" in found["to"]
    assert "without protein there is no network of gat-zeroshot-protein" in found["to"]
    found = lines("pearson", **entry)
    assert "a prior network" not in found["read"]
    assert "prior: pearson does not read it" in found["to"]
    (tmp_path / "prior.csv").write_text("Gene1,Gene2\nX,Y\n")
    with pytest.raises(InputError, match="edges name genes that are not in the expression"):
        lines("gat-zeroshot-prior", **entry)


def test_groups_are_named_and_priced(cells, tmp_path):
    table = expression_table(110)
    table.to_csv(cells)
    (tmp_path / "known.csv").write_text("Gene1,Gene2\nG0,G1\n")
    (tmp_path / "prior.csv").write_text("Gene1,Gene2\nG0,G1\nG0,X\n")
    rows = [f"{cell},{'early' if k < 50 else 'late'}" for k, cell in enumerate(table.columns)]
    (tmp_path / "labels.csv").write_text("\n".join(["cell,stage", *rows]))
    files = {"groupby": "labels.csv", "reference": "known.csv", "prior": "prior.csv"}
    entry = {key: str(tmp_path / file) for key, file in files.items()}
    entry["expression"] = str(cells)
    found = lines("gat-zeroshot-prior,pearson", **entry)
    assert "2 groups: early (50 cells), late (60 cells)" in found["read"]
    assert "known edges: 1" in found["read"] and "a prior network: " in found["read"]
    assert "left out: " in found["to"] and "1 of 2 edges" in found["to"]
    assert "pearson: networks about" in found["cost"] and "19 permutations" in found["cost"]
    found = lines("pearson", permutations=0, **entry)
    assert "comparison without permutations" in found["cost"]


def test_what_a_method_would_refuse(cells):
    table = TABLE.copy()
    table.loc["G3"] = 0.0
    table.to_csv(cells)
    found = lines("gat-zeroshot,scode,pearson", expression=str(cells))
    assert "without pseudotime there is no network of scode" in found["to"]
    assert "1 of 6 genes have the same value" in found["doubts"]


def test_what_an_h5ad_file_has_besides(tmp_path):
    values = TABLE.to_numpy().T
    obs = pd.DataFrame({"dpt": np.arange(60.0)}, index=TABLE.columns)
    data = anndata.AnnData(values, obs, pd.DataFrame(index=TABLE.index))
    data.layers["counts"], data.layers["scaled"] = values, values
    data.raw = data.copy()
    data.write_h5ad(tmp_path / "a.h5ad")
    entry = {"expression": str(tmp_path / "a.h5ad"), "pseudotime": "dpt"}
    found = lines(**entry)
    assert "pseudotime: dpt; 0 cells on no trajectory" in found["read"]
    assert "other layers (--layer takes one): counts, scaled" in found["to"]
    assert "raw, with 6 genes" in found["to"]
    assert "gat-zeroshot does not read it" in found["to"]
    found = lines(layer="counts", **entry)
    assert "other layers (--layer takes one): scaled" in found["to"]
    assert "X is not read, as a layer is taken" in found["to"] and "layer counts" in found["read"]


def test_what_cannot_be_read_is_one_sentence(cells):
    cells.write_text("gene,a,b,c\nG0,1,2,x\nG1,1,2,3\n")
    with pytest.raises(InputError, match="'x' is not a number"):
        lines(expression=str(cells))
