"""What a study is made of, asked without Snakemake."""

import dataclasses
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
import yaml

from grn_gat.algorithms._registry import INFERRED, method_names
from grn_gat.core.errors import InputError
from grn_gat.study import paths
from grn_gat.study.jobs import inference_jobs, timed_jobs
from grn_gat.study.paths import CHAPTERS, clean, fill
from grn_gat.study.place import Place
from grn_gat.study.study import DataSource, Study, only

MODEL = "workflow/resources/models/HSC.tsv"
ZERO_SHOT = ("gat-zeroshot", "gat-zeroshot-pseudotime")
WEIGHTS = "workflow/resources/zeroshot/any_data.safetensors"
FILES = (
    "own.tsv", "own.bnet", "own.yaml", "plain.tsv", "cells.h5ad", "edges.csv", "tfs.txt",
    "cells.csv", "time.csv", "known.csv", "folder/1/ExpressionData.csv", "folder/1/refNetwork.csv",
    "folder/1/PseudoTime.csv", "folder/2/ExpressionData.csv.gz", "folder/2/net.csv",
    "folder/2/tfs.csv", "folder/1/net.csv", "folder/1/tfs.csv",
    "copy/Curated/HSC/HSC-2000-1/ExpressionData.csv", "copy/Curated/HSC/HSC-2000-1/refNetwork.csv",
)  # fmt: skip
# One of each kind.
ENTRIES = {
    "HSC": {"model": MODEL, "replicates": 2, "cells": 50},
    "own": {"model": "own.tsv", "replicates": 1},
    "folders": {"folders": ["folder/1", "folder/2"], "edges": "net.csv", "regulators": "tfs.csv"},
    "one": {"folders": ["folder/1"]},
    "released": {"folders": ["resources/beeline/Curated/GSD/GSD-2000-1-50"]},
    "anndata": {"h5ad": "cells.h5ad", "edges": "edges.csv", "pseudotime": ["early", "late"]},
}
INFER = {
    "mine": {"expression": "cells.csv", "pseudotime": "time.csv", "reference": "known.csv"},
    "other": {"expression": "cells.h5ad", "pseudotime": "early,late", "regulators": "tfs.txt"},
}


@pytest.fixture(scope="module")
def schema(repository) -> dict:
    return yaml.safe_load((repository / "workflow/schemas/study.schema.yaml").read_text())


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder with files of a user, which is the working directory."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def prefixed(path: str) -> str:
    """What Snakemake makes of a path in a module with the prefix `grn`."""
    return path if path.startswith("/") else f"grn/{path}"


@pytest.fixture
def read(repository, schema, folder):
    """A function that reads a study: of one simulated network, if not told otherwise."""

    def make(placed=None, **keys) -> Study:
        place = Place(repository) if placed is None else Place(repository, placed)
        if not {"networks", "infer"} & set(keys):
            keys["networks"] = {"HSC": ENTRIES["HSC"]}
        return Study.read(keys, schema, place)

    return make


@pytest.fixture
def study(read) -> Study:
    """A study of every kind of network, and two data sets of target infer."""
    return read(
        networks=ENTRIES,
        infer=INFER,
        dropout=[50, 0, 5],
        seeds=[7, 3],
        protocols=["gene", "paper", "pair"],
        methods="pidc,clr,gat-zeroshot,genie3",
    )


# ----------------------------------------------------------------------------------------- axes


def test_axes(study):
    assert study.networks == list(ENTRIES) and study.inferred == list(INFER)
    assert study.simulated == ["HSC", "own"]
    assert study.imported == ["folders", "one", "released", "anndata", "mine", "other"]
    assert study.dropouts == ["050", "000", "005"]  # the user's order
    assert study.seeds == [7, 3]
    assert study.protocols == ["paper", "pair", "gene"]  # always in this order
    assert study.supervised == ["pair", "gene"] == study.fine_tuned
    assert study.methods == ["clr", "gat-zeroshot", "genie3", "pidc"]
    assert study.scored == ["paper", "pair", "gene", "unsupervised"]
    assert study.model_controls == ["gat-noise", "gat-one-hot", "gat-shuffled"]
    assert study.probabilistic == ["gat-zeroshot"]


def test_the_order_of_protocols_and_controls_does_not_matter(read):
    one = read(protocols=["pooled", "gene"], model_controls=["gat-shuffled", "gat-noise"])
    other = read(protocols=["gene", "pooled"], model_controls=["gat-noise", "gat-shuffled"])
    assert one.protocols == other.protocols == ["pooled", "gene"]
    assert one.model_controls == other.model_controls == ["gat-noise", "gat-shuffled"]


@pytest.mark.parametrize(
    ("protocols", "controls", "fine_tuned", "scored"),
    [
        ([], [], [], ["unsupervised"]),
        (["paper"], [], [], ["paper", "unsupervised"]),
        (["paper", "gene"], ["gat-noise"], [], ["paper", "gene", "unsupervised"]),
        (["pooled", "pair"], ["gat-noise"], ["pair"], ["pooled", "pair", "unsupervised"]),
    ],
)
def test_controls_and_fine_tuning_need_labels(read, protocols, controls, fine_tuned, scored):
    study = read(
        protocols=protocols, model_controls=["gat-noise"], fine_tuning={"protocols": ["pair"]}
    )
    assert (study.model_controls, study.fine_tuned) == (controls, fine_tuned)
    assert study.scored == scored


