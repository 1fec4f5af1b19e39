"""How good the zero-shot model is on random networks that it was not trained on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from grn_gat.core.seeds import derangement, generator
from grn_gat.evaluate.metrics import average_precision, early_precision_ratio, selected_edges
from grn_gat.simulate.chunks import Sample
from grn_gat.simulate.dropout import apply_dropout
from grn_gat.zeroshot.calibration import fit
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.pretraining import batches, padded


@dataclass(frozen=True)
class Condition:
    """How the data of a network are degraded: cells, dropout level in percent, pseudotime."""

    cells: int
    dropout: int
    pseudotime: bool


@dataclass(frozen=True)
class Scored:
    """One network under one condition: (genes, genes) labels in {-1, 0, 1}, logits, correlation."""

    number: int
    family: str
    signs: np.ndarray
    edge: np.ndarray
    sign: np.ndarray
    correlation: np.ndarray

    def pairs(self, values: np.ndarray) -> np.ndarray:
        """Values of the ordered pairs of different genes."""
        return values[~np.eye(len(values), dtype=bool)]


def _correlations(expression: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.corrcoef(expression.T.astype(float)))


@torch.no_grad()
def scored(
    ensemble: Ensemble, samples: Sequence[Sample], condition: Condition, seed: int
) -> Iterator[Scored]:
    """Score every network under one condition, with the cells of its batch's smallest at most."""
    sizes = np.array([s.expression.shape[1] for s in samples])
    level = condition.dropout / 100
    for group in batches(sizes, generator(seed, "validation"), 16, 6000):
        cells = min(condition.cells, *(len(samples[k].expression) for k in group))
        parts = []
        for k in group:
            sample = samples[k]
            rng = generator(seed, "validation", int(k), condition.cells, condition.dropout)
            chosen = rng.choice(len(sample.expression), cells, replace=False)
            values = sample.expression[chosen].astype(np.float32)
            values = apply_dropout(values.T, level, level, rng).T
            parts.append((values, sample.time[chosen], sample.signs))
        expression, real, times, _ = padded(parts, condition.pseudotime)
        edge, sign = ensemble.logits(expression, real, times)
        for row, k in enumerate(group):
            size = sizes[k]
            yield Scored(
                int(k),
                samples[k].family,
                samples[k].signs,
                edge[row, :size, :size].double().numpy(),
                sign[row, :size, :size].double().numpy(),
                _correlations(parts[row][0]),
            )


def fit_calibration(found: Sequence[Scored]) -> dict[str, float]:
    """Temperature and shift of edges, temperature of signs, by maximum likelihood."""
    true = np.concatenate([s.pairs(s.signs) for s in found])
    return fit(
        np.concatenate([s.pairs(s.edge) for s in found]),
        np.concatenate([s.pairs(s.sign) for s in found]),
        true,
    )


def calibrated(ensemble: Ensemble, logits: np.ndarray) -> np.ndarray:
    """Probabilities of edges."""
    return 1 / (1 + np.exp(-(logits / ensemble.temperature + ensemble.shift)))


def network_metrics(ensemble: Ensemble, found: Scored, rng: np.random.Generator) -> list[dict]:
    """Metrics of one network: the model, its labels permuted over genes, and |Pearson|.

    Networks without an edge, or without a pair that is none, have none.
    """
    labels = found.pairs(found.signs) != 0
    if not labels.any() or labels.all():
        return []
    order = derangement(len(found.signs), rng)
    scores = {
        "gat-zeroshot": found.edge,
        "gat-zeroshot, genes shuffled": found.edge[np.ix_(order, order)],
        "pearson": np.abs(found.correlation),
    }
    rows = []
    for method, values in scores.items():
        value = found.pairs(values)
        if method != "pearson":
            value = calibrated(ensemble, value)
        rows.append(
            {
                "network": found.number,
                "family": found.family,
                "genes": len(found.signs),
                "method": method,
                "prevalence": labels.mean(),
                "average_precision": average_precision(labels, value),
                "early_precision_ratio": early_precision_ratio(labels, value),
                "sign_accuracy": np.nan,
            }
        )
    probability = calibrated(ensemble, found.pairs(found.edge))
    first = selected_edges(int(labels.sum()), probability) & labels
    if first.any():
        right = (found.pairs(found.sign) > 0) == (found.pairs(found.signs) > 0)
        rows[0]["sign_accuracy"] = float(right[first].mean())
    return rows


def conditions(settings: Mapping) -> list[Condition]:
    """Every condition of the block `validation`: cells x dropout x pseudotime."""
    return [
        Condition(cells, dropout, pseudotime)
        for cells in settings["cells"]
        for dropout in settings["dropout"]
        for pseudotime in settings["pseudotime"]
    ]
