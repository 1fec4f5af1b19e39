"""Checking the config before anything runs: one sentence per mistake, defaults filled in."""

import contextlib
import math
import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import reduce
from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.data.dataset_files import find_files
from grn_gat.methods._registry import ZERO_SHOT, method_names
from grn_gat.zeroshot.ablation_plan import ALTERED, REFERENCE, grid_cells, trainings

_KINDS = {"model": "simulated", "folders": "beeline", "h5ad": "anndata"}


def _place(path) -> str:
    return ".".join(str(part) for part in path) or "(top level)"


def _sentence(error, prefix: tuple = ()) -> str:
    """Say what is wrong at which key, and what would be right."""
    path = [*prefix, *error.absolute_path]
    key = _place(path)
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = sorted(set(error.instance) - set(known), key=str)[0]
        similar = get_close_matches(str(unknown), known, n=1, cutoff=0.7)
        question = f" (did you mean {similar[0]}?)" if similar else ""
        listed = ", ".join(sorted(known))
        return f"config: unknown key {_place([*path, unknown])}{question}; known here: {listed}"
    if error.validator == "required":
        missing = next(k for k in error.validator_value if k not in error.instance)
        return f"config: {key} lacks the key {missing}"
    hint = " ".join(error.schema.get("description", "").split())
    if error.validator == "oneOf":
        return f"config: {key}: {error.instance!r} is not allowed. {hint}"
    return f"config: {key}: {error.message}" + (f" ({hint})" if hint else "")


def _validator(schema: Mapping):
    """Validator for which 5.0 is no integer and .nan no number."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    def is_integer(_, value) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def is_number(checker, value) -> bool:
        return is_integer(checker, value) or (isinstance(value, float) and math.isfinite(value))

    checker = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": is_integer, "number": is_number}
    )
    return extend(Draft202012Validator, type_checker=checker)(schema)


def _network_mistakes(name, entry, schema: Mapping) -> Iterator[str]:
    """Mistakes of one entry of `networks`, by the one of the three kinds that it is."""
    pattern = schema["properties"]["networks"]["propertyNames"]["pattern"]
    if not isinstance(name, str):
        yield f"config: network name {name!r} is not text: put it in quotes"
    elif not re.search(pattern, name):
        yield f"config: network name {name!r} may hold letters, digits, '.', '_' and '-' only"
    kinds = [kind for kind in _KINDS if isinstance(entry, Mapping) and kind in entry]
    if len(kinds) != 1:
        yield (
            f"config: networks.{name} needs exactly one of the keys model (Boolean rules), "
            "folders (BEELINE layout) and h5ad (AnnData)"
        )
        return
    branch = {"$defs": schema["$defs"], **schema["$defs"][_KINDS[kinds[0]]]}
    for error in _validator(branch).iter_errors(entry):
        yield _sentence(error, ("networks", name))


def _mistakes(config: Mapping, schema: Mapping) -> Iterator[str]:
    networks = config.get("networks")
    for error in _validator(schema).iter_errors(config):
        inside = (
            list(error.absolute_path)[:1] == ["networks"] and error.validator != "minProperties"
        )
        if not (inside and isinstance(networks, Mapping)):
            yield _sentence(error)
    if isinstance(networks, Mapping):
        for name, entry in networks.items():
            yield from _network_mistakes(name, entry, schema)


def _numbers(value, schema: Mapping, whole: Mapping):
    """Turn text into numbers where the schema, a part of the whole one, wants numbers.

    Snakemake's `--config seeds=[1,2]` gives ['1', '2'].
    """
    if "$ref" in schema:  # of the form #/key/key
        schema = reduce(lambda part, key: part[key], schema["$ref"].split("/")[1:], whole)
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties") or {}
        return {key: _numbers(inner, known.get(key, other), whole) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner, schema.get("items", {}), whole) for inner in value]
    wanted = {schema.get("type")} | {s.get("type") for s in schema.get("oneOf", [])}
    if isinstance(value, str) and wanted & {"integer", "number"}:
        for kind, parse in (("integer", int), ("number", float)):
            if kind in wanted:
                with contextlib.suppress(ValueError):
                    return parse(value)
    return value


def _fill(value: dict, schema: Mapping) -> dict:
    """Return `value` with the schema's defaults for keys that are absent, recursively."""
    filled = dict(value)
    for key, inner in schema.get("properties", {}).items():
        if key not in filled and "default" in inner:
            filled[key] = inner["default"]
        if isinstance(filled.get(key), dict):
            filled[key] = _fill(filled[key], inner)
    return filled


def check_config(config: Mapping, schema: Mapping) -> dict:
    """Return the config with defaults, or raise InputError naming every mistake.

    Args:
        config: what Snakemake read.
        schema: content of workflow/schemas/config.schema.yaml.
    """
    config = _numbers(dict(config), schema, schema)
    mistakes = list(dict.fromkeys(_mistakes(config, schema)))
    if mistakes:
        raise InputError("\n".join(mistakes))
    filled = _fill(config, schema)
    filled["networks"] = {
        name: _fill(entry, schema["$defs"][_KINDS[next(k for k in _KINDS if k in entry)]])
        for name, entry in config["networks"].items()
    }
    _check_heads("model", filled["model"])
    if "pretraining" in filled:
        _check_heads("pretraining.model", filled["pretraining"]["model"])
        for duration in filled["pretraining"]["networks"]["durations"]:
            if not re.fullmatch(r"[1-9]\d?", str(duration)):
                raise InputError(
                    f"config: pretraining.networks.durations: {duration!r} is no whole number of 1 "
                    "to 99"
                )
        if "ablation" in filled["pretraining"]:
            _check_ablation(filled["pretraining"], schema)
    # One data set of the user, and nothing said: the method that this workflow is about.
    unasked = ZERO_SHOT if "expression" in config else "all"
    filled["methods"] = _methods(filled.get("methods", unasked))
    if not filled["methods"] and not filled["protocols"]:
        raise InputError("config: protocols and methods are both empty: there is nothing to do")
    return filled