def test_without_methods_nothing_is_scored_without_labels(read):
    assert read(protocols=["pair"], methods=[]).scored == ["pair"]


def test_replicates(study):
    assert {name: study.replicates(name) for name in study.sources} == {
        "HSC": [1, 2], "own": [1], "folders": [1, 2], "one": [1], "released": [1],
        "anndata": [1], "mine": [1], "other": [1],
    }  # fmt: skip


def test_folder_of_a_replicate(study):
    source = study.sources["folders"]
    assert [source.folder(number) for number in source.replicates] == ["folder/1", "folder/2"]
    for number in (0, 3):
        with pytest.raises(InputError, match=f"^folders has 2 replicates, not {number}$"):
            source.folder(number)


def test_a_study_does_not_change(study):
    for record, name in [(study, "config"), (study.place, "repository"), (study, "new")]:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, name, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        study.sources["HSC"].name = "other"
    study.seeds.append(9)
    study.methods.clear()
    study.dropouts.clear()
    assert study.seeds == [7, 3] and len(study.methods) == 4 and len(study.dropouts) == 3


# ------------------------------------------------------------------------------------ data sets


def test_rules_of_a_model_and_its_description(repository, read):
    files = {"HSC": MODEL, "own": "own.tsv", "boolnet": "own.bnet", "plain": "plain.tsv"}
    models = {name: {"model": path} for name, path in files.items()}
    study = read(networks=models | {"read": ENTRIES["one"]})
    assert study.boolean_rules("HSC") == str(repository / MODEL)  # the folder has no such file
    assert study.boolean_rules("own") == "own.tsv" and study.boolean_rules("read") == []
    assert study.model_description("own") == study.model_description("boolnet") == ["own.yaml"]
    assert study.model_description("HSC") == [str((repository / MODEL).with_suffix(".yaml"))]
    assert study.model_description("plain") == study.model_description("read") == []


def test_a_file_of_the_user_goes_before_that_of_the_repository(folder, read):
    (folder / MODEL).parent.mkdir(parents=True)
    (folder / MODEL).touch()
    assert read().boolean_rules("HSC") == MODEL


@pytest.mark.parametrize(
    ("network", "replicate", "files"),
    [
        ("folders", 1, ["folder/1/ExpressionData.csv", "folder/1/net.csv",
                        "folder/1/PseudoTime.csv", "folder/1/tfs.csv"]),
        ("folders", "2", ["folder/2/ExpressionData.csv.gz", "folder/2/net.csv",
                          "folder/2/tfs.csv"]),
        ("one", "1", ["folder/1/ExpressionData.csv", "folder/1/refNetwork.csv",
                      "folder/1/PseudoTime.csv"]),
        ("released", "1", ["resources/beeline/verified.tsv"]),  # unpacked by a rule
        ("anndata", "1", ["cells.h5ad", "edges.csv"]),
        ("mine", "1", ["cells.csv", "time.csv"]),  # an edge of the reference is no input
        ("other", "1", ["cells.h5ad", "tfs.txt"]),  # pseudotime is in obs
    ],
)  # fmt: skip
def test_files_that_a_replicate_is_read_from(study, network, replicate, files):
    assert study.source_files(network, replicate) == files


def test_lists_of_a_released_network_that_lie_elsewhere(folder, read):
    lists = {"edges": str(folder / "edges.csv"), "regulators": "tfs.csv"}
    study = read(networks={"released": ENTRIES["released"] | lists})
    # those in the release are verified with it
    assert study.source_files("released", 1) == [
        "resources/beeline/verified.tsv", str(folder / "edges.csv")
    ]  # fmt: skip


def test_files_of_a_replicate_that_is_none(study):
    with pytest.raises(InputError, match="folders has 2 replicates, not 3"):
        study.source_files("folders", "3")
    with pytest.raises(InputError, match="folders has 2 replicates, not 3"):
        study.source_entry("folders", "3")


@pytest.mark.parametrize(
    ("network", "replicate", "entry"),
    [
        ("folders", "2", {"edges": "net.csv", "regulators": "tfs.csv", "folder": "folder/2"}),
        ("released", "1", {"folder": "resources/beeline/Curated/GSD/GSD-2000-1-50"}),
        ("anndata", "1", ENTRIES["anndata"]),
        ("mine", "1", {"expression": "cells.csv", "pseudotime": "time.csv"}),
        ("other", "1", INFER["other"]),
    ],
)
def test_what_a_replicate_is_read_from(study, network, replicate, entry):
    assert study.source_entry(network, replicate) == entry
    assert study.sources["mine"].entry["reference"] == "known.csv"  # left as it was


