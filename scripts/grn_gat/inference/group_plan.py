"""What inferring the groups of a data set, and comparing them, will do and take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.progress import duration
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_groups import read_groups
from grn_gat.data.dataset import Dataset
from grn_gat.data.user_data import read_cells
from grn_gat.inference.attempt import Cells
from grn_gat.inference.compare_groups import PARTS, number_of_permutations
from grn_gat.inference.one_dataset import read_donors_of
from grn_gat.inference.plan import Limits, Plan, plan_of_size, size
from grn_gat.study.study import Study


@dataclass(frozen=True)
class Groups:
    """All cells of a data set with groups.

    Attributes:
        dataset: the cells of all groups, of genes that were chosen among them.
        labels: of each cell; '' of one that is of no group.
        donors: of each cell, or None.
    """

    dataset: Dataset
    labels: np.ndarray
    donors: np.ndarray | None

    @classmethod
    def read(cls, study: Study, name: str, remarks: Remarks | None = None) -> "Groups":
        """Read the cells of a data set of `infer`, the group and the donor of each."""
        remarks = Remarks() if remarks is None else remarks
        child = next(iter(study.groups[name].values()))
        entry = dict(study.source_entry(child, 1))
        entry.pop("group")
        dataset = read_cells(remarks, **entry)
        labels = read_groups(entry["groupby"], entry["expression"], dataset.cells, Remarks())
        return cls(dataset, labels, read_donors_of(study, child, dataset, remarks))

    def cells(self, labels: Sequence[str]) -> list[Cells]:
        """Return the cells of some groups."""
        data = self.dataset
        candidates = data.regulators or data.genes
        cells = Cells.named(data.genes, data.expression, data.pseudotime, candidates)
        return [cells.of(np.flatnonzero(self.labels == label)) for label in labels]


@dataclass(frozen=True)
class GroupsPlan:
    """What will be done.

    Attributes:
        plans: of the networks of each group, by its label.
        comparisons: seconds of one core that comparing all groups takes, by method; None where it
            was not measured.
        permutations: that each method is compared with.
    """

    plans: Mapping[str, Plan]
    comparisons: Mapping[str, float | None]
    permutations: Mapping[str, int]

    @property
    def seconds(self) -> float:
        """Time on the cores that the plans are for, as far as it was measured."""
        plans = list(self.plans.values())
        threads = plans[0].threads
        beside = sum(self._networks(method) for method in self.comparisons) / threads
        return beside + sum(filter(None, self.comparisons.values())) / threads

    @property
    def memory_mb(self) -> float:
        """Memory of the group that takes most."""
        return max(plan.memory_mb for plan in self.plans.values())

    @property
    def disk_mb(self) -> float:
        """What the scores of all pairs of all groups take."""
        return sum(plan.disk_mb for plan in self.plans.values())

    def check(self, limits: Limits) -> None:
        """Raise InputError, with what could be done, where all groups take more than they may."""
        beyond = limits.exceeded(self.seconds, self.memory_mb, self.disk_mb)
        if not beyond:
            return
        fewer = ", fewer methods (--methods)" if len(self.comparisons) > 1 else ""
        if any(self.permutations.values()):
            fewer += ", fewer permutations (--permutations)"
        raise InputError(
            f"the networks of {len(self.plans)} groups and their comparison would take "
            f"{'; '.join(words for words, _ in beyond)}: take fewer genes "
            f"(--genes hvg:500){fewer}, or allow it ({', '.join(key for _, key in beyond)})"
        )

    def _networks(self, method: str) -> float:
        """Seconds of one core for the networks of all groups."""
        return sum(plan.core_seconds(method) for plan in self.plans.values())

    def lines_of_groups(self) -> list[str]:
        """Return a line with the groups and how many cells each has."""
        cells = ", ".join(f"{label} ({plan.cells} cells)" for label, plan in self.plans.items())
        return [f"{len(self.plans)} groups: {cells}"]

    def lines_of_methods(self) -> list[str]:
        """Return a line for each method, what it costs, and one for all of them."""
        return [*(self._line(method) for method in self.comparisons), f"all: {self.total()}"]

    def _line(self, method: str) -> str:
        seconds = self.comparisons[method]
        if seconds is None:
            return f"{method}: was not measured"
        times = f"networks about {duration(self._networks(method))}"
        if number := self.permutations[method]:
            times += (
                f", comparison about {duration(seconds)} ({number} permutations and {PARTS} parts "
                "of the cells)"
            )
        else:
            times += ", comparison without permutations"
        return f"{method}: {times}"

    def total(self) -> str:
        """Return time, memory and disk of all of it."""
        unknown = [method for method, seconds in self.comparisons.items() if seconds is None]
        more = f", and {', '.join(unknown)}, which was not measured" if unknown else ""
        return (
            f"about {duration(self.seconds)}{more}; {size(self.memory_mb)} of memory, "
            f"{size(self.disk_mb)} of disk"
        )


def plan_groups(
    study: Study, name: str, groups: Groups, permutations: int | None, threads: int
) -> GroupsPlan:
    """Return the plan for the groups of a data set.

    Args:
        study: has the data set with `groupby`.
        name: of the data set.
        groups: its cells.
        permutations: that are asked for; None: as many as are usual.
        threads: cores that there are.
    """
    genes, regulators = groups.dataset.genes, groups.dataset.regulators
    shape = (len(genes), len(regulators or genes))
    plans = {}
    for label, own in study.groups[name].items():
        chosen = groups.labels == label
        donors = None if groups.donors is None else groups.donors[chosen]
        plans[label] = plan_of_size(
            study, own, *shape, int(chosen.sum()), donors, study.methods, threads
        )
    sizes = [(plan.genes, plan.cells, plan.regulators) for plan in plans.values()]
    comparisons: dict[str, float | None] = {}
    made = {}
    for method in study.methods:
        settings = study.method_settings(method)
        made[method], _ = number_of_permutations(permutations, method, sizes, settings)
        runs = made[method] + PARTS + 1 if made[method] else 0
        costs = [plan.costs[method] for plan in plans.values()]
        known = [cost.cpu_seconds for cost in costs if cost is not None]
        comparisons[method] = runs * sum(known) if len(known) == len(costs) else None
    return GroupsPlan(plans, comparisons, made)
