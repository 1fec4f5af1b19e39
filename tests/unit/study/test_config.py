"""The config check: every mistake named by its key, every default filled in."""

import copy
import inspect
import math
import os

import pytest
import yaml

from grn_gat.core.errors import InputError
from grn_gat.methods._registry import ZERO_SHOT, ZERO_SHOT_METHODS, load_method, method_names
from grn_gat.simulate.boolean_model import read_model
from grn_gat.study.config import (
    check_config,
    check_inputs,
    check_writable,
    in_release,
    inferred_network,
)

NETWORKS = {"HSC": {"model": "HSC.tsv"}}
# Keys of one command line, `snakemake infer --config expression=... name=...`: none has a default.
INFER = {"expression", "name", "pseudotime", "regulators", "reference", "layer"}


@pytest.fixture(scope="module")
def schema(repository) -> dict:
    return yaml.safe_load((repository / "workflow/schemas/config.schema.yaml").read_text())


def refuse(config: dict, schema: dict) -> list[str]:
    """The sentences of the error."""
    with pytest.raises(InputError) as error:
        check_config(config, schema)
    return str(error.value).splitlines()


def test_default_config_is_the_schemas_defaults(repository, schema):
    config = yaml.safe_load((repository / "config.yaml").read_text())
    filled = check_config(config, schema)
    assert filled == check_config({"networks": config["networks"]}, schema)
    # each key of the file is one that the schema fills in
    assert set(config) <= set(filled)
    for key, block in config.items():
        if isinstance(block, dict) and key != "networks":
            assert filled[key] == block, f"config.yaml leaves out keys of {key}"


def test_small_test_config_is_valid(repository, schema):
    config = yaml.safe_load((repository / "tests/config/small.yaml").read_text())
    filled = check_config(config, schema)
    assert filled["cross_validation"] == {"folds": 3, "validation_share": 0.2}
    assert filled["training"]["epochs"] == 30 and filled["training"]["message_share"] == 0.5
    check_inputs({"networks": {}}, "release")
    assert (repository / filled["networks"]["HSC"]["model"]).is_file()


def test_defaults_by_hand(schema):
    filled = check_config({"networks": NETWORKS, "model": {"layers": 3}}, schema)
    assert filled["networks"] == {"HSC": {"model": "HSC.tsv", "replicates": 10, "cells": 2000}}
    assert filled["model"] == {"layers": 3, "heads": 4, "width": 32, "dropout": 0.2}
    assert filled["seed"] == 20240920 and filled["dropout"] == [0, 50, 70]
    assert filled["hubs"] == {"top_edges": "reference", "edges_per_gene": 2}
    assert filled["protocols"] == ["paper", "pooled", "pair", "gene"]
    assert filled["methods"] == method_names() and len(filled["methods"]) > 10
    assert filled["model_controls"] == ["gat-shuffled", "gat-noise", "gat-one-hot"]
    assert filled["method_settings"]["genie3"] == {"trees": 100}
    assert filled["method_settings"]["grnboost2"]["estimators"] == 5000
    assert not INFER & set(filled)
    assert filled["simulation"]["activation"] == "hill"
    other = {"h5ad": "x.h5ad", "edges": "e.csv"}
    assert check_config({"networks": {"x": other}}, schema)["networks"] == {"x": other}


def test_the_input_is_left_as_it_was(schema):
    config = {"networks": copy.deepcopy(NETWORKS), "model": {"layers": 1}}
    before = copy.deepcopy((config, schema))
    filled = check_config(config, schema)
    filled["model"]["width"] = filled["networks"]["HSC"]["cells"] = 1
    filled["training"]["epochs"] = 1
    assert (config, schema) == before


def properties(schema: dict, path: str = ""):
    """Every property of the schema with its path, definitions included."""
    for key, inner in schema.get("properties", {}).items():
        yield f"{path}{key}", inner
        yield from properties(inner, f"{path}{key}.")
    for name, inner in schema.get("$defs", {}).items():
        yield from properties(inner, f"{name}.")


def test_every_property_has_a_description(schema):
    found = dict(properties(schema))
    assert {"seed", "training.device", "anndata.layer", "beeline.folders"} <= set(found)
    for path, inner in found.items():
        assert inner.get("description", "").strip().endswith("."), path