def test_files_of_the_user_in_a_module_with_a_prefix(folder, read):
    study = read(prefixed, networks=ENTRIES, infer=INFER, methods="clr", protocols=[])
    at = str(folder)
    assert study.source_files("one", 1)[0] == f"{at}/folder/1/ExpressionData.csv"
    assert study.source_entry("one", 1) == {"folder": f"{at}/folder/1"}
    assert study.source_files("anndata", 1) == [f"{at}/cells.h5ad", f"{at}/edges.csv"]
    assert study.source_entry("anndata", 1)["pseudotime"] == ["early", "late"]
    assert study.source_files("mine", 1) == [f"{at}/cells.csv", f"{at}/time.csv"]
    assert study.sources["mine"].reference == f"{at}/known.csv"
    assert study.source_entry("other", 1)["pseudotime"] == "early,late"
    assert study.boolean_rules("own") == f"{at}/own.tsv"
    # Snakemake puts the prefix before inputs, the study before params
    assert study.source_files("released", 1) == ["resources/beeline/verified.tsv"]
    released = study.source_entry("released", 1)["folder"]
    assert released == "grn/resources/beeline/Curated/GSD/GSD-2000-1-50"


def test_the_config_keeps_what_the_user_wrote(folder, read):
    study = read(prefixed, networks={"one": ENTRIES["one"]}, protocols=[])
    assert study.config["networks"] == {"one": ENTRIES["one"]}
    assert study.sources["one"].entry == {"folders": [str(folder / "folder/1")]}


def test_missing_files_are_named_with_their_keys(read):
    with pytest.raises(InputError, match=r"^config: networks\.x\.model: there is no file 'x\.tsv'"):
        read(networks={"x": {"model": "x.tsv"}})
    with pytest.raises(InputError, match=r"^config: infer\.x\.expression: there is no file"):
        read(infer={"x": {"expression": "x.csv"}})
    with pytest.raises(InputError, match="unknown key sed"):
        read(sed=1)


def test_results_that_cannot_be_written(folder, read):
    (folder / "results").touch()
    with pytest.raises(InputError, match=r"^results is not a folder"):
        read()
    read(prefixed)  # whose results are elsewhere
    (folder / "grn").touch()
    with pytest.raises(InputError, match=r"^grn is not a folder"):
        read(prefixed)


def test_edges_that_a_data_set_comes_with(study):
    known = {name: study.inferred_reference(name) for name in INFER}
    assert known == {"mine": "results/inferred/mine/refNetwork.csv", "other": []}
    assert study.inferred_metrics("other") == []
    assert study.inferred_metrics("mine") == [
        f"results/inferred/mine/{method}/metrics.tsv" for method in study.methods
    ]


def test_methods_that_are_run_on_shuffled_genes(read):
    """Those whose null says something and costs little, unless the data set says otherwise."""

    def methods(**entry) -> list[str]:
        study = read(infer={"mine": INFER["mine"] | entry}, methods="all")
        found = study.null_methods("mine")
        assert study.nulls("mine") == [f"results/inferred/mine/{m}/null.tsv" for m in found]
        assert "shuffled_null" not in study.source_entry("mine", 1)  # it reads nothing anew
        return found

    usual = methods()
    assert {"pearson", "spearman", "spearman-pc", "mutual-information", "ppcor"} <= set(usual)
    assert not {"genie3", "grnboost2", "consensus", "gat-zeroshot", "pidc"} & set(usual)
    assert (
        methods(shuffled_null=True) == methods(shuffled_null="true") == read(methods="all").methods
    )
    assert methods(shuffled_null=False) == methods(shuffled_null="false") == []
    with pytest.raises(InputError, match=r"infer\.mine\.shuffled_null: 'yes' is not of type"):
        methods(shuffled_null="yes")


# --------------------------------------------------------------------------------------- models


@pytest.mark.parametrize("protocol", ["paper", "pair", "gene", "unsupervised"])
def test_files_are_those_of_the_axes_in_their_order(study, protocol):
    axes = study.model_axes("HSC", protocol)
    assert axes["gat"] == [(level, seed) for level in ("050", "000", "005") for seed in (7, 3)]
    assert axes["gat"] == [
        (found["level"], int(found["seed"]))
        for found in parsed(
            paths.TRAINING.format(
                network="HSC", dropout="(?P<level>.+)", protocol="pair", seed=r"(?P<seed>\d+)"
            ),
            # as rules/score_models.smk expands it
            fill(
                paths.TRAINING, network="HSC", dropout=study.dropouts, protocol="pair",
                seed=study.seeds,
            ),
        )
    ]  # fmt: skip
    honest = protocol in ("pair", "gene")
    assert study.compared(protocol) == (study.methods if honest else [])
    for key in ("model_controls", "fine_tuned", "methods"):
        assert bool(axes[key]) == honest

    wanted = f"results/control_models/(.+)/HSC/drop-(.+)/{protocol}/seed-(.+)/predictions.tsv"
    files = study.control_model_files("HSC", protocol)
    assert [re.fullmatch(wanted, file).groups() for file in files] == [
        (control, level or "000", str(seed)) for control, level, seed in axes["model_controls"]
    ]
    wanted = f"results/fine_tuning/HSC/drop-(.+)/{protocol}/seed-(.+)/predictions.tsv"
    files = study.fine_tuning_files("HSC", protocol)
    assert [re.fullmatch(wanted, file).groups() for file in files] == [
        (level, str(seed)) for level, seed in axes["fine_tuned"]
    ]
    wanted = "results/predictions/(.+)/HSC/rep-(.+)/drop-(.+)/status.tsv"
    files = study.method_files("HSC", "status.tsv", study.compared(protocol))
    assert [re.fullmatch(wanted, file).groups() for file in files] == [
        (method, str(replicate), level) for method, replicate, level in axes["methods"]
    ]
    assert axes["methods"] == study.method_axes("HSC", study.compared(protocol))


