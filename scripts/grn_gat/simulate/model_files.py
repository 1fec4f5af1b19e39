"""Files of a Boolean model: its rules, and the `.yaml` file of the same name beside them.

Rules are a tab-separated table with the columns `Gene` and `Rule`, or a file of BoolNet (`.bnet`):
lines `gene, rule`, first the header `targets, factors`, comments after `#`. Either has one line
per gene, and every gene that a rule names has one.

The `.yaml` file may hold

    title, source    text
    duration         run length in model time, an integer from 1 to 1000 (default 8)
    trajectories     number of lineages (default 1)
    initial_state    gene: mRNA level at time 0, from 0 to 1000 (`BooleanModel.start_values`)
    strengths        list of {regulator, target, strength}: up to 1000000, by which the threshold of
                     the regulator is divided for this target
    signs            list of {regulator, target, sign}, + or -, of edges whose sign the rules do not
                     tell: the regulator does both, or has no effect
"""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grn_gat.core.errors import InputError, excerpt, short_repr
from grn_gat.core.yaml_text import load_yaml
from grn_gat.simulate.rule_language import Rule, is_gene_name, parse_rule

MAX_DURATION = 1000
MAX_LEVEL = 1000
MAX_STRENGTH = 1_000_000
_MAX_BYTES = 100_000_000
_KEYS = ("title", "source", "duration", "trajectories", "initial_state", "strengths", "signs")
_BOOLNET_HEADER = re.compile(r"targets\s*,\s*(factors|functions)\s*(,\s*probabilities\s*)?", re.I)

Rules = Mapping[str, Rule]
Line = tuple[int, str]  # its number in the file, and what it says


def _read_text(path: Path) -> str:
    try:
        if (size := path.stat().st_size) > _MAX_BYTES:
            raise InputError(f"{path}: {size / 1e6:.0f} MB; a model has at most 100 MB.")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; give the file itself.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: the file is not UTF-8 text; save it as UTF-8.") from None


# ---------------------------------------------------------------------------- rules


def read_rules(path: Path) -> dict[str, Rule]:
    """Read the rules of all genes, in the order of the file.

    Raises InputError where the file is not as described above.
    """
    lines = [(k, line) for k, line in enumerate(_read_text(path).splitlines(), 1) if line.strip()]
    without_comments = [(k, text) for k, line in lines if (text := line.split("#")[0].strip())]
    header = _BOOLNET_HEADER.fullmatch(without_comments[0][1]) if without_comments else None
    boolnet = path.suffix.lower() == ".bnet" or header
    rows = _boolnet_rows(path, without_comments, header) if boolnet else _table_rows(path, lines)
    example = "{0}, {0}" if boolnet else "{0}<TAB>{0}"
    rules: dict[str, Rule] = {}
    row_of: dict[str, int] = {}
    for number, gene, text in rows:
        if not is_gene_name(gene):
            raise InputError(
                f"{path}, line {number}: {short_repr(gene)} is no gene name; use letters, digits "
                "and '_', '.', '-' (and neither a constant nor a word of the rule language)."
            )
        where = f"{path}, line {number}, gene {excerpt(gene)}"
        if gene in rules:
            raise InputError(
                f"{path}, line {number}: gene {excerpt(gene)} has a rule in line {row_of[gene]} "
                "already; write one per gene."
            )
        if not text:
            raise InputError(
                f"{where}: the rule is empty; write '{excerpt(gene)}' there if it is an input."
            )
        rules[gene] = parse_rule(text, where)
        row_of[gene] = number
    if not rules:
        raise InputError(f"{path}: there is no gene; below the header write one row per gene.")
    for gene, rule in rules.items():
        for name in rule.regulators:
            if name not in rules:
                example = example.format(excerpt(name))
                raise InputError(
                    f"{path}, line {row_of[gene]}, gene {excerpt(gene)}: the rule names "
                    f"{excerpt(name)}, which has no row"
                    + (_other_case(name, rules) or f"; add a row '{example}' if it is an input.")
                )
    return rules


def _table_rows(path: Path, lines: list[Line]) -> Iterator[tuple[int, str, str]]:
    """Yield line, gene and rule of a table with the columns Gene and Rule."""
    header = [name.strip() for name in lines[0][1].split("\t")] if lines else []
    for column in ("Gene", "Rule"):
        if column not in header:
            raise InputError(
                f"{path}: the column {column} is missing; the first line must hold the "
                "tab-separated names Gene and Rule, or BoolNet's 'targets, factors'."
            )
    gene, rule = header.index("Gene"), header.index("Rule")
    for number, line in lines[1:]:
        fields = [field.strip() for field in line.split("\t")]
        if any(fields[len(header) :]):
            raise InputError(
                f"{path}, line {number}: {len(fields)} tab-separated fields, but the header has "
                f"{len(header)}; write a rule without tabs."
            )
        fields += [""] * len(header)  # for what a short row lacks
        yield number, fields[gene], fields[rule]


def _boolnet_rows(
    path: Path, lines: list[Line], header: re.Match | None
) -> Iterator[tuple[int, str, str]]:
    """Yield line, gene and rule of a file of BoolNet, which may lack its header."""
    if header and header.group(2):
        raise InputError(
            f"{path}: a network with probabilities; write one rule per gene, without them."
        )
    for number, text in lines[1:] if header else lines:
        gene, comma, rule = text.partition(",")
        if not comma:
            raise InputError(
                f"{path}, line {number}: the comma is missing in '{excerpt(text)}'; write 'gene, "
                "rule'."
            )
        yield number, gene.strip(), rule.strip()


