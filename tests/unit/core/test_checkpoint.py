"""Checkpoints: what is written is read with all bits; what is of something else is not taken."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch

from grn_gat.core.checkpoint import Checkpoint, State, origin
from grn_gat.core.errors import InputError

ANEW = "training it anew"


def state() -> State:
    tensors = {
        "a.weight": torch.tensor([[0.1, -0.0], [float("nan"), float("inf")]]),
        "half": torch.tensor([1.5, 2.5], dtype=torch.bfloat16),
        "step": torch.tensor(7.0),
        "none": torch.zeros(0, 3),
        "turned": torch.arange(6).reshape(2, 3).T,  # not contiguous
        "learned": torch.ones(2, requires_grad=True),
    }
    tables = {
        "curve": pd.DataFrame({"fold": [1, 1], "loss": [0.1 + 0.2, np.nan]}),
        "scores": pd.DataFrame(
            {
                "Gene1": ["nan", "b", "nan"],
                "score": np.array([0.1, 0.2, 0.3], dtype=np.float32),
                "kind": np.array(["self", "forward", "self"], dtype=object),
            }
        ),
        "empty": pd.DataFrame({"fold": np.zeros(0, dtype=np.int64)}),
    }
    return State(tensors, tables, {"epochs": [[1, 0.1 + 0.2], [2, 1e-300]], "name": "ä"})


@pytest.fixture
def checkpoint(tmp_path) -> Checkpoint:
    return Checkpoint(tmp_path / "new/a.safetensors", "made from this")


def test_what_is_written_is_read_with_all_bits(checkpoint, capsys):
    given = state()
    checkpoint.save(given)
    found = checkpoint.load()
    assert found.tensors.keys() == given.tensors.keys()
    for name, tensor in given.tensors.items():
        assert found.tensors[name].dtype == tensor.dtype
        assert found.tensors[name].shape == tensor.shape
        bits = [t.detach().contiguous().view(-1) for t in (found.tensors[name], tensor)]
        if tensor.numel():
            assert torch.equal(*(t.view(torch.uint8) for t in bits)), name
    assert found.tables.keys() == given.tables.keys()
    for name, table in given.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table, check_exact=True)
    assert found.values == given.values
    assert capsys.readouterr().err == ""


def test_the_same_state_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        Checkpoint(tmp_path / name, "this").save(state())
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_later_state_takes_the_place_of_an_earlier_one(checkpoint):
    checkpoint.save(state())
    checkpoint.save(State({"x": torch.ones(1)}, values=2))
    found = checkpoint.load()
    assert list(found.tensors) == ["x"] and found.values == 2 and not found.tables
    assert len(list(checkpoint.path.parent.iterdir())) == 1


def test_there_is_nothing(checkpoint, capsys):
    assert checkpoint.load() is None
    assert capsys.readouterr().err == ""


def refused(checkpoint: Checkpoint, capsys) -> str:
    """The one line on stderr that says why the file is not taken."""
    assert checkpoint.load() is None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(str(checkpoint.path)) and line.endswith(ANEW)
    return line


def test_a_file_of_something_else_is_not_taken(checkpoint, capsys):
    checkpoint.save(state())
    other = Checkpoint(checkpoint.path, "made from that")
    assert "is of other data, settings or code" in refused(other, capsys)
    other.save(state())  # trained anew
    assert other.load() is not None


@pytest.mark.parametrize("content", [b"", b"no tensors", b"\xff" * 100, "half", "less"])
def test_a_broken_file_is_not_taken(checkpoint, capsys, content):
    checkpoint.save(state())
    whole = checkpoint.path.read_bytes()
    cut = {"half": whole[: len(whole) // 2], "less": whole[:-1]}
    checkpoint.path.write_bytes(cut.get(content, content))
    assert "cannot be read" in refused(checkpoint, capsys)


def test_one_changed_bit_is_found_wherever_it_is(checkpoint, capsys):
    checkpoint.save(State({"x": torch.arange(3.0)}, {"t": pd.DataFrame({"a": [1, 2]})}, [0.5]))
    whole = checkpoint.path.read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        checkpoint.path.write_bytes(changed)
        assert refused(checkpoint, capsys)


def test_a_safetensors_file_of_others_is_not_taken(checkpoint, capsys):
    from safetensors.torch import save_file

    checkpoint.path.parent.mkdir()
    save_file({"x": torch.ones(2)}, checkpoint.path)
    assert "is no checkpoint" in refused(checkpoint, capsys)
    save_file({"x": torch.ones(2)}, checkpoint.path, {"grn_gat": '{"architecture": {}}'})
    assert refused(checkpoint, capsys)


def test_missing_texts_are_a_mistake(checkpoint):
    with pytest.raises(AssertionError, match="scores: Gene1"):
        checkpoint.save(State({}, {"scores": pd.DataFrame({"Gene1": ["a", None]})}))


@pytest.mark.parametrize("error", [FileNotFoundError, None])
def test_the_folder_is_removed_while_it_is_written(checkpoint, monkeypatch, error):
    """By the end of a process that an interruption left behind; `None`: what the library raises."""
    import shutil

    from grn_gat.core import checkpoint as module

    real = module.save_file

    def save(tensors, path, metadata):
        shutil.rmtree(path.parent)
        if error:
            raise error
        real(tensors, path, metadata)

    monkeypatch.setattr(module, "save_file", save)
    checkpoint.save(state())
    assert checkpoint.load() is None


def test_a_full_disk_is_said(checkpoint, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grn_gat.core.checkpoint.save_file", full)
    with pytest.raises(InputError, match="no space left"):
        checkpoint.save(state())


def test_origin_is_of_settings_data_and_code(tmp_path):
    code = tmp_path / "code.py"
    code.write_text("a = 1\n")
    one, two = np.arange(6.0), np.arange(4)
    found = [
        origin({"a": 1, "b": 2}, [one, two], [code]),
        origin({"a": 1, "b": 3}, [one, two], [code]),
        origin({"a": 1, "b": 2}, [two, one], [code]),
        origin({"a": 1, "b": 2}, [one], [code]),
        origin({"a": 1, "b": 2}, [one.reshape(2, 3), two], [code]),
        origin({"a": 1, "b": 2}, [one.astype(np.float32), two], [code]),
        origin({"a": 1, "b": 2}, [one, two], []),
    ]
    code.write_text("a = 2\n")
    found.append(origin({"a": 1, "b": 2}, [one, two], [code]))
    assert len(set(found)) == len(found)
    code.write_text("a = 1\n")
    turned = np.arange(12.0)[::2] / 2  # not contiguous
    assert origin({"b": 2, "a": 1}, iter([turned, two]), [code]) == found[0]


def test_it_does_without_pytorch_geometric():
    code = "import sys, grn_gat.core.checkpoint; print('torch_geometric' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.stdout == "False\n"
