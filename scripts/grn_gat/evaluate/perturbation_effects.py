"""Which genes change where another one is knocked out: a reference network made of a screen.

A pair is an edge where the expression of the target differs between cells without the regulator and
cells that nothing was done to (rank-sum test: Wilcoxon 1945), after correction for all pairs
(Benjamini and Hochberg 1995). It may be indirect.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

COLUMNS = ["Gene1", "Gene2", "Type"]


def effects(
    expression: np.ndarray, genes: Sequence[str], knocked_out: Sequence[str], most: float = 0.05
) -> tuple[pd.DataFrame, list[str]]:
    """Return the edges that knock-outs show, and the regulators that were asked.

    Args:
        expression: (genes, cells).
        genes: names of the rows.
        knocked_out: of each cell the gene that it lacks, empty where nothing was done; cells of a
            gene that is not among the genes are left out.
        most: false discovery rate.

    Returns:
        Columns Gene1, Gene2 and Type (+ where the target falls with the regulator), sorted; and the
        genes that some cells lack.
    """
    from scipy.stats import false_discovery_control, mannwhitneyu

    lacking = np.asarray(knocked_out, dtype=object)
    none = expression[:, lacking == ""]
    asked = [gene for gene in genes if (lacking == gene).any()]
    rows = []
    for gene in asked:
        some = expression[:, lacking == gene]
        p = np.nan_to_num(mannwhitneyu(some, none, axis=1).pvalue, nan=1.0)
        falls = some.mean(axis=1) < none.mean(axis=1)
        rows += [
            (gene, target, "+" if down else "-", value)
            for target, down, value in zip(genes, falls, p, strict=True)
            if target != gene
        ]
    table = pd.DataFrame(rows, columns=[*COLUMNS, "p"])
    if len(table):
        table = table[false_discovery_control(table["p"].to_numpy()) < most]
    return table[COLUMNS].sort_values(COLUMNS[:2], ignore_index=True), asked
