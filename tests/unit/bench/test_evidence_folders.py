"""Folders for the study of evidence, made of others."""

import numpy as np
import pandas as pd
import pytest

GENES = ["A", "B", "C", "D"]


@pytest.fixture
def module(bench):
    return bench("evidence_folders")


@pytest.fixture
def given(tmp_path, module):
    """A screen of two batches, in which B falls without A; DREAM4; a set with a prior."""
    rng = np.random.default_rng(1)
    lacking = (["non-targeting"] * 60 + ["A"] * 40 + ["X"] * 20) * 2
    batch = ["rep_1"] * 120 + ["rep_2"] * 120
    cells = [f"c{k}" for k in range(240)]
    values = rng.gamma(20, size=(4, 240))
    values[1, np.array(lacking) == "A"] /= 3
    folder = tmp_path / module.SCREEN
    folder.mkdir()
    pd.DataFrame(values, GENES, cells).to_csv(folder / "ExpressionData.csv.gz")
    meta = {"Cell": cells, "Perturbation": lacking, "Batch": batch}
    pd.DataFrame(meta).to_csv(folder / "CellMeta.csv", index=False)
    for name, columns in (
        ("dream4-size10-1", ["wt", "ko_A", "kd_B", "mf1", "ts1_t0"]),
        ("mDC-TFs500", [f"c{k}" for k in range(50)]),
    ):
        folder = tmp_path / name
        folder.mkdir()
        values = rng.gamma(2, size=(4, len(columns)))
        pd.DataFrame(values, GENES, columns).to_csv(folder / "ExpressionData.csv.gz")
        (folder / "refNetwork.csv").write_text("Gene1,Gene2\nA,B\n")
        (folder / "prior-motif.csv").write_text("Gene1,Gene2\nA,C\n")
    return tmp_path


def test_folders(given, tmp_path, module):
    made = tmp_path / "made"
    module.make_folders(given, made)
    screen = made / "papalexi-rep_1"
    labels = pd.read_csv(screen / "perturbations.csv", keep_default_na=False)
    assert labels["cell"].tolist() == [f"c{k}" for k in range(120)]
    assert labels["gene"].tolist() == [""] * 60 + ["A"] * 40 + ["X"] * 20
    assert set(labels["kind"][60:]) == {"knock-out"} and set(labels["kind"][:60]) == {""}
    assert (screen / "refNetwork.csv").read_text() == "Gene1,Gene2,Type\nA,B,+\n"
    assert (screen / "TFs.txt").read_text() == "A\n"
    samples = pd.read_csv(made / "dream4-size10-1/perturbations.csv", keep_default_na=False)
    assert samples["gene"].tolist() == ["", "A", "B", "", ""]
    assert samples["kind"].tolist() == ["", "knock-out", "knock-down", "", ""]
    parts = [
        pd.read_csv(made / f"mDC-TFs500-{k}/ExpressionData.csv.gz", index_col=0)
        for k in range(1, 6)
    ]
    assert {part.shape for part in parts} == {(4, 40)}
    assert len({tuple(part) for part in parts}) == 5
    assert (made / "mDC-TFs500-5/prior-motif.csv").is_file()
    before = {file: file.read_bytes() for file in made.rglob("*.*") if file.is_file()}
    module.make_folders(given, made)
    assert all(file.read_bytes() == content for file, content in before.items())
