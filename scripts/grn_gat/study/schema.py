"""A block of a config against its JSON schema: one sentence per mistake, defaults filled in."""

import contextlib
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

from grn_gat.core.spelling import did_you_mean

Path = tuple[Any, ...]  # keys (and indices) that lead to a value of the config


def place(path: Iterable[object]) -> str:
    """Return a key with those that lead to it, separated by dots."""
    return ".".join(str(part) for part in path) or "(top level)"


_NAME = "^[A-Za-z0-9][A-Za-z0-9._-]*$"  # what names of networks, predictions, ... look like


def sentence(error: Any, prefix: Path = (), also: Iterable[str] = ()) -> str:
    """Say what is wrong at which key, and what would be right.

    Args:
        error: one of jsonschema's.
        prefix: keys that lead to what was validated.
        also: keys that may be meant, beside those of the schema.
    """
    path = [*prefix, *error.absolute_path]
    key = place(path)
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = sorted(set(error.instance) - set(known), key=str)[0]
        question = did_you_mean(unknown, [*known, *also])
        listed = ", ".join(sorted(known))
        if path == ["method_settings"] and not question:
            listed += "; settings of a method of your own need methods_path, the folder of its file"
        return f"config: unknown key {place([*path, unknown])}{question}; known here: {listed}"
    if error.validator == "required":
        missing = next(k for k in error.validator_value if k not in error.instance)
        return f"config: {key} lacks the key {missing}"
    hint = " ".join(error.schema.get("description", "").split())
    unquoted = isinstance(error.instance, (bool, int, float))
    if error.validator == "type" and error.validator_value == "string" and unquoted:
        return f"config: {key}: {error.instance!r} is not text: put it in quotes"
    if error.validator == "pattern" and error.validator_value == _NAME and not hint:
        return (
            f"config: {key}: name {error.instance!r} may hold letters, digits, '.', '_' and '-' "
            "only, and begins with a letter or digit"
        )
    if error.validator == "oneOf":
        return f"config: {key}: {error.instance!r} is not allowed. {hint}"
    of_list = error.validator == "enum"
    question = did_you_mean(error.instance, error.validator_value) if of_list else ""
    return f"config: {key}: {error.message}{question}" + (f" ({hint})" if hint else "")


def validator(schema: Mapping[str, Any]) -> Any:
    """Return a validator for which 5.0 is no integer and .nan no number."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    def is_integer(_: object, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def is_number(checker: object, value: object) -> bool:
        return is_integer(checker, value) or (isinstance(value, float) and math.isfinite(value))

    checker: Any = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": is_integer, "number": is_number}
    )
    make: Any = extend
    return make(Draft202012Validator, type_checker=checker)(schema)


def not_to_draw_from(
    value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], path: Path = ()
) -> Iterator[str]:
    """Say which ranges run backwards, and of which shares none is above 0, one sentence each.

    A range is what the schema has as two numbers; shares are a block of nothing but numbers that
    may be 0 and have no limit above: with one they are chances, each for itself.

    Args:
        value: what is valid by the schema.
        schema: that of the value, a part of the whole one.
        whole: the whole schema.
        path: keys that lead to the value.
    """
    schema = _resolved(schema, whole)
    if isinstance(value, Mapping):
        known, other = schema.get("properties", {}), schema.get("additionalProperties") or {}
        inner = {key: _resolved(known.get(key, other), whole) for key in value}
        of_shares = bool(inner) and all(
            part.get("minimum") == 0 and "maximum" not in part for part in inner.values()
        )
        if of_shares and not any(value.values()):
            names = ", ".join(map(str, value))
            yield f"config: {place(path)}: all are 0 ({names}); give one of them more"
        for key, part in inner.items():
            yield from not_to_draw_from(value[key], part, whole, (*path, key))
    elif isinstance(value, list):
        if schema.get("minItems") == schema.get("maxItems") == 2 and value[0] > value[1]:
            yield f"config: {place(path)}: {value} runs backwards; give the smaller number first"
        for number, each in enumerate(value):
            yield from not_to_draw_from(each, schema.get("items", {}), whole, (*path, number))


def numbers(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Any:
    """Turn text into what the schema, a part of the whole one, wants: numbers, yes or no.

    Snakemake's `--config seeds=[1,2]` gives ['1', '2'], and `key=true` gives 'true'.
    """
    schema = _resolved(schema, whole)
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties") or {}
        return {key: numbers(inner, known.get(key, other), whole) for key, inner in value.items()}
    if isinstance(value, list):
        return [numbers(inner, schema.get("items", {}), whole) for inner in value]
    wanted = {schema.get("type")} | {s.get("type") for s in schema.get("oneOf", [])}
    if isinstance(value, str) and wanted & {"integer", "number"}:
        if "integer" in wanted:
            with contextlib.suppress(ValueError):
                return int(value)
        if "number" in wanted:
            with contextlib.suppress(ValueError):
                return float(value)
    if isinstance(value, str) and "boolean" in wanted:
        return {"true": True, "false": False}.get(value.lower(), value)
    return value


def flat(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of nested blocks by their dotted keys; empty blocks have none."""
    found: dict[str, Any] = {}
    for key, value in block.items():
        inner = flat(value) if isinstance(value, Mapping) else None
        found |= {str(key): value} if inner is None else {f"{key}.{k}": v for k, v in inner.items()}
    return found


def _resolved(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of the whole schema that this one refers to, or itself."""
    if "$ref" not in schema:
        return schema
    keys = schema["$ref"].split("/")[1:]  # of the form #/key/key
    return reduce(lambda part, key: part[key], keys, whole)


def fill(
    value: Mapping[str, Any], schema: Mapping[str, Any], whole: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return `value` with the schema's defaults for keys that are absent, recursively.

    Keys come in the schema's order: to Snakemake, parameters in another order are others, and the
    order in which a user lists them must rerun nothing.
    """
    whole = schema if whole is None else whole
    filled: dict[str, Any] = {}
    for key, inner in _resolved(schema, whole).get("properties", {}).items():
        if key not in value and "default" not in inner:
            continue
        found = value.get(key, inner.get("default"))
        filled[key] = fill(found, inner, whole) if isinstance(found, dict) else found
    return filled | {key: inner for key, inner in value.items() if key not in filled}
