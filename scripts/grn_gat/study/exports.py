"""What of a study is written for other benchmarks: predictions, and references to judge them by."""

from itertools import product
from typing import NamedTuple

from grn_gat.study import paths
from grn_gat.study.study import Study


class Exported(NamedTuple):
    """Ranked edges of a method on one data set, and the status that says whether there are any."""

    data_set: str
    method: str
    replicate: int
    dropout: str

    @property
    def run(self) -> str:
        """A name of its own, also as that of a file."""
        return f"{self.data_set}-rep-{self.replicate}-drop-{self.dropout}-{self.method}"

    def named(self) -> dict[str, str | int]:
        """What the job that writes it is told of it."""
        return self._asdict() | {"run": self.run}

    def file(self, name: str) -> str:
        """Path of a file beside the ranked edges."""
        return f"{paths.METHOD}/{name}".format(
            network=self.data_set,
            method=self.method,
            replicate=self.replicate,
            dropout=self.dropout,
        )


def predictions(study: Study) -> list[Exported]:
    """Return what methods predict: on the data sets of the study, and on those of target infer."""
    found = [
        Exported(name, *axes)
        for name in study.data_sets
        for axes in product(study.scored_methods, study.replicates(name), study.dropouts)
    ]
    inferred = product(study.inferred, study.methods)
    return found + [Exported(name, method, 1, "000") for name, method in inferred]


def scored_with(study: Study) -> dict[str, str]:
    """Return the reference network of each network of the study, and of what cells they are."""
    return {name: study.data_set(name) for name in study.networks}


def references(study: Study) -> list[str]:
    """Return the reference network of each of `scored_with`, in the same order."""
    return study.over_networks(paths.single(paths.EDGES))
