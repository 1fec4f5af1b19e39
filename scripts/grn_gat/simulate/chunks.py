"""Training data of the zero-shot model: chunks of simulated random networks with known edges.

A chunk is one safetensors file. Boolean networks are drawn, simulated in batches and kept where
they can teach something: most runs survive and most genes vary; the others come from
linear_networks.py, and could come from transcriptional.py. None is isomorphic to a network of the
study's bundled models.

| tensor      | shape               | meaning                                              |
|-------------|---------------------|------------------------------------------------------|
| genes       | (networks,) int32   | number of genes                                      |
| cells       | (networks,) int32   | number of cells                                      |
| family      | (networks,) uint8   | position in `STORED_FAMILIES`                        |
| expression  | float16, flat       | (cells, genes) of each network, one after another;   |
|             |                     | of held-out ones the `smallest_type` that holds them |
| time        | float16, flat       | (cells,): time / run length; at rest: rank of a cell |
| signs       | int8, flat          | (genes, genes): +1, -1, or 0 where there is no edge  |
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path
from grn_gat.core.seeds import generator, seed_sequence
from grn_gat.simulate.batch import Cells, simulate_batch
from grn_gat.simulate.boolean_model import BooleanModel, reference_edges
from grn_gat.simulate.boolean_networks import (
    FAMILIES,
    RandomNetwork,
    draw_duration,
    draw_family,
    draw_size,
    random_network,
)
from grn_gat.simulate.perturbation_experiment import Experiment, draw_experiment_of_runs

LINEAR = "linear"  # family of the networks of linear_networks.py
TRANSCRIPTIONAL, BURSTY, SERGIO = "transcriptional", "bursty", "sergio"  # of modules of that name
# A file has positions of this list: append only.
STORED_FAMILIES = [*FAMILIES, LINEAR, TRANSCRIPTIONAL, BURSTY, SERGIO]
_BATCH_GENES = 250  # genes simulated together
_MOST_DRAWN = 20  # networks drawn for each that is wanted
_MOST_LEFT_OUT = 200  # in a row


@dataclass(frozen=True)
class Sample:
    """One simulated network: expression (cells, genes), time (cells,) in [0, 1], signs."""

    expression: np.ndarray
    time: np.ndarray
    signs: np.ndarray
    family: str


class Excluded:
    """Networks that must not occur in training, compared without names, signs and self-loops."""

    def __init__(self, models: Iterable[BooleanModel]):
        self.graphs = {}
        for model in models:
            place = {gene: k for k, gene in enumerate(model.genes)}
            for functional in (False, True):
                adjacency = np.zeros((len(place), len(place)), bool)
                for u, v, _ in reference_edges(model, functional):
                    adjacency[place[u], place[v]] = True
                self.graphs[model.name, functional] = self._plain(adjacency)
        self._in_a_row = 0

    @staticmethod
    def _plain(adjacency: np.ndarray) -> np.ndarray:
        plain = adjacency != 0
        np.fill_diagonal(plain, False)
        return plain

    @staticmethod
    def _degrees(adjacency: np.ndarray) -> list[tuple[int, int]]:
        return sorted(zip(adjacency.sum(0).tolist(), adjacency.sum(1).tolist(), strict=True))

    def name(self, signs: np.ndarray) -> str | None:
        """Return the model that a signed adjacency matrix is isomorphic to, None if to none."""
        import networkx as nx

        plain = self._plain(signs)
        for (name, _), other in self.graphs.items():
            if other.shape == plain.shape and self._degrees(other) == self._degrees(plain):
                first, second = (
                    nx.from_numpy_array(a, create_using=nx.DiGraph) for a in (plain, other)
                )
                if nx.is_isomorphic(first, second):
                    return name
        return None

    def leaves_out(self, signs: np.ndarray, block: str) -> bool:
        """Whether a network that was drawn must not occur, so that another is to be drawn.

        Raises InputError where next to nothing else comes of a block of the pretraining config.
        """
        name = self.name(signs)
        self._in_a_row = self._in_a_row + 1 if name else 0
        if self._in_a_row == _MOST_LEFT_OUT:
            raise InputError(
                f"config: pretraining.{block}: {_MOST_LEFT_OUT} networks in a row are copies of "
                f"those that no training may see, the last of {name}; allow more genes or edges"
            )
        return bool(name)


def informative(cells: Cells, settings: Mapping) -> bool:
    """Whether enough cells survived and enough genes change between cells."""
    if len(cells.time) < settings["min_cells"]:
        return False
    # Levels of a gene that is on lie around 2, of one that is off below 0.2.
    some, full = (cells.expression > 0.25).mean(0), (cells.expression > 1).mean(0)
    return bool(((some > 0.02) & (full < 0.98)).mean() >= settings["min_varying_share"])


def draw_chunk(
    settings: Mapping, excluded: Excluded, seed: int, names: tuple, number: int
) -> tuple[list[tuple[RandomNetwork, Cells]], dict[str, int]]:
    """Draw and simulate `number` networks of the stream `names`.

    Returns the networks with their cells, and how many were drawn and why others were left out:
    keys `drawn`, `isomorphic`, `uninformative`.

    Raises InputError where hardly any network is informative, or all are left out.
    """
    drawn, counts = draw_experiments(settings, excluded, seed, names, number, None)
    return [(network, cells) for network, cells, _ in drawn], counts


def draw_experiments(
    settings: Mapping,
    excluded: Excluded,
    seed: int,
    names: tuple,
    number: int,
    perturbations: Mapping | None,
) -> tuple[list[tuple[RandomNetwork, Cells, Experiment | None]], dict[str, int]]:
    """As `draw_chunk`, with what was done to the runs of some networks.

    Args:
        settings, excluded, seed, names, number: as of `draw_chunk`.
        perturbations: block `evidence.perturbations` of the pretraining config; cells then come
            with proteins. None perturbs nothing.
    """
    rng = generator(seed, *names, "networks")
    kept: list[tuple[RandomNetwork, Cells, Experiment | None]] = []
    counts = {"drawn": 0, "isomorphic": 0, "uninformative": 0}
    batch_number = 0
    while len(kept) < number:
        if counts["drawn"] > _MOST_DRAWN * (number + _BATCH_GENES):
            raise InputError(
                f"pretraining.networks: of {counts['drawn']} networks only {len(kept)} were "
                "informative; lower min_cells or min_varying_share, or raise runs"
            )
        duration = draw_duration(settings, rng)
        batch: list[RandomNetwork] = []
        while sum(len(n.model.genes) for n in batch) < _BATCH_GENES:
            genes, family = draw_size(settings, rng), draw_family(settings, rng)
            network = random_network(settings, rng, genes, family, duration)
            counts["drawn"] += 1
            if excluded.leaves_out(network.signs, "networks"):
                counts["isomorphic"] += 1
            else:
                batch.append(network)
        runs, times = settings["runs"], settings["times_per_run"]
        planned: list[Experiment | None] = [None] * len(batch)
        folds = translation = None
        if perturbations is not None:
            source = generator(seed, *names, "experiments", batch_number)
            planned = [_planned(perturbations, n, runs, times, source) for n in batch]
            folds, translation = _folds(batch, planned, runs)
        simulated = simulate_batch(
            [n.model for n in batch],
            [n.parameters for n in batch],
            runs,
            times,
            seed_sequence(seed, *names, "noise", batch_number),
            folds,
            translation,
            protein=perturbations is not None,
        )
        batch_number += 1
        found = list(zip(batch, simulated, planned, strict=True))
        good = [one for one in found if informative(one[1], settings)]
        counts["uninformative"] += len(found) - len(good)
        kept += good
    return kept[:number], counts


def _planned(
    perturbations: Mapping,
    network: RandomNetwork,
    runs: int,
    times: int,
    rng: np.random.Generator,
) -> Experiment | None:
    """What is done to the runs of a network; nothing to those of a share of the networks."""
    if rng.random() >= perturbations["share"]:
        return None
    regulators = np.asarray(network.signs.any(axis=1))
    return draw_experiment_of_runs(perturbations, regulators, runs, times, rng)


def _folds(
    networks: Sequence[RandomNetwork], planned: Sequence[Experiment | None], runs: int
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Of each network (genes, runs): folds of the production of mRNA, and of protein from it."""
    found: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for network, experiment in zip(networks, planned, strict=True):
        genes = len(network.model.genes)
        nothing = np.ones((genes, runs), np.float32)
        found[0].append(nothing if experiment is None else experiment.mrna_folds(genes))
        found[1].append(nothing if experiment is None else experiment.translation_folds(genes))
    return found


