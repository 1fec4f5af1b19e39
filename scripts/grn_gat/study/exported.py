"""One prediction that is written for other benchmarks, and its names there and here.

Apart from `exports`, so that the job that writes them needs nothing of a study.
"""

from typing import NamedTuple

from grn_gat.study import paths


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

    def file(self, name: str) -> str:
        """Path of a file beside the ranked edges."""
        return f"{paths.METHOD}/{name}".format(
            network=self.data_set,
            method=self.method,
            replicate=self.replicate,
            dropout=self.dropout,
        )
