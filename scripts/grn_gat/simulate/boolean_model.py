"""Boolean gene regulatory models: rules, what is simulated with them, and their reference networks.

A model is a file of rules (`model_files`), and optionally a `.yaml` file of the same name beside it
with the run length, the initial state and so on.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.simulate.model_files import read_description, read_rules
from grn_gat.simulate.rule_language import MAX_REGULATORS, Rule, evaluate

DEFAULT_DURATION = 8


@dataclass(frozen=True)
class BooleanModel:
    """A checked Boolean model; `genes` is in file order.

    `strengths` and `signs` belong to edges (regulator, target); signs are those of edges of which
    the rules do not tell the sign.
    """

    name: str
    genes: tuple[str, ...]
    rules: dict[str, Rule]
    duration: int = DEFAULT_DURATION
    trajectories: int = 1
    initial_state: dict[str, float] | None = None
    strengths: dict[tuple[str, str], float] = field(default_factory=dict)
    signs: dict[tuple[str, str], str] = field(default_factory=dict)
    title: str = ""
    source: str = ""

    def regulators(self, gene: str) -> tuple[str, ...]:
        """Return the genes that occur in the rule of `gene`, in order of first occurrence."""
        return self.rules[gene].regulators

    def functional_regulators(self, gene: str) -> tuple[str, ...]:
        """Return the regulators that the Boolean function of `gene` depends on."""
        return self.rules[gene].functional_regulators

    def truth_table(self, gene: str) -> np.ndarray:
        """Return the rule of `gene` as an array with one axis of length 2 per regulator."""
        return self.rules[gene].truth_table

    def start_values(self, full: float) -> np.ndarray:
        """Return the mRNA level of every gene at time 0.

        That is the level in `initial_state`. Of the other genes, those with a constant rule start
        where it holds them: at 0 or at `full`, the level of a gene that is fully on. The rest
        start at 0.01, or at 1 where there is no `initial_state`.
        """
        listed = self.initial_state or {}
        other = 1.0 if self.initial_state is None else 0.01
        held = {None: other, False: 0.0, True: full}
        return np.array([listed.get(g, held[self.rules[g].constant]) for g in self.genes])


def reference_edges(model: BooleanModel, functional: bool = False) -> list[tuple[str, str, str]]:
    """Return the edges (regulator, target, sign), sorted by target and then regulator.

    The sign is "+" where switching the regulator on can only switch the target on, "-" where it can
    only switch it off, in whatever state the other regulators are. Where it does both, or neither,
    the sign is that of `model.signs`, or "". With `functional` the edges without any effect on the
    Boolean function are left out.
    """
    edges = []
    for target, rule in model.rules.items():
        for regulator, sign in zip(rule.regulators, rule.signs, strict=True):
            if not functional or regulator in rule.functional_regulators:
                edges.append((regulator, target, model.signs.get((regulator, target), sign)))
    return sorted(edges, key=lambda edge: (edge[1], edge[0]))


def fixed_points(model: BooleanModel) -> list[frozenset[str]]:
    """Return the synchronous steady states as sets of genes that are on (at most 20 genes)."""
    if len(model.genes) > MAX_REGULATORS:
        raise InputError(
            f"model {model.name}: steady states are listed for at most {MAX_REGULATORS} genes, "
            f"this model has {len(model.genes)}."
        )
    n = len(model.genes)
    codes = np.arange(2**n)
    state = {g: (codes >> k & 1).astype(bool) for k, g in enumerate(model.genes)}
    stable = np.ones(2**n, bool)
    for gene, rule in model.rules.items():
        stable &= evaluate(rule.expression, state, np.True_) == state[gene]
    return [frozenset(g for g in model.genes if state[g][c]) for c in np.flatnonzero(stable)]


def read_model(path: str | Path) -> BooleanModel:
    """Read a file of rules and, where it exists, the `.yaml` file that describes its simulation.

    Raises InputError where one of them is not what `model_files` describes.
    """
    path = Path(path)
    rules = read_rules(path)
    description = path.with_suffix(".yaml")
    if path.with_suffix(".yml").is_file():
        raise InputError(f"{path.with_suffix('.yml')}: is not read; call it {description.name}.")
    options = read_description(description, rules) if description.is_file() else {}
    return BooleanModel(name=path.stem, genes=tuple(rules), rules=rules, **options)


def functional_edges(edges: pd.DataFrame, model: str | None) -> frozenset | None:
    """Edges on which the rules of a Boolean model depend, None where these are all edges.

    Args:
        edges: reference network.
        model: path of the model, None or empty where there is none.
    """
    if not model:
        return None
    known = {edge[:2] for edge in reference_edges(read_model(model), functional=True)}
    listed = {pair for pair in zip(edges["Gene1"], edges["Gene2"], strict=True)}
    return None if listed <= known else frozenset(known)
