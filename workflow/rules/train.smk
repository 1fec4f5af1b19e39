# Graphs of all replicates + splits -> GATv2 models, out-of-fold predictions, attention.
#
# One job trains all protocols of a dropout level and seed: importing the libraries takes as long as
# training one of them.


rule train_gat:
    input:
        graphs=over_replicates(paths.GRAPH),
        folds=expand(paths.SPLIT, protocol=study.protocols, allow_missing=True),
        code=study.code("train_gat"),
    output:
        weights=expand(
            f"{paths.TRAINING}/weights.safetensors", protocol=study.protocols, allow_missing=True
        ),
        curve=expand(f"{paths.TRAINING}/curve.tsv", protocol=study.protocols, allow_missing=True),
        predictions=expand(
            f"{paths.TRAINING}/predictions.tsv", protocol=study.protocols, allow_missing=True
        ),
        attention=expand(
            f"{paths.TRAINING}/attention.tsv", protocol=study.protocols, allow_missing=True
        ),
    log:
        "results/logs/train_gat/{network}/drop-{dropout}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/train_gat/{network}/drop-{dropout}/seed-{seed}.tsv"
    conda:
        train_environment(config["training"]["device"])
    threads: 1
    resources:
        **gpus(config["training"]["device"]),
        mem_mb=memory(2000),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        protocols=study.protocols,
        model=lookup(within=config, dpath="model"),
        training=lookup(within=config, dpath="training"),
        gene_identity=lookup(within=config, dpath="graph/gene_identity"),
    message:
        "train {wildcards.network}, dropout {wildcards.dropout} %, seed {wildcards.seed}"
    script:
        "../../scripts/train_gat.py"


rule train_control_models:
    input:
        graphs=over_replicates(paths.GRAPH),
        folds=expand(paths.SPLIT, protocol=study.supervised, allow_missing=True),
        code=study.code("train_control_models"),
    output:
        expand(paths.CONTROL_MODEL, protocol=study.supervised, allow_missing=True),
    log:
        "results/logs/train_control_models/{control}/{network}/drop-{dropout}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/train_control_models/{control}/{network}/drop-{dropout}/seed-{seed}.tsv"
    conda:
        train_environment(config["training"]["device"])
    threads: 1
    resources:
        **gpus(config["training"]["device"]),
        mem_mb=memory(2000),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        protocols=study.supervised,
        model=lookup(within=config, dpath="model"),
        training=lookup(within=config, dpath="training"),
        gene_identity=lookup(within=config, dpath="graph/gene_identity"),
        bins=lookup(within=config, dpath="graph/bins"),
    message:
        "train {wildcards.control} of {wildcards.network}, dropout {wildcards.dropout} %, "
        "seed {wildcards.seed}"
    script:
        "../../scripts/train_control_models.py"


rule train:
    input:
        study.over_networks(
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