def test_every_block_refuses_unknown_keys(schema):
    blocks = {path: inner for path, inner in properties(schema) if inner.get("type") == "object"}
    blocks |= schema["$defs"] | {"": schema}
    assert len(blocks) > 10
    # Keys of the user's choice.
    free = ("networks", "pretraining.networks.durations", "pretraining.ablation.variants")
    for path, inner in blocks.items():
        if path not in free and inner.get("type") == "object":
            assert inner["additionalProperties"] is False, path


def test_every_optional_setting_has_a_valid_default(schema):
    from jsonschema import Draft202012Validator

    for path, inner in properties(schema):
        if "default" in inner:
            assert Draft202012Validator(inner).is_valid(inner["default"]), path
        elif path.split(".")[0] not in schema["$defs"]:
            # Absent by default; `methods` depends on the target.
            optional = INFER | {"networks", "methods", "pretraining"}
            assert path in optional or path.startswith("pretraining.")
    assert set(schema["properties"]) > INFER
    assert not any("default" in schema["properties"][key] for key in INFER)


def test_settings_of_methods_are_those_of_their_functions(schema):
    """A setting of the schema is a parameter of the method."""
    blocks = schema["properties"]["method_settings"]["properties"]
    assert {"genie3", "grnboost2"} <= set(blocks) <= set(method_names())
    for name, block in blocks.items():
        wanted = inspect.signature(load_method(name).infer).parameters
        assert set(block["properties"]) <= set(wanted) - {"seed", "threads", "regulators"}, name


def test_both_zero_shot_methods_take_the_settings_of_one_block(schema):
    blocks = schema["properties"]["method_settings"]["properties"]
    assert set(ZERO_SHOT_METHODS) & set(blocks) == {ZERO_SHOT}
    defaults = {key: value["default"] for key, value in blocks[ZERO_SHOT]["properties"].items()}
    for name in ZERO_SHOT_METHODS:
        parameters = inspect.signature(load_method(name).infer).parameters.values()
        assert {p.name: p.default for p in parameters if p.default is not p.empty} == defaults


