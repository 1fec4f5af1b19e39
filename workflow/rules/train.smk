# Graphs of all replicates + split -> GATv2 models, out-of-fold predictions, attention.


rule train_gat:
    input:
        graphs=over_replicates(GRAPH),
        folds=SPLIT,
        code=code("train_gat"),
    output:
        weights=f"{TRAINING}/weights.safetensors",
        curve=f"{TRAINING}/curve.tsv",
        predictions=f"{TRAINING}/predictions.tsv",
        attention=f"{TRAINING}/attention.tsv",
    log:
        "results/logs/train_gat/{network}/drop-{dropout}/{protocol}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/train_gat/{network}/drop-{dropout}/{protocol}/seed-{seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        model=lookup(within=config, dpath="model"),
        training=lookup(within=config, dpath="training"),
        gene_identity=lookup(within=config, dpath="graph/gene_identity"),
    message:
        "train {wildcards.network}, dropout {wildcards.dropout} %, protocol {wildcards.protocol}, seed {wildcards.seed}"
    script:
        "../../scripts/train_gat.py"


rule train:
    localrule: True
    input:
        over_networks(
            f"{TRAINING}/predictions.tsv", dropout=DROPOUTS, protocol=PROTOCOLS, seed=SEEDS
        ),
