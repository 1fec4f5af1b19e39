"""What is said before an inference starts, and refused."""

import re

import pandas as pd
import pytest

from factories import expression_table
from grn_gat.core.errors import InputError
from grn_gat.inference import plan as plans
from grn_gat.inference.plan import Limits, Plan
from grn_gat.study.study import Study

MANY = Limits(1440, None, 1000)


def table(**methods: float) -> dict[str, pd.DataFrame]:
    """Measurements: so many microseconds a pair, 100 MB and 1 kB a pair."""
    sizes = [(500, 500, 50), (200, 1000, 200), (1000, 1000, 100), (1000, 4000, 100)]
    found = pd.DataFrame(sizes, columns=["genes", "cells", "regulators"])
    pairs = found["genes"] * found["regulators"]
    found["peak_memory_mb"] = 100 + 1e-3 * pairs
    return {name: found.assign(cpu_seconds=1e-6 * cost * pairs) for name, cost in methods.items()}


@pytest.fixture
def made(monkeypatch, tmp_path):
    cells = tmp_path / "cells.csv"
    expression_table(20).to_csv(cells)
    costs = table(pearson=100, genie3=1000)
    monkeypatch.setattr(plans, "read_costs", lambda path: costs)
    study = Study.installed({"infer": {"x": {"expression": str(cells)}}, "methods": "pearson"})

    def plan(methods, again=(), threads=1, parts=None, form="none"):
        return Plan.made(study, 2000, 500, 1000, methods, again, parts or {}, threads, form)

    return plan


def test_what_is_said(made):
    first, second = made(["pearson"], threads=2).lines()
    assert first == "2000 genes x 1000 cells, 500 candidate regulators: 999500 pairs"
    # A million pairs: 100 s, 1.1 GB, and 8 bytes each on the disk.
    assert second == "about 2 min; 1.1 GB of memory, 8 MB of disk (rough); 1 of 2 threads, no GPU"
    (line,) = made(["pearson"], ["pearson"]).lines_of_methods()
    assert line.startswith("pearson: about 2 min, 1.1 GB of memory")
    assert line.endswith("of disk for the scores, as much time again on shuffled genes")
    (line,) = made(["pearson"], parts={"pearson": 10}).lines_of_methods()
    assert line.endswith("of disk for the scores, and on 10 parts of the cells")


def test_methods_have_a_line_each_and_one_of_all(made):
    *methods, last = made(["pearson", "genie3"], form="csv").lines_of_methods()
    assert [line.split(":")[0] for line in methods] == ["pearson", "genie3"]
    assert "38 MB of disk for the scores and the list of 999500 pairs" in methods[0]
    assert last == "all: about 18 min, most of it genie3; 1.1 GB of memory, 76 MB of disk"


def test_time_is_that_of_all_methods_on_their_threads(made):
    assert made(["pearson"]).seconds == pytest.approx(100, rel=1e-3)
    assert made(["pearson"], ["pearson"]).seconds == pytest.approx(200, rel=1e-3)
    assert made(["pearson"], parts={"pearson": 10}).seconds == pytest.approx(1100, rel=1e-3)
    several = made(["pearson", "genie3", "clr"], threads=4)
    assert several.seconds == pytest.approx(100 + 1000 / 4, rel=1e-3)
    said = several.lines()[1]
    assert "most of it genie3, and clr, which was not measured" in said and "4 of 4 threads" in said
    assert several.memory_mb == pytest.approx(1100, rel=1e-3)
    assert several.disk_mb == pytest.approx(2 * 8, rel=1e-2)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(1, None, 1), "about 2 min, and 60 s are allowed.*--set limits.minutes=3"),
        (Limits(60, 0.5, 1), "1.1 GB of memory, and 0.5 GB are allowed.*--set limits.memory_gb=2"),
        (Limits(60, None, 0.004), "8 MB of disk, and 0.004 GB are.*--set limits.disk_gb=1"),
    ],
)
def test_too_much_is_refused_with_what_would_fit(made, limits, words):
    plan = made(["pearson"])
    with pytest.raises(InputError, match=words) as error:
        plan.check(limits)
    plan.check(MANY)
    (genes,) = map(int, re.findall(r"--genes hvg:(\d+)", str(error.value)))
    plan.with_genes(genes).check(limits)
    with pytest.raises(InputError):
        plan.with_genes(round(1.2 * genes)).check(limits)


def test_where_nothing_fits(made):
    with pytest.raises(InputError, match="take fewer genes, name fewer"):
        made(["pearson"]).check(Limits(60, 0.05, 1))


def test_memory_is_that_of_the_machine_where_no_limit_is_set(monkeypatch):
    monkeypatch.setattr(plans, "memory_limit", lambda: 4 * 10**9)
    block = {"minutes": 1, "memory_gb": 0, "disk_gb": 2}
    assert Limits.of(block) == Limits(1, 4, 2)
    assert Limits.of(block | {"memory_gb": 3}) == Limits(1, 3, 2)
    monkeypatch.setattr(plans, "memory_limit", lambda: None)
    assert Limits.of(block).memory_gb is None
