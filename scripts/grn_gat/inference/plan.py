"""What an inference will do and take, said before it starts; refused where that is too much."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grn_gat.algorithms._registry import uses_threads
from grn_gat.core.errors import InputError
from grn_gat.core.memory import memory_limit
from grn_gat.core.progress import duration
from grn_gat.data.dataset import Dataset
from grn_gat.inference.cell_parts import of_donors
from grn_gat.inference.cost import Cost, expected_cost, measured_as, read_costs
from grn_gat.inference.stability import number_of_runs
from grn_gat.study.study import Study

_NOT_MEASURED = "was not measured"
_FEWEST_GENES = 50  # of a proposal


@dataclass(frozen=True)
class Limits:
    """What an inference may take: block `limits` of a config; None where there is no limit."""

    minutes: float
    memory_gb: float | None
    disk_gb: float

    @classmethod
    def of(cls, block: Mapping[str, Any]) -> "Limits":
        """Return the limits of a config; without one of memory that of this machine."""
        there = memory_limit()
        usual = None if there is None else there / 1e9
        return cls(block["minutes"], block["memory_gb"] or usual, block["disk_gb"])

    def exceeded(self, seconds: float, memory_mb: float, disk_mb: float) -> list[tuple[str, str]]:
        """Return what is beyond a limit: words, and how it could be allowed."""
        found = []
        if seconds > 60 * self.minutes:
            allowed = f"--set limits.minutes={_more(seconds / 60)}"
            words = f"{_time(seconds)}, and {duration(60 * self.minutes)} are allowed"
            found.append((words, allowed))
        for key, needed, most in (
            ("memory", memory_mb, self.memory_gb),
            ("disk", disk_mb, self.disk_gb),
        ):
            if most is not None and needed > 1000 * most:
                allowed = f"--set limits.{key}_gb={_more(needed / 1000)}"
                found.append((f"{size(needed)} of {key}, and {most:.3g} GB are allowed", allowed))
        return found


@dataclass(frozen=True)
class Plan:
    """What will be done.

    Attributes:
        genes, regulators, cells: numbers.
        threads: that there are.
        costs: of each method that will be run, on one core; None where it was not measured.
        again: methods that are run on shuffled genes as well.
        parts: of each method, on how many parts of the cells it is run as well.
        parallel: methods that use more than one thread.
        form: in which the list of all pairs is written; none where it is not.
        study: for the costs with fewer genes.
    """

    genes: int
    regulators: int
    cells: int
    threads: int
    costs: Mapping[str, Cost | None]
    again: Sequence[str]
    parts: Mapping[str, int]
    parallel: Sequence[str]
    form: str
    study: Study

    @classmethod
    def made(
        cls,
        study: Study,
        genes: int,
        regulators: int,
        cells: int,
        methods: Sequence[str],
        again: Sequence[str],
        parts: Mapping[str, int],
        threads: int,
        form: str = "none",
    ) -> "Plan":
        """Return the plan for a data set of this size."""
        measured = read_costs(study.place.bundled("workflow/resources/costs.tsv"))
        costs: dict[str, Cost | None] = {}
        for method in methods:
            rows = measured.get(measured_as(method, study.method_settings(method)))
            size = (genes, cells, regulators)
            costs[method] = None if rows is None else expected_cost(rows, *size, form)
        parallel = [m for m in methods if uses_threads(m)]
        return cls(genes, regulators, cells, threads, costs, again, parts, parallel, form, study)

    def with_genes(self, genes: int) -> "Plan":
        """Return the plan for fewer genes, and the same share of regulators among them."""
        regulators = max(1, round(self.regulators * genes / self.genes))
        return Plan.made(
            self.study,
            genes,
            regulators,
            self.cells,
            [*self.costs],
            self.again,
            self.parts,
            self.threads,
            self.form,
        )

    @property
    def pairs(self) -> int:
        """Pairs of a candidate regulator and another gene."""
        return self.regulators * (self.genes - 1)

    @property
    def seconds(self) -> float:
        """Time that the measured methods take, on the threads that they use."""
        return sum(self._seconds(method) for method in self.costs)

    def _seconds(self, method: str) -> float:
        cost = self.costs[method]
        if cost is None:
            return 0.0
        parts = self.parts.get(method, 0)
        cores = self.threads if method in self.parallel else 1
        # Of a method of one process, runs on parts of the cells are side by side.
        copies = self._copies(method)
        rounds = parts if copies == 1 else 1 + math.ceil((parts - 1) / copies)  # the first alone
        return cost.cpu_seconds / cores * (1 + (method in self.again) + rounds)

    def core_seconds(self, method: str) -> float:
        """Seconds of one core that a method takes, its further runs among them; 0 if unknown."""
        cost = self.costs[method]
        runs = 1 + (method in self.again) + self.parts.get(method, 0)
        return 0.0 if cost is None else cost.cpu_seconds * runs

    def _copies(self, method: str) -> int:
        """How many runs on parts of the cells are made side by side."""
        fewest = min(self.threads, self.parts.get(method, 0) - 1)
        return 1 if method in self.parallel else max(1, fewest)

    @property
    def memory_mb(self) -> float:
        """Memory of the method that takes most, with all that is run side by side."""
        needed = (cost.memory_mb * self._copies(m) for m, cost in self.costs.items() if cost)
        return max(needed, default=0.0)

    @property
    def disk_mb(self) -> float:
        """What the scores of all pairs take."""
        return sum(cost.disk_mb for cost in self.costs.values() if cost)

    def beyond(self, limits: Limits) -> list[tuple[str, str]]:
        """Return what is beyond a limit: words, and how it could be allowed."""
        return limits.exceeded(self.seconds, self.memory_mb, self.disk_mb)

    def lines_of_methods(self) -> list[str]:
        """Return a line for each method, what it costs, and one for all of them."""
        found = [self._line(method, cost) for method, cost in self.costs.items()]
        return [*found, f"all: {self._total()}"] if len(found) > 1 else found

    def _line(self, method: str, cost: Cost | None) -> str:
        if cost is None:
            return f"{method}: {_NOT_MEASURED}"
        again = ", as much time again on shuffled genes" if method in self.again else ""
        if parts := self.parts.get(method, 0):
            again += f", and on {parts} parts of the cells"
        listed = "" if self.form == "none" else f" and the list of {self.pairs} pairs"
        return (
            f"{method}: {_time(cost.cpu_seconds)}, {size(cost.memory_mb)} of memory, "
            f"{size(cost.disk_mb)} of disk for the scores{listed}{again}"
        )

    def lines(self) -> list[str]:
        """Return what is said before the first method starts."""
        used = self.threads if self.parallel or any(self.parts.values()) else 1
        threads = f"{used} of {self.threads} threads" if self.threads > 1 else "1 thread"
        return [
            f"{self.genes} genes x {self.cells} cells, {self.regulators} candidate regulators: "
            f"{self.pairs} pairs",
            f"{self._total()} (rough); {threads}, no GPU",
        ]

    def _total(self) -> str:
        unknown = [method for method, cost in self.costs.items() if cost is None]
        more = f", and {', '.join(unknown)}, which {_NOT_MEASURED}" if unknown else ""
        longest = max(self.costs, key=self._seconds)
        of = f", most of it {longest}" if len(self.costs) > 1 and self._seconds(longest) > 3 else ""
        return (
            f"{_time(self.seconds)}{of}{more}; {size(self.memory_mb)} of memory, "
            f"{size(self.disk_mb)} of disk"
        )

    def check(self, limits: Limits) -> None:
        """Raise InputError, with what would fit, where the plan takes more than it may."""
        beyond = self.beyond(limits)
        if not beyond:
            return
        fewer = _largest(self, limits)
        proposal = f"take fewer genes (--genes hvg:{fewer})" if fewer else "take fewer genes"
        if len(self.costs) > 1:
            proposal += ", fewer methods (--methods)"
        raise InputError(
            f"{self.genes} genes x {self.cells} cells with {self.regulators} candidate regulators "
            f"would take {'; '.join(words for words, _ in beyond)}: {proposal}, name fewer "
            f"regulators (--regulators), or allow it ({', '.join(key for _, key in beyond)})"
        )


def _largest(plan: Plan, limits: Limits) -> int | None:
    """Return the most genes that fit, in two digits; None where even a few do not."""
    low, high = _FEWEST_GENES, plan.genes
    if plan.with_genes(low).beyond(limits):
        return None
    while high - low > max(1, low // 50):
        middle = (low + high) // 2
        low, high = (low, middle) if plan.with_genes(middle).beyond(limits) else (middle, high)
    unit = 10 ** max(0, len(str(low)) - 2)
    return low // unit * unit


def planned(
    study: Study,
    name: str,
    dataset: Dataset,
    donors: np.ndarray | None,
    methods: Sequence[str],
    threads: int,
) -> Plan:
    """Return the plan for some of the methods of a study on a data set.

    `donors`: of each cell, or None.
    """
    genes, cells = dataset.expression.shape
    regulators = len(dataset.regulators or dataset.genes)
    return plan_of_size(study, name, genes, regulators, cells, donors, methods, threads)


def plan_of_size(
    study: Study,
    name: str,
    genes: int,
    regulators: int,
    cells: int,
    donors: np.ndarray | None,
    methods: Sequence[str],
    threads: int,
) -> Plan:
    """Return the plan for a data set of which only the size is known: `planned`."""
    again = [method for method in study.null_methods(name) if method in methods]
    beside = study.groups_beside(name)
    asked = {method: study.stability_runs(name, method) for method in methods}
    runs = {m: number_of_runs(number, regulators, genes, beside) for m, number in asked.items()}
    if donors is not None:
        for method in set(study.donor_methods(name)) & runs.keys():
            runs[method] += len(of_donors(donors))
    parts = {method: number for method, number in runs.items() if number}
    form = study.pairs(name)
    return Plan.made(study, genes, regulators, cells, methods, again, parts, threads, form)


def _more(needed: float) -> int:
    """A limit that leaves room: what is expected is rough."""
    return math.ceil(1.5 * needed)


def _time(seconds: float) -> str:
    # Loading libraries, which no measurement tells apart, takes some of it.
    return "a few seconds" if seconds < 3 else f"about {duration(seconds)}"


def size(megabytes: float) -> str:
    """Return megabytes in words."""
    if megabytes < 1:
        return "less than 1 MB"
    return f"{megabytes:.0f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"
