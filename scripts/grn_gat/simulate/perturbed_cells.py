"""Cells of a Boolean model in which genes are perturbed: all genes, one after the other.

A gene is knocked out (it has no mRNA and no protein), knocked down (its transcription is multiplied
by a factor) or over-expressed (held at the level of a gene that is fully on). It is so from the
start of a run, or in differentiated cells: from the end of a run on, for another run's length.
Cells are seen at the end. Beside them are as many that nothing is done to, seen at the same time.

Of runs in which all genes fall silent, those that do so before anything is done are done again, as
in any simulation; what falls silent later stays, because it may be what a perturbation does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grn_gat.core.errors import InputError, excerpt
from grn_gat.core.files import atomic_path
from grn_gat.core.seeds import seed_sequence
from grn_gat.core.spelling import did_you_mean
from grn_gat.simulate.attractors import JOINT, held
from grn_gat.simulate.boolean_model import BooleanModel
from grn_gat.simulate.perturbation_experiment import KNOCK_DOWN, KNOCK_OUT, OVER_EXPRESSION
from grn_gat.simulate.simulator import X_MAX, KineticParameters, simulate

WILD_TYPE = "wild type"
START, DIFFERENTIATED = "start", "differentiated"  # when it begins
_KEY = "/"  # between begin, kind and genes, which names of none of them contain


@dataclass(frozen=True)
class Condition:
    """What is done to cells; `genes` is empty where nothing is."""

    begin: str
    kind: str
    genes: tuple[str, ...] = ()

    @property
    def perturbed(self) -> str:
        """The genes as one word of tables."""
        return JOINT.join(self.genes)

    @property
    def key(self) -> str:
        """Name in files."""
        return _KEY.join((self.begin, self.kind, self.perturbed))

    @classmethod
    def of(cls, key: str) -> "Condition":
        """Return the condition of a name in files."""
        begin, kind, genes = key.split(_KEY)
        return cls(begin, kind, tuple(genes.split(JOINT)) if genes else ())

    @property
    def wild_type(self) -> "Condition":
        """The cells that these are compared with."""
        return Condition(self.begin, WILD_TYPE)


def conditions(
    model: BooleanModel, settings: Mapping[str, Any], together: Sequence[Sequence[str]] = ()
) -> list[Condition]:
    """Return what is done to cells of a model: nothing, then every gene, then genes together.

    Args:
        model: the Boolean model.
        settings: block `perturb` of the config: `kinds` and `begin`.
        together: genes that are perturbed at once, several lists of them.

    Raises:
        InputError: a list names a gene that is not there, one twice, or all genes.
    """
    where = f"config: perturb.together.{model.name}"
    for genes in together:
        for gene in genes:
            if gene not in model.genes:
                question = did_you_mean(gene, model.genes)
                raise InputError(
                    f"{where}: there is no gene {gene}{question}; the genes are "
                    f"{excerpt(', '.join(model.genes))}"
                )
        if len(set(genes)) < len(genes):
            raise InputError(f"{where}: {', '.join(genes)} names a gene twice; name it once")
    for genes in (*together, model.genes[:1]):
        if len(genes) == len(model.genes):
            raise InputError(
                f"{where if together else f'model {model.name}'}: {', '.join(genes)} are all genes "
                "of the model; leave one whose expression can be compared"
            )
    sets = [*((gene,) for gene in model.genes), *(tuple(genes) for genes in together)]
    return [
        condition
        for begin in settings["begin"]
        for condition in (
            Condition(begin, WILD_TYPE),
            *(Condition(begin, kind, genes) for kind in settings["kinds"] for genes in sets),
        )
    ]


def simulate_condition(
    model: BooleanModel,
    condition: Condition,
    settings: Mapping[str, Any],
    seed: np.random.SeedSequence,
    parameters: KineticParameters,
    simulation: Mapping[str, Any],
) -> np.ndarray:
    """Simulate the cells of one condition.

    Args:
        model: the Boolean model.
        condition: what is done to its cells.
        settings: block `perturb` of the config: `cells` and `knock_down`.
        seed: of the draws.
        parameters: rate constants.
        simulation: `activation` and `max_tries`, as in the block `simulation` of a config.

    Returns:
        (cells, genes) float32: mRNA at the end.
    """
    begin = model.duration if condition.begin == DIFFERENTIATED else 0
    whole = replace(model, duration=model.duration + begin)
    full = dict(zip(model.genes, parameters.m / parameters.lx, strict=True))
    levels = {KNOCK_OUT: dict.fromkeys(full, 0.0), OVER_EXPRESSION: full}.get(condition.kind, {})
    found = simulate(
        whole,
        settings["cells"],
        seed,
        parameters=parameters,
        activation=simulation["activation"],
        clamped={gene: levels[gene] for gene in condition.genes if levels},
        scaled=dict.fromkeys(condition.genes, settings["knock_down"])
        if condition.kind == KNOCK_DOWN
        else {},
        begin=begin,
        keep_dying=True,
        observation_times=[whole.duration],
        max_tries=simulation["max_tries"],
    )
    return found.expression[:, 0].astype(np.float32)


def simulate_perturbations(
    model: BooleanModel,
    planned: Sequence[Condition],
    settings: Mapping[str, Any],
    seed: int,
    stream: tuple[str, int],
    parameters: KineticParameters,
    simulation: Mapping[str, Any],
) -> Iterator[tuple[Condition, np.ndarray]]:
    """Simulate all conditions of a replicate, each from a stream of its own.

    Args:
        planned: what `conditions` returns.
        seed, stream: integer of the config, and network and replicate.
        model, settings, parameters, simulation: as of `simulate_condition`.

    Yields:
        A condition and its cells: mRNA at the end, (cells, genes) float32.

    Raises:
        InputError: in all cells that nothing is done to all genes fall silent.
    """
    for condition in planned:
        draws = seed_sequence(
            seed, "perturbation", *stream, condition.begin, condition.kind, condition.perturbed
        )
        cells = simulate_condition(model, condition, settings, draws, parameters, simulation)
        if condition.kind == WILD_TYPE and not on(cells).any():
            raise InputError(
                f"model {model.name}: all genes fall silent in every cell that nothing is done to, "
                "so no perturbation changes anything; check the rules and the levels that genes "
                "start from, or set perturb.cells to 0"
            )
        yield condition, cells


def on(
    cells: np.ndarray,
    condition: Condition | None = None,
    genes: Sequence[str] = (),
    left: float = 1,
) -> np.ndarray:
    """Which genes are on: their mRNA is above half of what a gene that is fully on has.

    Args:
        cells: (cells, genes) mRNA.
        condition: what is done to them, with a knock-down: half of what is left of the gene counts.
        genes: names of the columns.
        left: factor of a knock-down.

    Returns:
        (cells, genes) bool.
    """
    limit = np.full(cells.shape[1], X_MAX / 2)
    if condition is not None and condition.kind == KNOCK_DOWN and left >= 0.5:
        limit[[genes.index(gene) for gene in condition.genes]] *= left
    return cells > limit


def perturbed_model(model: BooleanModel, condition: Condition, left: float) -> BooleanModel:
    """Return the Boolean model of perturbed cells.

    A gene of which less than half is left is off, as its protein stays below the threshold at which
    it acts; of one of which more is left the rule stays.
    """
    if condition.kind == OVER_EXPRESSION:
        return held(model, dict.fromkeys(condition.genes, True))
    if condition.kind == KNOCK_OUT or (condition.kind == KNOCK_DOWN and left < 0.5):
        return held(model, dict.fromkeys(condition.genes, False))
    return model


def write_cells(cells: Mapping[Condition, np.ndarray], path: str | Path) -> None:
    """Write the cells of all conditions as tensors, (cells, genes), named by `Condition.key`."""
    from safetensors.numpy import save_file

    with atomic_path(path) as temporary:
        save_file({condition.key: values for condition, values in cells.items()}, temporary)


def read_cells(path: str | Path) -> dict[Condition, np.ndarray]:
    """Return what `write_cells` wrote."""
    from safetensors.numpy import load_file

    return {Condition.of(key): cells for key, cells in load_file(path).items()}
