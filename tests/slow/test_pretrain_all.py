"""Pretraining from random networks to weights and model card, at toy size."""

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from documented import check_columns, tables
from workflows import REPOSITORY, Workflow

CONFIG = ["--configfile", "config/pretraining.yaml", "tests/config/pretraining.yaml"]
PRETRAIN = ["pretrain_all", *CONFIG]


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory) -> Workflow:
    workflow = Workflow(tmp_path_factory.mktemp("pretrain"))
    shutil.copytree(REPOSITORY / "config", workflow.folder / "config", dirs_exist_ok=True)
    workflow.succeed(*PRETRAIN)
    return workflow


def table(workflow: Workflow, name: str) -> pd.DataFrame:
    return pd.read_csv(workflow.folder / "results/pretraining" / name, sep="\t")


def test_all_files_are_there_and_no_checkpoint(pretrained):
    found = set(pretrained.results("pretraining/**/*"))
    chunks = {"training": 2, "validation": 2, "other": 1, "linear": 1, "linear_validation": 2}
    assert found == {
        f"pretraining/networks/{split}/{k}.safetensors"
        for split, number in chunks.items()
        for k in range(1, number + 1)
    } | {
        "pretraining/members/member-1.safetensors",
        "pretraining/members/member-1.curve.tsv",
        "pretraining/members/member-2.safetensors",
        "pretraining/members/member-2.curve.tsv",
        "pretraining/validation.tsv",
        "pretraining/zeroshot/levels.safetensors",
        "pretraining/zeroshot/calibration.tsv",
        "pretraining/zeroshot/levels.md",
        "pretraining/zeroshot/levels.tsv",
        *(f"pretraining/zeroshot/validation.{kind}" for kind in ("png", "pdf", "svg")),
    }


def test_documentation_names_every_column(pretrained):
    documented = {name for name in tables() if name.startswith("results/pretraining/")}
    made = check_columns(pretrained.folder)
    others = ("results/pretraining/ablation/", "results/pretraining/broad/")
    assert made == {name for name in documented if not name.startswith(others)}


def test_chunks_differ_and_are_what_the_config_says(pretrained):
    from grn_gat.simulate.chunks import load_chunk

    files = pretrained.results("pretraining/networks/*/*")
    assert len(set(files.values())) == 8
    for name in files:
        samples = load_chunk(pretrained.folder / "results" / name)
        assert len(samples) == 12
        other = "/other/" in name
        for sample in samples:
            low, high = (8, 10) if other else (3, 6)
            assert low <= len(sample.signs) <= high
            assert (sample.family in ("layered", "modular")) == other
            assert (sample.family == "linear") == ("/linear" in name)


def test_weights_are_small_and_infer_a_network(pretrained):
    from grn_gat.algorithms._registry import run_method
    from grn_gat.zeroshot.ensemble import load_ensemble

    path = pretrained.folder / "results/pretraining/zeroshot/levels.safetensors"
    assert path.stat().st_size < 5_000_000
    ensemble = load_ensemble(path)
    assert len(ensemble.members) == 2
    assert (ensemble.temperature, ensemble.shift) != (1, 0)
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    described = json.loads(header["__metadata__"]["grn_gat"])
    assert described["provenance"]["seed"] == 4202611
    expression = np.random.default_rng(1).gamma(1, size=(5, 100))
    settings = {"weights": str(path), "cells": 5000, "subsamples": 1}
    genes, everyone = list("abcde"), np.arange(5)
    scores = run_method("gat-zeroshot", genes, expression, None, everyone, 1, 1, settings)
    size = np.abs(scores[~np.eye(5, dtype=bool)])
    assert (size > 0).all() and (size < 1).all() and np.ptp(size) > 0


def test_members_differ_and_learned_for_all_epochs(pretrained):
    curves = [table(pretrained, f"members/member-{k}.curve.tsv") for k in (1, 2)]
    assert all(c["epoch"].tolist() == [1, 2, 3] for c in curves)
    assert not curves[0]["train_loss"].equals(curves[1]["train_loss"])
    assert all(c["train_loss"].iloc[-1] < c["train_loss"].iloc[0] for c in curves)


