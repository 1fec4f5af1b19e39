"""RegDiffusion beside methods of this workflow on real cells: what it finds, and what it takes.

A data set as BEELINE has them (`ExpressionData.csv.gz`, `TFs.csv` and `refNetwork_<name>.csv` in a
folder; docs/data.md says where to get mDC). Pairs of a reference are those of config/real.yaml: of
the transcription factors that it names, of ChIP the regulators that were measured, with all genes
that have an edge in it. A row per method and seed; methods without a draw have one. The package has
to be installed (docs/methods.md). One core.

    python bench/regdiffusion.py FOLDER [--output results.tsv]
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.files import write_table

REFERENCES = ("STRING", "NonSpecific", "ChIP")
MEASURED_REGULATORS = ("ChIP",)  # what was not measured there is not known to regulate nothing
# Seeds of each method.
METHODS = {
    "regdiffusion": (1, 2, 3),
    "gat-zeroshot": (1,),
    "consensus": (1,),
    "spearman-clr": (1,),
    "spearman": (1,),
}


def transcription_factors(expression: pd.DataFrame, folder: Path) -> np.ndarray:
    """Positions of the genes in the data set's list."""
    names = pd.read_csv(folder / "TFs.csv", header=None)[0]
    return np.flatnonzero(expression.index.isin(names))


def scores_of(name: str, expression: pd.DataFrame, folder: Path, seed: int) -> np.ndarray:
    """Magnitudes of the scores of a method, with its default settings: (genes, genes)."""
    from grn_gat.algorithms._registry import run_method
    from grn_gat.study.study import settings_of

    regulators = transcription_factors(expression, folder)
    settings, _ = settings_of(name, {})
    values, genes = expression.to_numpy(float), list(expression.index)
    return np.abs(run_method(name, genes, values, None, regulators, seed, 1, settings))


def ratios(scores: np.ndarray, expression: pd.DataFrame, folder: Path) -> dict[str, float]:
    """Average precision over the share of edges, by reference."""
    from grn_gat.evaluate.metrics import average_precision

    found = {}
    for reference in REFERENCES:
        edges = pd.read_csv(folder / f"refNetwork_{reference}.csv")
        first, second = (expression.index.get_indexer(edges[key]) for key in ("Gene1", "Gene2"))
        both = (first >= 0) & (second >= 0) & (first != second)
        labels = np.zeros(scores.shape, dtype=bool)
        labels[first[both], second[both]] = True
        rows, columns = np.unique(first[both]), np.union1d(first[both], second[both])
        if reference not in MEASURED_REGULATORS:
            rows = np.intersect1d(transcription_factors(expression, folder), columns)
        pairs = np.zeros_like(labels)
        pairs[np.ix_(rows, columns)] = True
        np.fill_diagonal(pairs, False)
        found[reference] = average_precision(labels[pairs], scores[pairs]) / labels[pairs].mean()
    return found


def read_expression(folder: Path) -> pd.DataFrame:
    """Genes x cells."""
    return pd.read_csv(folder / "ExpressionData.csv.gz", index_col=0)


def measured(folder: Path) -> Iterator[dict]:
    """One row after the other."""
    expression = read_expression(folder)
    for method, seeds in METHODS.items():
        for seed in seeds:
            start = time.process_time()
            scores = scores_of(method, expression, folder, seed)
            seconds = time.process_time() - start
            yield (
                {"method": method, "seed": seed, "genes": len(expression)}
                | {"cells": expression.shape[1], "cpu_s": round(seconds, 2)}
                | ratios(scores, expression, folder)
            )


def main() -> None:
    """Measure, print, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    rows = []
    for row in measured(options.folder):
        rows.append(row)
        print(row, flush=True)
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        write_table(pd.DataFrame(rows), options.output, digits=4)


if __name__ == "__main__":
    main()
