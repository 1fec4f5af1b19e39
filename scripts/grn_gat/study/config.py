"""Checking the config before anything runs: one sentence per mistake, defaults filled in."""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from grn_gat.algorithms._registry import INFERRED, method_names, usual_methods
from grn_gat.core.errors import InputError
from grn_gat.core.protocols import PAPER
from grn_gat.core.spelling import did_you_mean
from grn_gat.data.cell_preparation import (
    ALL,
    AUTO,
    DIFFUSION,
    REGULATOR_WORDS,
    VARIABLE,
    check_cell_keys,
    genes_file,
    regulators_file,
)
from grn_gat.data.cell_preparation import KEYS as PREPARED
from grn_gat.data.dataset_files import CELLS_NAME, find_files
from grn_gat.data.evidence_names import DEFAULT_KIND, MATRICES, PERTURBATIONS, PRIOR, named_files
from grn_gat.data.file_kinds import (
    LAYERED,
    TEXT_SUFFIXES,
    expression_files,
    is_h5ad,
    is_obs_column,
    kind_of_file,
)
from grn_gat.evaluate.held_out_plan import SPEARMAN, measurement_block, scored
from grn_gat.simulate.measurement_settings import settings_of
from grn_gat.study.broad_training import AFTERWARDS, first_chunks, variant
from grn_gat.study.combinations import check_combinations
from grn_gat.study.own_methods import check_folder, split_settings
from grn_gat.study.predictions import check_patterns
from grn_gat.study.sample_sheet import read_sample_sheet
from grn_gat.study.schema import (
    fill,
    flat,
    not_to_draw_from,
    numbers,
    place,
    sentence,
    validator,
)
from grn_gat.zeroshot.ablation_plan import ALTERED, REFERENCE, grid_cells, trainings

Config = Mapping[str, Any]

# Words that stand where a file might.
_WORDS = {"regulators": REGULATOR_WORDS, "genes": (AUTO, ALL)}
_LONGEST_NAME = 100  # it is a part of file names
# Word for the regulators that have an edge in a reference, where it stands for a file of them.
MEASURED = "measured"
_KINDS = {"model": "simulated", "folders": "beeline", "h5ad": "anndata"}
# Keys of the command line, `snakemake infer --config expression=PATH name=NAME`: an entry of
# `infer` in short.
ONE_SHOT = (
    "expression",
    "pseudotime",
    PERTURBATIONS,
    DEFAULT_KIND,
    PRIOR,
    *MATRICES,
    "regulators",
    "reference",
    "layer",
    "duplicates",
    "symbols",
    *PREPARED,
    "shuffled_null",
    "stability",
    "donors",
    "permutations",
    "pairs",
)
SAMPLES = "samples"  # key of the command line and of a config: a table of such entries
# Blocks whose keys are names, or that are for the zero-shot model.
_ENTRIES = ("networks", "infer", "pretraining")
# What matters to target infer, beside its data set.
_OF_INFER = ("seed", "methods", "methods_path", "method_settings", "hubs")
# Blocks of the pretraining that another one of it draws with.
_DRAWN_WITH = {
    "views": ("transcriptional", "measurement", "evidence"),
    "broad_training": ("views",),
    "realism": ("transcriptional", "bursty", "sergio", "measurement", "evidence", "views"),
}
_OF_MEASUREMENT = ("measurement", "views")  # in config/measurement.yaml
# Keys and values that had another name, with the one they have now.
RENAMED_KEYS = {("peers",): "method_settings", ("model", "dropout"): "model.neuron_dropout"}
RENAMED_PROTOCOLS = {"published": PAPER}