def parsed(pattern: str, files: list[str]) -> list[dict[str, str]]:
    """The wildcards of files."""
    return [re.fullmatch(pattern, file).groupdict() for file in files]


def test_control_models(study):
    """Only that with the expression of other genes is trained once for each level."""
    levels, seeds = study.dropouts, study.seeds
    assert study.control_models("pair") == [
        *product(["gat-noise"], [None], seeds),
        *product(["gat-one-hot"], [None], seeds),
        *product(["gat-shuffled"], levels, seeds),
    ]
    assert study.control_models("paper") == []
    files = study.control_model_files("HSC", "gene")
    assert len(set(files)) == len(files) == 2 * (1 + 1 + 3)
    assert all("/drop-000/" in file for file in files if "gat-shuffled" not in file)


def test_fine_tunings(read):
    study = read(
        dropout=[0, 70], seeds=[1, 2], protocols=["pair", "gene"],
        fine_tuning={"protocols": ["gene", "pooled"]},
    )  # fmt: skip
    assert study.fine_tunings("gene") == [("000", 1), ("000", 2), ("070", 1), ("070", 2)]
    assert study.fine_tunings("pair") == study.fine_tunings("pooled") == []
    assert study.fine_tuning_files("HSC", "pair") == []


# -------------------------------------------------------------------------------------- methods


def test_settings_of_the_methods(repository, read):
    given = {"genie3": {"trees": 7}, "gat-zeroshot": {"cells": 99}}
    study = read(methods="all", method_settings=given)
    assert study.method_settings("genie3") == {"trees": 7}
    assert study.method_settings("ppcor") == {"p_value": 0.01}
    assert study.method_settings("clr") == {}
    expected = {"weights": str(repository / WEIGHTS), "cells": 99, "subsamples": 1}
    for method in ZERO_SHOT:  # one block
        assert study.method_settings(method) == expected
    study.method_settings("genie3")["trees"] = 1
    assert study.method_settings("genie3") == {"trees": 7}
    assert study.probabilistic == list(ZERO_SHOT)


def test_settings_with_keys_in_another_order_are_the_same(read):
    given = {"subsamples": 3, "weights": "w", "cells": 99}
    one = read(method_settings={"gat-zeroshot": given})
    other = read(method_settings={"gat-zeroshot": dict(sorted(given.items()))})
    for study in (one, other):
        assert list(study.method_settings(ZERO_SHOT[1])) == ["weights", "cells", "subsamples"]


def test_weights_are_those_of_the_methods_that_read_them(repository, read):
    study = read(methods="all")
    assert {name: study.weights(name) for name in method_names()} == {
        name: str(repository / WEIGHTS) if name.startswith(ZERO_SHOT[0]) else []
        for name in method_names()
    }
    assert study.weights_of_all() == str(repository / WEIGHTS)
    assert read(methods="clr,pidc").weights_of_all() == []
    own = {"gat-zeroshot": {"weights": "own.tsv"}}
    assert read(methods=ZERO_SHOT[1], method_settings=own).weights_of_all() == "own.tsv"


def test_weights_that_are_fine_tuned_are_those_of_the_study_too(repository, read):
    assert read(methods="clr").weights_of_study() == str(repository / WEIGHTS)
    assert read(methods="clr", protocols=["paper"]).weights_of_study() == []
    assert read(methods="all", protocols=[]).weights_of_study() == str(repository / WEIGHTS)


def test_files_that_a_study_is_made_from(repository, read):
    study = read(networks=ENTRIES, infer=INFER)
    models = repository / "workflow/resources/models"
    assert study.made_from("HSC") == {
        "model": str(models / "HSC.tsv"), "model_options": str(models / "HSC.yaml"),
    }  # fmt: skip
    assert study.made_from("folders") == {
        f"folders.{replicate}.{Path(file).name}": file
        for replicate in (1, 2)
        for file in study.source_files("folders", replicate)
    }
    assert study.made_from("released") == {
        "folders.1.verified.tsv": "resources/beeline/verified.tsv"
    }
    assert study.made_from("anndata") == {"h5ad": "cells.h5ad", "edges": "edges.csv"}
    assert study.made_from("mine") == INFER["mine"]
    assert study.made_from("other") == {"expression": "cells.h5ad", "regulators": "tfs.txt"}
    found = study.all_made_from()
    assert (
        found["networks.own.model"] == "own.tsv"
        and "networks.one.folders.1.refNetwork.csv" in found
    )
    assert not [what for what in found if "mine" in what or "other" in what]


def test_what_is_not_the_default_of_a_study_and_of_a_data_set(read):
    settings = {"genie3": {"trees": 7}, "gat-zeroshot": {"subsamples": 1}}
    study = read(
        networks={"own": ENTRIES["own"]},
        infer=INFER,
        seed=3,
        method_settings=settings,
        methods="clr",
    )
    both = {"seed": 3, "methods": ["clr"], "method_settings.genie3.trees": 7}
    assert study.not_default().items() >= both.items()
    assert study.not_default()["networks.own.model"] == "own.tsv"
    reordered = read(protocols=["gene", "pair", "pooled", "paper"])
    assert "protocols" not in reordered.not_default()
    assert study.not_default("mine") == both | {
        f"infer.mine.{key}": file for key, file in INFER["mine"].items()
    }


