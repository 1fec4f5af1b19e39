"""A training that was interrupted goes on after its last fold and ends with the same bytes."""

import pytest
import torch
from test_training import NAMES, make_graphs, make_table, network, same, settings

from grn_gat.core.fold_checkpoints import FoldCheckpoints
from grn_gat.supervised import training
from grn_gat.supervised.training import train_folds


@pytest.fixture
def data():
    edges = network()
    return make_graphs(edges), make_table(edges, "pair")


class Interrupted(Exception):
    pass


def interrupt(monkeypatch, fold: int) -> list[int]:
    """End the training before this fold; returns the folds that are trained, as they are."""
    begun, train = [], training._train_fold

    def train_fold(copies, items, number, *rest):
        if number == fold:
            raise Interrupted
        begun.append(number)
        return train(copies, items, number, *rest)

    monkeypatch.setattr(training, "_train_fold", train_fold)
    return begun


def test_it_goes_on_after_the_last_fold(data, tmp_path, monkeypatch, capsys):
    expected = train_folds(*data, settings(), 5, NAMES)
    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        interrupt(patch, fold=2)
        train_folds(*data, settings(), 5, NAMES, FoldCheckpoints(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "fold-1.checkpoint.safetensors",
        "fold-2.checkpoint.safetensors",
    ]
    begun = interrupt(monkeypatch, fold=-1)
    got = train_folds(*data, settings(), 5, NAMES, FoldCheckpoints(tmp_path))
    assert begun == [2]
    assert "fold 1 of 3: was finished" in capsys.readouterr().err
    assert same(got, expected)
    for name in ("curve", "predictions", "attention"):  # with edges, and types of columns
        one, two = getattr(got, name), getattr(expected, name)
        assert one.equals(two) and list(one.columns) == list(two.columns)
        assert one.to_csv() == two.to_csv()


@pytest.mark.parametrize("changed", ["settings", "seed", "names", "labels", "features"])
def test_folds_of_something_else_are_trained_anew(data, tmp_path, monkeypatch, capsys, changed):
    graphs, table = data
    train_folds(graphs, table, settings(), 5, NAMES, FoldCheckpoints(tmp_path))
    chosen, seed, names = settings(), 5, NAMES
    if changed == "settings":
        chosen = settings(epochs=3)
    elif changed == "seed":
        seed = 6
    elif changed == "names":
        names = (*NAMES, "other")
    elif changed == "labels":
        table = table.assign(edge=1 - table["edge"])
    else:
        graphs[1].pair_features = graphs[1].pair_features + 1e-3 * torch.eye(6)[:, :, None]
    expected = train_folds(graphs, table, chosen, seed, names)
    capsys.readouterr()
    got = train_folds(graphs, table, chosen, seed, names, FoldCheckpoints(tmp_path))
    assert capsys.readouterr().err.count("is of other data, settings or code") == 3
    assert same(got, expected)


@pytest.mark.parametrize("content", [b"", b"no tensors", b"\xff" * 100])
def test_broken_files_are_trained_anew(data, tmp_path, capsys, content):
    expected = train_folds(*data, settings(), 5, NAMES, FoldCheckpoints(tmp_path))
    (tmp_path / "fold-2.checkpoint.safetensors").write_bytes(content)
    got = train_folds(*data, settings(), 5, NAMES, FoldCheckpoints(tmp_path))
    assert "cannot be read" in capsys.readouterr().err
    assert same(got, expected)


def test_other_code_trains_anew(data, tmp_path, capsys):
    code = tmp_path / "helper.py"
    code.write_text("changed = False\n")
    checkpoints = FoldCheckpoints(tmp_path / "folds", [code])
    train_folds(*data, settings(), 5, NAMES, checkpoints)
    train_folds(*data, settings(), 5, NAMES, checkpoints)
    assert capsys.readouterr().err.count("was finished") == 3
    code.write_text("changed = True\n")
    train_folds(*data, settings(), 5, NAMES, checkpoints)
    assert capsys.readouterr().err.count("is of other data, settings or code") == 3