def with_one_shot(config: Config) -> dict[str, Any]:
    """Return the config with the data sets of the command line as entries of `infer`.

    That is one by its keys, and those of a sample sheet (`samples`).

    Raises:
        InputError: one of its keys without `expression` or `name`, a name that is not text, or a
            sheet that cannot be read, repeats a name, or comes with one of these two.
    """
    if SAMPLES in config:
        return _with_samples(config)
    rest = {key: value for key, value in config.items() if key not in (*ONE_SHOT, "name")}
    entry = {key: config[key] for key in ONE_SHOT if key in config}
    if not entry and "name" not in config:
        return rest
    for key in ("expression", "name"):
        if key not in config:
            for wrong in rest:
                if question := did_you_mean(wrong, [key]):
                    raise InputError(f"config: unknown key {wrong}{question}")
            given = ", ".join(k for k in ("expression", "name", *ONE_SHOT[1:]) if k in config)
            raise InputError(
                f"config: {given} without {key}: target infer needs "
                "--config expression=PATH name=NAME"
            )
    if not isinstance(config["name"], str):
        raise InputError(
            f"config: name: {config['name']!r} is not text: put it in quotes, on the command line "
            "in two kinds of them: name='\"007\"'"
        )
    listed = rest.get("infer", {})
    if not isinstance(listed, Mapping):
        return rest  # the schema says what is wrong with it
    return rest | {"infer": {**listed, config["name"]: entry}}


def _with_samples(config: Config) -> dict[str, Any]:
    """Return the config with the rows of its sample sheet as entries of `infer`.

    Other keys of the command line hold for all rows that say nothing else.
    """
    rest = {key: value for key, value in config.items() if key not in (SAMPLES, "name", *ONE_SHOT)}
    if not isinstance(config[SAMPLES], str):
        raise InputError(f"config: {SAMPLES}: {config[SAMPLES]!r} is not the path of a table")
    for key in ("expression", "name"):
        if key in config:
            raise InputError(f"config: {key}: the table of {SAMPLES} names the files; leave it out")
    shared = {key: config[key] for key in ONE_SHOT if key in config}
    rows, known = read_sample_sheet(config[SAMPLES], ONE_SHOT, (PRIOR,)), rest.get("infer", {})
    listed = {name: {**shared, **row} for name, row in rows.items()}
    if not isinstance(known, Mapping):
        return rest  # the schema says what is wrong with it
    if twice := sorted(listed.keys() & known.keys()):
        raise InputError(f"config: {twice[0]} is in {config[SAMPLES]}, and in the block infer")
    return rest | {"infer": {**known, **listed}}


def _renamed(config: Config) -> Iterator[str]:
    for path, name in RENAMED_KEYS.items():
        block: Any = config
        for key in path[:-1]:
            block = block.get(key, {}) if isinstance(block, Mapping) else {}
        if isinstance(block, Mapping) and path[-1] in block:
            yield f"config: the key {place(path)} is called {name} now"
    protocols = config.get("protocols")
    for old, new in RENAMED_PROTOCOLS.items():
        if isinstance(protocols, list) and old in protocols:
            yield f"config: protocols: {old} is called {new} now"


def _network_mistakes(name: object, entry: object, schema: Config) -> Iterator[str]:
    """Mistakes of one entry of `networks`, by the one of the three kinds that it is."""
    yield from _name_mistakes("network", name, schema["properties"]["networks"])
    kinds = [kind for kind in _KINDS if isinstance(entry, Mapping) and kind in entry]
    if not isinstance(entry, Mapping) or len(kinds) != 1:
        yield (
            f"config: networks.{name} needs exactly one of the keys model (Boolean rules), "
            "folders (BEELINE layout) and h5ad (AnnData)"
        )
        return
    branch = {"$defs": schema["$defs"], **schema["$defs"][_KINDS[kinds[0]]]}
    for error in validator(branch).iter_errors(entry):
        yield sentence(error, ("networks", name))
    if "edges" in entry and "references" in entry:
        yield f"config: networks.{name} has both edges and references: give one of them"
    if kinds == ["h5ad"] and not {"edges", "references"} & set(entry):
        yield f"config: networks.{name} lacks the key edges (or references, for several)"
    if "batches" in entry and len(entry.get("folders", [0])) > 1:
        yield f"config: networks.{name}.batches: folders are replicates already; give one folder"


def _name_mistakes(what: str, name: object, block: Config) -> Iterator[str]:
    if not isinstance(name, str):
        yield f"config: {what} name {name!r} is not text: put it in quotes"
    elif len(name) > _LONGEST_NAME:
        yield f"config: {what} name {name[:20]!r}... is longer than {_LONGEST_NAME} characters"
    # In full: `$` would let a line end pass.
    elif not re.fullmatch(block["propertyNames"]["pattern"].strip("^$"), name):
        yield (
            f"config: {what} name {name!r} may hold letters, digits, '.', '_' and '-' only, and "
            "begins with a letter or digit"
        )


