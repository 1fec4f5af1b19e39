# Graphs of all replicates + splits -> GATv2 models, out-of-fold predictions, attention.
#
# One job trains all protocols of a dropout level and seed: importing the libraries takes as long as
# training one of them.


rule train_gat:
    input:
        graphs=over_replicates(GRAPH),
        folds=expand(SPLIT, protocol=PROTOCOLS, allow_missing=True),
        code=code("train_gat"),
    output:
        weights=expand(f"{TRAINING}/weights.safetensors", protocol=PROTOCOLS, allow_missing=True),
        curve=expand(f"{TRAINING}/curve.tsv", protocol=PROTOCOLS, allow_missing=True),
        predictions=expand(f"{TRAINING}/predictions.tsv", protocol=PROTOCOLS, allow_missing=True),
        attention=expand(f"{TRAINING}/attention.tsv", protocol=PROTOCOLS, allow_missing=True),
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
        protocols=PROTOCOLS,
        model=lookup(within=config, dpath="model"),
        training=lookup(within=config, dpath="training"),
        gene_identity=lookup(within=config, dpath="graph/gene_identity"),
    message:
        "train {wildcards.network}, dropout {wildcards.dropout} %, seed {wildcards.seed}"
    script:
        "../../scripts/train_gat.py"


rule train_control_models:
    input:
        graphs=over_replicates(GRAPH),
        folds=expand(SPLIT, protocol=SUPERVISED, allow_missing=True),
        code=code("train_control_models"),
    output:
        expand(CONTROL_MODEL, protocol=SUPERVISED, allow_missing=True),
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
        protocols=SUPERVISED,
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
        over_networks(
            f"{TRAINING}/predictions.tsv", dropout=DROPOUTS, protocol=PROTOCOLS, seed=SEEDS
        ),
    localrule: True


rule fine_tune_gat:
    input:
        expression=over_replicates(EXPRESSION),
        folds=expand(SPLIT, protocol=FINE_TUNED, allow_missing=True),
        weights=WEIGHTS,
        code=code("fine_tune_gat"),
    output:
        predictions=expand(
            f"{FINE_TUNING}/predictions.tsv", protocol=FINE_TUNED, allow_missing=True
        ),
        curves=expand(f"{FINE_TUNING}/curve.tsv", protocol=FINE_TUNED, allow_missing=True),
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
        protocols=FINE_TUNED,
        fine_tuning={k: v for k, v in config["fine_tuning"].items() if k != "protocols"}
        | {"cells": config["method_settings"]["gat-zeroshot"]["cells"]},
    message:
        "fine-tune the zero-shot model on {wildcards.network}, dropout {wildcards.dropout} %, "
        "seed {wildcards.seed}"
    script:
        "../../scripts/fine_tune_gat.py"
