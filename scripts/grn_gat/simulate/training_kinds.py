"""Data sets as a training shows them: the clouds that real files are held against (`realism`).

`before` is what the shipped weights were trained on: Boolean and linear networks, with the cells,
dropouts and scales of the block `augmentation`. `after` are views of Boolean, linear and
transcriptional networks (`training_views`), measured as the block `measurement` says. The bursty
ones and SERGIO's, measured in the same way, are `other`: nothing is trained on them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import (
    LINEAR,
    TRANSCRIPTIONAL,
    Excluded,
    Sample,
    as_samples,
    draw_chunk,
)
from grn_gat.simulate.dropout import apply_dropout
from grn_gat.simulate.held_out import held_out
from grn_gat.simulate.linear_networks import draw_linear_chunk
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import draw_settings
from grn_gat.simulate.realism_names import AFTER, BEFORE, OTHER, OTHER_KINDS
from grn_gat.simulate.training_views import draw_views
from grn_gat.simulate.view_sources import BOOLEAN


@dataclass(frozen=True)
class DataSet:
    """One data set: the cloud that it is a member of, and expression (genes, cells)."""

    cloud: str
    expression: np.ndarray


def draw_data_sets(
    pretraining: Mapping, excluded: Excluded, kind: str, number: int
) -> Iterator[DataSet]:
    """Draw data sets of a kind, as many of each cloud that has some.

    Args:
        pretraining: the config block, with `measurement`, `evidence` and `views`.
        excluded: networks that may not be among those of the clouds.
        kind: one of `realism_names.KINDS`.
        number: of each kind; of `after` so many for each kind on average, in the mixture of the
            training.
    """
    names = ("realism", kind)
    if kind in OTHER_KINDS:
        for k, sample in enumerate(held_out(pretraining, kind, range(number), "realism")):
            rng = generator(pretraining["seed"], *names, OTHER, k)
            rates = some_cells(pretraining["views"]["cells"], sample, rng)
            # On the topology of these, and measured as they are.
            settings = draw_settings(pretraining["measurement"], TRANSCRIPTIONAL, rng)
            yield DataSet(OTHER, measure(rates, settings, rng).values)
        return
    samples = _trained_on(pretraining, excluded, kind, number)
    for k, sample in enumerate(samples):
        rng = generator(pretraining["seed"], *names, BEFORE, k)
        yield DataSet(BEFORE, augmented(pretraining["augmentation"], sample, rng))
    # In the mixture of the training, and no network twice: it would be its own neighbour.
    chunks = pretraining["views"]["chunks"]
    alone = dict(pretraining) | {"views": pretraining["views"] | {"of_boolean_network": 1}}
    wanted = round(number * len(chunks) * chunks[kind] / sum(chunks.values()))
    for view in draw_views(alone, kind, (*names, AFTER), excluded, wanted):
        yield DataSet(AFTER, view.expression)


def _trained_on(pretraining: Mapping, excluded: Excluded, kind: str, number: int) -> list[Sample]:
    """Networks with their cells as the chunks of the shipped weights' training had them."""
    stream = (pretraining["seed"], ("realism", kind))
    if kind == BOOLEAN:
        networks, _ = draw_chunk(pretraining["networks"], excluded, *stream, number)
        return as_samples(networks)
    if kind == LINEAR:
        settings = pretraining["networks_linear"]
        return draw_linear_chunk(settings, excluded, *stream, number)[0]
    return []


def some_cells(limits: tuple[int, int], sample: Sample, rng: np.random.Generator) -> np.ndarray:
    """Expression (genes, cells) of some cells; their number is log-uniform between the limits."""
    low, high = np.log(limits)
    number = min(round(np.exp(rng.uniform(low, high))), len(sample.expression))
    chosen = rng.choice(len(sample.expression), number, replace=False)
    return sample.expression[chosen].T.astype(float)


def augmented(augmentation: Mapping, sample: Sample, rng: np.random.Generator) -> np.ndarray:
    """Expression (genes, cells) with dropouts and scales as `zeroshot.pretraining` draws them."""
    values = some_cells(augmentation["cells"], sample, rng)
    if rng.random() < augmentation["dropout_share"]:
        level = rng.uniform(*augmentation["dropout"])
        values = apply_dropout(values, level, level, rng)
    if rng.random() < augmentation["gene_scale_share"]:
        values = values * np.exp(rng.normal(0, augmentation["gene_scale_sd"], (len(values), 1)))
    return values