def _mistakes(config: Config, schema: Config) -> Iterator[str]:
    named = {key: config.get(key) for key in ("networks", "infer")}
    for error in validator(schema).iter_errors(config):
        path = list(error.absolute_path)
        if error.validator == "anyOf":
            yield "config: (top level) lacks the key networks"
            continue
        # Names and entries of networks have sentences of their own, names of infer as well.
        inside = path[:1] == ["networks"] and error.validator != "minProperties"
        of_names = path[:1] == ["infer"] and "propertyNames" in error.absolute_schema_path
        if not ((inside and isinstance(named["networks"], Mapping)) or of_names):
            yield sentence(error, also=() if path else (*ONE_SHOT, "name", SAMPLES))
    if isinstance(named["networks"], Mapping):
        for name, entry in named["networks"].items():
            yield from _network_mistakes(name, entry, schema)
    if isinstance(named["infer"], Mapping):
        for name in named["infer"]:
            yield from _name_mistakes("data set", name, schema["properties"]["infer"])


def check_config(config: Config, schema: Config) -> dict[str, Any]:
    """Return the config of a study with defaults, or raise InputError naming every mistake.

    The block `pretraining` is left as it is (`check_pretraining`).

    Args:
        config: what Snakemake read.
        schema: content of workflow/schemas/study.schema.yaml.
    """
    # One data set of the command line, or nothing but such: the method this workflow is about, and
    # what it is to be compared with.
    one_shot = "expression" in config or SAMPLES in config or "networks" not in config
    unasked = list(INFERRED) if one_shot else "all"
    config = numbers(with_one_shot(config), schema, schema)
    own = _own_folder(config)
    config, given = split_settings(config, own)
    mistakes = list(dict.fromkeys([*_renamed(config)] or _mistakes(config, schema)))
    if mistakes:
        raise InputError("\n".join(mistakes))
    methods = _methods(config.get("methods", unasked), own)
    filled = fill({**config, "methods": methods}, schema)
    filled["method_settings"] |= given
    check_patterns(filled["predictions"], method_names(own))
    check_combinations(
        filled["combinations"], [*filled["methods"], *filled["predictions"]], method_names(own)
    )
    if "networks" in filled:
        filled["networks"] = {
            name: fill(_with_references(entry), _kind_of(entry, schema), schema)
            for name, entry in filled["networks"].items()
        }
    if "infer" in filled:
        filled["infer"] = {
            name: fill(entry, _kind_of(entry, schema), schema)
            for name, entry in filled["infer"].items()
        }
    if "preparation" in filled:
        filled["preparation"] = {
            folder: fill(entry, schema["$defs"]["prepared"])
            for folder, entry in filled["preparation"].items()
        }
    _check_distinct(filled.get("networks", {}))
    for name, entry in filled.get("networks", {}).items():
        try:
            settings_of(entry.get("measurement", {}))
        except InputError as error:
            raise InputError(f"config: networks.{name}.{error}") from None
    for name in filled.get("infer", {}):
        if name in filled.get("networks", {}):
            raise InputError(f"config: name: {name} is a network of the study; choose another name")
    _check_heads("model", filled["model"])
    if not filled["methods"] and not filled["protocols"] and not filled["predictions"]:
        raise InputError("config: protocols and methods are both empty: there is nothing to do")
    _check_focus(filled)
    models = [name for name, entry in filled.get("networks", {}).items() if "model" in entry]
    _check_names("config: perturb.together", filled["perturb"]["together"], models)
    if "infer" in filled and not filled["methods"]:
        raise InputError("config: methods is empty: target infer needs at least one")
    _check_figures(filled["report"], _scored(filled))
    return filled


def _scored(config: Config) -> list[str]:
    """Methods of the tables of a study."""
    return [*config["methods"], *sorted(config["predictions"]), *sorted(config["combinations"])]


