"""Fates of cells: the attractors of a Boolean model, and which of them a cell comes to.

One gene is updated at a time, any gene that its rule would change (asynchronous updates: Thomas, J.
Theor. Biol. 153, 1991, 1). An attractor is a smallest set of states that no update leaves: a steady
state, or states between which the model goes on for ever. Steady states are those of synchronous
updates too; but of the cycles that synchronous updates add, most need two genes to switch at the
same moment, which in a model of rates and noise they never do.

The attractors that a state leads to are found by a search of all states within reach, so the number
of genes does not matter as long as cells are near their fates. A state that leads to several is
undecided, and so is one with more states within reach than `MOST_STATES`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from grn_gat.simulate.boolean_model import BooleanModel
from grn_gat.simulate.rule_language import parse_rule

MOST_STATES = 5000  # within reach of one state
UNDECIDED = "undecided"
NONE_ON = "none on"
JOINT = "+"  # between names of genes, none of which contains it
State = int  # bit k is the gene k of the model


@dataclass(frozen=True)
class Attractor:
    """States between which a model stays; one, or several where genes go on switching."""

    genes: tuple[str, ...]
    states: frozenset[State]

    @property
    def name(self) -> str:
        """Genes that are on, joined by `+`; those that go on switching in brackets."""
        bits = [[state >> k & 1 for state in self.states] for k in range(len(self.genes))]
        named = [
            gene if all(own) else f"({gene})"
            for gene, own in zip(self.genes, bits, strict=True)
            if any(own)
        ]
        return JOINT.join(named) or NONE_ON


def held(model: BooleanModel, values: Mapping[str, bool]) -> BooleanModel:
    """Return a model in which genes are held on or off, whatever their rules say."""
    constants = {gene: parse_rule("1" if value else "0") for gene, value in values.items()}
    return replace(model, rules=dict(model.rules) | constants)


class Fates:
    """The attractors that states of a model lead to; what was found once is not sought again."""

    def __init__(self, model: BooleanModel):
        self.genes = model.genes
        place = {gene: k for k, gene in enumerate(model.genes)}
        self._rules = [
            ([place[name] for name in rule.regulators], rule.truth_table.ravel().tolist())
            for rule in (model.rules[gene] for gene in model.genes)
        ]
        self._successors: dict[State, list[State]] = {}
        self._fates: dict[State, frozenset[Attractor] | None] = {}

    def of_cells(self, on: np.ndarray) -> list[str]:
        """Return the name of the fate of each cell, or `UNDECIDED`.

        Args:
            on: (cells, genes) bool, in the order of the model.
        """
        return [self.name(_code(row)) for row in np.asarray(on, bool).tolist()]

    def name(self, state: State) -> str:
        """Return the name of the one attractor that a state leads to, else `UNDECIDED`."""
        found = self.attractors(state)
        return next(iter(found)).name if found is not None and len(found) == 1 else UNDECIDED

    def attractors(self, state: State) -> frozenset[Attractor] | None:
        """Return the attractors that a state leads to, None where too many states are in reach."""
        if state not in self._fates:
            reached = self._within_reach(state)
            self._fates[state] = None if reached is None else self._among(reached)
        return self._fates[state]

    def _next(self, state: State) -> list[State]:
        """The states that one update makes of a state, without itself."""
        if state not in self._successors:
            found = []
            for gene, (regulators, table) in enumerate(self._rules):
                row = 0
                for regulator in regulators:
                    row = 2 * row + (state >> regulator & 1)
                if table[row] != (state >> gene & 1):
                    found.append(state ^ 1 << gene)
            self._successors[state] = found
        return self._successors[state]

    def _within_reach(self, state: State) -> list[State] | None:
        found, waiting = {state}, [state]
        while waiting:
            for other in self._next(waiting.pop()):
                if other not in found:
                    if len(found) == MOST_STATES:
                        return None
                    found.add(other)
                    waiting.append(other)
        return sorted(found)

    def _among(self, states: list[State]) -> frozenset[Attractor]:
        """The strongly connected sets of a closed set of states that no update leaves."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        place = {state: k for k, state in enumerate(states)}
        pairs = [(place[s], place[t]) for s in states for t in self._next(s)]
        start, end = np.array(pairs, int).reshape(-1, 2).T
        shape = (len(states), len(states))
        graph = csr_array((np.ones(len(start), bool), (start, end)), shape)
        number, component = connected_components(graph, connection="strong")
        stays = np.ones(number, bool)
        stays[component[start[component[start] != component[end]]]] = False
        return frozenset(
            Attractor(self.genes, frozenset(np.asarray(states)[component == k].tolist()))
            for k in np.flatnonzero(stays)
        )


def _code(on: Iterable[bool]) -> State:
    return sum(1 << k for k, value in enumerate(on) if value)
