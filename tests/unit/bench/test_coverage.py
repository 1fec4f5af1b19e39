"""How often intervals miss, by simulation; and what is said of it wherever intervals are shown."""

import csv
import re

import numpy as np
import pytest

from grn_gat.core.seeds import generator
from workflows import REPOSITORY

# Whose intervals are over networks, or parts of the cells.
OTHERS = ("comparison.html.j2", "hub_worth.rst", "figure_hub_worth.rst")
SHOWN = [
    path
    for path in sorted((REPOSITORY / "workflow/report").iterdir())
    if "95 % interval" in path.read_text() and path.name not in OTHERS
]
SAID = re.compile(
    r"In simulations such intervals missed the true mean in (\d) to (\d) % of the studies, "
    r"in up to (\d) % where seeds or replicates were strongly skewed, "
    r"and in (\d) % where neither differed\."
)


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    with open(REPOSITORY / "docs/results/coverage.tsv", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="module")
def coverage(bench):
    return bench("coverage")


def test_the_kinds_of_studies_are_those_of_the_table(coverage, table):
    cases = [tuple(map(str, case)) for case in coverage.cases()]
    assert [tuple(row[key] for key in coverage.Case._fields) for row in table] == cases
    assert len(set(cases)) == 18
    assert {row["simulations"] for row in table} == {str(coverage.SIMULATIONS)}


def test_intervals_miss_as_often_as_the_table_says(coverage, table):
    """Of 2,000 studies: five times the standard error of 5 % is 2.4 %."""
    for case, row in zip(coverage.cases(), table, strict=True):
        below, above = coverage.misses(case, 2000)
        assert 100 * (below + above) == pytest.approx(float(row["misses_percent"]), abs=2.4), case
        for side, found in (("below", below), ("above", above)):
            assert 100 * found == pytest.approx(float(row[f"{side}_percent"]), abs=2), case


def test_studies_have_the_effects_that_they_are_named_for(coverage):
    """Variances of seeds' and replicates' means, 1 with an effect; skewness 2 of an exponential."""
    for case in coverage.cases():
        values = case.values(20_000, generator(1, "test", *case))
        known = values[..., case.replicates // 2 :] if case.missing == "half" else values
        assert np.isnan(values).sum() == values.size - known.size
        assert not np.isnan(known).any() and known.mean() == pytest.approx(0, abs=0.03)
        rest = coverage.REST**2
        for axis, name in ((2, "seeds"), (1, "replicates")):
            if known.shape[3 - axis] == 1:
                continue
            means = known.mean(axis=axis)
            varies = case.varies in (name, "both")
            expected = varies + rest / known.shape[axis]
            assert means.var(axis=1, ddof=1).mean() == pytest.approx(expected, rel=0.05), case
            if varies:
                third = ((means - means.mean(axis=1, keepdims=True)) ** 3).mean()
                assert (third > 0.2) == (case.effects == "skewed"), case


def test_misses_are_counted_on_both_sides(coverage, monkeypatch):
    ends = np.array([-3.0, -1.0, -0.5, 1.0]), np.array([-1.0, 2.0, 0.0, 4.0])
    monkeypatch.setattr(coverage, "mean_interval", lambda values: ends)
    assert coverage.misses(next(coverage.cases()), 4) == (0.25, 0.25)


def test_what_is_shown_says_how_often_it_misses(table):
    """The least and the largest share of the table, in whole percent, beside every interval."""
    by_kind: dict[str, list[float]] = {}
    for row in table:
        kind = "neither" if row["varies"] == "neither" else row["effects"]
        by_kind.setdefault(kind, []).append(float(row["misses_percent"]))
    normal, skewed, neither = (by_kind[kind] for kind in ("normal", "skewed", "neither"))
    wanted = [round(x) for x in (min(normal), max(normal), max(skewed), np.mean(neither))]
    assert len(SHOWN) >= 5
    for path in SHOWN:
        found = SAID.search(" ".join(path.read_text().split()))
        assert found and list(map(int, found.groups())) == wanted, path


@pytest.fixture(scope="module")
def of_regulators(bench):
    return bench("coverage_regulators")


def test_intervals_over_regulators_miss_as_often_as_their_table_says(of_regulators):
    """Of 300 references of the smallest kinds: five times the standard error of 7 % is 7 %."""
    with open(REPOSITORY / "docs/results/coverage_regulators.tsv", newline="") as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    cases = [tuple(map(str, case)) for case in of_regulators.cases()]
    keys = [tuple(row[key] for key in of_regulators.Case._fields) for row in table]
    assert list(dict.fromkeys(keys)) == cases and len(table) == len(cases) * 4
    assert {row["simulations"] for row in table} == {str(of_regulators.SIMULATIONS)}
    for case in list(of_regulators.cases())[:2]:
        found = of_regulators.misses(case, 300)
        for key, row in zip(keys, table, strict=True):
            if key == tuple(map(str, case)):
                both = 100 * sum(found[row["metric"]])
                assert both == pytest.approx(float(row["misses_percent"]), abs=7), (case, row)


def test_intervals_over_regulators_do_not_miss_by_far():
    """Of a nominal 5 %: 4 to 9 % of regulators with even edges, up to 13 % of strong hubs."""
    with open(REPOSITORY / "docs/results/coverage_regulators.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            most = 9 if row["edges"] == "even" else 13
            assert 1 < float(row["misses_percent"]) < most, row


def test_what_is_shown_says_how_often_intervals_over_regulators_miss():
    with open(REPOSITORY / "docs/results/coverage_regulators.tsv", newline="") as file:
        found = [float(row["misses_percent"]) for row in csv.DictReader(file, delimiter="\t")]
    said = f"missed it in {round(min(found))} to {round(max(found))} %."
    shown = [
        path
        for path in SHOWN
        if "Those over groups of regulators" in " ".join(path.read_text().split())
    ]
    assert len(shown) == 7
    assert all(said in " ".join(path.read_text().split()) for path in shown)