def _check_focus(config: Config) -> None:
    """Raise InputError where the focus is none of the methods of the study."""
    known = _scored(config)
    focus = config.get("focus")
    if focus is not None and focus not in known:
        question = did_you_mean(focus, known)
        raise InputError(
            f"config: focus: {focus} is no method of the study{question}; its methods: "
            f"{', '.join(known) or 'none'}"
        )


def _check_figures(report: Config, methods: Collection[str]) -> None:
    """Raise InputError where figures are to show, or point out, a method that they do not have."""
    _check_names("config: report.methods", report["methods"], methods)
    _check_names("config: report.highlight", report["highlight"], report["methods"] or methods)


def _with_references(entry: Config) -> Config:
    """Return an entry of `networks` whose references are written in full."""
    if "references" not in entry:
        return entry
    full = {
        name: {"edges": found} if isinstance(found, str) else dict(found)
        for name, found in entry["references"].items()
    }
    return {**entry, "references": full}


def _check_distinct(networks: Config) -> None:
    """Raise InputError where a network and a reference of a data set have one name in paths."""
    names = [
        (full, key)
        for key, entry in networks.items()
        for full in [key, *(f"{key}.{reference}" for reference in entry.get("references", {}))]
    ]
    for number, (full, key) in enumerate(names):
        others = [other for same, other in names[:number] if same == full]
        if others:
            raise InputError(
                f"config: networks.{key}: the network {full} is there twice, also from "
                f"networks.{others[0]}; choose another name"
            )


def _kind_of(entry: Config, schema: Config) -> Config:
    """Return the schema of an entry of `networks` or `infer`."""
    kind = next((kind for key, kind in _KINDS.items() if key in entry), "inferred")
    found: Config = schema["$defs"][kind]
    return found


def not_default(config: Config, schema: Config, network: str | None = None) -> dict[str, Any]:
    """Return the values that are not the defaults, by dotted keys in alphabetical order.

    Args:
        config: as `check_config` returns it.
        schema: content of workflow/schemas/study.schema.yaml.
        network: a data set of target infer, of which only what matters to it counts; without it
            all that matters to the study.
    """
    if network is None:
        blocks, entries = [*schema["properties"]], {"networks": config.get("networks", {})}
    else:
        blocks, entries = [*_OF_INFER], {"infer": {network: config["infer"][network]}}
    own = str(config.get("methods_path", ""))
    methods = _methods("all" if network is None else [*INFERRED], own)
    default = flat(fill({"methods": methods}, schema))
    found = {key: config[key] for key in blocks if key in config and key not in _ENTRIES}
    for block, named in entries.items():
        kinds = {name: fill({}, _kind_of(entry, schema), schema) for name, entry in named.items()}
        default |= flat({block: kinds})
        found[block] = named
    return {
        key: value
        for key, value in sorted(flat(found).items())
        if key not in default or default[key] != value
    }


def check_pretraining(pretraining: Config, schema: Config) -> dict[str, Any]:
    """Return the block `pretraining` of a config, or raise InputError naming every mistake.

    Args:
        pretraining: the block, as Snakemake read it.
        schema: content of workflow/schemas/pretraining.schema.yaml.
    """
    checked: dict[str, Any] = numbers(dict(pretraining), schema, schema)
    errors = validator(schema).iter_errors(checked)
    mistakes = list(dict.fromkeys(sentence(error, ("pretraining",)) for error in errors))
    mistakes = mistakes or [
        *not_to_draw_from(checked, schema, schema, ("pretraining",)),
        *_lacking_blocks(checked),
    ]
    if mistakes:
        raise InputError("\n".join(mistakes))
    _check_heads("pretraining.model", checked["model"])
    for duration in checked["networks"]["durations"]:
        if not re.fullmatch(r"[1-9]\d?", str(duration)):
            raise InputError(
                f"config: pretraining.networks.durations: {duration!r} is no whole number of 1 "
                "to 99"
            )
    if "ablation" in checked:
        _check_ablation(checked, schema)
    if "held_out" in checked:
        _check_held_out(checked["held_out"])
    if "knock_outs" in checked:
        _check_scored("config: pretraining.knock_outs", checked["knock_outs"])
    if "broad_training" in checked:
        _check_broad_training(checked["broad_training"], checked["views"]["chunks"])
    # In one order, whatever the user's: it is that of Snakemake's parameters, and of draws.
    checked = fill(checked, schema)
    durations = checked["networks"]["durations"]
    checked["networks"] |= {"durations": {key: durations[key] for key in sorted(durations)}}
    return checked


