"""What is asked for of one data set, once its files are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.remarks import Remarks
from grn_gat.data.dataset import Dataset
from grn_gat.data.edges import no_edges
from grn_gat.data.evidence import Evidence
from grn_gat.evaluate.inferred import number_of_edges
from grn_gat.inference.attempt import Cells
from grn_gat.inference.folder import ResultFolder
from grn_gat.study.study import Study


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes:
        study: a study of one data set without a reference network.
        name: of the data set.
        dataset: its cells, as they are read back from files.
        reference: known edges, or None.
        remarks: on the files that were read.
        folder: of the results.
        evidence: what else is known of the cells, as far as some method sees it.
        donors: of each cell, or None.
    """

    study: Study
    name: str
    dataset: Dataset
    reference: pd.DataFrame | None
    remarks: Remarks
    folder: ResultFolder
    evidence: Evidence
    donors: np.ndarray | None

    @property
    def cells(self) -> Cells:
        """What methods see."""
        data = self.dataset
        return Cells.named(
            data.genes,
            data.expression,
            data.pseudotime,
            self.regulators,
            self.evidence,
            self.name,
        )

    @property
    def entry(self) -> Mapping[str, Any]:
        """What the user gave, by key."""
        return self.study.sources[self.name].entry

    @property
    def known(self) -> pd.DataFrame:
        """Known edges; none without a reference."""
        return no_edges() if self.reference is None else self.reference

    @property
    def regulators(self) -> list[str]:
        """Candidate regulators."""
        return list(self.dataset.regulators or self.dataset.genes)

    @property
    def seed(self) -> int:
        """Integer of the config."""
        return int(self.study.config["seed"])

    def number_of_edges(self, method: str) -> int:
        """Edges of the network of a method; 0 where it failed."""
        if self.folder.methods[method]["reason"]:
            return 0
        per_gene = self.study.config["hubs"]["edges_per_gene"]
        return number_of_edges(self.dataset.genes, self.known, self.regulators, per_gene)
