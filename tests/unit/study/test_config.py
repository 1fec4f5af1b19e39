"""The config check: every mistake named by its key, every default filled in."""

import copy
import inspect
import math
import os

import pytest
import yaml

from grn_gat.algorithms._registry import INFERRED, load_method, method_names, stated, usual_methods
from grn_gat.core.errors import InputError
from grn_gat.core.protocols import PROTOCOLS
from grn_gat.data.evidence_names import EVIDENCE
from grn_gat.simulate.boolean_model import read_model
from grn_gat.study.config import (
    ONE_SHOT,
    check_config,
    check_inputs,
    check_pretraining,
    check_writable,
    in_release,
    not_default,
)
from grn_gat.study.schema import fill

NETWORKS = {"HSC": {"model": "HSC.tsv"}}


def read_schema(repository, name: str) -> dict:
    return yaml.safe_load((repository / f"workflow/schemas/{name}.schema.yaml").read_text())


@pytest.fixture(scope="module")
def schema(repository) -> dict:
    return read_schema(repository, "study")


@pytest.fixture(scope="module")
def pretraining_schema(repository) -> dict:
    return read_schema(repository, "pretraining")


@pytest.fixture(params=["study", "pretraining"])
def each_schema(repository, request) -> dict:
    return read_schema(repository, request.param)


def refuse(config: dict, schema: dict, check=check_config) -> list[str]:
    """The sentences of the error."""
    with pytest.raises(InputError) as error:
        check(config, schema)
    return str(error.value).splitlines()


def listing(value):
    """A config with its keys in their order, which dicts leave out when they are compared."""
    if isinstance(value, dict):
        return [(key, listing(inner)) for key, inner in value.items()]
    return value