def _lacking_blocks(pretraining: Config) -> Iterator[str]:
    """Mistakes: blocks that draw with one that is not there."""
    validation = pretraining.get("broad_training", {}).get("validation", {})
    needed = {
        **_DRAWN_WITH,
        "held_out": _of_kinds(pretraining.get("held_out", {})),
        "knock_outs": _of_kinds(pretraining.get("knock_outs", {})),
        "broad_training": (*_DRAWN_WITH["broad_training"], *_of_kinds(validation)),
    }
    for block, others in needed.items():
        for other in others:
            if block in pretraining and other not in pretraining:
                file = "measurement" if other in _OF_MEASUREMENT else "pretraining"
                yield (
                    f"config: pretraining.{block} needs pretraining.{other}, of config/{file}.yaml"
                )


def _of_kinds(block: Config) -> list[str]:
    """Blocks that networks of the `kinds` of a block are drawn by, beside those of BoolODE's."""
    kinds = set(block.get("kinds", []))
    if kinds & {"bursty", "sergio"}:  # on the topology of these
        kinds.add("transcriptional")
    return sorted(kinds & {"transcriptional", "bursty", "sergio"})


def _check_held_out(block: Config) -> None:
    """Raise InputError where a name of the block is of nothing, or cells cannot be measured so."""
    where = "config: pretraining.held_out"
    _check_compared(where, block)
    _check_names(f"{where}.shuffled", block["shuffled"], block["methods"])
    _check_names(f"{where}.few.methods", block["few"]["methods"], scored(block))


def _check_broad_training(block: Config, available: Mapping[str, int]) -> None:
    """Raise InputError where networks cannot be scored, or a stage of a variant sees nothing.

    Args:
        block: `broad_training`.
        available: chunks of views of each kind.
    """
    where = "config: pretraining.broad_training"
    _check_compared(f"{where}.validation", block["validation"])
    for name, own in block["variants"].items():
        _check_shared_training(f"{where}.variants.{name}", own, block["variants"])
        stages = variant(block, name)["stages"]
        for kind, number in first_chunks(block, available, name).items():
            if number < stages:
                aside = block["aggregator_chunks"] + block["calibration_chunks"]
                raise InputError(
                    f"{where}.variants.{name}: {stages} stages have {max(0, number)} chunks of "
                    f"{kind} views: {available[kind]} (views.chunks.{kind}) without {aside} for "
                    "the aggregator and calibration, times share; expected one for each stage"
                )


def _check_shared_training(where: str, own: Config, variants: Config) -> None:
    """Raise InputError where a variant shares no training that there is."""
    if "of" not in own:
        return
    _check_names(
        f"{where}.of", [own["of"]], [name for name in variants if "of" not in variants[name]]
    )
    for key in own:
        if key not in ("of", *AFTERWARDS):
            raise InputError(
                f"{where}.{key}: it shares the training of {own['of']} (key of), so that only "
                f"{', '.join(AFTERWARDS)} may differ; remove {key} or of"
            )


def _check_compared(where: str, block: Config) -> None:
    """Raise InputError as `_check_scored`, and where nothing is there to compare with."""
    _check_scored(where, block)
    if SPEARMAN not in block["methods"]:
        raise InputError(
            f"{where}.methods: {', '.join(block['methods'])} lack {SPEARMAN}, which all are "
            "compared with; add it"
        )


def _check_scored(where: str, block: Config) -> None:
    """Raise InputError where a method is unknown, or networks cannot be measured so."""
    _check_names(f"{where}.methods", block["methods"], method_names())
    for name in block["measurements"]:
        try:
            settings_of(measurement_block(block, name))
        except InputError as error:
            raise InputError(f"{where}.measurements.{name}: {error}") from None
        of_kinds = block["measurements"][name].get("kinds", [])
        _check_names(f"{where}.measurements.{name}.kinds", of_kinds, block["kinds"])


