"""How often does a 95 % interval over regulators miss? Pairs of methods that are equally good.

A reference has some regulators and targets: as many edges each (`even`, a tenth of the pairs), or a
few hubs with most of them (`hubs`, Pareto). Two methods score its pairs with the same skill on
average; how well they do on a regulator is drawn for each, skewed (exponential). So the expected
difference of any metric is 0. Counted are intervals of the difference over groups of regulators
(`evaluate/regulator_groups.py`) that do not hold 0, of a nominal 5 %. The same seed gives the same
table.

    python bench/coverage_regulators.py [--simulations N] [--output results.tsv]
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.evaluate.intervals import mean_interval
from grn_gat.evaluate.regulator_groups import METRICS, MOST_GROUPS, pseudo_values

SEED = 1
SIMULATIONS = 2_000
EVEN_SHARE, HUB_SHARE, MOST = 0.1, 0.02, 0.9  # of a regulator's pairs that are edges
HUB_TAIL = 1.2  # of the Pareto distribution
COLUMNS = ["simulations", "metric", "misses_percent", "below_percent", "above_percent"]


class Case(NamedTuple):
    """A kind of reference.

    Attributes:
        regulators, targets: their numbers.
        edges: `even` or `hubs`.
    """

    regulators: int
    targets: int
    edges: str

    def difference(self, rng: np.random.Generator) -> np.ndarray:
        """Draw a reference and two methods: difference of pseudo-values (groups, metrics)."""
        regulator = np.repeat(np.arange(self.regulators), self.targets)
        share = np.full(self.regulators, EVEN_SHARE)
        if self.edges == "hubs":
            share = HUB_SHARE * (1 + rng.pareto(HUB_TAIL, self.regulators))
        edge = rng.random(len(regulator)) < np.minimum(share, MOST)[regulator]
        groups = min(MOST_GROUPS, self.regulators)
        group = rng.permutation(np.arange(self.regulators) % groups)[regulator]
        found = []
        for _ in range(2):
            skill, level = rng.exponential(size=self.regulators), rng.normal(size=self.regulators)
            score = skill[regulator] * edge + 0.5 * level[regulator]
            score = np.exp(score + rng.normal(size=len(regulator)))  # metrics are of |score|
            found.append(pseudo_values(group, groups, edge, score))
        return found[0] - found[1]


def cases() -> Iterator[Case]:
    """The kinds of references that are looked at."""
    for (regulators, targets), edges in product(
        [(10, 50), (30, 100), (100, 100)], ["even", "hubs"]
    ):
        yield Case(regulators, targets, edges)


def misses(case: Case, number: int) -> dict[str, tuple[float, float]]:
    """Share of the intervals that lie wholly below 0, and wholly above, by metric."""
    rng = generator(SEED, "coverage of regulators", *case)
    values = np.stack([case.difference(rng) for _ in range(number)])
    low, high = mean_interval(values.transpose(0, 2, 1)[:, :, None, :])  # one seed
    return {
        metric: (float((high[:, i] < 0).mean()), float((low[:, i] > 0).mean()))
        for i, metric in enumerate(METRICS)
    }


def main() -> None:
    """Measure every kind of reference."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--simulations", type=int, default=SIMULATIONS)
    parser.add_argument("--output", help="a file in place of the terminal")
    arguments = parser.parse_args()
    rows = []
    for case in cases():
        for metric, (below, above) in misses(case, arguments.simulations).items():
            shares = (f"{100 * x:.2f}" for x in (below + above, below, above))
            rows.append([*case, arguments.simulations, metric, *shares])
    with open(arguments.output or sys.stdout.fileno(), "w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerows([[*Case._fields, *COLUMNS], *rows])


if __name__ == "__main__":
    main()