@pytest.mark.parametrize("methods", ["all", "clr"])
def test_missing_weights_are_a_mistake_of_who_asks_for_them(read, methods):
    study = read(methods=methods, method_settings={"gat-zeroshot": {"weights": "no.safetensors"}})
    # every other question has its answer
    study.targets(), study.method_settings(ZERO_SHOT[0]), timed_jobs(study)
    assert study.weights("clr") == []
    expected = r"^config: method_settings\.gat-zeroshot\.weights: there is no file 'no\.safet"
    for method in ZERO_SHOT:
        with pytest.raises(InputError, match=expected):
            study.weights(method)
    if methods == "all":
        with pytest.raises(InputError, match=expected):
            study.weights_of_all()
    else:
        assert study.weights_of_all() == []


def test_code_of_scripts_and_methods(repository, read):
    study = read(methods="all")
    package = repository / "scripts/grn_gat"
    split = study.code("split_pairs")
    assert {f"{package}/evaluate/splits.py", f"{package}/core/job.py"} <= set(split)
    assert f"{package}/supervised/gat.py" not in split and split == sorted(split)
    pidc, genie3 = study.method_code("pidc"), study.method_code("genie3")
    assert set(study.code("infer_network")) < set(pidc) and pidc == sorted(set(pidc))
    assert {f"{package}/algorithms/pidc.py", f"{package}/algorithms/_information.py"} <= set(pidc)
    assert (
        f"{package}/algorithms/genie3.py" not in pidc
        and f"{package}/algorithms/pidc.py" not in genie3
    )
    assert f"{package}/algorithms/gat_zeroshot.py" in study.method_code(ZERO_SHOT[1])
    assert study.method_modules("pidc", ZERO_SHOT[1]) == [
        f"{package}/algorithms/pidc.py", f"{package}/algorithms/gat_zeroshot_pseudotime.py"
    ]  # fmt: skip
    assert all(Path(path).is_file() for path in [*pidc, *split])


def test_code_of_a_study_in_the_repository(repository, monkeypatch, read):
    study = read()
    monkeypatch.chdir(repository)
    assert "scripts/grn_gat/core/job.py" in study.code("split_pairs")
    assert "scripts/grn_gat/algorithms/pidc.py" in study.method_code("pidc")
    assert study.method_modules("pidc") == ["scripts/grn_gat/algorithms/pidc.py"]
    assert study.method_settings("gat-zeroshot")["weights"] == WEIGHTS


# -------------------------------------------------------------------------------------- results

TABLES = {
    "summary", "metrics", "stability", "metrics_by_replicate", "metrics_by_regulators",
    "comparison", "failures",
}  # fmt: skip
METHOD_TABLES = {"leaders", "usage", "time", "beeline"}


def names(files: list[str]) -> list[str]:
    return [Path(file).name for file in files]


def test_targets_of_methods_and_protocols(read):
    study = read(
        networks={"HSC": {"model": MODEL, "replicates": 2}, "own": {"model": "own.tsv"}},
        protocols=["pair", "paper"], dropout=[0, 50], seeds=[1, 2], infer=INFER,
    )  # fmt: skip
    assert study.table_names == [
        "summary", "metrics", "stability", "metrics_by_replicate", "metrics_by_regulators",
        "comparison", "failures", "hubs", "leaders", "usage", "time", "beeline",
    ]  # fmt: skip
    assert study.tables() == [
        "results/tables/overview.html",
        "results/tables/versions.tsv",
        *(f"results/tables/{name}.tsv" for name in study.table_names),
    ]
    of_network = (
        "expression perturbations fates metrics curves hubs network training paper_protocol methods"
    )
    assert sorted(study.figures()) == sorted(
        [
            *(f"results/figures/{n}/{f}.png" for n in ("HSC", "own") for f in of_network.split()),
            "results/figures/method_summary/drop-000.png",
            "results/figures/method_summary/drop-050.png",
            "results/figures/beeline.png",
        ]
    )
    ranked = study.ranked_edges()
    assert len(ranked) == len(set(ranked)) == (2 + 10) * 2 * 2 * 2
    assert ranked[:2] == [
        f"results/predictions/gat/HSC/rep-1/drop-000/paper/seed-{seed}/rankedEdges.csv"
        for seed in (1, 2)
    ]
    pages = [f"results/inferred/{name}/report.html" for name in INFER]
    assert study.inferred_pages() == pages
    assert study.tables_with_provenance() == [*study.tables(), paths.PROVENANCE]
    perturbed = study.perturbation_tables()
    assert perturbed[:3] == [
        f"results/perturbations/HSC/{table}.tsv"
        for table in ("perturbations", "fates", "consequences")
    ]
    made = [*study.tables_with_provenance(), *perturbed, *study.figure_files(), *ranked, *pages]
    assert study.targets() == made


