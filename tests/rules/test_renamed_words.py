"""Results of before the renaming of words, in today's words: what is mapped, and what is not."""

import csv

import pytest

from compare_results import differences, main
from grn_gat.core.protocols import PAPER
from grn_gat.core.protocols import PROTOCOLS as KNOWN
from grn_gat.report.tables import kind_of
from grn_gat.study.config import RENAMED_KEYS, RENAMED_PROTOCOLS
from renamed_words import COLUMNS, KEYS, PROTOCOLS, VALUES, new_path, new_table
from workflows import REPOSITORY

OLD = (
    b"network\tprotocol\tkind\tpublished_median\n"
    b"published\tpublished\tpeer\t0.25\n"
    b"HSC\tpair\tcontrol\t0.5\n"
)
NEW = (
    b"network\tprotocol\tkind\tbeeline_median\n"
    b"published\tpaper\tmethod\t0.25\n"
    b"HSC\tpair\tcontrol\t0.5\n"
)


def test_words_are_mapped_where_they_mean_what_was_renamed():
    """A network may be called as the protocol was."""
    assert new_table(OLD) == NEW
    assert new_table(NEW) == NEW


def test_hub_sources_name_the_protocol():
    old = b"network\tsource\nHSC\tpredicted-published\nHSC\tattention-pair\nHSC\treference\n"
    assert new_table(old) == old.replace(b"published", b"paper")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tables/published.tsv", "tables/beeline.tsv"),
        ("tables/summary.tsv", "tables/summary.tsv"),
        (
            "predictions/gat/HSC/rep-1/drop-000/published/seed-1/rankedEdges.csv",
            "predictions/gat/HSC/rep-1/drop-000/paper/seed-1/rankedEdges.csv",
        ),
    ],
)
def test_files_are_found_where_they_are_today(old, new):
    assert new_path(old) == new


def test_the_config_check_says_the_new_names():
    assert {".".join(path): name for path, name in RENAMED_KEYS.items()} == KEYS
    assert RENAMED_PROTOCOLS == PROTOCOLS


def test_the_new_words_are_those_in_use():
    assert set(PROTOCOLS.values()) == {PAPER} <= set(KNOWN)
    assert set(VALUES["kind"].values()) == {kind_of("pearson")}
    with open(REPOSITORY / "docs/results/curated/beeline.tsv", newline="") as file:
        assert set(COLUMNS.values()) <= set(next(csv.reader(file, delimiter="\t")))


@pytest.fixture
def results(tmp_path):
    """Two folders of the same results, in old and in new words."""
    list_of_edges = b"Gene1\tGene2\tEdgeWeight\nA\tB\t0.5\n"
    for run, table, protocol in (("old", OLD, "published"), ("new", NEW, "paper")):
        ranked = tmp_path / run / f"predictions/gat/HSC/{protocol}/rankedEdges.csv"
        ranked.parent.mkdir(parents=True)
        ranked.write_bytes(list_of_edges)
        (tmp_path / run / "tables").mkdir()
        (tmp_path / run / "tables/summary.tsv").write_bytes(table)
        (tmp_path / run / "tables/time.tsv").write_text(run)  # measured: never the same
    return tmp_path / "old", tmp_path / "new"


def test_renamed_results_are_the_same(results, capsys):
    assert differences(*results) == []
    assert main(*map(str, results)) == 0
    assert "2 files compared, 0 differ" in capsys.readouterr().out


def test_a_changed_digit_a_moved_row_and_a_missing_file_are_found(results):
    old, new = results
    table = new / "tables/summary.tsv"
    table.write_bytes(NEW.replace(b"0.25", b"0.26"))
    assert differences(old, new) == ["tables/summary.tsv: differs"]
    lines = NEW.splitlines(keepends=True)
    table.write_bytes(b"".join([lines[0], lines[2], lines[1]]))
    assert differences(old, new) == ["tables/summary.tsv: the same lines in another order"]
    table.unlink()
    assert differences(old, new) == [f"tables/summary.tsv: only in {old}"]


def test_nothing_to_compare_is_no_success(tmp_path):
    assert main(str(tmp_path), str(tmp_path)) == 1