def _check_names(where: str, given: Collection[str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise InputError(f"{where}: {name} is none of {', '.join(known)}")


def _check_heads(key: str, model: Config) -> None:
    if model["width"] % model["heads"]:
        raise InputError(
            f"config: {key}.heads ({model['heads']}) must divide {key}.width ({model['width']})"
        )


def _check_ablation(pretraining: Config, schema: Config) -> None:
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
    planned = trainings(pretraining)
    mistakes: list[str] = []
    for name in ablation["variants"]:
        for block in ALTERED:
            path = ("pretraining", "ablation", "variants", name, block)
            altered, of_block = planned[name]["pretraining"][block], schema["properties"][block]
            errors = validator({"$defs": schema["$defs"], **of_block}).iter_errors(altered)
            found = [sentence(error, path) for error in errors]
            mistakes += found or not_to_draw_from(altered, of_block, schema, path)
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


def _own_folder(config: Config) -> str:
    """Return the folder of own methods, checked; empty where the config has none, or no text."""
    folder = config.get("methods_path", "")
    if not isinstance(folder, str) or not folder:
        return ""  # the schema says what is wrong with it
    check_folder(folder, method_names(""))
    return folder


def _methods(chosen: str | list[str], own: str = "") -> list[str]:
    """Names of the inference methods in the order of the registry."""
    names = chosen.split(",") if isinstance(chosen, str) else chosen
    known = method_names(own)
    for name in names:
        if name not in [*known, "all"]:
            raise InputError(
                f"config: methods: there is no method {name!r}{did_you_mean(name, known)}; "
                f"known: all, {', '.join(known)}"
            )
    chosen_names = {*names, *(usual_methods(own) if "all" in names else ())}
    return [name for name in known if name in chosen_names]


def check_inputs(config: Config, release: str, prepared: Collection[str] = ()) -> None:
    """Raise InputError if a file or folder that the config names does not exist.

    `release` is the folder that the BEELINE release is unpacked to by a rule, `prepared` are those
    that another rule makes (`preparation.check_preparation`): they may still be absent.
    """
    for name, entry in config.get("networks", {}).items():
        references = entry.get("references", {})
        for folder in entry.get("folders", []):
            if not in_release(folder, release) and folder not in prepared:
                try:
                    files = (entry.get("edges"), entry.get("regulators"))
                    find_files(folder, *files, scored=not references)
                except InputError as error:
                    text = f"config: networks.{name}.folders: {error}{_seen_from(folder)}"
                    raise InputError(text) from None
                if "batches" in entry and not (Path(folder) / CELLS_NAME).is_file():
                    text = no_file(f"{folder}/{CELLS_NAME}")
                    raise InputError(f"config: networks.{name}.batches: {text}")
                _check_references(name, references, folder)
        if "h5ad" in entry:
            _check_references(name, references, "")
        try:
            _check_evidence(entry, release, prepared)
        except InputError as error:
            raise InputError(f"config: networks.{name}.{error}") from None
        keys = ("model",) if "model" in entry else ("h5ad", "edges", "regulators")
        for key in keys if "folders" not in entry else ():
            if key in entry and not Path(entry[key]).is_file():
                raise InputError(f"config: networks.{name}.{key}: {no_file(entry[key])}")
    for name, entry in config.get("infer", {}).items():
        try:
            check_dataset_files(entry)
        except InputError as error:
            raise InputError(f"config: infer.{name}.{error}") from None


def _check_evidence(entry: Config, release: str, prepared: Collection[str] = ()) -> None:
    """Raise InputError, beginning with the key, where a file of evidence is not there."""
    if DEFAULT_KIND in entry and PERTURBATIONS not in entry:
        raise InputError(f"{DEFAULT_KIND}: is of {PERTURBATIONS}, which are not given")
    expression = entry.get("h5ad", entry.get("expression", ""))
    for kind, files in named_files(entry, expression).items():
        for file in files:
            for folder in entry.get("folders", [""]):
                path = os.path.join(folder, file)
                made = in_release(folder, release) or folder in prepared
                if folder and made and not os.path.isabs(file):
                    raise InputError(
                        f"{kind}: {folder} is a folder that rules make, without {file}: give the "
                        "whole path of the file"
                    )
                _check_evidence_file(kind, path)


def _check_evidence_file(kind: str, path: str) -> None:
    if kind not in MATRICES:
        if not Path(path).is_file():
            raise InputError(f"{kind}: {no_file(path)}")
        return
    if not Path(path).exists():
        raise InputError(f"{kind}: {no_file(path)}")
    try:
        kind_of_file(path)
        expression_files(path)
    except InputError as error:
        raise InputError(f"{kind}: {error}") from None


def files_of_reference(reference: Config) -> dict[str, str]:
    """Return the files of one of several references of a data set, by key."""
    named = {key: reference[key] for key in ("edges", "regulators") if key in reference}
    return {key: file for key, file in named.items() if file != MEASURED}


def _check_references(name: str, references: Config, folder: str) -> None:
    for reference, found in references.items():
        for key, value in files_of_reference(found).items():
            path = os.path.join(folder, value)
            if not Path(path).is_file():
                where = f"networks.{name}.references.{reference}.{key}"
                question = did_you_mean(Path(value).name, [MEASURED]) if key == "regulators" else ""
                raise InputError(f"config: {where}: {no_file(path)}{question}")


def check_dataset_files(entry: Config) -> None:
    """Raise InputError, beginning with the key, where a file of a data set of a user is not there.

    Args:
        entry: keys of a data set without a reference network.
    """
    # Of AnnData pseudotime is in the same file.
    apart = is_h5ad(entry["expression"]) or entry.get("pseudotime") == DIFFUSION
    keys = ("reference", *(() if apart else ("pseudotime",)))
    files = {key: entry[key] for key in keys if key in entry}
    files |= {"regulators": regulators_file(entry), "genes": genes_file(entry)}
    for key in ("regulators", *keys, "genes"):
        if files.get(key) is not None and not Path(files[key]).is_file():
            words = _WORDS.get(key, ())
            question = did_you_mean(str(files[key]), words) if words else ""
            if key == "genes" and str(files[key]).isdecimal():
                question = f" (did you mean {VARIABLE}{files[key]}?)"
            raise InputError(f"{key}: {no_file(files[key])}{question}")
    if not Path(entry["expression"]).exists():
        raise InputError(f"expression: {no_file(entry['expression'])}")
    try:
        kind = kind_of_file(entry["expression"])
        expression_files(entry["expression"])
    except InputError as error:
        raise InputError(f"expression: {error}") from None
    for key in ("donors", "groupby"):
        _check_labels(key, entry)
    if "permutations" in entry and not entry.get("groupby"):
        raise InputError("permutations: is of a comparison of groups; name them with groupby")
    if "layer" in entry and kind not in LAYERED:
        raise InputError(f"layer is for {' and '.join(LAYERED)} files; the expression file is none")
    check_cell_keys(entry)
    _check_evidence(entry, "")


def _check_labels(key: str, entry: Config) -> None:
    """Raise InputError where a table with a label of each cell is not there."""
    value, expression = entry.get(key), entry["expression"]
    if not value or is_obs_column(value, expression) or Path(value).is_file():
        return
    if is_h5ad(expression) or value.lower().endswith(TEXT_SUFFIXES):
        raise InputError(f"{key}: {no_file(value)}")
    raise InputError(
        f"{key}: {no_file(value)}; columns of obs are of .h5ad files, and {expression} is none: "
        "expected a table with a column cell and one of labels"
    )


def _seen_from(path: str) -> str:
    return "" if os.path.isabs(path) else f" (in {os.getcwd()})"


def no_file(path: str) -> str:
    """Say that there is no file, and in which folder it was looked for."""
    return f"there is no file {path!r}{_seen_from(path)}"


def in_release(folder: str, release: str) -> bool:
    """Whether a folder lies in the unpacked BEELINE release."""
    return Path(release) == Path(folder) or Path(release) in Path(folder).parents


def check_writable(folder: str) -> None:
    """Raise InputError if `folder` cannot be created or written to."""
    path = Path(folder)
    if os.path.lexists(path) and not path.is_dir():
        raise InputError(f"{folder} is not a folder: results are written below it; move it away")
    where = path if path.is_dir() else path.absolute().parent
    if not os.access(where, os.W_OK | os.X_OK):
        raise InputError(f"{where} cannot be written to: results of the workflow go there")