def test_figures_have_vector_forms_and_a_selection_of_methods(read):
    of_methods = {"protocols": [], "dropout": [50], "networks": {"own": ENTRIES["own"]}}
    study = read(methods="clr,pidc", **of_methods)
    figures = study.figures()
    assert study.figure_files()[: len(figures)] == figures
    beside = {path.replace(".png", f".{form}") for path in figures for form in ("pdf", "svg")}
    assert set(study.figure_files()[len(figures) :]) == beside
    assert study.selection == {"methods": [], "highlighted": []}
    report = {"formats": [], "methods": ["pidc"], "highlight": ["pidc"]}
    study = read(methods="clr,pidc", report=report, **of_methods)
    assert study.figure_files() == study.figures() == figures
    assert study.selection == {"methods": ["pidc"], "highlighted": ["pidc"]}
    in_focus = read(methods="clr,pidc", focus="clr", **of_methods)
    assert in_focus.selection == {"methods": [], "highlighted": ["clr"]}
    for key, sentence in (
        ({"methods": ["pidk"]}, "config: report.methods: pidk is none of clr, pidc"),
        (
            {"methods": ["clr"], "highlight": ["pidc"]},
            "config: report.highlight: pidc is none of clr",
        ),
    ):
        with pytest.raises(InputError) as error:
            read(methods="clr,pidc", report=key, **of_methods)
        assert str(error.value) == sentence


def test_targets_of_methods_alone(read):
    study = read(protocols=[], methods="clr", dropout=[50], networks={"own": ENTRIES["own"]})
    assert set(study.table_names) == TABLES | METHOD_TABLES
    assert study.figures() == [
        "results/figures/own/expression.png",
        "results/figures/own/perturbations.png",
        "results/figures/own/fates.png",
        "results/figures/own/methods.png",
        "results/figures/method_summary/drop-050.png",
    ]
    perturbed = study.perturbation_tables()
    assert study.targets() == [
        *study.tables_with_provenance(), *perturbed, *study.figure_files()
    ]  # fmt: skip


def test_models_are_perturbed_where_the_config_asks_for_cells(read):
    study = read(methods="clr", dropout=[0])
    assert study.perturbed == ["HSC"]
    assert study.knock_outs("HSC") == ["results/perturbations/HSC/consequences.tsv"]
    assert study.hub_methods("HSC") == ["clr"] and study.together("HSC") == []
    pairs = {"together": {"HSC": [["Gata1", "Pu1"]]}}
    assert read(perturb=pairs).together("HSC") == [["Gata1", "Pu1"]]
    none = read(methods="clr", perturb={"cells": 0})
    assert none.perturbed == none.perturbation_tables() == none.knock_outs("HSC") == []
    assert none.hub_methods("HSC") == []


def test_targets_of_protocols_alone(read):
    study = read(protocols=["gene"], methods=[], dropout=[0], seeds=[1])
    assert set(study.table_names) == TABLES | {"hubs"}
    assert names(study.figures()) == [
        f"{name}.png"
        for name in (
            "expression", "metrics", "curves", "hubs", "network", "training", "perturbations",
            "fates",
        )
    ]  # fmt: skip
    assert study.targets()[-2:] == [
        f"results/predictions/gat/HSC/rep-{replicate}/drop-000/gene/seed-1/rankedEdges.csv"
        for replicate in (1, 2)
    ]
    assert inference_jobs(study) == []


def test_targets_of_data_sets_without_a_reference(read):
    study = read(infer=INFER)
    assert study.networks == [] and study.methods == sorted(INFERRED)
    assert study.tables() == study.figures() == study.ranked_edges() == []
    assert study.tables_with_provenance() == []
    assert study.targets() == study.inferred_pages()
    assert study.beeline_networks == timed_jobs(study) == []
    short = read(expression="cells.csv", name="x", networks={"HSC": ENTRIES["HSC"]})
    assert short.inferred_pages() == ["results/inferred/x/report.html"]
    made = [*short.tables_with_provenance(), *short.perturbation_tables()]
    made += [*short.figure_files(), *short.ranked_edges()]
    assert short.targets() == [*made, *short.inferred_pages()]


def test_pages_without_a_data_set(read):
    with pytest.raises(InputError) as error:
        read().inferred_pages()
    assert str(error.value).startswith("target infer needs --config expression=PATH name=NAME, or")


def test_files_over_networks_and_replicates(study):
    assert study.over_networks("a/{network}", protocol=["x", "y"]) == [f"a/{n}" for n in ENTRIES]
    assert study.over_replicates("folders", "{network}-{replicate}-{dropout}") == [
        "folders-1-{dropout}", "folders-2-{dropout}"
    ]  # fmt: skip
    found = study.datasets("{network}-{replicate}-{dropout}", ["own", "HSC"], dropout=["000"])
    assert found == ["own-1-000", "HSC-1-000", "HSC-2-000"]


BEELINE = "resources/beeline/inputs/Curated"


