"""The ablation of the zero-shot model at toy size, in one process: every variant, one table."""

import pandas as pd
import pytest

from documented import check_columns, tables
from workflows import Workflow, in_one_process

CONFIG = ["--configfile", "config/pretraining.yaml", "tests/config/pretraining.yaml",
          "tests/config/ablation.yaml"]  # fmt: skip
ABLATION = ["ablation", *CONFIG]
VARIANTS = {  # kind, layers, heads, width, networks, epochs
    "default": ("reference", 2, 2, 16, 20, 2),
    "layers-1-heads-1-width-16": ("grid", 1, 1, 16, 20, 2),
    "layers-1-heads-2-width-16": ("grid", 1, 2, 16, 20, 2),
    "without-triples": ("features", 2, 2, 16, 20, 2),
    "networks-10": ("learning curve", 2, 2, 16, 10, 4),
}


@pytest.fixture(scope="module")
def ablated(tmp_path_factory) -> Workflow:
    workflow = in_one_process(tmp_path_factory.mktemp("ablation"))
    workflow.succeed(*ABLATION)
    return workflow


def table(workflow: Workflow, name: str) -> pd.DataFrame:
    return pd.read_csv(workflow.folder / "results/pretraining/ablation" / name, sep="\t")


def test_all_files_are_there_and_no_checkpoint(ablated):
    assert set(ablated.results("pretraining/**/*")) == {
        "pretraining/networks/training/1.safetensors",
        "pretraining/networks/training/2.safetensors",
        "pretraining/networks/validation/1.safetensors",
        *(f"pretraining/ablation/variants/{name}/seed-1.tsv" for name in VARIANTS),
        "pretraining/ablation/ablation.tsv",
        "pretraining/ablation/summary.tsv",
        *(f"pretraining/ablation/ablation.{kind}" for kind in ("png", "pdf", "svg")),
    }


def test_second_run_does_nothing(ablated):
    assert ablated.planned(*ABLATION) == set()


def test_documentation_names_every_column(ablated):
    documented = {name for name in tables() if name.startswith("results/pretraining/ablation/")}
    assert check_columns(ablated.folder) == documented


def test_table_has_every_variant_and_condition(ablated):
    found = table(ablated, "ablation.tsv")
    keys = ["kind", "layers", "heads", "width", "networks", "epochs"]
    rows = found.groupby("variant")[keys].first()
    assert {name: tuple(row) for name, row in rows.iterrows()} == VARIANTS
    conditions = {(d, p, g) for d in (0, 70) for p in (False, True) for g in ("3-8", "all")}
    for _, part in found.groupby("variant"):
        shown = part[["dropout", "pseudotime", "genes"]].itertuples(index=False, name=None)
        assert len(part) == 8 and set(shown) == conditions
    assert found["held_out"].le(12).all() and found["cells"].eq(100).all()
    assert found["average_precision"].between(0, 1).all()
    assert found["share_of_edges"].between(0.05, 0.95).all()
    parameters = found.groupby("variant")["parameters"].first()
    assert parameters["default"] > parameters["without-triples"]
    assert parameters["without-triples"] > parameters["layers-1-heads-1-width-16"]
    assert found.groupby("variant")["average_precision"].mean().nunique() == len(VARIANTS)
    summary = table(ablated, "summary.tsv")
    assert len(summary) == len(found)
    assert (summary["lowest"] == summary["highest"]).all()  # one seed


def test_another_seed_trains_on_the_same_networks_with_other_draws(ablated):
    name = "pretraining/ablation/variants/default/seed-{}.tsv"
    ablated.succeed(f"results/{name.format(2)}", *CONFIG)
    one, two = (pd.read_csv(ablated.folder / "results" / name.format(k), sep="\t") for k in (1, 2))
    assert one["share_of_edges"].equals(two["share_of_edges"])
    assert (one["train_loss"] != two["train_loss"]).all()
    assert one["average_precision"].ne(two["average_precision"]).any()