def _other_case(name: str, rules: Rules) -> str:
    """Say that there is a gene of that name in another case, if there is; else nothing."""
    for gene in rules:
        if gene.casefold() == name.casefold():
            return f"; there is {excerpt(gene)}: upper and lower case count."
    return ""


# ---------------------------------------------------------------------------- description


def read_description(path: Path, rules: Rules) -> dict[str, Any]:
    """Read the `.yaml` file of a model; the keys that it has become options of `BooleanModel`.

    Raises InputError for anything but what is described above, or a gene without a rule.
    """
    options = load_yaml(_read_text(path), path)
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise InputError(f"{path}: the file must hold 'key: value' lines.")
    for key in options:
        if key not in _KEYS:
            raise InputError(
                f"{path}: unknown key {short_repr(key)}; known are {', '.join(_KEYS)}."
            )
    options = {key: value for key, value in options.items() if value is not None}
    for key in ("title", "source"):
        if not isinstance(options.get(key, ""), str):
            raise InputError(f"{path}: {key} must be text, got {short_repr(options[key])}.")
    for key, largest in (("duration", MAX_DURATION), ("trajectories", math.inf)):
        if key in options and not (_is_integer(options[key]) and 1 <= options[key] <= largest):
            limit = f" of at most {largest}" if largest < math.inf else ""
            raise InputError(
                f"{path}: {key} must be a positive integer{limit}, got {short_repr(options[key])}."
            )
    if "initial_state" in options:
        options["initial_state"] = _initial_state(path, options["initial_state"], rules)
    if "strengths" in options:
        options["strengths"] = _strengths(path, options["strengths"], rules)
    if "signs" in options:
        options["signs"] = _signs(path, options["signs"], rules)
    return options


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_gene(where: str, gene: object, rules: Rules) -> None:
    if isinstance(gene, str) and gene in rules:
        return
    known = f"; the genes are {excerpt(', '.join(rules))}."
    quotes = "; write it in quotes if it is a gene."  # a gene called NO or 1e5 is no text for YAML
    hint = (_other_case(gene, rules) or known) if isinstance(gene, str) else quotes
    raise InputError(f"{where} names {short_repr(gene)}, which is no gene of the model{hint}")


def _initial_state(path: Path, given: Any, rules: Rules) -> dict[str, float]:
    where = f"{path}: initial_state"
    if not isinstance(given, dict):
        raise InputError(f"{where} must hold 'gene: level' lines, got {short_repr(given)}.")
    for gene, level in given.items():
        _check_gene(where, gene, rules)
        if not _is_number(level) or not 0 <= level <= MAX_LEVEL:
            raise InputError(
                f"{where} of {excerpt(gene)} must be a number from 0 to {MAX_LEVEL} (a gene that "
                f"is fully on has 2), got {short_repr(level)}."
            )
    return {gene: float(level) for gene, level in given.items()}


def _of_edges(path: Path, key: str, value: str, given: Any, rules: Rules) -> dict[tuple, Any]:
    """Check a list of mappings with the keys regulator, target and `value`; return it by edge."""
    if not isinstance(given, list):
        raise InputError(f"{path}: {key} must be a list, got {short_repr(given)}.")
    found: dict[tuple[str, str], Any] = {}
    for number, entry in enumerate(given, 1):
        where = f"{path}: entry {number} of {key}"
        if not isinstance(entry, dict) or set(entry) != {"regulator", "target", value}:
            raise InputError(f"{where} must have exactly the keys regulator, target and {value}.")
        regulator, target = edge = entry["regulator"], entry["target"]
        for gene in edge:
            _check_gene(where, gene, rules)
        if regulator not in rules[target].regulators:
            names = excerpt(", ".join(rules[target].regulators) or "none")
            raise InputError(
                f"{where}: {excerpt(regulator)} does not occur in the rule of {excerpt(target)}; "
                f"its regulators are {names}."
            )
        if edge in found:
            raise InputError(
                f"{where} repeats the edge {excerpt(regulator)} -> {excerpt(target)}; give it once."
            )
        found[edge] = entry[value]
    return found


def _strengths(path: Path, given: Any, rules: Rules) -> dict[tuple[str, str], float]:
    found = _of_edges(path, "strengths", "strength", given, rules)
    for number, strength in enumerate(found.values(), 1):
        if not _is_number(strength) or not 0 < strength <= MAX_STRENGTH:
            raise InputError(
                f"{path}: entry {number} of strengths: strength must be a number above 0 and at "
                f"most {MAX_STRENGTH}, got {short_repr(strength)}."
            )
    return {edge: float(strength) for edge, strength in found.items()}


def _signs(path: Path, given: Any, rules: Rules) -> dict[tuple[str, str], str]:
    found = _of_edges(path, "signs", "sign", given, rules)
    for number, ((regulator, target), sign) in enumerate(found.items(), 1):
        where = f"{path}: entry {number} of signs"
        if sign not in ("+", "-"):
            raise InputError(f'{where}: sign must be "+" or "-", got {short_repr(sign)}.')
        rule = rules[target]
        of_rule = rule.signs[rule.regulators.index(regulator)]
        if of_rule:
            raise InputError(
                f"{where}: the rule of {excerpt(target)} tells the sign of {excerpt(regulator)}, "
                f"which is {of_rule}; list only edges whose sign it does not tell."
            )
    return found
