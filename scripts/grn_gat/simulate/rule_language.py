"""Rules of genes: Boolean expressions over gene names, parsed and never executed.

    rule    terms, joined by `or` (`|`)
    term    factors, joined by `and` (`&`)
    factor  gene, constant, `not` (`!`) factor, or a rule in parentheses

A gene is a word of letters, digits, `_`, `.` and `-`. Constants are `0`, `1`, `false` and `true`.
Operators and constants may be written in upper and lower case; `&&`, `||` and `~` are read as well.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from grn_gat.core.errors import InputError, excerpt

MAX_REGULATORS = 20
MAX_DEPTH = 100
MAX_GENE_NAMES = 100_000  # in one rule; the truth table of 20 regulators takes about a second then

_CONSTANTS = {"0": False, "1": True, "false": False, "true": True}
_KINDS = {
    **dict.fromkeys(("and", "&", "&&"), "and"),
    **dict.fromkeys(("or", "|", "||"), "or"),
    **dict.fromkeys(("not", "!", "~"), "not"),
    **dict.fromkeys(_CONSTANTS, "constant"),
    "(": "(",
    ")": ")",
}
_NAME = re.compile(r"[\w.\-]+")
_TOKEN = re.compile(rf"{_NAME.pattern}|&&?|\|\|?|[!~()]")
_ACTIVATION, _REPRESSION, _UNKNOWN = "+", "-", ""

# An expression is a tuple: ("var", name), ("constant", value), ("not", e), ("and", e, e, ...) or
# ("or", e, e, ...).
Expression = tuple


@dataclass(frozen=True)
class Rule:
    """One parsed rule: its text, its expression and its regulators in order of occurrence."""

    text: str
    expression: Expression
    regulators: tuple[str, ...]

    @cached_property
    def truth_table(self) -> np.ndarray:
        """The rule as a Boolean array with one axis of length 2 per regulator, in their order.

        Genes that are no regulators do not occur; entry [0, ..., 0] is the rule with all off.
        """
        # Eight entries a byte: in a rule of many terms all time goes into joining these columns.
        shape = (2,) * len(self.regulators)
        columns = {}
        for k, name in enumerate(self.regulators):
            axis = np.array([False, True]).reshape([2 if k == j else 1 for j in range(len(shape))])
            columns[name] = np.packbits(np.broadcast_to(axis, shape))
        packed = evaluate(self.expression, columns, np.uint8(255))
        size = 2 ** len(shape)
        packed = np.broadcast_to(packed, (-(-size // 8),))  # a constant is one number
        return np.unpackbits(packed, count=size).astype(bool).reshape(shape)

    @cached_property
    def _effects(self) -> tuple[tuple[bool, bool], ...]:
        """Of each regulator: whether switching it on can make the rule true, and false."""
        table = self.truth_table
        pairs = [(table.take(0, axis=k), table.take(1, axis=k)) for k in range(table.ndim)]
        return tuple((bool((on & ~off).any()), bool((off & ~on).any())) for off, on in pairs)

    @property
    def functional_regulators(self) -> tuple[str, ...]:
        """The regulators whose value can change the value of the rule."""
        effects = zip(self.regulators, self._effects, strict=True)
        return tuple(name for name, effect in effects if any(effect))

    @property
    def signs(self) -> tuple[str, ...]:
        """Of each regulator: `+` where it only makes the rule true, `-` where only false.

        Empty where it does both, in other states of the other regulators, or neither.
        """
        signs = {(True, False): _ACTIVATION, (False, True): _REPRESSION}
        return tuple(signs.get(effect, _UNKNOWN) for effect in self._effects)

    @property
    def constant(self) -> bool | None:
        """The value of a rule that has the same in every state, None of any other."""
        if any(any(effect) for effect in self._effects):
            return None
        return bool(self.truth_table.flat[0])

    def __call__(self, state: Mapping[str, bool]) -> bool:
        """Return the value of the rule in a Boolean state of the regulators."""
        values = {name: np.bool_(state[name]) for name in self.regulators}
        return bool(evaluate(self.expression, values, np.True_))


def is_gene_name(text: str) -> bool:
    """Whether a rule can name a gene so: no operator and no constant."""
    return bool(_NAME.fullmatch(text)) and text.lower() not in _KINDS


def parse_rule(text: str, where: str = "rule") -> Rule:
    """Parse a Boolean expression; `where` opens the sentence of an InputError."""
    tokens = _tokenize(text, where)
    expression = _Parser(tokens, text, where).parse()
    names = [word for kind, word, _ in tokens if kind == "name"]
    regulators = tuple(dict.fromkeys(names))
    if len(regulators) > MAX_REGULATORS:
        raise InputError(
            f"{where}: the rule has {len(regulators)} regulators; at most {MAX_REGULATORS} are "
            "possible, because its truth table has two to that power entries."
        )
    if len(names) > MAX_GENE_NAMES:
        raise InputError(
            f"{where}: the rule is too long; genes are named {len(names)} times in it, at most "
            f"{MAX_GENE_NAMES} are possible."
        )
    return Rule(text, expression, regulators)


def evaluate(expression: Expression, values: Mapping[str, Any], true: Any) -> Any:
    """Return the value of an expression.

    Args:
        expression: what is evaluated.
        values: of each regulator a Boolean of numpy, or an array of Booleans or of bits.
        true: what stands for a true constant among these values; `~true` stands for a false one.
    """
    kind, *parts = expression
    if kind == "var":
        return values[parts[0]]
    if kind == "constant":
        return true if parts[0] else ~true
    value = evaluate(parts[0], values, true)
    if kind == "not":
        return ~value
    for part in parts[1:]:
        other = evaluate(part, values, true)
        value = value & other if kind == "and" else value | other
    return value


def _tokenize(text: str, where: str) -> list[tuple[str, str, int]]:
    """Return (kind, text, position) triples; kind is name or a value of `_KINDS`."""
    tokens = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
        elif match := _TOKEN.match(text, position):
            word = match.group()
            tokens.append((_KINDS.get(word.lower(), "name"), word, position + 1))
            position = match.end()
        else:
            raise InputError(
                f"{where}: {text[position]!r} at position {position + 1} of "
                f"'{excerpt(text, position)}' is no part of a rule; use gene names, and, or, not, "
                "parentheses, 0 and 1."
            )
    return tokens


class _Parser:
    """Recursive descent: or-terms of and-terms of factors; `not` binds tightest."""

    def __init__(self, tokens: list[tuple[str, str, int]], text: str, where: str):
        self.tokens, self.text, self.where = tokens, text, where
        self.next = 0
        self.depth = 0

    def parse(self) -> Expression:
        expression = self._rule()
        if self.next < len(self.tokens):
            kind, _, position = self.tokens[self.next]
            if kind == ")":
                self._fail(f"')' at position {position} closes no parenthesis", position)
            self._fail_before("'and' or 'or'")
        return expression

    def _fail(self, reason: str, position: int) -> NoReturn:
        raise InputError(f"{self.where}: {reason} in '{excerpt(self.text, position)}'.")

    def _fail_before(self, missing: str) -> NoReturn:
        """Say what is missing before the next token."""
        _, word, position = self.tokens[self.next]
        self._fail(
            f"{missing} is missing before '{excerpt(word)}' at position {position}", position
        )

    def _kind(self) -> str | None:
        return self.tokens[self.next][0] if self.next < len(self.tokens) else None

    def _rule(self) -> Expression:
        return self._joined("or", lambda: self._joined("and", self._factor))

    def _joined(self, operator: str, part: Callable[[], Expression]) -> Expression:
        parts = [part()]
        while self._kind() == operator:
            self.next += 1
            parts.append(part())
        return parts[0] if len(parts) == 1 else (operator, *parts)

    def _factor(self) -> Expression:
        kind = self._kind()
        if kind is None:
            self._fail("a gene name is missing at the end", len(self.text))
        if kind not in ("name", "constant", "not", "("):
            self._fail_before("a gene name")
        _, word, position = self.tokens[self.next]
        self.next += 1
        if kind == "name":
            return ("var", word)
        if kind == "constant":
            return ("constant", _CONSTANTS[word.lower()])
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._fail(f"more than {MAX_DEPTH} nested levels at position {position}", position)
        expression = ("not", self._factor()) if kind == "not" else self._closed(position)
        self.depth -= 1
        return expression

    def _closed(self, position: int) -> Expression:
        """Parse a rule up to the parenthesis that closes the one at `position`."""
        expression = self._rule()
        if self._kind() is None:
            self._fail(f"'(' at position {position} is not closed", position)
        if self._kind() != ")":
            self._fail_before("'and' or 'or'")
        self.next += 1
        return expression