def _check_heads(key: str, model: Mapping) -> None:
    if model["width"] % model["heads"]:
        raise InputError(
            f"config: {key}.heads ({model['heads']}) must divide {key}.width ({model['width']})"
        )


def _check_ablation(pretraining: Mapping, schema: Mapping) -> None:
    """Raise InputError where a training of the ablation would be of no valid config."""
    ablation, where = pretraining["ablation"], "pretraining.ablation"
    for sizes in grid_cells(ablation["grid"]).values():
        _check_heads(f"{where}.grid", sizes)
    taken = {REFERENCE, *grid_cells(ablation["grid"])} & set(ablation["variants"])
    if taken:
        raise InputError(
            f"config: {where}.variants.{min(taken)}: the name is that of a variant that is always "
            "there"
        )
    blocks = schema["properties"]["pretraining"]["properties"]
    planned = trainings(pretraining)
    mistakes = [
        _sentence(error, ("pretraining", "ablation", "variants", name, block))
        for name in ablation["variants"]
        for block in ALTERED
        for error in _validator({"$defs": schema["$defs"], **blocks[block]}).iter_errors(
            planned[name]["pretraining"][block]
        )
    ]
    if mistakes:
        raise InputError("\n".join(mistakes))
    chunks = pretraining["chunks"]
    available = chunks["training"] * chunks["networks_per_chunk"]
    for name, training in planned.items():
        _check_heads(f"{where}.variants.{name}.model", training["pretraining"]["model"])
        if training["networks"] > available:
            own = f"variants.{name}." if training["kind"] == "learning curve" else ""
            raise InputError(
                f"config: {where}.{own}networks: {training['networks']} is more than the "
                f"{available} training networks (pretraining.chunks: training x networks_per_chunk)"
            )


def _methods(chosen: str | list[str]) -> list[str]:
    """Names of the inference methods in the order of the registry."""
    names = chosen.split(",") if isinstance(chosen, str) else chosen
    known = method_names()
    for name in names:
        if name not in [*known, "all"]:
            raise InputError(
                f"config: methods: there is no method {name!r}; known: all, {', '.join(known)}"
            )
    return known if "all" in names else [name for name in known if name in names]


_INFER_KEYS = ("expression", "name", "pseudotime", "regulators", "reference", "layer")


def inferred_network(config: Mapping) -> tuple[str, dict] | None:
    """Name and entry of the data set of target `infer`, None where the config names none.

    Raises:
        InputError: a key without its companion, a name that is taken, a file that does not exist.
    """
    entry = {key: config[key] for key in _INFER_KEYS if key in config}
    if not entry:
        return None
    for key in ("expression", "name"):
        if key not in entry:
            raise InputError(
                f"config: {', '.join(entry)} without {key}: target infer needs "
                "--config expression=PATH name=NAME"
            )
    name, expression = entry.pop("name"), entry["expression"]
    if name in config["networks"]:
        raise InputError(f"config: name: {name} is a network of the study; choose another name")
    is_h5ad = Path(expression).suffix == ".h5ad"
    files = ["expression", "regulators", "reference", *([] if is_h5ad else ["pseudotime"])]
    for key in files:
        if key in entry and not Path(entry[key]).is_file():
            raise InputError(f"config: {key}: there is no file {entry[key]!r}")
    if "layer" in entry and not is_h5ad:
        raise InputError("config: layer is for .h5ad files; the expression file is none")
    if not config["methods"]:
        raise InputError("config: methods is empty: target infer needs at least one")
    return name, entry


def check_inputs(config: Mapping, release: str) -> None:
    """Raise InputError if a file or folder that the config names does not exist.

    `release` is the folder that the BEELINE release is unpacked to by a rule: it may still be
    absent.
    """
    for name, entry in config["networks"].items():
        for folder in entry.get("folders", []):
            if not in_release(folder, release):
                try:
                    find_files(folder, entry.get("edges"), entry.get("regulators"))
                except InputError as error:
                    raise InputError(f"config: networks.{name}.folders: {error}") from None
        keys = ("model",) if "model" in entry else ("h5ad", "edges", "regulators")
        for key in keys if "folders" not in entry else ():
            if key in entry and not Path(entry[key]).is_file():
                raise InputError(f"config: networks.{name}.{key}: there is no file {entry[key]!r}")


def in_release(folder: str, release: str) -> bool:
    """Whether a folder lies in the unpacked BEELINE release."""
    return Path(release) == Path(folder) or Path(release) in Path(folder).parents


def check_writable(folder: str) -> None:
    """Raise InputError if `folder` cannot be created or written to."""
    path = Path(folder)
    if os.path.lexists(path) and not path.is_dir():
        raise InputError(f"{folder} is not a folder: results are written below it; move it away")
    place = path if path.is_dir() else path.absolute().parent
    if not os.access(place, os.W_OK | os.X_OK):
        raise InputError(f"{place} cannot be written to: results of the workflow go there")
