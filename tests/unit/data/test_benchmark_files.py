"""Predictions for other benchmarks, read as the benchmarks read them."""

import json

import anndata
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.data import benchmark_files
from grn_gat.data.benchmark_files import beeline_config, write_causalbench, write_genernib


def ranking(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["Gene1", "Gene2", "EdgeWeight"])


RANKED = ranking(
    ("TF1", "NA", -0.75), ("TF2", "TF1", 1 / 3), ("TF1", "G2", 0.5), ("TF2", "G2", 0.0)
)


def test_genernib_reads_source_target_and_weight_as_text(tmp_path):
    path = tmp_path / "prediction.h5ad"
    write_genernib(path, RANKED, "pearson", "norman")
    read = anndata.read_h5ad(path)
    assert read.shape == (0, 0)
    assert (read.uns["method_id"], read.uns["dataset_id"]) == ("pearson", "norman")
    net = pd.DataFrame(read.uns["prediction"])
    assert list(net) == ["source", "target", "weight"]
    assert net.to_numpy().tolist() == [
        ["TF1", "NA", "-0.75"], ["TF1", "G2", "0.5"], ["TF2", "TF1", "0.333333333"],
    ]  # fmt: skip
    assert all(isinstance(value, str) for value in net.to_numpy().ravel())
    assert net["weight"].astype(float).abs().is_monotonic_decreasing


def test_genernib_gets_no_more_edges_than_it_looks_at(tmp_path, monkeypatch):
    assert benchmark_files.GENERNIB_EDGES == 50_000
    monkeypatch.setattr(benchmark_files, "GENERNIB_EDGES", 2)
    write_genernib(tmp_path / "a.h5ad", RANKED, "m", "d")
    net = anndata.read_h5ad(tmp_path / "a.h5ad").uns["prediction"]
    assert net["weight"].tolist() == ["-0.75", "0.5"]


def test_the_same_edges_give_the_same_bytes(tmp_path):
    for name, ranked in (("a", RANKED), ("b", RANKED[::-1])):
        write_genernib(tmp_path / f"{name}.h5ad", ranked, "m", "d")
        write_causalbench(tmp_path / name, ranked, 2, "m", "d")
    assert (tmp_path / "a.h5ad").read_bytes() == (tmp_path / "b.h5ad").read_bytes()
    for name in ("output_network.csv", "arguments.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_causalbench_reads_pairs(tmp_path):
    """As its evaluation reads a folder: an index column, then two without names of their own."""
    write_causalbench(tmp_path, RANKED, 2, "pearson", "weissmann_k562")
    read = pd.read_csv(tmp_path / "output_network.csv", index_col=0, keep_default_na=False)
    assert [(row.iloc[0], row.iloc[1]) for _, row in read.iterrows()] == [
        ("TF1", "NA"), ("TF1", "G2"),
    ]  # fmt: skip
    assert (tmp_path / "output_network.csv").read_text().splitlines()[:2] == [",0,1", "0,TF1,NA"]
    arguments = json.loads((tmp_path / "arguments.json").read_text())
    assert arguments == {"model_name": "pearson", "dataset_name": "weissmann_k562"}
    write_causalbench(tmp_path, RANKED, 1000, "pearson", "weissmann_k562")
    assert len(pd.read_csv(tmp_path / "output_network.csv")) == 3  # never an edge of weight 0


def test_causalbench_gets_the_list_that_its_own_program_writes(tmp_path):
    pairs = [("TF1", "G3"), ("TF2", "G3")]
    pd.DataFrame(pairs).to_csv(tmp_path / "theirs.csv")
    write_causalbench(tmp_path, ranking(*((*pair, 1.0) for pair in pairs)), 9, "m", "d")
    ours = (tmp_path / "output_network.csv").read_bytes()
    assert ours == (tmp_path / "theirs.csv").read_bytes()


def test_beelines_config_names_every_run_and_algorithm():
    config = beeline_config({"HSC-drop-050": ["rep-1", "rep-2"]}, ["pidc"])
    (data_set,) = config["input_settings"]["datasets"]
    assert data_set["dataset_id"] == "HSC-drop-050" and data_set["should_run"] == [True]
    assert data_set["groundTruthNetwork"] == "GroundTruthNetwork.csv"
    assert [run["run_id"] for run in data_set["runs"]] == ["rep-1", "rep-2"]
    (algorithm,) = config["input_settings"]["algorithms"]
    assert algorithm["algorithm_id"] == "pidc" and algorithm["should_run"] == [True]
    assert config["output_settings"] == {"output_dir": "outputs"}


def test_a_network_without_an_edge_is_one_sentence(tmp_path):
    for write in (
        lambda: write_genernib(tmp_path / "p.h5ad", RANKED[3:], "m", "d"),
        lambda: write_causalbench(tmp_path, RANKED[3:], 5, "m", "d"),
    ):
        with pytest.raises(InputError, match="no edge has a weight other than 0"):
            write()
    with pytest.raises(InputError, match=r"p\.txt: geneRNIB takes a file whose name ends in"):
        write_genernib(tmp_path / "p.txt", RANKED, "m", "d")
    assert list(tmp_path.iterdir()) == []
