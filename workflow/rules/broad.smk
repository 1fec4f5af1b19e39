# Data sets of many kinds -> a zero-shot model for any of them. Only with a config that has
# pretraining.broad_training (config/broad_training.yaml).

from grn_gat.study import broad_training as broad

BROAD = PRETRAINING["broad_training"]
BROAD_STATE = "results/pretraining/broad/{variant}/stage-{stage}.safetensors"
MATRICES = "results/pretraining/broad/{variant}/matrices/{kind}/{chunk}.safetensors"
AGGREGATOR = "results/pretraining/broad/{variant}/aggregator.safetensors"
BROAD_WEIGHTS = "results/pretraining/broad/{variant}/weights.safetensors"
SELECTION = "results/pretraining/broad/networks/{kind}.safetensors"
SCORERS = [*BROAD["variants"], *BROAD["validation"]["methods"]]
# The model of levels that all variants start from.
LEVELS = place.bundled(REPOSITORY / "workflow/resources/zeroshot/levels.safetensors")


def views_of_stage(wildcards):
    """The views that a stage sees."""
    found = broad.of_stage(
        BROAD, PRETRAINING["views"]["chunks"], wildcards.variant, int(wildcards.stage)
    )
    return [VIEWS.format(kind=kind, chunk=chunk) for kind, chunk in found]


def stage_before(wildcards):
    """The state that a stage goes on from; nothing of the first."""
    stage = int(wildcards.stage)
    return BROAD_STATE.format(variant=wildcards.variant, stage=stage - 1) if stage > 1 else []


def last_state(wildcards):
    """The state at the end of the training of subsets."""
    trained = broad.trained(BROAD, wildcards.variant)
    return BROAD_STATE.format(variant=trained, stage=broad.variant(BROAD, trained)["stages"])


def last_aggregator(wildcards):
    """The aggregator of a variant."""
    return AGGREGATOR.format(variant=broad.trained(BROAD, wildcards.variant))


def matrices_for(use):
    """Input function: the matrices that a variant uses for something."""

    def answer(wildcards):
        found = broad.chunks(BROAD, PRETRAINING["views"]["chunks"], wildcards.variant, use)
        trained = broad.trained(BROAD, wildcards.variant)
        return [MATRICES.format(variant=trained, kind=kind, chunk=chunk) for kind, chunk in found]

    return answer


def broad_settings(wildcards):
    """Settings of a variant, without what is added after its training: nothing is trained anew."""
    found = broad.variant(BROAD, broad.trained(BROAD, wildcards.variant))
    return {key: value for key, value in found.items() if key not in broad.AFTERWARDS}


wildcard_constraints:
    variant=only(BROAD["variants"]),
    stage=r"\d+",


rule train_on_views:
    input:
        views=views_of_stage,
        before=stage_before,
        start=LEVELS,
        code=study.code("train_on_views"),
    output:
        state=BROAD_STATE,
    log:
        "results/logs/train_on_views/{variant}/{stage}.log",
    benchmark:
        "results/benchmarks/train_on_views/{variant}/{stage}.tsv"
    conda:
        "../../envs/methods.yaml"
    threads: 2
    resources:
        mem_mb=memory(6000),
        runtime=runtime(150),
    params:
        seed=PRETRAINING["seed"],
        settings=broad_settings,
        per_chunk=PRETRAINING["chunks"]["networks_per_chunk"],
    message:
        "train on data sets of many kinds: {wildcards.variant}, stage {wildcards.stage}"
    script:
        "../../scripts/train_on_views.py"


rule read_subsets:
    input:
        views=VIEWS,
        state=last_state,
        start=LEVELS,
        code=study.code("read_subsets"),
    output:
        matrices=MATRICES,
    log:
        "results/logs/read_subsets/{variant}/{kind}/{chunk}.log",
    benchmark:
        "results/benchmarks/read_subsets/{variant}/{kind}/{chunk}.tsv"
    wildcard_constraints:
        kind="boolean|linear|transcriptional",
        chunk=r"\d+",
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=runtime(60),
    params:
        seed=PRETRAINING["seed"],
        settings=broad_settings,
    message:
        "{wildcards.variant}: what subsets say of {wildcards.kind}, chunk {wildcards.chunk}"
    script:
        "../../scripts/read_subsets.py"


rule train_aggregator:
    input:
        matrices=matrices_for(broad.AGGREGATOR),
        code=study.code("train_aggregator"),
    output:
        aggregator=AGGREGATOR,
        curve="results/pretraining/broad/{variant}/aggregator.curve.tsv",
    log:
        "results/logs/train_aggregator/{variant}.log",
    benchmark:
        "results/benchmarks/train_aggregator/{variant}.tsv"
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(6000),
        runtime=runtime(120),
    params:
        seed=PRETRAINING["seed"],
        settings=broad_settings,
    message:
        "train the aggregator: {wildcards.variant}"
    script:
        "../../scripts/train_aggregator.py"


