"""Hubs of random networks, of the reference and as methods predict them, and what knock-outs do."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator, integer_seed, seed_sequence
from grn_gat.evaluate.consequence import MEASURES, WITHIN, null_shifts, shifts
from grn_gat.evaluate.hub_worth import beyond_chance
from grn_gat.evaluate.hubs import hub_measures, top_edges
from grn_gat.inference.attempt import Cells, attempt, ranked_edges
from grn_gat.simulate.boolean_model import reference_edges
from grn_gat.simulate.boolean_networks import (
    RandomNetwork,
    draw_duration,
    draw_family,
    draw_size,
    random_network,
)
from grn_gat.simulate.perturbation_experiment import KNOCK_OUT
from grn_gat.simulate.perturbed_cells import (
    DIFFERENTIATED,
    START,
    Condition,
    on,
    simulate_condition,
)
from grn_gat.simulate.simulator import AllRunsDied, simulate

_STREAM = "hub worth"
_MOST_DRAWN = 50  # networks that may be drawn for one that is kept
_TRIES = 20
_SIMULATION = {"activation": "hill", "max_tries": _TRIES}


def random_hubs(
    pretraining: Mapping[str, Any],
    number: int,
    method_settings: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Return hub measures and consequences of a random network.

    Args:
        pretraining: config block, with `networks` and `hub_worth`.
        number: which network; each is the same whatever the others are.
        method_settings: of each method.

    Returns:
        Columns source, measure, gene, value, as `evaluate.hub_worth.agreements` takes them.
        Consequences within the null are 0.
    """
    settings, names = pretraining["hub_worth"], (pretraining["hub_worth"]["seed"], _STREAM, number)
    network, consequences, expression = _alive(pretraining, names)
    genes = list(network.model.genes)
    edges = [edge for edge in reference_edges(network.model, functional=True)]
    parts = [_long(hub_measures(genes, edges), "reference"), _long(consequences, "reference")]
    cells = Cells(genes, expression, None, np.arange(len(genes)))
    linked = sum(a != b for a, b, _ in edges)
    for method in settings["methods"]:
        seed = integer_seed(*names, method)
        ranked = ranked_edges(attempt(method, cells, seed, 1, method_settings[method]), cells)
        if len(ranked):
            pairs = list(zip(ranked["Gene1"], ranked["Gene2"], strict=True))
            top = top_edges(pairs, ranked["EdgeWeight"].abs().to_numpy(), linked)
            parts.append(_long(hub_measures(genes, top), f"method-{method}"))
    return pd.concat(parts, ignore_index=True)


def _long(measures: pd.DataFrame, source: str) -> pd.DataFrame:
    table = measures.rename_axis(index="gene", columns="measure").stack().rename("value")
    return table.reset_index().assign(source=source)[["source", "measure", "gene", "value"]]


def _alive(
    pretraining: Mapping[str, Any], names: tuple[Any, ...]
) -> tuple[RandomNetwork, pd.DataFrame, np.ndarray]:
    """Draw networks until cells of one live and some knock-out changes them.

    Returns:
        The network, its consequences (genes x `MEASURES`) and expression (genes, cells).
    """
    for draw in range(_MOST_DRAWN):
        rng = generator(*names, draw, "network")
        settings = pretraining["networks"] | {"sizes": pretraining["hub_worth"]["sizes"]}
        network = random_network(
            settings, rng, draw_size(settings, rng), draw_family(settings, rng),
            draw_duration(settings, rng),
        )  # fmt: skip
        if len(network.model.genes) < 3 or not network.signs.any():
            continue
        try:
            consequences = _consequences(pretraining, network, (*names, draw))
            cells = simulate(
                network.model,
                pretraining["hub_worth"]["cells"],
                seed_sequence(*names, draw, "cells"),
                parameters=network.parameters,
                max_tries=_TRIES,
            )
        except AllRunsDied:
            continue
        if (consequences.nunique() > 1).all():
            return network, consequences, cells.expression[:, 0].T
    raise AssertionError(f"no network of {_MOST_DRAWN} lives")


def _consequences(
    pretraining: Mapping[str, Any], network: RandomNetwork, names: tuple[Any, ...]
) -> pd.DataFrame:
    genes = list(network.model.genes)
    settings = {"cells": pretraining["hub_worth"]["knock_out_cells"], "knock_down": 0.5}

    def cells(condition: Condition) -> np.ndarray:
        seed = seed_sequence(*names, condition.key)
        return simulate_condition(
            network.model, condition, settings, seed, network.parameters, _SIMULATION
        )

    found = {}
    for begin in (START, DIFFERENTIATED):
        wild = cells(Condition(begin, "wild type"))
        if not on(wild).any():
            raise AllRunsDied("no gene of the network is on")
        null = null_shifts(wild, generator(*names, begin, "null"))
        found[MEASURES[begin]] = [
            beyond_chance(
                np.delete(shifts(cells(Condition(begin, KNOCK_OUT, (gene,))), wild), k).mean(),
                np.quantile(np.delete(null, k, axis=1).mean(axis=1), WITHIN),
            )
            for k, gene in enumerate(genes)
        ]
    return pd.DataFrame(found, index=genes)