def as_samples(networks: Iterable[tuple[RandomNetwork, Cells]]) -> list[Sample]:
    """Simulated Boolean networks as samples: time is a share of the run length."""
    return [
        Sample(cells.expression, cells.time / network.model.duration, network.signs, network.family)
        for network, cells in networks
    ]


def smallest_type(samples: Iterable[Sample]) -> type[np.generic]:
    """Return what expression can be stored as: integers where all are counts, else float32.

    Not float16: cells that are divided by their totals would have none of the same total.
    """
    highest, counts = 0.0, True
    for sample in samples:
        highest = max(highest, float(sample.expression.max(initial=0)))
        counts = counts and bool((sample.expression == np.floor(sample.expression)).all())
    if counts:
        for integer in (np.uint8, np.uint16, np.uint32):
            if highest <= np.iinfo(integer).max:
                return integer
    return np.float32


def save_chunk(
    path: str | Path,
    samples: Sequence[Sample],
    metadata: Mapping[str, str],
    stored: type[np.generic] = np.float16,
) -> None:
    """Write a chunk, with expression `stored` as this; the same networks give the same bytes."""
    from safetensors.numpy import save_file

    tensors: dict[str, np.ndarray] = {
        "genes": np.array([len(s.signs) for s in samples], np.int32),
        "cells": np.array([len(s.time) for s in samples], np.int32),
        "family": np.array([STORED_FAMILIES.index(s.family) for s in samples], np.uint8),
        "expression": np.concatenate([s.expression.astype(stored).ravel() for s in samples]),
        "time": np.concatenate([s.time.astype(np.float16) for s in samples]),
        "signs": np.concatenate([s.signs.ravel() for s in samples]),
    }
    # One entry: safetensors writes several in any order.
    described = {"grn_gat": json.dumps(dict(metadata), sort_keys=True)}
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, metadata=described)


def load_chunk(path: str | Path) -> list[Sample]:
    """Read a chunk."""
    from safetensors.numpy import load_file

    found = load_file(path)
    samples = []
    at = {"expression": 0, "time": 0, "signs": 0}

    def take(name: str, *shape: int) -> np.ndarray:
        start = at[name]
        at[name] = start + int(np.prod(shape))
        return found[name][start : at[name]].reshape(shape)

    for genes, cells, family in zip(found["genes"], found["cells"], found["family"], strict=True):
        samples.append(
            Sample(
                take("expression", cells, genes),
                take("time", cells),
                take("signs", genes, genes),
                STORED_FAMILIES[family],
            )
        )
    return samples


def load_chunks(paths: Iterable[str | Path]) -> list[Sample]:
    """Read several chunks, one after another."""
    return [sample for path in paths for sample in load_chunk(path)]
