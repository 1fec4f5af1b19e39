"""`grn-gat export`: what it writes, and one sentence for each mistake."""

import anndata
import pandas as pd
import pytest

from grn_gat import cli

RANKED = "Gene1\tGene2\tEdgeWeight\nA\tB\t-0.5\nB\tA\t0.25\nA\tC\t0.1\n"
NAMES = ["--method", "MyNet", "--data-set", "norman"]


@pytest.fixture
def ranked(tmp_path) -> str:
    (tmp_path / "rankedEdges.csv").write_text(RANKED)
    return str(tmp_path / "rankedEdges.csv")


def test_ranked_edges_of_anyone_become_a_prediction(ranked, tmp_path):
    target = tmp_path / "p.h5ad"
    assert cli.main(["export", "genernib", ranked, str(target), *NAMES]) == 0
    uns = anndata.read_h5ad(target).uns
    assert (uns["method_id"], uns["dataset_id"]) == ("MyNet", "norman")
    assert uns["prediction"]["weight"].tolist() == ["-0.5", "0.25", "0.1"]


def test_or_a_list_of_edges(ranked, tmp_path):
    words = ["export", "causalbench", ranked, str(tmp_path / "run"), *NAMES, "--edges", "2"]
    assert cli.main(words) == 0
    pairs = pd.read_csv(tmp_path / "run/output_network.csv", index_col=0)
    assert pairs.to_numpy().tolist() == [["A", "B"], ["B", "A"]]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["genernib", "{ranked}", "p.txt"], "error: p.txt: geneRNIB takes a file whose name ends"),
        (["causalbench", "{ranked}", "run", "--edges", "0"], "error: --edges 0: at least 1"),
        (["genernib", "none.csv", "p.h5ad"], "error: none.csv: "),
    ],
)
def test_a_mistake_is_one_sentence(ranked, capsys, words, sentence):
    given = [word.format(ranked=ranked) for word in words]
    assert cli.main(["export", *given, *NAMES]) == 1
    said = capsys.readouterr().err
    assert said.startswith(sentence) and said.count("\n") == 1