# What is changed, the key that the message names, and what it says would be right.
MISTAKES = [
    (
        {"sed": 1},
        "unknown key sed (did you mean seed?);",
        "known here: beeline_release, cross_validation, dropout",
    ),
    (
        {"model": {"widht": 3}},
        "unknown key model.widht (did you mean width?);",
        "dropout, heads, layers, width",
    ),
    (
        {"networks": {"a": {"model": "m", "cels": 3}}},
        "networks.a.cels (did you mean cells?);",
        "cells, model, replicates",
    ),
    ({"seed": "one"}, "seed: 'one' is not of type 'integer'", "Every random draw"),
    ({"seed": True}, "seed: True", "not of type 'integer'"),
    ({"seed": -1}, "seed: -1", "minimum of 0"),
    ({"training": None}, "training: None", "not of type 'object'"),
    ({"graph": {"bins": "8.5"}}, "graph.bins: '8.5'", "not of type 'integer'"),
    ({"graph": {"bins": 1}}, "graph.bins: 1", "minimum of 2"),
    ({"graph": {"bins": 65}}, "graph.bins: 65", "maximum of 64"),
    ({"dropout": 50}, "dropout: 50", "not of type 'array'"),
    ({"dropout": []}, "dropout: []", "non-empty"),
    ({"dropout": [0, 101]}, "dropout.1: 101", "maximum of 100"),
    ({"seeds": [1, 1]}, "seeds: [1, 1]", "non-unique"),
    ({"protocols": ["pairs"]}, "protocols.0: 'pairs'", "['paper', 'pooled', 'pair', 'gene']"),
    ({"cross_validation": {"folds": 1}}, "cross_validation.folds: 1", "minimum of 2"),
    (
        {"cross_validation": {"validation_share": 0.6}},
        "cross_validation.validation_share: 0.6",
        "maximum of 0.5",
    ),
    ({"model": {"dropout": 1}}, "model.dropout: 1", "maximum of 1"),
    ({"model": {"heads": 0}}, "model.heads: 0", "minimum of 1"),
    ({"model": {"heads": 3}}, "model.heads (3)", "must divide model.width (32)"),
    ({"model": {"width": 6}}, "model.heads (4)", "must divide model.width (6)"),
    ({"training": {"learning_rate": 0}}, "training.learning_rate: 0", "minimum of 0"),
    ({"training": {"message_share": 1}}, "training.message_share: 1", "maximum of 1"),
    ({"training": {"device": "gpu"}}, "training.device: 'gpu'", "['auto', 'cpu', 'cuda']"),
    ({"simulation": {"activation": "step"}}, "simulation.activation: 'step'", "hill"),
    ({"hubs": {"top_edges": "many"}}, "hubs.top_edges: 'many'", "a number or reference"),
    ({"hubs": {"top_edges": 0}}, "hubs.top_edges: 0", "a number or reference"),
    ({"hubs": {"edges_per_gene": 0}}, "hubs.edges_per_gene: 0", "minimum of 0"),
    ({"methods": ""}, "methods: ''", "separated by commas"),
    ({"methods": "pidc, clr"}, "methods: 'pidc, clr'", "separated by commas"),
    ({"methods": None}, "methods: None", "all takes every one"),
    ({"methods": ["clr", "clr"]}, "methods: ['clr', 'clr']", "names of scripts/grn_gat/methods"),
    (
        {"methods": ["nosuch"]},
        "methods: there is no method 'nosuch'",
        "known: all, clr, gat-zeroshot, gat-zeroshot-pseudotime, genie3",
    ),
    ({"methods": "clr,nosuch"}, "methods: there is no method 'nosuch'", "known: all, clr"),
    ({"model_controls": ["gat"]}, "model_controls.0: 'gat'", "gat-one-hot"),
    (
        {"method_settings": {"genie4": {}}},
        "unknown key method_settings.genie4 (did you mean genie3?);",
        "genie3, grnboost2",
    ),
    (
        {"method_settings": {"genie3": {"tree": 1}}},
        "unknown key method_settings.genie3.tree (did you mean trees?);",
        "known here: trees",
    ),
    (
        {"method_settings": {"genie3": {"trees": 0}}},
        "method_settings.genie3.trees: 0",
        "minimum of 1",
    ),
    ({"protocols": [], "methods": []}, "protocols and methods are both empty", "nothing to do"),
    ({"expression": 7}, "expression: 7", "not of type 'string'"),
    ({"name": "a/b"}, "name: 'a/b'", "does not match"),
    ({"report": {"bootstrap": 10}}, "report.bootstrap: 10", "minimum of 100"),
    ({"beeline_release": {"url": "ftp://x"}}, "beeline_release.url: 'ftp://x'", "https"),
    ({"networks": {}}, "networks: {}", "non-empty"),
    ({"networks": ["HSC"]}, "networks: ['HSC']", "not of type 'object'"),
    ({"networks": {"a b": {"model": "m"}}}, "network name 'a b'", "letters"),
    ({"networks": {"-a": {"model": "m"}}}, "network name '-a'", "letters"),
    ({"networks": {"a/b": {"model": "m"}}}, "network name 'a/b'", "letters"),
    ({"networks": {"": {"model": "m"}}}, "network name ''", "letters"),
    ({"networks": {"a": {}}}, "networks.a needs exactly one", "model (Boolean rules), folders"),
    (
        {"networks": {"a": {"model": "m", "folders": ["f"]}}},
        "networks.a needs exactly one",
        "h5ad (AnnData)",
    ),
    ({"networks": {"a": {"cells": 5}}}, "networks.a needs exactly one", "model (Boolean rules)"),
    ({"networks": {"a": {"model": "m", "cells": 2}}}, "networks.a.cells: 2", "minimum of 3"),
    ({"networks": {"a": {"model": 7}}}, "networks.a.model: 7", "not of type 'string'"),
    ({"networks": {"a": {"folders": []}}}, "networks.a.folders: []", "non-empty"),
    ({"networks": {"a": {"folders": "f"}}}, "networks.a.folders: 'f'", "not of type 'array'"),
    ({"networks": {"a": {"h5ad": "m"}}}, "networks.a lacks", "the key edges"),
    ({"networks": {"a": {"h5ad": "m", "edges": "e", "cells": 3}}}, "networks.a.cells;", "layer"),
]


