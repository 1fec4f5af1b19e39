"""Tables and files: exact text, numbers that survive, no half results."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from safetensors import SafetensorError
from safetensors.numpy import save_file

from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path, read_table, write_table
from grn_gat.core.job import logged


def test_a_gene_called_na_keeps_its_name(tmp_path):
    names = ["NA", "nan", "None", "null", "N/A", "", "007", "1e5", "TRUE", "a b"]
    table = pd.DataFrame({"Gene1": names, "Gene2": names[::-1], "gene": names, "score": 0.5})
    write_table(table, tmp_path / "t.tsv")
    got = read_table(tmp_path / "t.tsv")
    assert got["Gene1"].tolist() == got["gene"].tolist() == names
    assert got["Gene2"].tolist() == names[::-1]
    assert got["score"].tolist() == [0.5] * len(names)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o007, 0o660), (0o077, 0o600)])
def test_files_have_the_mode_that_the_umask_gives(tmp_path, mask, mode):
    """Also those of safetensors, which writes for the owner alone."""
    before = os.umask(mask)
    try:
        with atomic_path(tmp_path / "weights") as temporary:
            save_file({"a": np.zeros(2)}, temporary)
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert (tmp_path / "weights").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("column", ["network", "dropout", "protocol", "method", "source"])
def test_labels_stay_text(tmp_path, column):
    (tmp_path / "t.tsv").write_text(f"{column}\tvalue\n50\t1\n007\t2\nnan\t3\n")
    assert read_table(tmp_path / "t.tsv")[column].tolist() == ["50", "007", "nan"]


def test_undefined_numbers(tmp_path):
    table = pd.DataFrame({"metric": ["f1"] * 3, "value": [0.25, np.nan, np.inf], "n": [1, 2, 3]})
    write_table(table, tmp_path / "t.tsv")
    assert (
        tmp_path / "t.tsv"
    ).read_text() == "metric\tvalue\tn\nf1\t0.25\t1\nf1\tnan\t2\nf1\tinf\t3\n"
    got = read_table(tmp_path / "t.tsv")
    pd.testing.assert_frame_equal(got, table)
    assert got["n"].dtype.kind == "i" and got["value"].dtype.kind == "f"


def test_digits(tmp_path):
    table = pd.DataFrame({"x": [1 / 3, 12345.678901234, 1e-20, 0.5]})
    for digits, text in ((8, "0.33333333 12345.679 1e-20 0.5"), (3, "0.333 1.23e+04 1e-20 0.5")):
        write_table(table, tmp_path / "t.tsv", digits)
        assert (tmp_path / "t.tsv").read_text().split() == ["x", *text.split()]
    write_table(table, tmp_path / "t.tsv", digits=17)
    assert read_table(tmp_path / "t.tsv")["x"].tolist() == pytest.approx(table["x"], rel=1e-15)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_numbers_are_the_texts_that_pandas_writes(tmp_path, kind):
    rng = np.random.default_rng(1)
    values = rng.standard_normal(500) * 10.0 ** rng.integers(-12, 12, 500)
    special = [0.0, -0.0, np.nan, -np.nan, np.inf, -np.inf, 5e-324, 1e22, -1.0, 1 / 3]
    numbers = np.concatenate([values, special, values[:100]]).astype(kind)
    table = pd.DataFrame({"n": range(len(numbers)), "x": numbers, "y": numbers[::-1]})
    for digits in (3, 8, 9):
        write_table(table, tmp_path / "t.tsv", digits)
        table.to_csv(
            tmp_path / "p.tsv", sep="\t", index=False, float_format=f"%.{digits}g", na_rep="nan"
        )
        assert (tmp_path / "t.tsv").read_bytes() == (tmp_path / "p.tsv").read_bytes()


def test_nine_digits_keep_the_order_of_single_precision_scores(tmp_path):
    # predictions are single precision and are written with nine digits
    scores = np.float32(0.7) + np.arange(20, dtype=np.float32) * np.float32(2**-24)
    table = pd.DataFrame({"score": scores})
    write_table(table, tmp_path / "t.tsv", digits=9)
    got = read_table(tmp_path / "t.tsv")["score"].to_numpy()
    assert (got.astype(np.float32) == scores).all()
    assert (np.argsort(got, kind="stable") == np.argsort(scores, kind="stable")).all()


def test_an_empty_table_keeps_its_columns(tmp_path):
    write_table(pd.DataFrame({"Gene1": [], "score": []}), tmp_path / "t.tsv")
    got = read_table(tmp_path / "t.tsv")
    assert list(got.columns) == ["Gene1", "score"] and got.empty


def test_names_with_special_characters(tmp_path):
    names = ['quote"d', "comma,", "tab\t", "new\nline", "Zfp#1", "ß"]
    write_table(pd.DataFrame({"Gene1": names, "x": 1}), tmp_path / "t.tsv")
    assert read_table(tmp_path / "t.tsv")["Gene1"].tolist() == names


def test_atomic_path_renames_on_success(tmp_path):
    target = tmp_path / "deep" / "er" / "result.txt"
    with atomic_path(str(target)) as temporary:
        assert temporary.parent == target.parent and temporary != target
        temporary.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert os.listdir(target.parent) == ["result.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("before", [None, "old"])
def test_atomic_path_keeps_what_was_there_on_failure(tmp_path, error, before):
    target = tmp_path / "result.txt"
    if before:
        target.write_text(before)
    with pytest.raises(error), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise error
    assert os.listdir(tmp_path) == (["result.txt"] if before else [])
    assert before is None or target.read_text() == before


def test_atomic_path_without_a_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "result.txt"):
        pass
    assert os.listdir(tmp_path) == []


def test_a_failing_table_leaves_nothing(tmp_path, monkeypatch):
    def to_csv(self, path, **options):
        path.write_text("half")
        raise OSError("no space left")

    monkeypatch.setattr(pd.DataFrame, "to_csv", to_csv)
    with pytest.raises(OSError, match="no space"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "t.tsv")
    assert os.listdir(tmp_path) == []


def test_readers_never_see_a_half_written_table(tmp_path):
    path = tmp_path / "t.tsv"
    table = pd.DataFrame({"x": np.arange(2000)})
    write_table(table, path)
    sizes, stop = set(), threading.Event()

    def watch():
        while not stop.is_set():
            sizes.add(len(path.read_bytes()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(10):
        write_table(table, path)
    stop.set()
    watcher.join()
    assert sizes == {path.stat().st_size}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_in_one_sentence(tmp_path, number):
    expected = pytest.raises(InputError, match=r"result\.txt: no space left on the disk: make room")
    with expected, atomic_path(tmp_path / "result.txt") as temporary:
        temporary.write_text("half")
        raise OSError(number, os.strerror(number))
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_recognised_in_weights_too(tmp_path):
    said = "Error while serializing: I/O error: No space left on device (os error 28)"
    with pytest.raises(InputError, match="make room"), atomic_path(tmp_path / "weights"):
        raise SafetensorError(said)
    with pytest.raises(SafetensorError), atomic_path(tmp_path / "weights"):
        raise SafetensorError(said.replace("28", "2"))
    assert os.listdir(tmp_path) == []


def test_a_log_on_a_full_disk_is_one_sentence(capfd):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with pytest.raises(SystemExit), logged(SimpleNamespace(log=["/dev/full"], input=[], output=[])):
        print("progress")
    said = capfd.readouterr().err
    assert said.startswith("error: no space left on the disk") and "Traceback" not in said


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path):
    target = tmp_path / "result.txt"
    script = (
        "import os, sys; from grn_gat.core.files import atomic_path\n"
        "with atomic_path(sys.argv[1]) as path:\n"
        "    path.write_text('half'); os.kill(os.getpid(), 9)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", script, target], env=environment)
    assert killed.returncode == -signal.SIGKILL
    assert len(os.listdir(tmp_path)) == 1 and not target.exists()
    # Of processes that run, here or on another machine, and of other files: not ours to remove.
    others = {
        f".result.txt.{socket.gethostname()}.{os.getppid()}.01234567.tmp",
        ".result.txt.another-machine.999999999.01234567.tmp",
        f".result.txt.{socket.gethostname()}.new.tmp",
        f".other.txt.{socket.gethostname()}.999999999.01234567.tmp",
    }
    for name in others:
        (tmp_path / name).write_text("")
    with atomic_path(target) as temporary:
        temporary.write_text("whole")
    assert set(os.listdir(tmp_path)) == others | {"result.txt"}
    assert target.read_text() == "whole"
