"""Boolean gene regulatory models: reading, checking, truth tables and reference networks.

A model is a tab-separated file with the columns `Gene` and `Rule`. A rule is a Boolean expression
over gene names with `and`, `or`, `not` and parentheses. An optional file of the same name with the
ending `.yaml` adds the run length, the initial state and so on (see `read_model`). Rules are read
by the small parser of this module and never executed.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from grn_gat.core.errors import InputError

MAX_REGULATORS = 20
MAX_DEPTH = 100
DEFAULT_DURATION = 8
SIDECAR_KEYS = ("title", "source", "duration", "trajectories", "initial_state", "strengths")
KEYWORDS = ("and", "or", "not")

_NAME = re.compile(r"[\w.\-]+")

# An expression is a tuple: ("var", name), ("not", e), ("and", e, e, ...) or ("or", e, e, ...).
Expression = tuple


@dataclass(frozen=True)
class Rule:
    """One parsed rule: its text, its expression and its regulators in order of occurrence."""

    text: str
    expression: Expression
    regulators: tuple[str, ...]
    signs: tuple[str, ...]

    @cached_property
    def truth_table(self) -> np.ndarray:
        """The rule as a Boolean array with one axis of length 2 per regulator, in their order.

        Genes that are no regulators do not occur; entry [0, ..., 0] is the rule with all off.
        """
        axes = {}
        for k, name in enumerate(self.regulators):
            shape = [1] * len(self.regulators)
            shape[k] = 2
            axes[name] = np.array([False, True]).reshape(shape)
        full = np.broadcast_to(_evaluate(self.expression, axes), (2,) * len(self.regulators))
        return np.ascontiguousarray(full)

    @cached_property
    def functional_regulators(self) -> tuple[str, ...]:
        """The regulators whose value can change the value of the rule."""
        table = self.truth_table
        return tuple(
            name
            for k, name in enumerate(self.regulators)
            if (table.take(0, axis=k) != table.take(1, axis=k)).any()
        )

    def __call__(self, state: Mapping[str, bool]) -> bool:
        """Return the value of the rule in a Boolean state of the regulators."""
        return bool(_evaluate(self.expression, state))


@dataclass(frozen=True)
class BooleanModel:
    """A checked Boolean model; `genes` is in file order, `strengths` maps (regulator, target)."""

    name: str
    genes: tuple[str, ...]
    rules: dict[str, Rule]
    duration: int = DEFAULT_DURATION
    trajectories: int = 1
    initial_state: dict[str, float] | None = None
    strengths: dict[tuple[str, str], float] = field(default_factory=dict)
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

    def start_values(self) -> np.ndarray:
        """Return the mRNA level of every gene at time 0 (0.01 where not listed, 1 without list)."""
        if self.initial_state is None:
            return np.ones(len(self.genes))
        return np.array([self.initial_state.get(g, 0.01) for g in self.genes])


def reference_edges(model: BooleanModel, functional: bool = False) -> list[tuple[str, str, str]]:
    """Return the edges (regulator, target, sign), sorted by target and then regulator.

    The sign is "+" where the regulator first occurs before the first `not` of the rule, else "-".
    With `functional` the edges without any effect on the Boolean function are left out.
    """
    edges = []
    for target, rule in model.rules.items():
        for regulator, sign in zip(rule.regulators, rule.signs, strict=True):
            if not functional or regulator in rule.functional_regulators:
                edges.append((regulator, target, sign))
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
        stable &= _evaluate(rule.expression, state) == state[gene]
    return [frozenset(g for g in model.genes if state[g][c]) for c in np.flatnonzero(stable)]


def parse_rule(text: str, where: str = "rule") -> Rule:
    """Parse a Boolean expression; `where` opens the sentence of an InputError."""
    tokens = _tokenize(text, where)
    expression = _Parser(tokens, text, where).parse()
    regulators: dict[str, str] = {}
    sign = "+"
    for kind, value, _ in tokens:
        if kind == "not":
            sign = "-"
        elif kind == "name":
            regulators.setdefault(value, sign)
    if len(regulators) > MAX_REGULATORS:
        raise InputError(
            f"{where}: the rule has {len(regulators)} regulators; at most {MAX_REGULATORS} are "
            "possible, because its truth table has two to that power entries."
        )
    return Rule(text, expression, tuple(regulators), tuple(regulators.values()))


def read_model(path: str | Path) -> BooleanModel:
    """Read a rules file and, where it exists, the `.yaml` file of the same name beside it.

    The yaml file may hold `title`, `source`, `duration` (positive integer, default 8),
    `trajectories` (number of lineages, default 1), `initial_state` (gene: mRNA level; genes not
    listed start at 0.01; absent: every gene starts at 1) and `strengths` (a list of mappings with
    `regulator`, `target` and `strength`).
    """
    path = Path(path)
    rules = _read_rules(path)
    sidecar = path.with_suffix(".yaml")
    options = _read_sidecar(sidecar, rules) if sidecar.is_file() else {}
    return BooleanModel(name=path.stem, genes=tuple(rules), rules=rules, **options)


# ---------------------------------------------------------------------------- rules file


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; give the file itself.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: the file is not UTF-8 text; save it as UTF-8.") from None


def _read_rules(path: Path) -> dict[str, Rule]:
    lines = [(k, s) for k, s in enumerate(_read_text(path).splitlines(), 1) if s.strip()]
    header = [name.strip() for name in lines[0][1].split("\t")] if lines else []
    for column in ("Gene", "Rule"):
        if column not in header:
            raise InputError(
                f"{path}: the column {column} is missing; the first line must hold the "
                "tab-separated names Gene and Rule."
            )
    gene_column, rule_column = header.index("Gene"), header.index("Rule")
    if len(lines) == 1:
        raise InputError(f"{path}: there is no gene; below the header write one row per gene.")
    rules: dict[str, Rule] = {}
    row_of: dict[str, int] = {}
    for number, line in lines[1:]:
        fields = [value.strip() for value in line.split("\t")]
        fields += [""] * (len(header) - len(fields))
        gene, text = fields[gene_column], fields[rule_column]
        if not _NAME.fullmatch(gene) or gene.lower() in KEYWORDS:
            raise InputError(
                f"{path}, line {number}: {gene!r} is no gene name; use letters, digits and "
                "'_', '.', '-' (and not a word of the rule language)."
            )
        if gene in rules:
            raise InputError(
                f"{path}, line {number}: gene {gene} has a rule in line {row_of[gene]} already; "
                "write one row per gene."
            )
        where = f"{path}, line {number}, gene {gene}"
        if not text:
            raise InputError(
                f"{where}: the rule is empty; write '{gene}' as its rule if {gene} is an input."
            )
        rules[gene] = parse_rule(text, where)
        row_of[gene] = number
    for gene, rule in rules.items():
        for name in rule.regulators:
            if name not in rules:
                raise InputError(
                    f"{path}, line {row_of[gene]}, gene {gene}: the rule names {name}, which has "
                    f"no row; add a row '{name}<TAB>{name}' if {name} is an input."
                )
    return rules


# ---------------------------------------------------------------------------- rule language


def _tokenize(text: str, where: str) -> list[tuple[str, str, int]]:
    """Return (kind, text, position) triples; kind is name, and, or, not, ( or )."""
    tokens = []
    position = 0
    while position < len(text):
        character = text[position]
        if character.isspace():
            position += 1
        elif character in "()":
            tokens.append((character, character, position + 1))
            position += 1
        elif match := _NAME.match(text, position):
            word = match.group()
            kind = word.lower() if word.lower() in KEYWORDS else "name"
            tokens.append((kind, word, position + 1))
            position = match.end()
        else:
            raise InputError(
                f"{where}: {character!r} at position {position + 1} of '{text}' is no part of a "
                "rule; use gene names, and, or, not and parentheses."
            )
    return tokens


class _Parser:
    """Recursive descent: or-terms of and-terms of factors; `not` binds tightest."""

    def __init__(self, tokens: list[tuple[str, str, int]], text: str, where: str):
        self.tokens, self.text, self.where = tokens, text, where
        self.next = 0
        self.depth = 0

    def parse(self) -> Expression:
        expression = self._joined("or", lambda: self._joined("and", self._factor))
        if self.next < len(self.tokens):
            kind, word, position = self.tokens[self.next]
            if kind == ")":
                self._fail(f"')' at position {position} closes no parenthesis")
            self._fail(f"'and' or 'or' is missing before '{word}' at position {position}")
        return expression

    def _fail(self, reason: str):
        raise InputError(f"{self.where}: {reason} in '{self.text}'.")

    def _kind(self) -> str | None:
        return self.tokens[self.next][0] if self.next < len(self.tokens) else None

    def _joined(self, operator: str, part) -> Expression:
        parts = [part()]
        while self._kind() == operator:
            self.next += 1
            parts.append(part())
        return parts[0] if len(parts) == 1 else (operator, *parts)

    def _factor(self) -> Expression:
        kind = self._kind()
        if kind is None:
            self._fail("a gene name is missing at the end")
        _, word, position = self.tokens[self.next]
        self.next += 1
        if kind == "name":
            return ("var", word)
        if kind not in ("not", "("):
            self._fail(f"a gene name is missing before '{word}' at position {position}")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._fail(f"more than {MAX_DEPTH} nested levels at position {position}")
        if kind == "not":
            expression = ("not", self._factor())
        else:
            expression = self._joined("or", lambda: self._joined("and", self._factor))
            if self._kind() != ")":
                if self._kind() is not None:
                    _, word, at = self.tokens[self.next]
                    self._fail(f"'and' or 'or' is missing before '{word}' at position {at}")
                self._fail(f"'(' at position {position} is not closed")
            self.next += 1
        self.depth -= 1
        return expression


def _evaluate(expression: Expression, state):
    """Evaluate on a mapping of names to (arrays of) Booleans."""
    kind = expression[0]
    if kind == "var":
        return state[expression[1]]
    if kind == "not":
        return np.logical_not(_evaluate(expression[1], state))
    join = np.logical_and if kind == "and" else np.logical_or
    value = _evaluate(expression[1], state)
    for part in expression[2:]:
        value = join(value, _evaluate(part, state))
    return value


# ---------------------------------------------------------------------------- sidecar file


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_integer(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _read_sidecar(path: Path, rules: dict[str, Rule]) -> dict:
    try:
        options = yaml.safe_load(_read_text(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "see the YAML rules"
        raise InputError(f"{path}{line}: this is not valid YAML ({problem}).") from None
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise InputError(f"{path}: the file must hold 'key: value' lines.")
    for key in options:
        if key not in SIDECAR_KEYS:
            raise InputError(f"{path}: unknown key {key!r}; known are {', '.join(SIDECAR_KEYS)}.")
    options = {key: value for key, value in options.items() if value is not None}
    for key in ("title", "source"):
        if not isinstance(options.get(key, ""), str):
            raise InputError(f"{path}: {key} must be text, got {options[key]!r}.")
    for key in ("duration", "trajectories"):
        if key in options and not (_is_integer(options[key]) and options[key] >= 1):
            raise InputError(f"{path}: {key} must be a positive integer, got {options[key]!r}.")
    if "initial_state" in options:
        options["initial_state"] = _check_initial_state(path, options["initial_state"], rules)
    if "strengths" in options:
        options["strengths"] = _check_strengths(path, options["strengths"], rules)
    return options


def _check_initial_state(path: Path, given, rules: dict[str, Rule]) -> dict[str, float]:
    if not isinstance(given, dict):
        raise InputError(f"{path}: initial_state must hold 'gene: level' lines, got {given!r}.")
    for gene, level in given.items():
        if gene not in rules:
            raise InputError(
                f"{path}: initial_state names {gene!r}, which is no gene of the model; the genes "
                f"are {', '.join(rules)}."
            )
        if not _is_number(level) or level < 0:
            raise InputError(
                f"{path}: initial_state of {gene} must be a number of at least 0, got {level!r}."
            )
    return {gene: float(level) for gene, level in given.items()}


def _check_strengths(path: Path, given, rules: dict[str, Rule]) -> dict[tuple[str, str], float]:
    keys = {"regulator", "target", "strength"}
    if not isinstance(given, list):
        raise InputError(f"{path}: strengths must be a list, got {given!r}.")
    strengths: dict[tuple[str, str], float] = {}
    for number, entry in enumerate(given, 1):
        where = f"{path}: entry {number} of strengths"
        if not isinstance(entry, dict) or set(entry) != keys:
            raise InputError(f"{where} must have exactly the keys regulator, target and strength.")
        regulator, target, strength = (entry[k] for k in ("regulator", "target", "strength"))
        for gene in (regulator, target):
            if not isinstance(gene, str) or gene not in rules:
                raise InputError(
                    f"{where} names {gene!r}, which is no gene of the model; the genes are "
                    f"{', '.join(rules)}."
                )
        if regulator not in rules[target].regulators:
            raise InputError(
                f"{where}: {regulator} does not occur in the rule of {target}; its regulators are "
                f"{', '.join(rules[target].regulators)}."
            )
        if not _is_number(strength) or strength <= 0:
            raise InputError(f"{where}: strength must be a number above 0, got {strength!r}.")
        if (regulator, target) in strengths:
            raise InputError(f"{where} repeats the edge {regulator} -> {target}; give it once.")
        strengths[regulator, target] = float(strength)
    return strengths


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