rule calibrate_broad:
    input:
        state=last_state,
        start=LEVELS,
        aggregator=last_aggregator,
        matrices=matrices_for(broad.CALIBRATION),
        code=study.code("calibrate_broad"),
    output:
        weights=BROAD_WEIGHTS,
    log:
        "results/logs/calibrate_broad/{variant}.log",
    benchmark:
        "results/benchmarks/calibrate_broad/{variant}.tsv"
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=runtime(60),
    params:
        seed=PRETRAINING["seed"],
        settings=broad_settings,
        agreement=lambda wildcards: broad.variant(BROAD, wildcards.variant)["agreement"],
    message:
        "calibrate the zero-shot model of many kinds: {wildcards.variant}"
    script:
        "../../scripts/calibrate_broad.py"


rule draw_selection:
    input:
        code=study.code("draw_selection"),
    output:
        networks=SELECTION,
    log:
        "results/logs/draw_selection/{kind}.log",
    benchmark:
        "results/benchmarks/draw_selection/{kind}.tsv"
    wildcard_constraints:
        kind=only(BROAD["validation"]["kinds"]),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=runtime(60),
    params:
        pretraining={
            **{
                key: PRETRAINING[key]
                for key in PRETRAINING
                if key.startswith("networks") or key in ("transcriptional", "bursty", "sergio")
            },
            "seed": PRETRAINING["seed"],
            "held_out": {key: BROAD["validation"][key] for key in ("networks", "cells")},
        },
    message:
        "draw networks to choose designs by: {wildcards.kind}"
    script:
        "../../scripts/draw_selection.py"


rule score_broad:
    input:
        networks=SELECTION,
        weights=lambda wildcards: (
            BROAD_WEIGHTS.format(variant=wildcards.scorer)
            if wildcards.scorer in BROAD["variants"]
            else []
        ),
        code=study.code("score_broad"),
    output:
        scores="results/pretraining/broad/scores/{scorer}/{kind}.tsv",
        bins="results/pretraining/broad/bins/{scorer}/{kind}.tsv",
    log:
        "results/logs/score_broad/{scorer}/{kind}.log",
    benchmark:
        "results/benchmarks/score_broad/{scorer}/{kind}.tsv"
    wildcard_constraints:
        scorer=only(SCORERS),
        kind=only(BROAD["validation"]["kinds"]),
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=runtime(120),
    params:
        seed=PRETRAINING["seed"],
        validation=BROAD["validation"],
        settings=lambda wildcards: (
            {"cells": 5000, "subsamples": 1} if wildcards.scorer in BROAD["variants"] else {}
        ),
    message:
        "{wildcards.scorer} on networks to choose designs by: {wildcards.kind}"
    script:
        "../../scripts/score_broad.py"


rule tabulate_broad:
    input:
        scores=expand(
            rules.score_broad.output.scores, scorer=SCORERS, kind=BROAD["validation"]["kinds"]
        ),
        bins=expand(
            rules.score_broad.output.bins, scorer=SCORERS, kind=BROAD["validation"]["kinds"]
        ),
        code=study.code("tabulate_broad"),
    output:
        table="results/pretraining/broad/variants.tsv",
    log:
        "results/logs/tabulate_broad.log",
    benchmark:
        "results/benchmarks/tabulate_broad.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(20),
    params:
        kinds={name: broad.variant(BROAD, name)["kinds"] for name in BROAD["variants"]},
    message:
        "table of the variants"
    script:
        "../../scripts/tabulate_broad.py"


rule write_broad_card:
    input:
        weights=BROAD_WEIGHTS.format(variant="all"),
        table=rules.tabulate_broad.output.table,
        curve="results/pretraining/broad/all/aggregator.curve.tsv",
        code=study.code("write_broad_card"),
    output:
        card="results/pretraining/broad/any_data.md",
    log:
        "results/logs/write_broad_card.log",
    benchmark:
        "results/benchmarks/write_broad_card.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    params:
        block=BROAD,
        kinds={name: broad.variant(BROAD, name)["kinds"] for name in BROAD["variants"]},
        views=broad.views_seen(BROAD, PRETRAINING, "all"),
    message:
        "model card of the zero-shot model of any data"
    script:
        "../../scripts/write_broad_card.py"


rule broad_training:
    input:
        BROAD_WEIGHTS.format(variant="all"),
        rules.tabulate_broad.output,
        rules.write_broad_card.output,
    localrule: True
