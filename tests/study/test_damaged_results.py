"""A result that was cut, or changed in a byte, is named by the job that would read it."""

import shutil
from pathlib import Path

import pytest

from workflows import TINY, in_one_process

# Every kind of file that a job reads of another one.
READ = [
    "expression/HSC/rep-1/drop-000/ExpressionData.csv",
    "expression/HSC/rep-2/drop-050/PseudoTime.csv",
    "expression/HSC/rep-1/drop-000/refNetwork.csv",
    "expression/HSC/rep-1/drop-000/regulators.csv",
    "graphs/HSC/rep-1/drop-000/graph.safetensors",
    "splits/HSC/pair/seed-1/folds.tsv",
    "training/HSC/drop-000/pair/seed-1/predictions.tsv",
    "training/HSC/drop-000/pair/seed-1/attention.tsv",
    "training/HSC/drop-050/pair/seed-2/curve.tsv",
    "fine_tuning/HSC/drop-000/pair/seed-1/predictions.tsv",
    "control_models/gat-one-hot/HSC/drop-000/pair/seed-1/predictions.tsv",
    "splits/HSC/pair/seed-1/status.tsv",
    "scores/HSC/pair/regulators.tsv",
    "predictions/pearson/HSC/rep-1/drop-000/rankedEdges.csv",
    "predictions/pearson/HSC/rep-1/drop-000/status.tsv",
    "scores/HSC/pair/metrics_by_replicate.tsv",
    "scores/HSC/unsupervised/stability.tsv",
    "hubs/HSC/hubs.tsv",
    "tables/summary.tsv",
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A study that is whole."""
    study = in_one_process(tmp_path_factory.mktemp("whole"))
    study.succeed(*TINY)
    return study.folder


def cut(content: bytes) -> bytes:
    """Without the last line; of arrays the last byte is another."""
    if not content.endswith(b"\n"):
        return content[:-1] + bytes([content[-1] ^ 1])
    return b"".join(content.splitlines(keepends=True)[:-1])


@pytest.mark.parametrize("name", READ)
def test_it_is_named(finished, one_process, name):
    shutil.copytree(finished / "results", one_process.folder / "results")
    path = one_process.folder / "results" / name
    whole = path.read_bytes()
    path.write_bytes(cut(whole))
    assert path.read_bytes() != whole
    done = one_process.run(*TINY)
    assert done.returncode == 1, done.stdout
    sentence = f"error: results/{name}: is not as the job that made it left it: cut off, damaged"
    assert sentence in done.stdout and "Traceback" not in done.stdout
