"""Networks of groups of one file: inferred, compared, and what of it is kept."""

import json
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table
from grn_gat.evaluate.regulon_activity import regulon_activity
from grn_gat.inference import groups_of_dataset
from grn_gat.inference.attempt import Cells, attempt, ranked_edges
from grn_gat.inference.compare_groups import number_of_permutations
from grn_gat.inference.compared import compared
from grn_gat.inference.group_files import sentences
from grn_gat.inference.group_paths import FIGURES, TABLES
from grn_gat.inference.grouped import Kept, compare_folders
from grn_gat.inference.groups_of_dataset import infer_groups
from grn_gat.study.study import Study, settings_of

NUMBER = 20


def groups(seed: int, planted: bool, sizes=(200, 300)) -> list[Cells]:
    """Counts of two groups that differ in their means; planted: G07 follows G02 in the first."""
    rng = np.random.default_rng(seed)
    loads, found = 0.6 * rng.normal(size=(NUMBER, 3)), []
    for group, cells in enumerate(sizes):
        values = loads @ rng.normal(size=(3, cells)) + rng.normal(size=(NUMBER, cells))
        if planted and group == 0:
            values[7] = 0.3 * values[7] + 1.5 * values[2]
        means = 0.5 * rng.normal(size=(NUMBER, 1)) + 0.5
        counts = rng.poisson(np.exp(np.clip(values + means, -5, 5))).astype(float)
        names = [f"G{k:02d}" for k in range(NUMBER)]
        found.append(Cells(names, counts, None, np.arange(NUMBER)))
    return found


def of(made: list[Cells], method: str = "spearman", threads: int = 1, asked=19):
    ranked = [ranked_edges(attempt(method, one, 1, 1, {}), one) for one in made]
    return compared(method, ["a", "b"], made, ranked, 2, asked, 1, threads, {})


def test_a_planted_difference_is_found_with_an_interval():
    found = 0
    for seed in range(5):
        edges = of(groups(seed, planted=True))[0].edges
        specific = edges[edges["specific"] == "yes"]
        mine = specific[specific["regulator"].isin(["G02", "G07"]) & (specific["group"] == "a")]
        mine = mine[mine["target"].isin(["G02", "G07"])]
        assert (specific["low"] > 0).all()
        found += len(mine) == 1  # the pair once
    assert found >= 4


def test_where_labels_say_nothing_there_is_none_in_nineteen_of_twenty():
    said = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        one, other = groups(seed, planted=True)
        every = np.concatenate([one.expression, other.expression], axis=1)
        every = every[:, rng.permutation(every.shape[1])]
        parts = (every[:, :200], every[:, 200:])
        made = [Cells(one.genes, part, None, one.regulators) for part in parts]
        said += (of(made)[0].edges["specific"] == "yes").any()
    assert said <= 6  # of 2 that are expected


def test_what_differs_in_its_level_alone_is_no_difference_of_networks():
    said = [(of(groups(s, planted=False))[0].edges["specific"] == "yes").any() for s in range(15)]
    assert sum(said) <= 3


def test_the_same_seed_gives_the_same_tables_whatever_the_threads():
    made = groups(1, planted=True)
    one, two = of(made, asked=3), of(made, threads=2, asked=3)
    for first, second in zip(
        (one[0].edges, one[0].hubs, one[1]), (two[0].edges, two[0].hubs, two[1]), strict=True
    ):
        pd.testing.assert_frame_equal(first, second)


def test_a_failed_group_and_genes_of_few_cells_are_said():
    made = groups(1, planted=False)
    ranked = [ranked_edges(attempt("pearson", one, 1, 1, {}), one) for one in made]
    found, activity = compared(
        "pearson", ["a", "b"], made, [ranked[0], ranked[1][:0]], 2, 0, 1, 1, {}
    )
    assert found.edges.empty and activity.empty and found.untold == "no network of b"
    made[1].expression[3] = 0
    found, _ = compared("pearson", ["a", "b"], made, ranked, 2, 0, 1, 1, {})
    assert "1 of 20 genes, which fewer than 10 cells of some group have" in found.left_out
    assert "G03" not in {*found.edges["regulator"], *found.edges["target"]}
    for one in made:
        one.expression[1:] = 0
    found, _ = compared("pearson", ["a", "b"], made, ranked, 2, 0, 1, 1, {})
    assert found.edges.empty and "1 genes are in 10 cells of every group" in found.untold


def test_permutations_are_made_where_they_cost_little_or_somebody_asks():
    made = [(30, 200, 30)] * 2
    assert number_of_permutations(None, "spearman", made, {}) == (19, "")
    assert number_of_permutations(0, "spearman", made, {}) == (0, "no permutation was asked for")
    number, why = number_of_permutations(2, "spearman", made, {})
    assert number == 2 and why.startswith("2 permutations are too few to tell anything at 5 %")
    wide = (800, 500, 800)
    settings, _ = settings_of("genie3", {})
    number, why = number_of_permutations(None, "genie3", [wide, wide], settings)
    assert number == 0 and "would take about" in why
    assert number_of_permutations(19, "genie3", [wide, wide], settings) == (19, "")