def turned(value):
    """The same config with the keys of every block in another order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return value


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
    assert filled["networks"] == {
        "HSC": {"model": "HSC.tsv", "replicates": 10, "cells": 2000, "knock_outs": 0}
    }
    assert filled["model"] == {"layers": 3, "heads": 4, "width": 32, "neuron_dropout": 0.2}
    assert filled["seed"] == 20240920 and filled["dropout"] == [0, 50, 70]
    assert filled["hubs"] == {
        "top_edges": "reference", "edges_per_gene": 2, "least_stability": 0.5, "least_donors": 0.25,
    }  # fmt: skip
    assert filled["protocols"] == ["paper", "pooled", "pair", "gene"]
    assert filled["methods"] == usual_methods() and len(filled["methods"]) > 10
    assert filled["model_controls"] == ["gat-shuffled", "gat-noise", "gat-one-hot"]
    assert filled["method_settings"]["genie3"] == {"trees": 100}
    assert filled["method_settings"]["grnboost2"]["estimators"] == 5000
    assert not {"infer", "name", *ONE_SHOT} & set(filled)
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


@pytest.mark.parametrize(
    ("each_schema", "some"),
    [
        ("study", {"seed", "training.device", "anndata.layer", "inferred.layer"}),
        ("pretraining", {"seed", "training.device", "networks.sizes", "network_families.chain"}),
    ],
    indirect=["each_schema"],
)
def test_every_property_has_a_description(each_schema, some):
    found = dict(properties(each_schema))
    assert some <= set(found)
    for path, inner in found.items():
        assert inner.get("description", "").strip().endswith("."), path


def test_every_block_refuses_unknown_keys(each_schema):
    found = properties(each_schema)
    blocks = {path: inner for path, inner in found if inner.get("type") == "object"}
    blocks |= each_schema["$defs"] | {"": each_schema}
    assert len(blocks) > 10
    # Keys of the user's choice, blocks of another schema, and keys of another block.
    free = (
        (
            *("networks", "infer", "pretraining", "references", "preparation"),
            *("prepared.references", "predictions", "combinations", "perturb.together"),
        )
        if "infer" in each_schema["properties"]
        else (
            *("networks.durations", "ablation.variants", "broad_training.variants"),
            *("named_measurements", "realism.files"),
        )
    )
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
            absent = {"networks", "infer", "methods", "pretraining", "preparation"}
            absent |= {"focus", "methods_path"}
            assert path in absent or inner.get("deprecated"), path
    one_data_set = schema["$defs"]["inferred"]["properties"]
    assert tuple(one_data_set) == ONE_SHOT
    assert not any("default" in inner for inner in one_data_set.values())
    # keys of the command line are not those of anything else
    assert not {"name", *ONE_SHOT} & set(schema["properties"])


def test_the_pretraining_has_no_defaults(pretraining_schema):
    """What a model was trained with is written in its config, whole."""
    for path, inner in properties(pretraining_schema):
        assert "default" not in inner, path
    optional = set(pretraining_schema["properties"]) - set(pretraining_schema["required"])
    rest = {"transcriptional", "bursty", "sergio", "evidence"}
    assert (
        optional
        == {
            "ablation",
            "broad_training",
            "held_out",
            "hub_worth",
            "knock_outs",
            "measurement",
            "realism",
            "unlike",
            "views",
        }
        | rest
    )


@pytest.mark.parametrize("name", method_names())
def test_settings_of_a_method_are_those_of_its_function(schema, name):
    """Each setting has one default: that of the schema or, where the schema has none, its own."""
    blocks = schema["properties"]["method_settings"]["properties"]
    shared = stated(name).get("settings")
    assert not shared or name not in blocks
    settings = blocks.get(shared or name, {}).get("properties", {})
    parameters = dict(inspect.signature(load_method(name).infer).parameters)
    offered = {"expression", "pseudotime", "evidence", "seed", "threads", "regulators"}
    wanted = {key: p.default for key, p in parameters.items() if key not in offered}
    assert set(settings) <= set(wanted)
    for key, default in wanted.items():
        if default is inspect.Parameter.empty:
            assert "default" in settings[key]
        elif key in settings:
            assert default == settings[key]["default"]


def test_blocks_of_settings_are_of_methods(schema):
    blocks = schema["properties"]["method_settings"]["properties"]
    named = {"gat-zeroshot", "genie3", "grnboost2", "ppcor", "regdiffusion", "tigress"}
    assert named == set(blocks) <= set(method_names())
    every = {name: stated(name).get("settings") for name in method_names()}
    sharing = {name: block for name, block in every.items() if block}
    variants = ("pseudotime", "evidence", *EVIDENCE)
    assert sharing == {f"gat-zeroshot-{name}": "gat-zeroshot" for name in variants}


# What is changed, the key that the message names, and what it says would be right.
MISTAKES = [
    (
        {"sed": 1},
        "unknown key sed (did you mean seed?);",
        "known here: beeline_release, combinations, cross_validation",
    ),
    (
        {"model": {"widht": 3}},
        "unknown key model.widht (did you mean width?);",
        "heads, layers, neuron_dropout, width",
    ),
    (
        {"networks": {"a": {"model": "m", "cels": 3}}},
        "networks.a.cels (did you mean cells?);",
        "cells, kind, knock_outs, measurement, model, replicates, supervised",
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
    ({"protocols": ["pairs"]}, "protocols.0: 'pairs'", "'gene'] (did you mean pair?)"),
    ({"protocols": ["nosuch"]}, "protocols.0: 'nosuch'", "'regulator', 'gene']"),
    ({"cross_validation": {"folds": 1}}, "cross_validation.folds: 1", "minimum of 2"),
    (
        {"cross_validation": {"validation_share": 0.6}},
        "cross_validation.validation_share: 0.6",
        "maximum of 0.5",
    ),
    ({"model": {"neuron_dropout": 1}}, "model.neuron_dropout: 1", "maximum of 1"),
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
    ({"methods": ["clr", "clr"]}, "methods: ['clr', 'clr']", "names of scripts/grn_gat/algorithms"),
    (
        {"methods": ["nosuch"]},
        "methods: there is no method 'nosuch'",
        "known: all, clr, consensus, gat-zeroshot, gat-zeroshot-activity, gat-zeroshot-evidence",
    ),
    (
        {"methods": ["spearman-crl"]},
        "methods: there is no method 'spearman-crl'",
        "(did you mean spearman-clr?); known: all, clr",
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
    ({"expression": 7, "name": "x"}, "infer.x.expression: 7", "not text: put it in quotes"),
    ({"expression": "e", "layer": 7, "name": "x"}, "infer.x.layer: 7", "not text: put it in"),
    ({"expression": "e", "name": "a/b"}, "data set name 'a/b'", "letters, digits"),
    ({"expression": "e", "name": "../x"}, "data set name '../x'", "letters, digits"),
    ({"expression": "e", "name": 7}, "config: name: 7", "not text: put it in quotes"),
    ({"expression": "e", "name": ["a"]}, "config: name: ['a']", "not text: put it in quotes"),
    ({"expression": "e", "name": "x", "infer": None}, "infer: None", "not of type 'object'"),
    ({"infer": ["e.csv"]}, "infer: ['e.csv']", "not of type 'object'"),
    ({"infer": {}}, "infer: {}", "non-empty"),
    ({"infer": {"x": "e.csv"}}, "infer.x: 'e.csv'", "not of type 'object'"),
    ({"infer": {"x": {}}}, "infer.x lacks", "the key expression"),
    ({"infer": {"x": {"expression": "e", "celltype": 1}}}, "unknown key infer.x.celltype", "layer"),
    ({"infer": {"a b": {"expression": "e"}}}, "data set name 'a b'", "letters, digits"),
    ({"infer": {2020: {"expression": "e"}}}, "data set name 2020", "put it in quotes"),
    ({"infer": {"HSC": {"expression": "e"}}}, "HSC is a network of the study", "another name"),
    (
        {"infer": {"x": {"expression": "e"}}, "methods": []},
        "methods is empty",
        "target infer needs at least one",
    ),
    ({"pretraining": None}, "pretraining: None", "not of type 'object'"),
    ({"peers": {"genie3": {"trees": 5}}}, "the key peers", "is called method_settings now"),
    ({"model": {"dropout": 0.2}}, "the key model.dropout", "is called model.neuron_dropout now"),
    ({"protocols": ["published"]}, "protocols: published", "is called paper now"),
    ({"protocols": ["paper", "published"]}, "protocols: published", "is called paper now"),
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
    ({"networks": {"a": {"model": 7}}}, "networks.a.model: 7", "put it in quotes"),
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
        ("all,gat-zeroshot-prior", sorted([*usual_methods(), "gat-zeroshot-prior"])),
        ([], []),
    ],
)
def test_methods_become_a_list_in_the_order_of_the_registry(schema, given, expected):
    filled = check_config({"networks": NETWORKS, "methods": given}, schema)
    assert filled["methods"] == (usual_methods() if expected is None else expected)
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
    assert filled["methods"] == usual_methods()
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
    with pytest.raises(InputError, match=message) as refused:
        check_inputs(network(**entry), "release")
    assert str(refused.value).endswith(f" (in {tmp_path})")


def test_what_is_not_the_default(schema):
    given = {
        "networks": {"b": {"model": "b.tsv", "cells": 50}, "a": {"h5ad": "a.h5ad", "edges": "e"}},
        "training": {"epochs": 3},
        "seeds": [1, 2, 3, 4, 5],
        "protocols": ["pair"],
        "pretraining": {"seed": 1},
    }
    assert not_default(check_config(given, schema), schema) == {
        "networks.a.edges": "e",
        "networks.a.h5ad": "a.h5ad",
        "networks.b.cells": 50,
        "networks.b.model": "b.tsv",
        "protocols": ["pair"],
        "training.epochs": 3,
    }
    order = list(not_default(check_config(given, schema), schema))
    assert order == sorted(order)


def test_without_networks_there_is_nothing_but_the_rest(schema):
    config = check_config({"infer": {"x": {"expression": "e.csv"}}, "seed": 3}, schema)
    found = not_default(config, schema)
    assert set(found.pop("methods")) == set(INFERRED) and found == {"seed": 3}


def test_of_a_data_set_only_what_matters_to_it_counts(schema):
    given = {"x": {"expression": "e.csv"}, "y": {"expression": "f.csv"}}
    alone = check_config({"infer": given, "training": {"epochs": 3}}, schema)
    beside = check_config({"infer": given, "networks": NETWORKS, "methods": [*INFERRED]}, schema)
    for config in (alone, beside):
        assert not_default(config, schema, "x") == {"infer.x.expression": "e.csv"}
    other = check_config({"infer": given, "methods": "clr", "seed": 3}, schema)
    assert not_default(other, schema, "y") == {
        "infer.y.expression": "f.csv", "methods": ["clr"], "seed": 3,
    }  # fmt: skip


def test_a_missing_file_with_a_whole_path(tmp_path):
    path = str(tmp_path / "no.tsv")
    with pytest.raises(InputError, match=rf"there is no file '{path}'$"):
        check_inputs(network(model=path), "release")


@pytest.fixture
def user_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("e.csv", "d.h5ad", "t.csv", "r.txt", "known.csv"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()


def infer(schema: dict, **keys) -> dict | None:
    """Data sets of target infer, as a config with these keys of the command line has them."""
    checked = check_config({"networks": NETWORKS, "methods": ["clr"], "seed": 1} | keys, schema)
    check_inputs({"infer": checked.get("infer", {})}, "release")
    return checked.get("infer")


def test_no_data_set_of_the_user(schema):
    assert infer(schema) is None


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
def test_a_data_set_of_the_user(user_files, schema, entry):
    assert infer(schema, name="mine", **entry) == {"mine": entry}
    assert infer(schema, infer={"mine": entry}) == {"mine": entry}
    other = {"other": {"expression": "d.h5ad"}}
    assert infer(schema, name="mine", infer=other, **entry) == other | {"mine": entry}
    # that of the command line takes the place of one of its name
    assert infer(schema, name="other", infer=other, **entry) == {"other": entry}


def test_a_study_of_nothing_but_data_sets_of_the_user(user_files, schema):
    entry = {"expression": "e.csv"}
    long = check_config({"infer": {"mine": entry}}, schema)
    assert "networks" not in long and long["infer"] == {"mine": entry}
    assert listing(check_config({"name": "mine"} | entry, schema)) == listing(long)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"expression": "e.csv"}, "config: expression without name: target infer needs"),
        ({"name": "x"}, "config: name without expression: target infer needs --config expression"),
        (
            {"pseudotime": "t.csv", "layer": "x", "name": "x"},
            "config: name, pseudotime, layer without expression",
        ),
        (
            {"expresion": "e.csv", "name": "x"},
            "config: unknown key expresion (did you mean expression?)",
        ),
        ({"expresion": "e.csv"}, "config: unknown key expresion (did you mean expression?); known"),
        (
            {"expression": "e.csv", "nmae": "x"},
            "config: unknown key nmae (did you mean name?)",
        ),
        (
            {"expression": "e.csv", "name": "x", "regulator": "r.txt"},
            "config: unknown key regulator (did you mean regulators?); known",
        ),
        ({"expression": "e.csv", "name": "HSC"}, "config: name: HSC is a network of the study"),
        ({"expression": "no.csv", "name": "x"}, "infer.x.expression: there is no file 'no.csv'"),
        (
            {"expression": "folder", "name": "x"},
            "infer.x.expression: folder: is a folder without",
        ),
        ({"expression": "no.h5ad", "name": "x"}, "infer.x.expression: there is no file 'no.h5ad'"),
        (
            {"expression": "e.csv", "name": "x", "pseudotime": "early,late"},
            "config: infer.x.pseudotime: there is no file 'early,late'",
        ),
        (
            {"expression": "e.csv", "name": "x", "regulators": "no.txt"},
            "config: infer.x.regulators: there is no file 'no.txt'",
        ),
        (
            {"expression": "d.h5ad", "name": "x", "reference": "no.csv"},
            "config: infer.x.reference: there is no file 'no.csv'",
        ),
        (
            {"infer": {"fine": {"expression": "e.csv"}, "x": {"expression": "no.csv"}}},
            "config: infer.x.expression: there is no file 'no.csv'",
        ),
        (
            {"expression": "e.csv", "name": "x", "layer": "counts"},
            "config: infer.x.layer is for .h5ad and .loom files; the expression file is none",
        ),
        (
            {"expression": "e.csv", "name": "x", "methods": []},
            "config: methods is empty: target infer needs at least one",
        ),
    ],
)
def test_mistakes_in_the_data_set_of_the_user(user_files, schema, keys, message):
    with pytest.raises(InputError) as error:
        infer(schema, **keys)
    assert message in str(error.value) and str(error.value).startswith("config: ")
    assert len(str(error.value).splitlines()) == 1


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


def test_protocols_of_the_schema_are_those_of_the_code(schema):
    blocks = schema["properties"]
    assert blocks["protocols"]["items"]["enum"] == list(PROTOCOLS)
    # Holding out regulators is for real networks: a study asks for it.
    assert blocks["protocols"]["default"] == [p for p in PROTOCOLS if p != "regulator"]
    trained = list(PROTOCOLS[1:])
    assert blocks["graph"]["properties"]["gene_identity"]["items"]["enum"] == trained
    assert blocks["fine_tuning"]["properties"]["protocols"]["items"]["enum"] == trained


def test_without_methods_target_infer_takes_the_zero_shot_model(schema):
    assert check_config({"networks": NETWORKS}, schema)["methods"] == usual_methods()
    asked = {"networks": NETWORKS, "expression": "x.csv", "name": "x"}
    assert check_config(asked, schema)["methods"] == sorted(INFERRED)
    assert check_config(asked | {"methods": "pidc"}, schema)["methods"] == ["pidc"]
    listed = {"infer": {"x": {"expression": "x.csv"}}}
    assert check_config(listed, schema)["methods"] == sorted(INFERRED)
    # A study that also has data sets to infer from compares all methods, on them as well.
    assert check_config({"networks": NETWORKS} | listed, schema)["methods"] == usual_methods()


def test_old_names_are_all_named_at_once(schema):
    change = {"peers": {}, "model": {"dropout": 0.1}, "protocols": ["published", "pair"]}
    assert refuse({"networks": NETWORKS} | change, schema) == [
        "config: the key peers is called method_settings now",
        "config: the key model.dropout is called model.neuron_dropout now",
        "config: protocols: published is called paper now",
    ]


STUDIES = [
    {"networks": NETWORKS},
    {"networks": NETWORKS, "methods": "pidc,clr", "protocols": ["gene", "paper"], "seeds": ["3"]},
    {"networks": {"b": {"replicates": 2, "model": "b.tsv"}, "a": {"edges": "e", "h5ad": "a"}}},
    {"expression": "x.csv", "name": "x", "regulators": "r.txt"},
    {"networks": NETWORKS, "expression": "x.csv", "name": "x", "method_settings": {"genie3": {}}},
    {"infer": {"x": {"reference": "k.csv", "expression": "x.csv"}, "y": {"expression": "y.csv"}}},
    {"networks": NETWORKS, "methods": [], "training": {"patience": 3, "epochs": 9}},
]


@pytest.mark.parametrize("config", STUDIES)
def test_a_checked_config_can_be_checked_again(schema, config):
    """Snakemake hands a config that was checked to its jobs, which check it."""
    filled = check_config(config, schema)
    assert listing(check_config(filled, schema)) == listing(filled)
    # so does the workflow, in which the keys of the command line stay beside the block
    assert listing(check_config(config | filled, schema)) == listing(filled)


@pytest.mark.parametrize("config", STUDIES)
def test_the_order_of_the_keys_does_not_matter(schema, config):
    """Parameters in another order are others to Snakemake, and would run jobs again."""
    names = ("networks", "infer")  # their order is that of tables and figures
    mixed = turned(config) | {
        key: {name: turned(entry) for name, entry in config[key].items()}
        for key in names
        if key in config
    }
    assert listing(check_config(mixed, schema)) == listing(check_config(config, schema))


def test_keys_are_filled_in_the_order_of_the_schema():
    schema = {
        "properties": {
            "a": {"default": 1},
            "b": {"default": {}, "properties": {"x": {"default": [2]}, "y": {}}},
            "c": {},
            "d": {"default": {}, "properties": {"z": {"default": 0}}},
        }
    }
    filled = fill({"other": 5, "c": 4, "b": {"y": 3}}, schema)
    expected = {"a": 1, "b": {"x": [2], "y": 3}, "c": 4, "d": {"z": 0}, "other": 5}
    assert listing(filled) == listing(expected)
    assert listing(fill(filled, schema)) == listing(filled)


def pretraining_of(repository, *files: str) -> dict:
    """The block `pretraining` of config files that are laid over one another."""
    from snakemake.utils import update_config

    config: dict = {}
    for name in files:
        update_config(config, yaml.safe_load((repository / f"{name}.yaml").read_text()))
    return config["pretraining"]


@pytest.mark.parametrize(
    "files", [["config/pretraining"], ["config/pretraining", "tests/config/pretraining"]]
)
def test_pretraining_configs_are_valid(repository, pretraining_schema, files):
    given = pretraining_of(repository, *files)
    pretraining = check_pretraining(given, pretraining_schema)
    # nothing is filled in, and nothing moved in a block: draws of the weights depend on it
    assert {key: listing(pretraining[key]) for key in pretraining} == {
        key: listing(given[key]) for key in given
    }
    # keys in another order are the same block: to Snakemake they would be another pretraining
    again = check_pretraining(turned(given), pretraining_schema)
    variants = [block.pop("ablation", {}) for block in (again, pretraining)]
    assert variants[0] == variants[1] and listing(again) == listing(pretraining)
    assert not set(pretraining["networks_other"]["families"]) & {
        name for name, share in pretraining["networks"]["families"].items() if share
    }
    assert pretraining["model"]["width"] % pretraining["model"]["heads"] == 0


def test_a_study_leaves_its_pretraining_to_another_check(repository, schema):
    block = pretraining_of(repository, "config/pretraining")
    for given in (block, {"anything": 1}):
        filled = check_config({"networks": NETWORKS, "pretraining": given}, schema)
        assert listing(filled["pretraining"]) == listing(given)


@pytest.mark.parametrize(
    ("change", "key", "right"),
    [
        (
            {"sed": 1},
            "unknown key pretraining.sed (did you mean seed?);",
            "chunks, evidence, held_out, hub_worth, knock_outs, measurement, model, networks",
        ),
        ({"seed": -1}, "pretraining.seed: -1", "minimum of 0"),
        ({"model": {"heads": 3}}, "pretraining.model.heads (3)", "divide pretraining.model.width"),
        (
            {"model": {"widht": 3}},
            "unknown key pretraining.model.widht (did you mean width?);",
            "x",
        ),
        ({"training": {"device": "gpu"}}, "pretraining.training.device: 'gpu'", "cuda"),
        ({"training": {"batch": 0}}, "pretraining.training.batch: 0", "minimum of 1"),
        ({"networks": {"runs": 1.5}}, "pretraining.networks.runs: 1.5", "type 'integer'"),
        (
            {"networks": {"families": {"star": 1}}},
            "unknown key pretraining.networks.families.star;",
            "bifurcation, chain",
        ),
        (
            {"networks": {"durations": {"half": 1}}},
            "pretraining.networks.durations: 'half'",
            "whole number of 1 to 99",
        ),
        ({"networks": {"durations": {0: 1}}}, "pretraining.networks.durations: 0", "1 to 99"),
        ({"networks": {"durations": {100: 1}}}, "pretraining.networks.durations: 100", "1 to 99"),
    ],
)
def test_mistakes_in_the_pretraining(repository, pretraining_schema, change, key, right):
    from snakemake.utils import update_config

    pretraining = pretraining_of(repository, "config/pretraining")
    update_config(pretraining, change)
    (sentence,) = refuse(pretraining, pretraining_schema, check_pretraining)
    assert sentence.startswith("config: ") and key in sentence and right in sentence


SHIPPED = [
    ["measurement"],
    ["held_out"],
    ["knock_outs"],
    ["measurement", "realism"],
    ["ablation"],
    ["trust"],
    ["measurement", "broad_training"],
    ["measurement", "broad_training", "broad_ablation"],
    ["measurement", "realism", "held_out", "knock_outs", "ablation", "trust", "broad_training"],
]
# Pairs of numbers that are to choose from, in any order; every other pair of the config is a range.
CHOICES = {
    *("networks.initial_levels", "model.triple_layers", "ablation.seeds"),
    "ablation.validation.dropout",
}


def places(block, path=()):
    """Each value of a config that is a block or a list, with the keys that lead to it."""
    items = block.items() if isinstance(block, dict) else enumerate(block)
    for key, inner in items:
        if isinstance(inner, (dict, list)):
            yield (*path, key), inner
            yield from places(inner, (*path, key))


def dotted(path) -> str:
    return ".".join(map(str, path))


@pytest.fixture
def everything(repository) -> dict:
    """All blocks that a pretraining can have."""
    files = ["pretraining", *SHIPPED[-1]]
    return pretraining_of(repository, *(f"config/{name}" for name in files))


def changed(block: dict, path, value) -> dict:
    """A copy of a config with another value at a place."""
    copied = copy.deepcopy(block)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copied


@pytest.mark.parametrize("files", SHIPPED)
def test_shipped_configs_are_valid(repository, pretraining_schema, files):
    names = [f"config/{name}" for name in ["pretraining", *files]]
    check_pretraining(pretraining_of(repository, *names), pretraining_schema)
    toy = ["tests/config/pretraining"] + ["tests/config/views"] * ("measurement" in files)
    if not {"ablation", "broad_training"} & set(files):  # their toy numbers are of other tests
        check_pretraining(pretraining_of(repository, *names, *toy), pretraining_schema)


def test_ranges_run_forwards(everything, pretraining_schema):
    def is_range(path, value) -> bool:
        pair = isinstance(value, list) and len(value) == 2 and value[0] != value[1]
        numbers = pair and all(type(number) in (int, float) for number in value)
        return numbers and dotted(path) not in CHOICES

    ranges = [(path, value) for path, value in places(everything) if is_range(path, value)]
    assert {path[0] for path, _ in ranges} == {
        *("networks", "networks_other", "networks_linear", "transcriptional", "bursty", "sergio"),
        *("evidence", "augmentation", "measurement", "views", "unlike", "held_out"),
        "broad_training",
    }
    assert len(ranges) > 90
    backwards = everything
    for path, value in ranges:
        backwards = changed(backwards, path, value[::-1])
    refused = refuse(backwards, pretraining_schema, check_pretraining)
    assert sorted(refused) == sorted(
        f"config: pretraining.{dotted(path)}: {value[::-1]} runs backwards; give the smaller "
        "number first"
        for path, value in ranges
    )
    alike = changed(everything, ("networks", "few_on"), [2, 2])
    chosen = changed(alike, ("networks", "topologies", "branches"), [3, 2])
    check_pretraining(changed(chosen, ("model", "triple_layers"), [3, 1]), pretraining_schema)


def test_something_has_a_share(everything, pretraining_schema):
    def of_shares(path, value) -> bool:
        whole = path[0] in (
            *("chunks", "training", "ablation", "held_out", "knock_outs", "realism"),
            "broad_training",
        )
        chances = path == ("measurement", "simulated_share")
        of_numbers = isinstance(value, dict) and all(
            isinstance(number, (int, float)) and not isinstance(number, bool)
            for number in value.values()
        )
        return of_numbers and not whole and not chances

    shares = {dotted(path): (path, value) for path, value in places(everything)}
    shares = {key: found for key, found in shares.items() if of_shares(*found)}
    assert set(shares) == {
        *("networks.families", "networks.rule_forms", "networks.initial_state"),
        *("networks.durations", "networks.kinetics", "networks_other.families"),
        *("transcriptional.factor_kinds", "evidence.perturbations.kinds"),
        *("measurement.platforms", "measurement.normalise", "measurement.per_gene"),
        "views.chunks",
    }
    del shares["networks.rule_forms"]  # each of these needs one
    none, one = everything, everything
    for path, value in shares.values():
        none = changed(none, path, dict.fromkeys(value, 0))
        one = changed(one, path, dict.fromkeys(value, 0) | {max(value, key=str): 1})
    refused = refuse(none, pretraining_schema, check_pretraining)
    assert sorted(refused) == sorted(
        f"config: pretraining.{key}: all are 0 ({', '.join(map(str, value))}); give one of them "
        "more"
        for key, (_, value) in shares.items()
    )
    del one["broad_training"]  # which needs views of several kinds
    check_pretraining(one, pretraining_schema)


def test_logarithms_are_of_numbers_above_0(pretraining_schema):
    found = []
    for path, inner in properties(pretraining_schema):
        if "log-uniform" in inner["description"]:
            name = inner.get("$ref", "").split("/")[-1]
            limits = pretraining_schema["$defs"][name]["items"] if name else inner["items"]
            if limits["type"] != "object":  # size classes, whose genes are integers above 0
                assert limits.get("exclusiveMinimum") == 0 or limits["minimum"] > 0, path
                found.append(path)
    assert len(found) > 20 and "views.cells" in found


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("views", "cells"), [1, 1.5], "views.cells.0: 1 is less than the minimum of 12"),
        (("views", "cells"), [12, 15.5], "views.cells.1: 15.5 is not of type 'integer'"),
        (
            ("measurement", "hidden"),
            [0.5, 1],
            "hidden.1: 1 is greater than or equal to",
        ),
        (
            ("measurement", "empty_cells"),
            [1, 1],
            "empty_cells.0: 1 is greater than or equal",
        ),
        (("measurement", "batches"), [2, 2.5], "batches.1: 2.5 is not of type 'integer'"),
        (("measurement", "dispersion"), [0, 1], "dispersion.0: 0 is less than or equal to the min"),
        (("transcriptional", "genes"), [2, 9], "genes.0: 2 is less than the minimum of 3"),
        (
            ("held_out", "methods"),
            ["clr", "genie3", "gat-zeroshot", "spearman-pc"],
            "methods: clr, genie3, gat-zeroshot, spearman-pc lack spearman, which all are compared",
        ),
        (("knock_outs", "methods"), ["clr", "clq"], "knock_outs.methods: clq is none of "),
        (("knock_outs", "damping"), 1, "damping: 1 is greater than or equal to the maximum of 1"),
        (
            ("ablation", "variants"),
            {"a": {"augmentation": {"cells": [500, 100]}}},
            "ablation.variants.a.augmentation.cells: [500, 100] runs backwards",
        ),
    ],
)
def test_what_cannot_be_drawn(everything, pretraining_schema, path, value, sentence):
    refused = refuse(changed(everything, path, value), pretraining_schema, check_pretraining)
    assert sentence in refused[0] and refused[0].startswith(f"config: pretraining.{path[0]}")


@pytest.mark.parametrize(
    ("block", "needed"),
    [
        ("views", {"transcriptional", "measurement", "evidence"}),
        (
            "realism",
            {"transcriptional", "bursty", "sergio", "measurement", "evidence", "views"},
        ),
        ("held_out", {"transcriptional", "bursty", "sergio"}),
        ("knock_outs", {"transcriptional", "bursty", "sergio"}),
    ],
)
def test_blocks_that_need_others(everything, pretraining_schema, block, needed):
    alone = {key: everything[key] for key in pretraining_schema["required"]}
    alone[block] = everything[block]
    refused = refuse(alone, pretraining_schema, check_pretraining)
    for other in needed:
        file = "measurement" if other in ("measurement", "views") else "pretraining"
        assert (
            f"config: pretraining.{block} needs pretraining.{other}, of config/{file}.yaml"
            in refused
        )
    assert len(refused) == len(needed)
    check_pretraining(alone | {key: everything[key] for key in everything}, pretraining_schema)


BROAD = ("broad_training",)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ((*BROAD, "validation", "methods"), ["spearman", "magic"], "validation.methods: magic is"),
        ((*BROAD, "validation", "methods"), ["clr"], "validation.methods: clr lack spearman"),
        (
            (*BROAD, "validation", "measurements", "rates"),
            {"platform": "qpcr", "normalise": "log1p_cpm"},
            "validation.measurements.rates: ",
        ),
        (
            (*BROAD, "variants", "few"),
            {"kinds": ["linear"], "share": 0.1, "stages": 4},
            "variants.few: 4 stages have 3 chunks of linear views: 32 (views.chunks.linear) "
            "without 6 for the aggregator and calibration, times share; expected one for each "
            "stage",
        ),
        ((*BROAD, "variants", "few"), {"of": "alll"}, "variants.few.of: alll is none of all, "),
        (
            (*BROAD, "variants", "few"),
            {"of": "all", "genes": 12},
            "variants.few.genes: it shares the training of all (key of), so that only agreement "
            "may differ; remove genes or of",
        ),
        (("views", "chunks", "boolean"), 5, "variants.all: 4 stages have 0 chunks of boolean"),
    ],
)
def test_mistakes_in_the_training_on_many_kinds(
    everything, pretraining_schema, path, value, sentence
):
    wrong = changed(everything, path, value)
    (said,) = refuse(wrong, pretraining_schema, check_pretraining)
    assert sentence in said and said.startswith("config: pretraining.broad_training.")


def test_a_pretraining_without_a_block(repository, pretraining_schema):
    pretraining = pretraining_of(repository, "config/pretraining")
    del pretraining["chunks"], pretraining["model"]["width"]
    sentences = refuse(pretraining, pretraining_schema, check_pretraining)
    assert sorted(sentences) == [
        "config: pretraining lacks the key chunks",
        "config: pretraining.model lacks the key width",
    ]


@pytest.fixture
def ablation(repository) -> dict:
    """The pretraining of target `ablation`."""
    return pretraining_of(repository, "config/pretraining", "config/ablation")


def test_ablation_config_is_valid(ablation, pretraining_schema):
    pretraining = check_pretraining(ablation, pretraining_schema)
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
def test_mistakes_in_the_ablation(ablation, pretraining_schema, change, key, right):
    from snakemake.utils import update_config

    update_config(ablation, {"ablation": change})
    (sentence,) = refuse(ablation, pretraining_schema, check_pretraining)
    assert sentence.startswith("config: ") and key in sentence and right in sentence


def test_numbers_of_the_ablation_given_as_text(ablation, pretraining_schema):
    from snakemake.utils import update_config

    expected = check_pretraining(ablation, pretraining_schema)["ablation"]
    change = {
        "grid": {"layers": ["1", "2", "3", "4"]},
        "variants": {"networks-500": {"epochs": "80"}},
        "validation": {"cells": ["2000"]},
    }
    update_config(ablation, {"ablation": change})
    assert check_pretraining(ablation, pretraining_schema)["ablation"] == expected