@pytest.mark.parametrize(
    ("networks", "keys", "expected"),
    [
        ({"HSC": {"model": MODEL}}, {}, ["HSC"]),
        ({"HSC": {"model": MODEL}}, {"dropout": [50]}, []),  # theirs have none
        ({"HSC": {"model": MODEL, "measurement": {"platform": "10x"}}}, {}, []),
        ({"HSC": {"model": MODEL, "knock_outs": 4}}, {}, []),
        ({"other": {"model": MODEL}}, {}, []),
        ({"HSC": {"model": "own.tsv"}}, {}, []),
        ({"GSD": {"model": MODEL}}, {}, []),
        ({"HSC": {"folders": [f"{BEELINE}/HSC/HSC-2000-1", f"{BEELINE}/HSC/HSC-2000-2/"]}}, {},
         ["HSC"]),
        ({"HSC": {"folders": [f"{BEELINE}/HSC/HSC-2000-1", f"{BEELINE}/HSC/HSC-2000-1-50"]}}, {},
         []),
        ({"HSC": {"folders": [f"{BEELINE}/GSD/GSD-2000-1"]}}, {}, []),
        ({"HSC": {"folders": ["folder/1"]}}, {}, []),
        ({"HSC": {"folders": ["copy/Curated/HSC/HSC-2000-1"]}}, {}, []),  # not verified
        ({"HSC": {"h5ad": "cells.h5ad", "edges": "edges.csv"}}, {}, []),
        # in the order of their tables
        ({name: {"model": f"workflow/resources/models/{name}.tsv"}
          for name in ("GSD", "HSC", "mCAD")}, {}, ["mCAD", "HSC", "GSD"]),
    ],
)  # fmt: skip
def test_networks_that_beeline_has_values_of(read, networks, keys, expected):
    study = read(networks=networks, **keys)
    assert study.beeline_networks == expected
    assert (paths.BEELINE_FIGURE in study.figures()) == bool(expected)


# ---------------------------------------------------------------------------------- its parts


def test_place_without_a_prefix(repository, folder, monkeypatch):
    place = Place(repository)
    assert place.own("data/x.csv") == "data/x.csv" and place.own("/x.csv") == "/x.csv"
    assert place.bundled("config.yaml") == str(repository / "config.yaml")
    assert place.own_or_bundled(MODEL) == str(repository / MODEL)
    assert place.own_or_bundled("own.tsv") == place.own_or_bundled("./own.tsv")[2:] == "own.tsv"
    assert place.own_or_bundled("neither.tsv") == "neither.tsv"
    monkeypatch.chdir(repository)
    assert place.bundled("config.yaml") == place.bundled(repository / "config.yaml")
    assert place.bundled("config.yaml") == "config.yaml"
    assert place.own_or_bundled(MODEL) == MODEL
    monkeypatch.chdir(repository / "tests/unit")
    assert place.bundled("config.yaml") == "../../config.yaml"
    assert place.own_or_bundled(MODEL) == f"../../{MODEL}"


def test_place_with_a_prefix(repository, folder, monkeypatch):
    place = Place(repository, prefixed)
    assert place.own("data/x.csv") == str(folder / "data/x.csv")
    assert place.own("/x.csv") == "/x.csv"
    assert place.bundled("config.yaml") == str(repository / "config.yaml")
    assert place.own_or_bundled(MODEL) == str(repository / MODEL)
    assert place.own_or_bundled("own.tsv") == str(folder / "own.tsv")
    monkeypatch.chdir(repository)  # a relative path would get the prefix
    assert place.bundled("config.yaml") == str(repository / "config.yaml")
    assert place.own_or_bundled(MODEL) == str(repository / MODEL)


PATTERNS = [value for value in vars(paths).values() if isinstance(value, str) and "{" in value]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_fill_is_snakemakes_expand(pattern):
    from snakemake.io import expand

    axes = {
        "seed": [3, 1], "network": ["a", "b.c"], "replicate": range(1, 3), "dropout": ["000"],
        "protocol": "pair", "method": ["x", "y-z"], "control": [], "unknown": 7,
    }  # fmt: skip
    for kept in (axes, {k: v for k, v in axes.items() if k != "control"}, {"network": "a"}, {}):
        assert fill(pattern, **kept) == expand(pattern, **kept, allow_missing=True)


def test_patterns():
    assert len(PATTERNS) > 15
    assert clean(paths.EDGES) == "results/expression/{network}/rep-{replicate}/drop-000/" + (
        "refNetwork.csv"
    )
    assert clean(paths.SPLIT) == paths.SPLIT


def test_a_data_source():
    source = DataSource("x", {"h5ad": "x.h5ad"}, scored=True)
    assert list(source.replicates) == [1] and not source.simulated and source.reference is None
    assert DataSource("x", {"model": "m", "replicates": 4}, scored=True).replicates == range(1, 5)


def test_a_regular_expression_of_names():
    assert re.fullmatch(only(["a.b", "c"]), "a.b") and re.fullmatch(only(["a.b", "c"]), "c")
    assert not re.fullmatch(only(["a.b", "c"]), "axb")
    assert not re.fullmatch(only([]), "") and not re.search(only([]), "a")


# ----------------------------------------------------------------------------------------- jobs


@pytest.fixture(scope="module")
def declared(repository) -> dict[str, str]:
    """The pattern of the benchmark file of every rule, as its text declares it."""
    texts = [path.read_text() for path in sorted((repository / "workflow/rules").glob("*.smk"))]
    rules = [found for text in texts for found in re.split(r"^rule ", text, flags=re.M)[1:]]
    patterns = {
        rule.split(":")[0]: re.search(r'benchmark:\s+"([^"]+)"', rule)
        for rule in rules
        if "benchmark:" in rule
    }
    assert len(patterns) > 25 and all(patterns.values())
    return {rule: found[1] for rule, found in patterns.items()}