@pytest.mark.parametrize(("change", "key", "right"), MISTAKES, ids=[m[1] for m in MISTAKES])
def test_a_mistake_is_named_with_what_would_be_right(schema, change, key, right):
    sentences = refuse({"networks": NETWORKS} | change, schema)
    assert len(sentences) == 1
    assert sentences[0].startswith("config: ")
    assert key in sentences[0] and right in sentences[0]


def test_missing_networks(schema):
    assert refuse({}, schema) == ["config: (top level) lacks the key networks"]


def test_a_network_that_is_no_block(schema):
    sentences = refuse({"networks": {"a": "HSC.tsv"}}, schema)
    assert any("networks.a needs exactly one of the keys model" in s for s in sentences)


def test_every_mistake_is_named_at_once(schema):
    change = {"sed": 1, "seed": -1, "model": {"heads": "x"}, "networks": {"a": {"model": 7}}}
    sentences = refuse(change, schema)
    assert len(sentences) == 4
    for key in (
        "unknown key sed",
        "config: seed",
        "config: model.heads",
        "config: networks.a.model",
    ):
        assert sum(key in s for s in sentences) == 1, key


@pytest.mark.parametrize(
    "change", [{"seeds": [1.0]}, {"dropout": [50.0]}, {"cross_validation": {"folds": 5.0}}]
)
def test_whole_numbers_written_with_a_point(schema, change):
    assert "is not of type 'integer'" in refuse({"networks": NETWORKS} | change, schema)[0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("all", None),
        (["all"], None),
        ("genie3,clr", ["clr", "genie3"]),  # the order of the registry
        ("mutual-information", ["mutual-information"]),
        (["pidc", "clr"], ["clr", "pidc"]),
        (["all", "pidc"], None),
        ("pidc,all", None),
        ([], []),
    ],
)
def test_methods_become_a_list_in_the_order_of_the_registry(schema, given, expected):
    filled = check_config({"networks": NETWORKS, "methods": given}, schema)
    assert filled["methods"] == (method_names() if expected is None else expected)
    # what Snakemake hands to its jobs is read again
    assert check_config(filled, schema) == filled


def test_one_of_protocols_and_methods_may_be_empty(schema):
    filled = check_config({"networks": NETWORKS, "protocols": [], "methods": "clr"}, schema)
    assert (filled["protocols"], filled["methods"]) == ([], ["clr"])
    filled = check_config({"networks": NETWORKS, "protocols": ["gene"], "methods": []}, schema)
    assert (filled["protocols"], filled["methods"]) == (["gene"], [])


@pytest.mark.parametrize(
    ("study", "networks", "replicates", "cells"),
    [
        ("curated", ["mCAD", "VSC", "HSC", "GSD"], {10}, {2000}),
        (
            "synthetic",
            [
                f"dyn-{model}-{cells}"
                for model in ("LI", "CY", "LL", "BF", "BFC", "TF")
                for cells in (100, 200, 500, 2000, 5000)
            ],
            {10},
            {100, 200, 500, 2000, 5000},
        ),
    ],
)
def test_configs_of_the_studies(repository, schema, study, networks, replicates, cells):
    config = yaml.safe_load((repository / f"config/{study}.yaml").read_text())
    filled = check_config(config, schema)
    assert list(filled["networks"]) == networks
    entries = filled["networks"].values()
    assert {e["replicates"] for e in entries} == replicates
    assert {e["cells"] for e in entries} == cells
    for name, entry in filled["networks"].items():
        kind, _, number = name.removeprefix("dyn-").partition("-")
        prefix = "dyn-" if study == "synthetic" else ""
        assert entry["model"] == f"workflow/resources/models/{prefix}{kind}.tsv"
        assert entry["cells"] == int(number or 2000)
        assert len(read_model(repository / entry["model"]).genes) >= 5
    assert filled["methods"] == method_names()
    assert filled["protocols"] == (["pair"] if study == "curated" else [])
    assert filled["dropout"] == ([0, 50, 70] if study == "curated" else [0])
    # enough seeds and replicates for a verdict where there is one
    assert len(filled["seeds"]) >= 4 and min(replicates) >= 3


