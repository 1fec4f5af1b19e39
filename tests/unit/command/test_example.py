"""The example is data that every other command takes."""

import yaml

from grn_gat.cli import main
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.study.study import Study


def test_the_example_is_read_by_all_readers(tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["example", "here", "--cells", "30"]) == 0
    assert "grn-gat infer here/cells.csv --reference here/network.csv" in capfd.readouterr().err
    genes, cells, values = read_expression("here/cells.csv")
    assert (len(genes), len(cells)) == values.shape == (11, 30)
    assert len(read_edges("here/network.csv", genes)) == 30
    assert len(read_pseudotime("here/pseudotime.csv", cells)) == 30
    study = Study.installed(yaml.safe_load((tmp_path / "here/study.yaml").read_text()))
    assert study.networks == ["HSC"] and study.config["networks"]["HSC"]["cells"] == 30


def test_the_example_is_the_same_each_time(tmp_path):
    for name in ("a", "b"):
        assert main(["example", str(tmp_path / name), "--cells", "20"]) == 0
    for file in ("cells.csv", "network.csv", "pseudotime.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_nothing_is_overwritten(tmp_path, capsys):
    (tmp_path / "cells.csv").write_text("mine")
    assert main(["example", str(tmp_path)]) == 1
    assert "cells.csv: is there already" in capsys.readouterr().err
    assert main(["example", str(tmp_path / "x"), "--cells", "3"]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cells.csv"]