def test_validation_covers_every_condition(pretrained):
    metrics, bins = (
        table(pretrained, "validation.tsv"),
        table(pretrained, "zeroshot/calibration.tsv"),
    )
    keys = ["kind", "cells", "dropout", "pseudotime"]
    for found in (metrics, bins):
        expected = {(k, 100, d, p) for k in ("like training", "other", "linear")
                    for d in (0, 50)
                    for p in (False, True)}  # fmt: skip
        assert set(found[keys].itertuples(index=False, name=None)) == expected
    assert not metrics.duplicated([*keys, "network", "method"]).any()
    assert metrics["average_precision"].between(0, 1).all()
    # The ordered pairs of all networks, once per condition.
    from grn_gat.simulate.chunks import load_chunk

    samples = load_chunk(
        pretrained.folder / "results/pretraining/networks/validation/1.safetensors"
    )
    pairs = sum(len(s.signs) * (len(s.signs) - 1) for s in samples)
    of_conditions = bins[bins["kind"] == "like training"].groupby(keys)["pairs"].sum()
    assert (of_conditions == pairs).all()


def test_card_has_the_figures_of_the_tables(pretrained):
    card = (pretrained.folder / "results/pretraining/zeroshot/levels.md").read_text()
    metrics = table(pretrained, "validation.tsv")
    own = metrics[metrics["method"] == "gat-zeroshot"]
    conditions = ["kind", "dropout", "cells", "pseudotime"]  # with it: columns of the same row
    for (kind, dropout, cells, _), part in own.groupby(conditions):
        start = f"| {kind} | {dropout} | {cells} | {part['network'].nunique()} |"
        row = next(line for line in card.splitlines() if line.startswith(start))
        assert f"| {part['average_precision'].mean():.3f} |" in row
        assert f" {part['sign_accuracy'].mean():.3f} |" in row
    for k in (1, 2):
        last = table(pretrained, f"members/member-{k}.curve.tsv").iloc[-1]
        assert f"| {k} | 3 | {last['train_loss']:.3f} | {last['validation_loss']:.3f} |" in card
    assert "Trained on 24 simulated random Boolean networks and 12 networks with linear" in card


def test_second_run_does_nothing(pretrained):
    assert "Nothing to be done" in pretrained.succeed(*PRETRAIN, "--dry-run")


def test_an_interrupted_training_goes_on_and_ends_with_the_same_bytes(pretrained):
    """A checkpoint after two of three epochs is all that is left of member 1."""
    from grn_gat.simulate.chunks import load_chunks

    folder = pretrained.folder / "results/pretraining"
    paths = ["members/member-1.safetensors", "members/member-1.curve.tsv"]
    before = [(folder / path).read_bytes() for path in paths]
    checkpoint = interrupted_checkpoint(pretrained, load_chunks, folder)
    for path in paths:
        (folder / path).unlink()
    (folder / "members/member-1.checkpoint.safetensors").write_bytes(checkpoint)
    pretrained.succeed(str(folder.relative_to(pretrained.folder) / paths[0]), *CONFIG)
    log = (pretrained.folder / "results/logs/pretrain_gat/member-1.log").read_text()
    assert "resumed after epoch 2" in log and len(re.findall(r"^epoch \d", log, re.M)) == 1
    assert [(folder / path).read_bytes() for path in paths] == before
    assert not (folder / "members/member-1.checkpoint.safetensors").exists()


def interrupted_checkpoint(workflow, load_chunks, folder) -> bytes:
    """What the job leaves behind when it is stopped in its third epoch."""
    import yaml

    from grn_gat.core.device import deterministic
    from grn_gat.study.code_dependencies import package_code
    from grn_gat.zeroshot import pretraining

    full, toy = (
        yaml.safe_load((workflow.folder / path).read_text())["pretraining"] for path in CONFIG[1:]
    )
    blocks = ("augmentation", "model", "training")
    config = {"seed": full["seed"]} | {block: full[block] | toy[block] for block in blocks}
    networks = folder / "networks"
    training = [path for s in ("training", "linear") for path in sorted((networks / s).glob("*"))]
    held = [networks / split / "1.safetensors" for split in ("validation", "linear_validation")]
    training, held = load_chunks(training), load_chunks(held)
    code = package_code(workflow.folder / "scripts/pretrain_gat.py")
    checkpoint = workflow.folder / "interrupted.safetensors"
    deterministic()
    calls, real = [], pretraining.validate
    with pytest.MonkeyPatch.context() as patch:

        def stop(*arguments):
            calls.append(1)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return real(*arguments)

        patch.setattr(pretraining, "validate", stop)
        with pytest.raises(KeyboardInterrupt):
            pretraining.train_member(training, held, config, 1, checkpoint, code)
    return checkpoint.read_bytes()
