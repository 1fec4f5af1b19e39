"""What a change of the config or an edit of the code makes a finished study do again.

Asked of the plan: a job is done again whose parameters or inputs are others, and what follows it.
That Snakemake thinks so too, tests/snakemake shows.
"""

import pytest

from workflows import SMALL

PRETRAIN = [
    "pretrain_all", "--configfile", "config/pretraining.yaml", "tests/config/pretraining.yaml",
]  # fmt: skip
ABLATION = ["ablation", *PRETRAIN[1:], "tests/config/ablation.yaml"]


def methods_of(files: list[str]) -> set[str]:
    """Methods that files below results/predictions are of."""
    return {file.split("/")[2] for file in files}


def test_nothing_changed_makes_nothing_again(one_process):
    assert one_process.changed(SMALL) == {}


def test_training_parameter_reruns_training_and_what_follows(one_process):
    again = one_process.changed(SMALL, "--config", "training={learning_rate: 0.01}")
    assert set(again) == {
        "train_gat", "train_control_models", "score_predictions", "rank_edges", "rank_hubs",
        "collect_tables", "collect_hubs", "collect_methods", "write_overview", "write_provenance",
        "plot_figures", "plot_method_summary", "plot_method_curves", "plot_beeline",
        "plot_paper_protocol",
    }  # fmt: skip


def test_another_seed_trains_nothing_else_and_another_level_every_seed(one_process):
    def trained(*change):
        files = one_process.changed(SMALL, "--config", *change)["train_gat"]
        return {seed for seed in ("1", "2", "3") if any(f"/seed-{seed}/" in f for f in files)}

    assert trained("seeds=[1,2,3]") == {"3"}
    assert trained("dropout=[0,50,70]") == {"1", "2"}


def test_a_config_of_data_sets_alone(one_process):
    (one_process.folder / "cells.csv").touch()
    config = one_process.configure({"infer": {"mine": {"expression": "cells.csv"}}})
    assert {"import_expression", "report_inferred"} <= one_process.planned(*config)
    assert "write_provenance" not in one_process.planned(*config)


def test_order_of_protocols_is_no_change(one_process):
    other = "protocols=[gene, pair, pooled, paper]"
    assert one_process.changed(SMALL, "--config", other) == {}


def test_setting_of_a_method_reruns_that_method_only(one_process):
    again = one_process.changed(SMALL, "--config", "method_settings={genie3: {trees: 21}}")
    assert methods_of(again["infer_network"]) == {"genie3"}
    assert "train_gat" not in again


def test_editing_a_method_reruns_that_method_only(one_process):
    again = one_process.edited("scripts/grn_gat/algorithms/scode.py", *SMALL)
    assert methods_of(again["infer_network"]) == {"scode"}
    assert "train_gat" not in again


@pytest.mark.parametrize(
    ("module", "first", "untouched"),
    [
        ("supervised/gat", "train_gat", {"simulate_expression", "build_graph", "split_pairs"}),
        ("evaluate/hubs", "rank_hubs", {"train_gat", "score_predictions", "rank_edges"}),
        ("report/figures_study", "plot_figures", {"collect_tables", "rank_hubs", "train_gat"}),
        ("simulate/simulator", "simulate_expression", set()),
    ],
)
def test_editing_a_module_reruns_what_depends_on_it(one_process, module, first, untouched):
    again = one_process.edited(f"scripts/grn_gat/{module}.py", *SMALL)
    assert first in again and not set(again) & untouched


def test_editing_the_study_reruns_nothing(one_process):
    """It decides what is made, not what is in it."""
    assert one_process.edited("scripts/grn_gat/study/study.py", *SMALL) == {}


def test_another_learning_rate_of_the_pretraining_trains_on_the_same_networks(one_process):
    again = one_process.changed(
        PRETRAIN, "--config", "pretraining={training: {learning_rate: 0.01}}"
    )
    assert set(again) == {
        "pretrain_gat", "calibrate_zeroshot", "validate_zeroshot", "write_model_card"
    }  # fmt: skip


def test_validation_settings_of_the_pretraining_train_nothing(one_process):
    again = one_process.changed(PRETRAIN, "--config", "pretraining={validation: {dropout: [0]}}")
    assert set(again) == {"calibrate_zeroshot", "validate_zeroshot", "write_model_card"}


def test_a_change_of_one_variant_trains_that_one_anew(one_process):
    changed = "pretraining={ablation: {variants: {networks-10: {epochs: 5}}}}"
    again = one_process.changed(ABLATION, "--config", changed)
    assert again["ablate_zeroshot"] == [
        "results/pretraining/ablation/variants/networks-10/seed-1.tsv"
    ]


def test_a_variant_uses_the_chunks_it_needs(one_process):
    for variant, number in (("networks-10", 1), ("default", 2)):
        file = f"results/pretraining/ablation/variants/{variant}/seed-2.tsv"
        due = one_process.due(file, *ABLATION[1:])
        chunks = {path for path in due if "/networks/" in path}
        assert chunks == {
            "results/pretraining/networks/validation/1.safetensors",  # held-out networks
            *(f"results/pretraining/networks/training/{k + 1}.safetensors" for k in range(number)),
        }
