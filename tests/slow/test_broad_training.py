"""Target broad_training: from views to a zero-shot model of any data, at toy size."""

import shutil

import pandas as pd
import pytest

from documented import check_columns, tables
from workflows import REPOSITORY, Workflow

CONFIG = [
    "--configfile", "config/pretraining.yaml", "config/measurement.yaml",
    "config/broad_training.yaml", "tests/config/pretraining.yaml", "tests/config/views.yaml",
    "tests/config/broad.yaml",
]  # fmt: skip
BROAD = "pretraining/broad"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Workflow:
    workflow = Workflow(tmp_path_factory.mktemp("broad"))
    shutil.copytree(REPOSITORY / "config", workflow.folder / "config", dirs_exist_ok=True)
    workflow.succeed("broad_training", *CONFIG)
    return workflow


def table(made) -> pd.DataFrame:
    return pd.read_csv(made.folder / f"results/{BROAD}/variants.tsv", sep="\t")


def test_weights_of_every_variant_differ_and_can_be_used(made):
    from grn_gat.zeroshot.weights import load_weights
    from grn_gat.zeroshot.zeroshot_model import ZeroShotModel

    files = made.results(f"{BROAD}/*/weights.safetensors")
    assert len(files) == len(set(files.values())) == 5
    for name in files:
        path = made.folder / "results" / name
        assert isinstance(load_weights(path), ZeroShotModel)
        assert path.stat().st_size < 10e6
    states = made.results(f"{BROAD}/*/stage-*.safetensors")
    assert len(states) == 5 and all(
        (made.folder / "results" / name).stat().st_size < 10e6 for name in states
    )


def test_the_card_names_kinds_that_were_left_out(made):
    card = (made.folder / f"results/{BROAD}/any_data.md").read_text()
    assert "| linear | without-linear |" in card and "| sergio | never trained on |" in card


def test_variants_are_scored_beside_simple_methods(made):
    documented = {name for name in tables() if name.startswith(f"results/{BROAD}/")}
    assert check_columns(made.folder) == documented
    found = table(made)
    assert set(found["kind"]) == {"linear", "sergio"}
    assert set(found["measurement"]) == {"rates", "counts", "log1p_cp10k", "smart-seq", "all"}
    assert {"all", "without-linear", "spearman", "consensus"} <= set(found["method"])
    assert (found["failed"] == 0).all() and found["factor"].notna().all()
    left_out = found[found["left_out"] == "yes"]
    assert set(left_out[left_out["kind"] == "linear"]["method"]) == {"without-linear"}
    assert not left_out[left_out["kind"] == "sergio"].empty


def test_a_stage_that_is_lost_is_trained_again_from_the_one_before(made):
    second = made.folder / f"results/{BROAD}/all/stage-2.safetensors"
    before = second.read_bytes()
    second.unlink()
    planned = made.planned(f"results/{BROAD}/all/stage-2.safetensors", *CONFIG)
    assert planned == {"train_on_views"}
    made.succeed(f"results/{BROAD}/all/stage-2.safetensors", *CONFIG)
    assert second.read_bytes() == before
