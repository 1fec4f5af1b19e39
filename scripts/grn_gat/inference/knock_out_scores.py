"""How well methods, baselines and oracles predict the knock-outs of simulated networks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.seeds import generator
from grn_gat.evaluate.knock_out_plan import (
    CONTROLS,
    CORRELATION,
    EDGES,
    MEAN_OF_OTHERS,
    NOTHING,
    PATHS,
    TOGETHER,
    TRUE_EDGES,
    TRUE_PATHS,
)
from grn_gat.evaluate.knock_out_prediction import (
    COLUMNS,
    Changes,
    agreement,
    along_edges,
    along_paths,
    by_correlation,
    mean_of_others,
    measured_changes,
    paths_and_correlation,
)
from grn_gat.inference.attempt import Cells, attempt, method_seed
from grn_gat.simulate.knock_out_panels import Panel, as_measured
from grn_gat.simulate.measurement_settings import Measurement
from grn_gat.simulate.perturbation_experiment import NONE


@dataclass(frozen=True)
class Predictor:
    """A method, or the baselines and oracles.

    Attributes:
        job: name of a method, or `knock_out_plan.CONTROLS`.
        seed: integer that all draws descend from.
        settings: of the method.
        damping: of paths (`knock_out_prediction.along_paths`).
    """

    job: str
    seed: int
    settings: Mapping[str, Any]
    damping: float

    def predicted(
        self, panel: Panel, unperturbed: np.ndarray, changes: Changes, data_set: str
    ) -> Iterator[tuple[str, int, np.ndarray]]:
        """Yield name, number of the knock-out and predicted change (genes,).

        A method sees the unperturbed cells, and nothing else; yields nothing where it gives no
        network.
        """
        if self.job == CONTROLS:
            yield from self._controls(panel, unperturbed, changes)
            return
        scores = self._network(unperturbed, data_set)
        if scores is None:
            return
        for k, gene in enumerate(map(int, changes.genes)):
            paths = along_paths(scores, gene, self.damping)
            found = {EDGES: along_edges(scores, gene), PATHS: paths}
            found[TOGETHER] = paths_and_correlation(paths, by_correlation(unperturbed, gene))
            for way, change in found.items():
                yield f"{self.job}-{way}", k, change

    def _controls(
        self, panel: Panel, unperturbed: np.ndarray, changes: Changes
    ) -> Iterator[tuple[str, int, np.ndarray]]:
        signs = panel.signs.astype(float)
        for k, gene in enumerate(map(int, changes.genes)):
            yield NOTHING, k, np.zeros(len(signs))
            yield CORRELATION, k, by_correlation(unperturbed, gene)
            yield MEAN_OF_OTHERS, k, mean_of_others(changes, k)
            yield TRUE_EDGES, k, along_edges(signs, gene)
            yield TRUE_PATHS, k, along_paths(signs, gene, self.damping)

    def _network(self, unperturbed: np.ndarray, data_set: str) -> np.ndarray | None:
        """Signed strengths (genes, genes) within 1; signs are of correlations if need be."""
        genes = [f"g{k + 1}" for k in range(len(unperturbed))]
        cells = Cells(genes, unperturbed, None, np.arange(len(genes)))
        seed = method_seed(self.seed, self.job, data_set, "1", "000")
        found = attempt(self.job, cells, seed, 1, self.settings).scores
        if found is None:
            return None
        scores = np.nan_to_num(np.array(found, dtype=float))
        np.fill_diagonal(scores, 0.0)
        record = load_method(self.job)
        if not record.probabilities:
            scores /= max(float(np.abs(scores).max()), np.finfo(float).tiny)
        if not record.signed:
            signs = [-np.sign(by_correlation(unperturbed, gene)) for gene in range(len(scores))]
            scores = np.abs(scores) * np.array(signs)
        return scores


def score_panels(
    predictor: Predictor, panels: Sequence[Panel], settings: Measurement, condition: str
) -> pd.DataFrame:
    """Measure panels, predict their knock-outs, and say how well.

    Args:
        predictor: what predicts.
        panels: networks with their cells.
        settings: how the cells are measured; the same for whatever predicts.
        condition: a name of what the panels have in common, for the seeds.

    Returns:
        One row per network, knock-out and prediction: network (its number), gene (index), genes,
        changed (share of the other genes that change), prediction, and
        `knock_out_prediction.COLUMNS`. Knock-outs without a measured prediction have no row.
    """
    rows: list[dict[str, Any]] = []
    for number, panel in enumerate(panels):
        rng = generator(predictor.seed, "knock-outs", "measured", condition, number)
        seen, expression = as_measured(panel, settings, rng)
        changes = measured_changes(expression, seen.target, NONE)
        unperturbed = expression[:, seen.target == NONE]
        others = max(1, len(expression) - 1)
        for name, k, change in predictor.predicted(
            seen, unperturbed, changes, f"{condition} {number}"
        ):
            rows.append(
                {
                    "network": number,
                    "gene": int(changes.genes[k]),
                    "genes": len(expression),
                    "changed": float(changes.changed[k].sum() / others),
                    "prediction": name,
                    **agreement(change, changes, k),
                }
            )
    columns = ["network", "gene", "genes", "changed", "prediction", *COLUMNS]
    return pd.DataFrame(rows, columns=columns)
