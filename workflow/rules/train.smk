# Graphs of all replicates + splits -> GATv2 models, out-of-fold predictions, attention.
#
# One job trains a network with one seed: every dropout level and protocol, one after the other.
# Importing PyTorch Geometric takes as long as several trainings.

from itertools import product

TRAININGS = list(product(study.dropouts, study.protocols))  # of the GATv2
TRAINED = paths.fill(paths.TRAINING, dropout=study.dropouts, protocol=study.protocols)
CONTROL_TRAININGS = study.control_trainings()
CONTROL_LEVELS = sorted({level for _, level, _ in CONTROL_TRAININGS})


rule train_gat:
    input:
        graphs=lambda wildcards: study.over_replicates(
            wildcards.network, paths.GRAPH, dropout=study.dropouts
        ),
        folds=expand(paths.SPLIT, protocol=study.protocols, allow_missing=True),
        code=study.code("train_gat"),
    output:
        weights=[f"{folder}/weights.safetensors" for folder in TRAINED],
        curve=[f"{folder}/curve.tsv" for folder in TRAINED],
        predictions=[f"{folder}/predictions.tsv" for folder in TRAINED],
        attention=[f"{folder}/attention.tsv" for folder in TRAINED],
    log:
        "results/logs/train_gat/{network}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/train_gat/{network}/seed-{seed}.tsv"
    conda:
        train_environment(config["training"]["device"])
    threads: 1
    resources:
        **gpus(config["training"]["device"]),
        # The graphs of one level are in memory at a time.
        mem_mb=memory(2000, per_input=4 / len(study.dropouts)),
        runtime=runtime(240 * len(study.dropouts)),
    params:
        seed=lookup(within=config, dpath="seed"),
        axes=TRAININGS,  # of the outputs
        levels=lambda wildcards: study.dropouts * len(study.replicates(wildcards.network)),
        protocols=study.protocols,
        model=lookup(within=config, dpath="model"),
        training=lookup(within=config, dpath="training"),
        gene_identity=lookup(within=config, dpath="graph/gene_identity"),
    message:
        "train {wildcards.network}, seed {wildcards.seed}"
    script:
        "../../scripts/train_gat.py"


rule train_control_models:
    input:
        graphs=lambda wildcards: study.over_replicates(
            wildcards.network, paths.GRAPH, dropout=CONTROL_LEVELS
        ),
        folds=expand(paths.SPLIT, protocol=study.supervised, allow_missing=True),
        code=study.code("train_control_models"),
    output:
        predictions=[
            file
            for control, level, protocol in CONTROL_TRAININGS
            for file in paths.fill(
                paths.CONTROL_MODEL, control=control, dropout=level, protocol=protocol
            )
        ],
    log:
        "results/logs/train_control_models/{network}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/train_control_models/{network}/seed-{seed}.tsv"
    conda:
        train_environment(config["training"]["device"])
    threads: 1
    resources:
        **gpus(config["training"]["device"]),
        mem_mb=memory(2000, per_input=4 / max(len(CONTROL_LEVELS), 1)),
        runtime=runtime(240 * len(study.dropouts)),
    params:
        seed=lookup(within=config, dpath="seed"),
        axes=CONTROL_TRAININGS,  # of the outputs
        levels=lambda wildcards: CONTROL_LEVELS * len(study.replicates(wildcards.network)),
        protocols=study.supervised,
        model=lookup(within=config, dpath="model"),
        training=lookup(within=config, dpath="training"),
        gene_identity=lookup(within=config, dpath="graph/gene_identity"),
        bins=lookup(within=config, dpath="graph/bins"),
    message:
        "train the control models of {wildcards.network}, seed {wildcards.seed}"
    script:
        "../../scripts/train_control_models.py"


rule train:
    input:
        study.over_trained(
            f"{paths.TRAINING}/predictions.tsv",
            dropout=study.dropouts,
            protocol=study.protocols,
            seed=study.seeds,
        ),
    localrule: True


rule fine_tune_gat:
    input:
        expression=over_replicates(EXPRESSION),
        folds=expand(paths.SPLIT, protocol=study.fine_tuned, allow_missing=True),
        weights=asked(lambda: study.weights("gat-zeroshot")),
        code=study.code("fine_tune_gat"),
    output:
        predictions=expand(
            f"{paths.FINE_TUNING}/predictions.tsv", protocol=study.fine_tuned, allow_missing=True
        ),
        curves=expand(
            f"{paths.FINE_TUNING}/curve.tsv", protocol=study.fine_tuned, allow_missing=True
        ),
    log:
        "results/logs/fine_tune_gat/{network}/drop-{dropout}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/fine_tune_gat/{network}/drop-{dropout}/seed-{seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000, per_input=20),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        protocols=study.fine_tuned,
        fine_tuning={k: v for k, v in config["fine_tuning"].items() if k != "protocols"}
        | {"cells": config["method_settings"]["gat-zeroshot"]["cells"]},
    message:
        "fine-tune the zero-shot model on {wildcards.network}, dropout {wildcards.dropout} %, "
        "seed {wildcards.seed}"
    script:
        "../../scripts/fine_tune_gat.py"