def test_network_names_that_yaml_does_not_read_as_text(schema):
    for name in (2020, True):  # `2020:` and `on:` in YAML
        sentence = refuse({"networks": {name: {"model": "m"}}}, schema)[0]
        assert repr(name) in sentence and "quotes" in sentence


def test_unknown_keys_that_yaml_does_not_read_as_text(schema):
    assert "unknown key" in refuse({"networks": NETWORKS, 3: 4, "x": 5}, schema)[0]


@pytest.mark.parametrize("change", [{"training": {"learning_rate": math.nan}}])
def test_not_a_number_is_refused(schema, change):
    refuse({"networks": NETWORKS} | change, schema)


def network(**entry) -> dict:
    return {"networks": {"net": entry}}


def test_files_that_exist(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("m.tsv", "d.h5ad", "e.csv", "r.csv"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    for name in ("ExpressionData.csv", "net.csv", "tfs.csv"):
        (tmp_path / "folder" / name).touch()
    check_inputs(network(model="m.tsv"), "release")
    check_inputs(network(h5ad="d.h5ad", edges="e.csv", regulators="r.csv"), "release")
    check_inputs(network(h5ad="d.h5ad", edges=str(tmp_path / "e.csv")), "release")
    check_inputs(network(folders=["folder"], edges="net.csv", regulators="tfs.csv"), "release")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"model": "no.tsv"}, r"networks\.net\.model: there is no file 'no\.tsv'"),
        ({"model": "folder"}, r"networks\.net\.model: there is no file 'folder'"),
        ({"h5ad": "no.h5ad", "edges": "e.csv"}, r"networks\.net\.h5ad: there is no file 'no"),
        ({"h5ad": "e.csv", "edges": "no.csv"}, r"networks\.net\.edges: there is no file 'no"),
        (
            {"h5ad": "e.csv", "edges": "e.csv", "regulators": "no.csv"},
            r"networks\.net\.regulators: there is no file 'no\.csv'",
        ),
        ({"folders": ["no"]}, r"networks\.net\.folders: no: no such folder"),
        ({"folders": ["e.csv"]}, r"networks\.net\.folders: e\.csv: no such folder"),
        ({"folders": ["folder"]}, r"networks\.net\.folders: .* neither ExpressionData\.csv nor"),
        ({"folders": ["full"]}, r"networks\.net\.folders: .* no refNetwork\.csv"),
        ({"folders": ["full"], "edges": "no.csv"}, r"net\.folders: full/no\.csv: no such file"),
        (
            {"folders": ["full"], "edges": "../e.csv", "regulators": "no.csv"},
            r"net\.folders: full/no\.csv: no such file",
        ),
    ],
)
def test_missing_files_and_folders(tmp_path, monkeypatch, entry, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.csv").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full/ExpressionData.csv").touch()
    with pytest.raises(InputError, match=message):
        check_inputs(network(**entry), "release")


