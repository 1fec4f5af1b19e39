"""Data sets as a training shows them: what generators and measurements make together.

Two clouds are drawn. `today` is what the shipped weights were trained on: Boolean and linear
networks, with the cells, dropouts and scales of the block `augmentation`. `measured` are Boolean,
linear and transcriptional networks of which cells are measured as the block `measurement` says.
The bursty and SERGIO's, measured in the same way, are of neither: nothing is trained on them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import LINEAR, Excluded, Sample, as_samples, draw_chunk
from grn_gat.simulate.dropout import apply_dropout
from grn_gat.simulate.held_out import KINDS as OTHER_KINDS
from grn_gat.simulate.held_out import held_out
from grn_gat.simulate.linear_networks import draw_linear_chunk
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import draw_settings

BOOLEAN = "boolean"
KINDS = (BOOLEAN, LINEAR, *OTHER_KINDS)
TODAY, MEASURED = "today", "measured"


@dataclass(frozen=True)
class DataSet:
    """One data set: its kind, how it was measured, and expression (genes, cells)."""

    kind: str
    measurement: str
    expression: np.ndarray


def draw_data_sets(
    pretraining: Mapping, excluded: Excluded, kind: str, number: int
) -> Iterator[DataSet]:
    """Draw networks of a kind and measure the cells of each, in all the ways that there are.

    Args:
        pretraining: the config block.
        excluded: networks that may not be among the Boolean and the linear ones.
        kind: one of `KINDS`.
        number: of networks.
    """
    seed, names = pretraining["seed"], ("realism", kind)
    shown, rates = _networks(pretraining, excluded, kind, number)
    for k, sample in enumerate(shown):
        rng = generator(seed, *names, TODAY, k)
        yield DataSet(kind, TODAY, _augmented(pretraining["augmentation"], sample, rng))
    for k, sample in enumerate(rates):
        rng = generator(seed, *names, MEASURED, k)
        values = _some_cells(pretraining["augmentation"], sample, rng)
        settings = draw_settings(pretraining["measurement"], rng)
        yield DataSet(kind, MEASURED, measure(values, settings, rng).values)


def _networks(
    pretraining: Mapping, excluded: Excluded, kind: str, number: int
) -> tuple[list[Sample], list[Sample]]:
    """Networks as a training of today sees them, and with nothing measured yet."""
    names = (pretraining["seed"], ("realism", kind))
    if kind == BOOLEAN:
        networks, _ = draw_chunk(pretraining["networks"], excluded, *names, number)
        samples = as_samples(networks)
        return samples, samples
    if kind == LINEAR:
        settings = pretraining["networks_linear"]
        shown, _ = draw_linear_chunk(settings, excluded, *names, number)
        uncounted = settings | {"counts_share": 0}
        rates, _ = draw_linear_chunk(uncounted, excluded, *names, number)
        return shown, rates
    return [], held_out(pretraining, kind, range(number))


def _some_cells(augmentation: Mapping, sample: Sample, rng: np.random.Generator) -> np.ndarray:
    """Expression (genes, cells) of as many cells as a training view has."""
    low, high = np.log(augmentation["cells"])
    number = min(round(np.exp(rng.uniform(low, high))), len(sample.expression))
    chosen = rng.choice(len(sample.expression), number, replace=False)
    return sample.expression[chosen].T.astype(float)


def _augmented(augmentation: Mapping, sample: Sample, rng: np.random.Generator) -> np.ndarray:
    """Expression (genes, cells) with dropouts and scales as `zeroshot.pretraining` draws them."""
    values = _some_cells(augmentation, sample, rng)
    if rng.random() < augmentation["dropout_share"]:
        level = rng.uniform(*augmentation["dropout"])
        values = apply_dropout(values, level, level, rng)
    if rng.random() < augmentation["gene_scale_share"]:
        values = values * np.exp(rng.normal(0, augmentation["gene_scale_sd"], (len(values), 1)))
    return values
