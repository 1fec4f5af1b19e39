"""Random Boolean networks to train on: topology, rules, kinetics, initial state, run length.

A network is a `BooleanModel` with the same rule language as the models of a study. Every
number that it is drawn with is a key of the block `networks` of the pretraining config. Rules are
unate (each regulator only activates or only represses), so the sign of every edge is defined.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from grn_gat.simulate.boolean_model import BooleanModel
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import KineticParameters, default_parameters, sample_parameters

ACTIVATION, REPRESSION = 1, -1


@dataclass(frozen=True)
class RandomNetwork:
    """One network with its kinetics.

    Attributes:
        model: rules, run length, initial state and strengths; genes are named g1, g2, ...
        parameters: rate constants.
        signs: (genes, genes) int8, `[u, v]` is +1 where u activates v, -1 where it represses v.
        family: topology family it was drawn from.
    """

    model: BooleanModel
    parameters: KineticParameters
    signs: np.ndarray
    family: str


Key = TypeVar("Key")


def _pick(rng: np.random.Generator, weights: Mapping[Key, float]) -> Key:
    """Draw a key of `weights`, with probability proportional to its value."""
    keys, values = list(weights), np.array(list(weights.values()), dtype=float)
    return keys[rng.choice(len(keys), p=values / values.sum())]


# ---------------------------------------------------------------------------- topologies
#
# A topology is the signed adjacency matrix [regulator, target]. Each function takes the number of
# genes, a function that draws a sign, the settings and the generator.


def _sources(rng, genes: int, target: int, number: int, weights=None) -> np.ndarray:
    """Draw regulators of one target without replacement, self-loops excluded."""
    p = np.ones(genes) if weights is None else weights.copy()
    p[target] = 0
    number = min(number, int((p > 0).sum()))
    return rng.choice(genes, size=number, replace=False, p=p / p.sum())


def _in_degree(rng, settings, genes: int, mean: float) -> int:
    """Truncated geometric number of regulators, at least 1."""
    return int(min(rng.geometric(1 / mean), settings["in_degree_max"], genes - 1))


def _random(genes, sign, settings, rng, weights=None) -> np.ndarray:
    adjacency = np.zeros((genes, genes), np.int8)
    mean = rng.uniform(*settings["in_degree_mean"])
    for v in range(genes):
        for u in _sources(rng, genes, v, _in_degree(rng, settings, genes, mean), weights):
            adjacency[u, v] = sign()
    return adjacency


def _scale_free(genes, sign, settings, rng) -> np.ndarray:
    """Regulators drawn with Zipf weights: few hubs have most targets."""
    ranks = rng.permutation(np.arange(1, genes + 1))
    weights = 1 / ranks ** rng.uniform(*settings["topologies"]["hub_exponent"])
    return _random(genes, sign, settings, rng, weights)


def _chain(genes, sign, settings, rng) -> np.ndarray:
    """A cascade of mostly activating steps, whose end often represses its start."""
    adjacency = np.zeros((genes, genes), np.int8)
    own = settings["topologies"]
    for v in range(1, genes):
        adjacency[v - 1, v] = ACTIVATION if rng.random() < own["chain_activation"] else sign()
    if rng.random() < own["chain_feedback"]:
        represses = rng.random() < own["chain_feedback_repression"]
        adjacency[genes - 1, 0] = REPRESSION if represses else ACTIVATION
    return adjacency


def _cycle(genes, sign, settings, rng) -> np.ndarray:
    """A ring of three to all genes; the others hang on it."""
    adjacency = np.zeros((genes, genes), np.int8)
    ring = int(rng.integers(min(3, genes), genes + 1))
    for v in range(ring):
        adjacency[(v - 1) % ring, v] = sign()
    for v in range(ring, genes):
        adjacency[rng.integers(v), v] = sign()
    return adjacency


def _bifurcation(genes, sign, settings, rng) -> np.ndarray:
    """A cascade into mutually repressing branches with targets of their own."""
    adjacency = np.zeros((genes, genes), np.int8)
    own = settings["topologies"]
    branches = min(int(rng.choice(own["branches"])), genes - 1)
    stem = int(rng.integers(1, max(2, genes - branches)))
    heads = np.arange(stem, min(stem + branches, genes))
    for v in range(1, stem):
        adjacency[v - 1, v] = ACTIVATION
    adjacency[stem - 1, heads] = ACTIVATION
    for u in heads:
        adjacency[u, heads[heads != u]] = REPRESSION
        if rng.random() < own["branch_self_activation"]:
            adjacency[u, u] = ACTIVATION
        if rng.random() < own["branch_feedback"] and u != 0:
            adjacency[u, 0] = REPRESSION
    ends = list(heads)
    for v in range(heads[-1] + 1, genes):
        branch = rng.integers(len(ends))
        activates = rng.random() < own["branch_activation"]
        adjacency[ends[branch], v] = ACTIVATION if activates else sign()
        if rng.random() < own["branch_growth"]:
            ends[branch] = v
    return adjacency


def _toggle(genes, sign, settings, rng) -> np.ndarray:
    """Toggle switches of a few genes, one upon another, with targets."""
    adjacency = np.zeros((genes, genes), np.int8)
    own = settings["topologies"]
    low, high = own["toggle_gap"]
    start = 0
    while start < genes:
        size = int(min(rng.choice(own["toggle_genes"]), genes - start))
        members = np.arange(start, start + size)
        for u in members:
            if size > 1:
                adjacency[u, members[members != u]] = REPRESSION
            if rng.random() < own["toggle_self_activation"]:
                adjacency[u, u] = ACTIVATION
            if start and rng.random() < own["toggle_driven"]:
                adjacency[rng.integers(start), u] = sign()
        start += size + int(rng.integers(low, high + 1))
    for v in range(genes):
        if not adjacency[:, v].any() and v:
            adjacency[rng.integers(v), v] = sign()
    return adjacency


def _repression_only(genes, sign, settings, rng) -> np.ndarray:
    """Only repression, often mutual."""
    adjacency = np.zeros((genes, genes), np.int8)
    mutual = rng.uniform(*settings["topologies"]["mutual_repression"])
    mean = rng.uniform(*settings["in_degree_mean"])
    for v in range(genes):
        missing = _in_degree(rng, settings, genes, mean) - int((adjacency[:, v] != 0).sum())
        for u in _sources(rng, genes, v, max(missing, 0)):
            adjacency[u, v] = REPRESSION
            if rng.random() < mutual:
                adjacency[v, u] = REPRESSION
    return adjacency


def _layered(genes, sign, settings, rng) -> np.ndarray:
    """Layers of a few genes; regulators come from the layer above, feedback from the last."""
    adjacency = np.zeros((genes, genes), np.int8)
    mean = rng.uniform(*settings["in_degree_mean"])
    low, high = settings["topologies"]["layer_genes"]
    above, start = np.zeros(0, int), 0
    while start < genes:
        layer = np.arange(start, min(start + int(rng.integers(low, high + 1)), genes))
        for v in layer if len(above) else ():
            number = min(_in_degree(rng, settings, genes, mean), len(above))
            for u in rng.choice(above, number, replace=False):
                adjacency[u, v] = sign()
        above, start = layer, layer[-1] + 1
    for v in range(min(3, genes)):
        if above[-1] != v:
            adjacency[rng.choice(above[above != v]), v] = sign()
    return adjacency


def _modular(genes, sign, settings, rng) -> np.ndarray:
    """Modules of a few genes, dense inside, joined by few edges."""
    adjacency = np.zeros((genes, genes), np.int8)
    own = settings["topologies"]
    low, high = own["module_genes"]
    start = 0
    while start < genes:
        size = min(int(rng.integers(low, high + 1)), genes - start)
        block = slice(start, start + size)
        adjacency[block, block] = np.where(
            rng.random((size, size)) < own["module_density"],
            np.where(rng.random((size, size)) < own["module_activation"], ACTIVATION, REPRESSION),
            0,
        )
        if start:
            adjacency[rng.integers(start), start + rng.integers(size)] = sign()
        start += size
    np.fill_diagonal(adjacency, 0)
    return adjacency


FAMILIES: dict[str, Callable] = {
    "random": _random,
    "scale-free": _scale_free,
    "chain": _chain,
    "cycle": _cycle,
    "bifurcation": _bifurcation,
    "toggle": _toggle,
    "repression-only": _repression_only,
    "layered": _layered,
    "modular": _modular,
}


def _limit_in_degree(adjacency: np.ndarray, limit: int, rng: np.random.Generator) -> None:
    for v in range(len(adjacency)):
        regulators = np.flatnonzero(adjacency[:, v])
        if len(regulators) > limit:
            adjacency[rng.choice(regulators, len(regulators) - limit, replace=False), v] = 0


# ---------------------------------------------------------------------------- rules


def _joined(parts: Sequence[str], operator: str) -> str:
    return parts[0] if len(parts) == 1 else "(" + f" {operator} ".join(parts) + ")"


def _nested(parts: list[str], settings: Mapping, rng: np.random.Generator) -> str:
    """A random tree of and / or over the literals; each literal occurs once, so all count."""
    parts = list(parts)
    while len(parts) > 1:
        i, j = sorted(rng.choice(len(parts), 2, replace=False))
        second, first = parts.pop(j), parts.pop(i)
        operator = "and" if rng.random() < settings["nested_and"] else "or"
        parts.append(f"({first} {operator} {second})")
    return parts[0]


def _rule(activators: list[str], repressors: list[str], form: str, settings, rng) -> str:
    """Write a rule in which each regulator counts, with its sign.

    Forms: "dominant": any (or all) activator, and no repressor; "nested": a random tree of and, or
    over the literals; "lenient": any activator, or a repressor that is missing.
    """
    negated = [f"not {name}" for name in repressors]
    if form == "nested":
        return _nested(activators + negated, settings, rng)
    operator = "or" if rng.random() < settings["any_activator"] else "and"
    positive = [_joined(activators, operator)] if activators else []
    if form == "lenient":
        return _joined([*positive, *([_joined(negated, "and")] if negated else [])], "or")
    blocking = "or" if rng.random() < settings["any_repressor"] else "and"
    negative = [f"not {_joined(repressors, blocking)}"] if repressors else []
    return _joined(positive + negative, "and")


# ---------------------------------------------------------------------------- networks


def _initial_state(names, settings, rng) -> dict[str, float] | None:
    mode = _pick(rng, settings["initial_state"])
    if mode == "all-on":
        return None
    if mode == "few-on":
        low, high = settings["few_on"]
        number = int(rng.integers(min(low, len(names)), min(high, len(names)) + 1))
    else:
        number = max(1, int(rng.binomial(len(names), 0.5)))
    chosen = sorted(rng.choice(len(names), number, replace=False))
    level = float(rng.choice(settings["initial_levels"]))
    return {names[k]: level for k in chosen}


def _parameters(names, settings, rng) -> KineticParameters:
    mode = _pick(rng, settings["kinetics"])
    if mode == "default":
        return default_parameters(names)
    if mode == "shared":
        return sample_parameters(names, rng)
    wide = {"sd": settings["kinetics_wide_sd"], "bound": settings["kinetics_wide_bound"]}
    return sample_parameters(names, rng, identical=False, **(wide if mode == "wide" else {}))


def random_network(
    settings: Mapping, rng: np.random.Generator, genes: int, family: str, duration: int
) -> RandomNetwork:
    """Draw one network of a given size, topology family and run length.

    Args:
        settings: the block `networks` of the pretraining config.
        rng: source of every draw.
        genes: number of genes, at least 2.
        family: a key of `FAMILIES`.
        duration: run length in model time.
    """
    balance = rng.uniform(*settings["activation_share"])

    def sign() -> int:
        return ACTIVATION if rng.random() < balance else REPRESSION

    adjacency = FAMILIES[family](genes, sign, settings, rng)
    if family not in ("random", "scale-free", "repression-only"):
        extra = rng.uniform(*settings["extra_edges"]) * genes
        for _ in range(rng.poisson(extra)):
            u, v = rng.integers(genes, size=2)
            if u != v and not adjacency[u, v]:
                adjacency[u, v] = sign()
    loops = rng.uniform(*settings["self_activation"])
    if family != "repression-only":
        for v in range(genes):
            if not adjacency[v, v] and rng.random() < loops:
                adjacency[v, v] = ACTIVATION
    _limit_in_degree(adjacency, settings["in_degree_max"], rng)
    order = rng.permutation(genes)
    adjacency = adjacency[np.ix_(order, order)]
    names = [f"g{k + 1}" for k in range(genes)]
    form = {k: rng.gamma(w) for k, w in settings["rule_forms"].items()}  # a Dirichlet draw
    rules = {}
    for v, name in enumerate(names):
        if not adjacency[:, v].any():
            adjacency[v, v] = ACTIVATION  # an input keeps its state
        activators = [names[u] for u in np.flatnonzero(adjacency[:, v] > 0)]
        repressors = [names[u] for u in np.flatnonzero(adjacency[:, v] < 0)]
        rules[name] = parse_rule(_rule(activators, repressors, _pick(rng, form), settings, rng))
    strengths = {}
    if rng.random() < settings["strengths_share"]:
        for u, v in np.argwhere(adjacency):
            if rng.random() < settings["strengths_edges"]:
                strengths[names[u], names[v]] = float(rng.choice(settings["strengths"]))
    model = BooleanModel(
        name=family,
        genes=tuple(names),
        rules=rules,
        duration=duration,
        initial_state=_initial_state(names, settings, rng),
        strengths=strengths,
    )
    return RandomNetwork(model, _parameters(names, settings, rng), adjacency, family)


def draw_size(settings: Mapping, rng: np.random.Generator) -> int:
    """Draw a number of genes: log-uniform between the limits of a size class."""
    low, high = _pick(rng, {tuple(s["genes"]): s["share"] for s in settings["sizes"]})
    return int(np.floor(np.exp(rng.uniform(np.log(low), np.log(high + 1)))))


def draw_family(settings: Mapping, rng: np.random.Generator) -> str:
    """Draw a topology family."""
    return str(_pick(rng, settings["families"]))


def draw_duration(settings: Mapping, rng: np.random.Generator) -> int:
    """Draw a run length in model time."""
    return int(_pick(rng, settings["durations"]))
