"""How often does a 95 % interval miss the mean? Simulated studies in which nothing differs from 0.

A study has values of some training seeds and replicates: an effect of the seed, one of the
replicate (standard deviation 1, or none) and a normal rest (0.5). Effects are normal or skewed
(exponential, less their mean); half of the replicates may have no value. Counted are intervals
(`evaluate/intervals.py`) that do not hold 0, of a nominal 5 %. The same seed gives the same table.

    python bench/coverage.py [--simulations N] [--output results.tsv]
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

SEED = 1
SIMULATIONS = 40_000
REST = 0.5  # standard deviation of what neither seed nor replicate explains
DRAWS = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "skewed": lambda rng, shape: rng.exponential(size=shape) - 1,
}


class Case(NamedTuple):
    """A kind of study.

    Attributes:
        seeds, replicates: their numbers.
        varies: what has an effect: seeds, replicates, both or neither.
        effects: normal or skewed.
        missing: replicates without a value, none or half.
    """

    seeds: int
    replicates: int
    varies: str
    effects: str
    missing: str

    def values(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """Draw studies: (number, seeds, replicates), of expectation 0."""
        draw = DRAWS[self.effects]
        values = REST * rng.normal(size=(number, self.seeds, self.replicates))
        if self.varies in ("seeds", "both"):
            values += draw(rng, (number, self.seeds, 1))
        if self.varies in ("replicates", "both"):
            values += draw(rng, (number, 1, self.replicates))
        if self.missing == "half":
            values[..., : self.replicates // 2] = np.nan
        return values


def cases() -> Iterator[Case]:
    """The kinds of studies that are looked at."""
    for effects, missing in product(DRAWS, ("none", "half")):
        yield Case(1, 10, "replicates", effects, missing)
        for varies in ("seeds", "replicates", "both"):
            yield Case(5, 10, varies, effects, missing)
    for missing in ("none", "half"):  # without effects there are no skewed ones
        yield Case(5, 10, "neither", "normal", missing)


def misses(case: Case, number: int) -> tuple[float, float]:
    """Share of the intervals that lie wholly below 0, and wholly above."""
    low, high = mean_interval(case.values(number, generator(SEED, "coverage", *case)))
    return float((high < 0).mean()), float((low > 0).mean())


def main() -> None:
    """Measure every kind of study."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--simulations", type=int, default=SIMULATIONS)
    parser.add_argument("--output", help="a file in place of the terminal")
    arguments = parser.parse_args()
    number = arguments.simulations
    rows = []
    for case in cases():
        below, above = misses(case, number)
        rows.append([*case, number, *(f"{100 * x:.2f}" for x in (below + above, below, above))])
    columns = [*Case._fields, "simulations", "misses_percent", "below_percent", "above_percent"]
    with open(arguments.output or sys.stdout.fileno(), "w", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows([columns, *rows])


if __name__ == "__main__":
    main()