def test_activity_is_that_of_the_targets_turned_around_where_they_are_repressed():
    rng = np.random.default_rng(2)
    values = [rng.normal(5, 1, (5, 200)), rng.normal(5, 1, (5, 200))]
    values[1][1:3] += 2  # activated targets
    values[1][3] -= 2  # a repressed one
    scores = np.zeros((2, 1, 5))
    scores[:, 0, 1:4] = (0.9, 0.8, -0.7)
    table = regulon_activity(values, ["a", "b"], scores, ["R"], [0], 3)
    a, b = table.to_dict("records")
    assert (a["regulator"], a["targets"], a["group"]) == ("R", 3, "a")
    assert a["activity"] == pytest.approx(-b["activity"]) and b["low"] > 0.5
    assert abs(a["expression"]) < 0.2  # the regulator itself is as high in both
    assert regulon_activity(values, ["a", "b"], scores, ["R"], [0], 2).empty  # too few targets


# -------------------------------------------------------------------------- of the command


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of a user with cells of two groups, in which one stands."""
    made = groups(3, planted=True, sizes=(60, 70))
    values = np.concatenate([one.expression for one in made], axis=1)
    cells = [f"c{k}" for k in range(130)]
    pd.DataFrame(values, made[0].genes, cells).to_csv(tmp_path / "cells.csv")
    labels = ["in vitro"] * 60 + ["in vivo"] * 70
    rows = [f"{cell},{label}" for cell, label in zip(cells, labels, strict=True)]
    (tmp_path / "groups.csv").write_text("\n".join(["cell,group", *rows]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def unseen(label):
    yield


def infer(place, methods="pearson,spearman", said=None, overwrite=False, limits=None, **entry):
    data = {"expression": "cells.csv", "groupby": "groups.csv", "stability": 0} | entry
    config = {"infer": {"x": data}, "methods": methods} | ({"limits": limits} if limits else {})
    study, said = Study.installed(config), [] if said is None else said
    return infer_groups(study, "x", place / "out", 2, overwrite, unseen, said.append)


def test_files_of_groups_and_their_comparison(place, monkeypatch):
    compared_by = []
    original = groups_of_dataset.compared
    monkeypatch.setattr(
        groups_of_dataset, "compared", lambda m, *rest: compared_by.append(m) or original(m, *rest)
    )
    assert infer(place, permutations=2) == place / "out/comparison.html"
    for group in ("in-vitro", "in-vivo"):
        assert (place / f"out/{group}/report.html").is_file()
    for method in ("pearson", "spearman"):
        folder = place / "out/comparison" / method
        assert {*TABLES.values(), *FIGURES.values()} <= {path.name for path in folder.iterdir()}
    summary = read_table(place / "out/comparison/methods.tsv")
    assert summary["method"].tolist() == compared_by == ["pearson", "spearman"]
    assert (summary["permutations"] == 2).all() and (summary["specific"] == "").all()
    page = (place / "out/comparison.html").read_text()
    assert 'href="in-vivo/report.html"' in page and "2 permutations are too few" in page
    before = (place / "out/comparison/pearson/edges.tsv").read_bytes()
    infer(place, permutations=2)
    assert compared_by == ["pearson", "spearman"]  # nothing anew
    infer(place, permutations=3)
    assert compared_by == ["pearson", "spearman"] * 2
    assert (place / "out/comparison/pearson/edges.tsv").read_bytes() != before
    (place / "out/comparison/pearson/edges.tsv").write_text("cut")
    infer(place)  # as many as before
    assert compared_by == ["pearson", "spearman"] * 2 + ["pearson"]
    assert read_table(place / "out/comparison/methods.tsv")["permutations"].tolist() == [3, 3]
    with pytest.raises(InputError, match=r"holds a comparison by groups\.csv: name another"):
        Kept(place / "out", "other", None, overwrite=False)
    state = json.loads((place / "out/in-vitro/.grn-gat.json").read_text())
    assert state["data"]["group"] == "in vitro"
    (place / "out/.grn-gat.json").write_text("{}")  # as of all cells
    said: list[str] = []
    infer(place, said=said)
    assert f"networks of all cells that are in {place / 'out'} stay beside them" in said


def test_one_method_that_cannot_tell_beside_others_that_can(place):
    """As with the defaults, of which the slow one is not permuted."""
    infer(place, permutations=19)
    summary = place / "out/comparison/methods.tsv"
    table = read_table(summary).astype({"specific": object})
    table.loc[0, ["specific", "untold"]] = ["", "it takes long"]
    table.to_csv(summary, sep="\t", index=False)
    said = sentences(place / "out")
    assert said[0].startswith("Spearman compares 20 genes")
    assert "It is not told of Pearson: it takes long." in said


def test_networks_of_other_groups_stay_and_are_said(place):
    infer(place, "pearson", permutations=0)
    (place / "halves.csv").write_text(
        "\n".join(["cell,half", *(f"c{k},{'odd' if k % 2 else 'even'}" for k in range(130))])
    )
    said: list[str] = []
    infer(place, "pearson", said, True, groupby="halves.csv", permutations=0)
    assert f"networks of other groups that are in {place / 'out'} stay: in-vitro, in-vivo" in said
    assert "2 groups: even, odd" in said
    held = read_table(place / "out/comparison/pearson/edges.tsv")["group"]
    assert set(held) == {"even", "odd"}


def test_more_than_is_allowed_is_refused_before_anything_starts(place):
    with pytest.raises(
        InputError, match=r"the networks of 2 groups and their comparison would"
    ) as e:
        infer(place, "genie3,pearson", limits={"minutes": 0.01}, permutations=500)
    assert "fewer permutations" in str(e.value) and "--set limits.minutes=" in str(e.value)
    assert not (place / "out").exists()


def test_what_is_to_be_said_of_one_group_is_said_with_its_name(place, capfd):
    table = pd.read_csv(place / "cells.csv", index_col=0)
    table.iloc[3, 60:] = 0  # silent in the second group
    table.to_csv(place / "cells.csv")
    infer(place, "pearson", permutations=0)
    warned = capfd.readouterr().err
    assert warned.count("in vivo: ") == 1 and "1 of 20 genes have the same value" in warned


def test_finished_networks_are_compared_without_cells(place):
    infer(place, "pearson", permutations=0)
    folders = {name: place / "out" / name for name in ("in-vitro", "in-vivo")}
    page = compare_folders(folders, place / "both", 2, ("svg",))
    assert page == place / "both/comparison.html"
    with_cells, without = (
        read_table(place / f"{folder}/comparison/pearson/edges.tsv") for folder in ("out", "both")
    )
    columns = ["regulator", "target", "score", "difference"]
    pd.testing.assert_frame_equal(with_cells[columns], without[columns])
    assert "the cells are not at hand" in page.read_text()
    assert (place / "both/comparison/pearson/edges.svg").is_file()
    compare_folders(folders, place / "both", 2, ())  # the same again
    other = {"in-vitro": folders["in-vitro"], "again": folders["in-vitro"]}
    with pytest.raises(
        InputError, match=r"both: holds a comparison of .*out/in-vitro and .*in-vivo"
    ):
        compare_folders(other, place / "both", 2, ())
    compare_folders(other, place / "both", 2, (), overwrite=True)
    with pytest.raises(InputError, match="holds a comparison by folders: name another"):
        Kept(place / "both", "groups.csv", None, overwrite=False)


def test_what_cannot_be_compared_is_one_sentence(place):
    infer(place, "pearson", permutations=0)
    good = place / "out/in-vitro"
    with pytest.raises(
        InputError, match=r"other: is no folder of networks: it has no methods\.tsv"
    ):
        compare_folders({"a": good, "other": place / "other"}, place / "both", 2, ())
    with pytest.raises(InputError, match="comparison: is no folder of networks"):
        compare_folders({"a": good, "b": place / "out/comparison"}, place / "both", 2, ())
    with pytest.raises(
        InputError, match=r"out: holds the networks of groups.*out/in-vitro .*out/in-vivo"
    ):
        compare_folders({"a": good, "b": place / "out"}, place / "both", 2, ())
    for taken in ("out", "out/in-vivo"):
        with pytest.raises(InputError, match="no earlier comparison of folders"):
            compare_folders({"a": good, "b": good}, place / taken, 2, ())
    (place / "renamed.csv").write_text((place / "cells.csv").read_text().replace("G", "H"))
    study = Study.installed(
        {"infer": {"y": {"expression": "renamed.csv", "stability": 0}}, "methods": "pearson,clr"}
    )
    groups_of_dataset.infer_dataset(study, "y", place / "y", 1, False, unseen, lambda _: None)
    with pytest.raises(InputError, match="0 genes and 0 candidate regulators in common"):
        compare_folders({"a": good, "y": place / "y"}, place / "both", 2, ())


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"groupby": "none.csv"}, "groupby: there is no file .none.csv"),
        ({"groups": "kind"}, "groups: cells are drawn by those of groupby"),
    ],
)
def test_wrong_keys_are_said_before_anything_starts(place, entry, why):
    with pytest.raises(InputError, match=why):
        infer(place, **entry)
    with pytest.raises(InputError, match="permutations: is of a comparison of groups"):
        Study.installed({"infer": {"x": {"expression": "cells.csv", "permutations": 3}}})
