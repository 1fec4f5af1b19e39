"""Checksums of results: what is noticed, of which files, and where they are kept."""

import hashlib
import shutil
import subprocess

import pytest

from grn_gat.core.checksums import Ledger, sha256
from grn_gat.core.errors import InputError

LOG = "results/logs/train_gat/HSC/seed-1.log"
TABLE = "Gene1\tGene2\tscore\nA\tB\t0.25\nB\tA\t0.5\n"


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(place):
    def put(path: str, text: str = TABLE) -> str:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
        return path

    return put


def left(place) -> list[str]:
    return sorted(str(p.relative_to(place)) for p in place.rglob("*.sha256"))


def test_sha256_of_a_file(write):
    assert sha256(write("a.txt", "abc")) == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize(
    "damaged",
    [
        TABLE[:-8],  # at the end of a line
        TABLE[:-3],  # within one
        TABLE.replace("0.25", "0.26"),
        "",
        TABLE + "B\tC\t0.5\n",
    ],
)
def test_a_file_that_is_not_as_it_was_left_is_named(write, damaged):
    path = write("results/models/HSC/pair/predictions.tsv")
    Ledger(LOG).leave([path])
    Ledger("results/logs/score/HSC.log").check([path])
    write(path, damaged)
    sentence = (
        r"^results/models/HSC/pair/predictions\.tsv: is not as the job that made it left it: .*; "
        r"to make it again, .* with --forcerun results/models/HSC/pair/predictions\.tsv$"
    )
    with pytest.raises(InputError, match=sentence):
        Ledger("results/logs/score/HSC.log").check([path])
    write(path)
    Ledger("results/logs/score/HSC.log").check([path])


def test_one_file_for_a_job_where_its_outputs_are_together(write, place):
    files = [
        write(f"results/models/HSC/drop-{level}/pair/seed-1/{name}", f"{level} {name}")
        for level in ("000", "050")
        for name in ("curve.tsv", "predictions.tsv")
    ]
    Ledger(LOG).leave(files)
    assert left(place) == ["results/checksums/models/HSC/train_gat-HSC-seed-1.sha256"]
    # each is found, from wherever it lies
    for path in files:
        write(path, "else")
        with pytest.raises(InputError, match=path):
            Ledger("results/logs/x.log").check([path])
    # the files of another job beside it are its own
    other = write("results/models/HSC/drop-000/pair/seed-2/curve.tsv")
    Ledger(LOG.replace("1", "2")).leave([other])
    Ledger("results/logs/x.log").check([other])


def test_other_programs_can_check_them(write, place):
    Ledger(LOG).leave([write("results/a/x.tsv"), write("results/a/y z.tsv", "y")])
    if shutil.which("sha256sum"):
        command = ["sha256sum", "-c", "checksums/a/train_gat-HSC-seed-1.sha256"]
        subprocess.run(command, cwd=place / "results", check=True)


def test_files_of_others_are_not_looked_at(write):
    """Of the user, of the repository, of a study before there were checksums, or not there."""
    own, code = write("data/cells.csv"), write("scripts/a.py")
    old = write("results/splits/folds.tsv")
    Ledger(LOG).leave([own, code, "results/never/made.tsv"])
    for path in (own, code, old):
        write(path, "changed")
    Ledger("results/logs/x.log").check([own, code, old, "results/never/made.tsv"])


def test_a_study_with_a_prefix_or_elsewhere(write, place, monkeypatch):
    """As a module of another workflow; another study's results beside it have nothing to say."""
    path = write("networks/results/a/x.tsv")
    Ledger("networks/results/logs/r/HSC.log").leave([path])
    assert left(place) == ["networks/results/checksums/a/r-HSC.sha256"]
    Ledger("results/logs/r/HSC.log").leave([write("results/a/x.tsv", "another")])
    write(path, "changed")
    Ledger("results/logs/x.log").check([path])
    with pytest.raises(InputError, match=r"networks/results/a/x\.tsv: is not"):
        Ledger("networks/results/logs/x.log").check([path])
    # a study that was moved
    shutil.move(place / "networks", place / "moved")
    monkeypatch.chdir(place / "moved")
    with pytest.raises(InputError, match=r"^results/a/x\.tsv: is not"):
        Ledger("results/logs/x.log").check(["results/a/x.tsv"])


def test_networks_named_as_folders_of_ours(write, place):
    path = write("results/expression/logs/results/x.csv")
    Ledger("results/logs/import/logs/results/rep-1.log").leave([path])
    assert left(place) == [
        "results/checksums/expression/logs/results/import-logs-results-rep-1.sha256"
    ]
    write(path, "cut")
    with pytest.raises(InputError, match="is not as"):
        Ledger("results/logs/x.log").check([path])


def test_a_file_that_is_made_anew_is_taken_whatever_made_it_before(write):
    """Another config may have other outputs in a job: its checksums are elsewhere then."""
    one, two = write("results/a/b/x.tsv", "old"), write("results/a/c/x.tsv", "old")
    Ledger(LOG).leave([one, two])
    write(one, "new")
    Ledger(LOG).leave([one])
    Ledger("results/logs/x.log").check([one])
    write(one, "cut")
    with pytest.raises(InputError):
        Ledger("results/logs/x.log").check([one])


def test_a_log_of_elsewhere_leaves_nothing(write, place):
    path = write("results/x.tsv")
    Ledger("somewhere.log").leave([path])
    write(path, "else")
    Ledger("somewhere.log").check([path])
    assert left(place) == []
