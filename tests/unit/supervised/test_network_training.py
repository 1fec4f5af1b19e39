"""All trainings of a network in one job: what each is given, and going on after an interruption."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from grn_gat.core.errors import InputError
from grn_gat.core.files import write_table
from grn_gat.data.dataset import Dataset
from grn_gat.evaluate.splits import split_pairs
from grn_gat.supervised import network_training, paper_protocol, training
from grn_gat.supervised.graph_file import load_graph, save_graph
from grn_gat.supervised.graph_tensors import graph_metadata, graph_tensors
from grn_gat.supervised.model_controls import control_graphs, with_gene_identity
from grn_gat.supervised.network_training import NetworkTraining, Training
from grn_gat.supervised.paper_protocol import train_paper
from grn_gat.supervised.training import Settings, Trained, train_folds

GENES = [f"g{i}" for i in range(6)]
LEVELS = ("000", "050")
REPLICATES = (1, 2)
PROTOCOLS = ("paper", "pooled", "pair")
SETTINGS = Settings(1, 1, 4, 0.1, 2, 2, 0.01, 0.001, 0.5, 100, "cpu")
BINS, FOLDS = 4, 2


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """Graphs of two replicates at two levels, and the tables of roles."""
    folder = tmp_path_factory.mktemp("network")
    rng = np.random.default_rng(0)
    pairs = [(a, b) for a in GENES for b in GENES if a != b]
    chosen = [pairs[i] for i in rng.permutation(len(pairs))[:12]]
    edges = pd.DataFrame([(*pair, "+") for pair in chosen], columns=["Gene1", "Gene2", "Type"])
    for level in LEVELS:
        for replicate in REPLICATES:
            cells = [f"c{i}" for i in range(30)]
            data = Dataset(GENES, cells, rng.gamma(1, size=(6, 30)), None, edges)
            metadata = graph_metadata(data, "net", replicate, int(level))
            save_graph(graph_file(folder, level, replicate), graph_tensors(data, BINS, 2), metadata)
    for protocol in PROTOCOLS:
        table = split_pairs(protocol, GENES, edges, GENES, REPLICATES, FOLDS, 0.25, rng)
        write_table(table, folder / f"{protocol}.tsv")
    return folder


def graph_file(folder: Path, level: str, replicate: int) -> Path:
    return folder / f"drop-{level}/rep-{replicate}.safetensors"


def job(files: Path, **others) -> NetworkTraining:
    values = {
        "network": "net",
        "training_seed": 3,
        "seed": 7,
        "settings": SETTINGS,
        "graphs": {level: [graph_file(files, level, r) for r in REPLICATES] for level in LEVELS},
        "folds": {protocol: files / f"{protocol}.tsv" for protocol in PROTOCOLS},
        "gene_identity": ["pooled"],
        "bins": BINS,
    }
    return NetworkTraining(**(values | others))


def trainings(folder: Path, controls=(None,), protocols=PROTOCOLS) -> list[Training]:
    return [
        Training(level, protocol, folder / f"{control}/drop-{level}/{protocol}", control)
        for control in controls
        for level in LEVELS
        for protocol in protocols
    ]


def same(one: Trained, two: Trained) -> bool:
    return (
        one.weights.keys() == two.weights.keys()
        and all(torch.equal(one.weights[key], two.weights[key]) for key in one.weights)
        and all(
            getattr(one, name).to_csv() == getattr(two, name).to_csv()
            for name in ("curve", "predictions", "attention")
        )
    )


@pytest.fixture(scope="module")
def expected(files, tmp_path_factory) -> list[Trained]:
    return list(job(files).run(trainings(tmp_path_factory.mktemp("expected"))))


def stream(level: str, protocol: str) -> tuple:
    return ("train", "net", int(level), protocol, 3)


def test_each_training_is_given_its_own_graphs_roles_and_stream(files, expected):
    found = iter(expected)
    for level in LEVELS:
        graphs = [load_graph(graph_file(files, level, r)) for r in REPLICATES]
        for protocol in PROTOCOLS:
            table = pd.read_csv(files / f"{protocol}.tsv", sep="\t")
            if protocol == "paper":  # which keeps the name that its stream had first
                alone = train_paper(table, GENES, 7, ("train", "net", "published", 3))
            else:
                shown = with_gene_identity(graphs) if protocol == "pooled" else graphs
                alone = train_folds(shown, table, SETTINGS, 7, stream(level, protocol))
            assert same(next(found), alone), (level, protocol)
    levels = [part.predictions["score"] for part in (expected[1], expected[1 + len(PROTOCOLS)])]
    assert not levels[0].equals(levels[1])


@pytest.mark.parametrize("control", ["gat-shuffled", "gat-noise", "gat-one-hot"])
def test_controls_have_the_streams_of_the_model(files, tmp_path, control):
    asked = trainings(tmp_path, [control], PROTOCOLS[1:])
    for found, training_ in zip(job(files).run(asked), asked, strict=True):
        level, protocol = training_.level, training_.protocol
        graphs = [load_graph(graph_file(files, level, r)) for r in REPLICATES]
        shown = control_graphs(control, graphs, BINS, 7, ("net", 3))
        if protocol == "pooled" and control != "gat-one-hot":  # which has the identities already
            shown = with_gene_identity(shown)
        table = pd.read_csv(files / f"{protocol}.tsv", sep="\t")
        assert same(found, train_folds(shown, table, SETTINGS, 7, stream(level, protocol)))


def test_what_reads_no_expression_is_trained_once(files, tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(
        network_training, "train_paper", lambda *a: calls.append(a) or train_paper(*a)
    )
    first, second = job(files).run(trainings(tmp_path, protocols=["paper"]))
    assert len(calls) == 1 and first is second


def test_the_log_says_what_is_trained(files, tmp_path, capsys):
    list(job(files).run(trainings(tmp_path, ["gat-noise"], ["pair"])))
    assert capsys.readouterr().out.splitlines() == [
        "training 1 of 2: gat-noise, dropout 0 %, protocol pair",
        "training 2 of 2: gat-noise, dropout 50 %, protocol pair",
    ]
    list(job(files).run(trainings(tmp_path, protocols=["pair"])[1:]))
    assert capsys.readouterr().out == "training 1 of 1: dropout 50 %, protocol pair\n"


class Interrupted(Exception):
    pass


def interrupt(monkeypatch, after: int) -> list[int]:
    """End the job after so many folds; returns the folds that are trained, as they are."""
    begun: list[int] = []

    def watched(module):
        real = module._train_fold

        def train_fold(*arguments):
            if len(begun) == after:
                raise Interrupted
            begun.append(1)
            return real(*arguments)

        monkeypatch.setattr(module, "_train_fold", train_fold)

    watched(training)
    watched(paper_protocol)
    return begun


TRAINED = FOLDS * (1 + 2 * len(LEVELS))  # folds in all


@pytest.mark.parametrize("after", [1, FOLDS, 2 * FOLDS + 1, TRAINED - 1])
def test_an_interrupted_job_trains_nothing_twice(files, tmp_path, monkeypatch, expected, after):
    asked = trainings(tmp_path)
    with monkeypatch.context() as patch:
        begun = interrupt(patch, after)
        with pytest.raises(Interrupted):
            list(job(files).run(asked))
        assert len(begun) == after == len(list(tmp_path.rglob("fold-*")))
    begun = interrupt(monkeypatch, -1)
    found = list(job(files).run(asked))
    assert len(begun) == TRAINED - after
    assert all(same(*both) for both in zip(found, expected, strict=True))
    assert list(tmp_path.rglob("folds")) == []


def test_folds_are_kept_until_the_last_result_was_taken(files, tmp_path):
    asked = trainings(tmp_path, protocols=["pair"])
    results = job(files).run(asked)
    for _ in asked:
        next(results)
    assert len(list(tmp_path.rglob("fold-*"))) == FOLDS * len(asked)
    results.close()  # e.g. the disk was full as the last result was written
    assert len(list(tmp_path.rglob("fold-*"))) == FOLDS * len(asked)
    results = job(files).run(asked)
    list(results)
    assert list(tmp_path.rglob("folds")) == []


def test_graphs_of_other_levels_or_networks_are_refused(files, tmp_path):
    graphs = {"050": [graph_file(files, "000", 1)]}
    asked = [Training("050", "pair", tmp_path)]
    wrong = r"drop-000/rep-1.safetensors is a graph of net, dropout 0 %, not of {}, dropout 50 %"
    with pytest.raises(InputError, match=wrong.format("net")):
        list(job(files, graphs=graphs).run(asked))
    with pytest.raises(InputError, match=wrong.format("other")):
        list(job(files, graphs=graphs, network="other").run(asked))


class Params(dict):
    __getattr__ = dict.__getitem__


def test_a_job_is_made_of_what_the_rule_lists():
    model = {"layers": 1, "heads": 1, "width": 4, "neuron_dropout": 0.1}
    others = {"epochs": 2, "patience": 2, "learning_rate": 0.01, "weight_decay": 0.001}
    others |= {"message_share": 0.5, "pairs_per_class": 100, "device": "cpu"}
    params = Params(
        seed=7, levels=["050", "000", "050"], protocols=["pair", "gene"], model=model,
        training=others, gene_identity=["pair"],
    )  # fmt: skip
    source = Params(graphs=["a", "b", "c"], folds=["p.tsv", "g.tsv"], code=["x.py"])
    found = NetworkTraining.of_rule(source, params, Params(network="net", seed="3"))
    assert found == NetworkTraining(
        "net", 3, 7, SETTINGS, {"050": ["a", "c"], "000": ["b"]},
        {"pair": "p.tsv", "gene": "g.tsv"}, ["pair"], None, ["x.py"],
    )  # fmt: skip
    with pytest.raises(ValueError, match="zip"):
        params["levels"] = ["050", "000"]
        NetworkTraining.of_rule(source, params, Params(network="net", seed="3"))