@pytest.fixture
def user_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("e.csv", "d.h5ad", "t.csv", "r.txt", "known.csv"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()


def infer(**keys) -> tuple[str, dict] | None:
    return inferred_network({"networks": NETWORKS, "methods": ["clr"], "seed": 1} | keys)


def test_no_data_set_of_the_user():
    assert infer() is None


@pytest.mark.parametrize(
    "entry",
    [
        {"expression": "e.csv"},
        {"expression": "e.csv", "pseudotime": "t.csv", "regulators": "r.txt"},
        {"expression": "e.csv", "reference": "known.csv"},
        {"expression": "d.h5ad"},
        # columns of obs, no file
        {"expression": "d.h5ad", "pseudotime": "early,late", "layer": "counts"},
    ],
)
def test_a_data_set_of_the_user(user_files, entry):
    assert infer(name="mine", **entry) == ("mine", entry)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"expression": "e.csv"}, "config: expression without name: target infer needs"),
        ({"name": "x"}, "config: name without expression: target infer needs --config expression"),
        (
            {"pseudotime": "t.csv", "layer": "x", "name": "x"},
            "config: name, pseudotime, layer without expression",
        ),
        ({"expression": "e.csv", "name": "HSC"}, "config: name: HSC is a network of the study"),
        ({"expression": "no.csv", "name": "x"}, "config: expression: there is no file 'no.csv'"),
        ({"expression": "folder", "name": "x"}, "config: expression: there is no file 'folder'"),
        ({"expression": "no.h5ad", "name": "x"}, "config: expression: there is no file 'no.h5ad'"),
        (
            {"expression": "e.csv", "name": "x", "pseudotime": "early,late"},
            "config: pseudotime: there is no file 'early,late'",
        ),
        (
            {"expression": "e.csv", "name": "x", "regulators": "no.txt"},
            "config: regulators: there is no file 'no.txt'",
        ),
        (
            {"expression": "d.h5ad", "name": "x", "reference": "no.csv"},
            "config: reference: there is no file 'no.csv'",
        ),
        ({"expression": "e.csv", "name": "x", "layer": "counts"}, "config: layer is for .h5ad"),
        (
            {"expression": "e.csv", "name": "x", "methods": []},
            "config: methods is empty: target infer needs at least one",
        ),
    ],
)
def test_mistakes_in_the_data_set_of_the_user(user_files, keys, message):
    with pytest.raises(InputError) as error:
        infer(**keys)
    assert str(error.value).startswith(message)


def test_folders_of_the_release_may_be_absent(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_inputs(network(folders=["data/beeline/HSC/HSC-2000-1"]), "data/beeline")
    with pytest.raises(InputError, match="data/beeline2/HSC: no such folder"):
        check_inputs(network(folders=["data/beeline2/HSC"]), "data/beeline")


def test_what_lies_in_the_release():
    assert in_release("data/beeline", "data/beeline")
    assert in_release("data/beeline/", "data/beeline")
    assert in_release("data/beeline/HSC/1", "data/beeline")
    assert not in_release("data", "data/beeline")
    assert not in_release("data/beeline2", "data/beeline")


def test_writable_folders(tmp_path):
    check_writable(str(tmp_path))
    check_writable(str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"file is not a folder.*move it away"):
        check_writable(str(tmp_path / "file"))
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="link is not a folder"):
        check_writable(str(tmp_path / "link"))


@pytest.mark.parametrize("exists", [True, False])
def test_folders_without_permission(tmp_path, monkeypatch, exists):
    folder = tmp_path / "results"
    if exists:
        folder.mkdir()
    asked = []
    monkeypatch.setattr(os, "access", lambda path, mode: asked.append((path, mode)))
    with pytest.raises(InputError, match="cannot be written to: results of the workflow go there"):
        check_writable(str(folder))
    assert asked == [(folder if exists else tmp_path, os.W_OK | os.X_OK)]


def test_numbers_given_as_text_on_the_command_line(schema):
    """`--config seeds=[1,2]` reaches the workflow as ['1', '2']."""
    given = {
        "networks": NETWORKS,
        "seeds": ["1", "2"],
        "training": {"learning_rate": "0.01", "epochs": "7"},
        "hubs": {"top_edges": "12"},
    }
    filled = check_config(given, schema)
    assert filled["seeds"] == [1, 2]
    assert (filled["training"]["learning_rate"], filled["training"]["epochs"]) == (0.01, 7)
    assert filled["hubs"]["top_edges"] == 12
    assert check_config({"networks": NETWORKS}, schema)["hubs"]["top_edges"] == "reference"


def test_without_methods_target_infer_takes_the_zero_shot_model(schema):
    assert check_config({"networks": NETWORKS}, schema)["methods"] == method_names()
    asked = {"networks": NETWORKS, "expression": "x.csv", "name": "x"}
    assert check_config(asked, schema)["methods"] == ["gat-zeroshot"]
    assert check_config(asked | {"methods": "pidc"}, schema)["methods"] == ["pidc"]


@pytest.mark.parametrize("files", [["pretraining"], ["pretraining", "../tests/config/pretraining"]])
def test_pretraining_configs_are_valid(repository, schema, files):
    from snakemake.utils import update_config

    config = {"networks": NETWORKS}
    for name in files:
        update_config(config, yaml.safe_load((repository / f"config/{name}.yaml").read_text()))
    pretraining = check_config(config, schema)["pretraining"]
    assert not set(pretraining["networks_other"]["families"]) & {
        name for name, share in pretraining["networks"]["families"].items() if share
    }
    assert pretraining["model"]["width"] % pretraining["model"]["heads"] == 0