def test_benchmark_files_are_named_by_their_rules(declared):
    for rule, pattern in declared.items():
        assert re.match(rf"results/benchmarks/{rule}[./]", pattern)


# Of the study with one network of each kind: 8 data sets of 6 networks.
JOBS = {
    "infer_network": 4 * 8 * 3,
    "simulate_expression": 3,
    "import_expression": 5,
    "apply_dropout": 8 * 2,
    "score_methods": 6,
    "score_predictions": 6 * 3,
    "train_gat": 6 * 2,
    "train_control_models": 6 * 2,
    "fine_tune_gat": 6 * 3 * 2,
}


def test_timed_jobs_are_of_these_rules(study):
    jobs = timed_jobs(study)
    assert {file.split("/")[2] for _, file in jobs} == set(JOBS) and len(jobs) == sum(JOBS.values())
    for what, file in jobs:
        rule, method = file.split("/")[2:4]
        assert what == (method if rule == "infer_network" else rule)


@pytest.mark.parametrize("rule", JOBS)
def test_timed_jobs_are_those_of_the_rule(study, declared, rule):
    """The files that tables of time are read from are the ones that Snakemake writes."""
    values = {
        "network": study.networks, "method": study.methods, "control": study.model_controls,
        "replicate": ["1", "2"], "dropout": study.dropouts, "protocol": study.protocols,
        "seed": [str(seed) for seed in study.seeds],
    }  # fmt: skip
    pattern = declared[rule].format(**{key: f"(?:{only(known)})" for key, known in values.items()})
    files = [file for _, file in timed_jobs(study) if file.split("/")[2] == rule]
    assert len(set(files)) == len(files) == JOBS[rule]
    assert [file for file in files if not re.fullmatch(pattern, file)] == []


def test_inference_jobs_are_in_the_order_of_their_files(study):
    """Each is paired with the CPU seconds that it measured."""
    jobs = inference_jobs(study)
    measured = [
        file
        for network in study.networks
        for file in study.method_files(network, "usage.tsv", study.methods)
    ]
    pattern = re.compile(r"results/predictions/((.+?)/(.+?)/rep.+)/usage\.tsv")
    found = [pattern.fullmatch(file).groups() for file in measured]
    assert jobs == [
        (network, method, f"results/benchmarks/infer_network/{job}.tsv")
        for job, method, network in found
    ]


def test_benchmark_files_of_a_module_with_a_prefix(read):
    study = read(prefixed, methods="clr", dropout=[0], protocols=[])
    assert inference_jobs(study)[0] == (
        "HSC", "clr", "grn/results/benchmarks/infer_network/clr/HSC/rep-1/drop-000.tsv"
    )  # fmt: skip
    assert all(file.startswith("grn/results/") for _, file in timed_jobs(study))


@pytest.mark.parametrize(
    ("keys", "absent"),
    [
        (
            {"protocols": []},
            {"train_gat", "train_control_models", "fine_tune_gat", "score_predictions"},
        ),
        ({"protocols": ["paper"]}, {"train_control_models", "fine_tune_gat"}),
        ({"model_controls": []}, {"train_control_models"}),
        ({"fine_tuning": {"protocols": []}}, {"fine_tune_gat"}),
        ({"dropout": [0]}, {"apply_dropout"}),
    ],
)
def test_jobs_that_a_study_has_not(read, keys, absent):
    every = {what for what, _ in timed_jobs(read(methods="clr"))}
    assert every - {what for what, _ in timed_jobs(read(methods="clr", **keys))} == absent


# ------------------------------------------------------------------------------------- imports


def test_a_study_is_read_without_large_libraries(repository, folder):
    """It is read whenever Snakemake starts, once more in each job."""
    code = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(repository / "scripts")!r})
import grn_gat.study.study, grn_gat.study.jobs, grn_gat.study.resources
import grn_gat.study.scheduler_timer
import yaml
repository = Path({str(repository)!r})
schema = yaml.safe_load((repository / "workflow/schemas/study.schema.yaml").read_text())
config = {{"networks": {{"HSC": {{"model": {MODEL!r}}}}}}}
study = grn_gat.study.study.Study.read(config, schema, grn_gat.study.place.Place(repository))
study.targets(), study.method_code("pidc"), study.weights_of_all()
grn_gat.study.jobs.timed_jobs(study)
print(*sorted({{name.split(".")[0] for name in sys.modules}}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "grn_gat" in loaded
    assert loaded.isdisjoint({"numpy", "pandas", "scipy", "torch", "snakemake", "matplotlib"})


@pytest.mark.parametrize(
    ("config", "absent"),
    [
        ({}, set()),
        ({"protocols": ["pair"]}, {"paper"}),
        ({"protocols": []}, {"paper", "honest", "hubs"}),
        ({"protocols": [], "perturb": {"cells": 0}}, {"paper", "honest", "hubs", "perturbations"}),
    ],
)
def test_chapters_are_numbered_without_a_gap(read, config, absent):
    found = read(**config).chapters()
    there = [title for name, title in found.items() if name not in absent]
    assert list(found) == list(CHAPTERS)
    numbers = [int(title.split()[0]) for title in there]
    assert numbers == list(range(1, len(CHAPTERS) - len(absent) + 1))
    assert all(not found[name][0].isdigit() for name in absent)