@pytest.fixture
def ablation(repository) -> dict:
    """The config of target `ablation`."""
    from snakemake.utils import update_config

    config = {"networks": copy.deepcopy(NETWORKS)}
    for name in ("pretraining", "ablation"):
        update_config(config, yaml.safe_load((repository / f"config/{name}.yaml").read_text()))
    return config


def test_ablation_config_is_valid(ablation, schema):
    pretraining = check_config(ablation, schema)["pretraining"]
    cells = pretraining["ablation"]["grid"]
    assert all(width % heads == 0 for width in cells["width"] for heads in cells["heads"])
    assert pretraining["chunks"]["training"] * pretraining["chunks"]["networks_per_chunk"] == 20000


@pytest.mark.parametrize(
    ("change", "key", "right"),
    [
        (
            {"grids": {}},
            "unknown key pretraining.ablation.grids (did you mean grid?);",
            "epochs, grid, networks, seeds",
        ),
        ({"seeds": []}, "pretraining.ablation.seeds: []", "non-empty"),
        (
            {"grid": {"heads": [3]}},
            "ablation.grid.heads (3)",
            "pretraining.ablation.grid.width (32)",
        ),
        ({"grid": {"width": [32, 36]}}, "ablation.grid.heads (8)", "ablation.grid.width (36)"),
        ({"grid": {"depth": [1]}}, "unknown key pretraining.ablation.grid.depth;", "heads, layers"),
        (
            {"networks": 20001},
            "pretraining.ablation.networks: 20001",
            "the 20000 training networks",
        ),
        (
            {"variants": {"more": {"networks": 20001}}},
            "pretraining.ablation.variants.more.networks: 20001",
            "pretraining.chunks: training x networks_per_chunk",
        ),
        (
            {"variants": {"a": {"training": {}}}},
            "unknown key pretraining.ablation.variants.a.training;",
            "known here: augmentation, epochs, model, networks",
        ),
        (
            {"variants": {"a": {"model": {"widht": 3}}}},
            "unknown key pretraining.ablation.variants.a.model.widht (did you mean width?);",
            "candidates, context, heads",
        ),
        (
            {"variants": {"a": {"model": {"width": 30}}}},
            "variants.a.model.heads (4)",
            "must divide pretraining.ablation.variants.a.model.width (30)",
        ),
        (
            {"variants": {"a": {"augmentation": {"pseudotime_share": 2}}}},
            "pretraining.ablation.variants.a.augmentation.pseudotime_share: 2",
            "maximum of 1",
        ),
        (
            {"variants": {"A b": {}}},
            "pretraining.ablation.variants: 'A b'",
            "small letters, digits",
        ),
        ({"variants": {"default": {}}}, "ablation.variants.default", "a variant that is always"),
        (
            {"variants": {"layers-1-heads-1-width-32": {}}},
            "ablation.variants.layers-1-heads-1-width-32",
            "a variant that is always there",
        ),
        (
            {"validation": {"drop": [0]}},
            "unknown key pretraining.ablation.validation.drop (did you mean dropout?);",
            "cells",
        ),
    ],
)
def test_mistakes_in_the_ablation(ablation, schema, change, key, right):
    from snakemake.utils import update_config

    update_config(ablation, {"pretraining": {"ablation": change}})
    (sentence,) = refuse(ablation, schema)
    assert sentence.startswith("config: ") and key in sentence and right in sentence


def test_numbers_of_the_ablation_given_as_text(ablation, schema):
    from snakemake.utils import update_config

    expected = check_config(ablation, schema)["pretraining"]["ablation"]
    change = {
        "grid": {"layers": ["1", "2", "3", "4"]},
        "variants": {"networks-500": {"epochs": "80"}},
        "validation": {"cells": ["2000"]},
    }
    update_config(ablation, {"pretraining": {"ablation": change}})
    assert check_config(ablation, schema)["pretraining"]["ablation"] == expected
