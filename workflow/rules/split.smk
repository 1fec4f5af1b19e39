# Reference edges -> which pairs are trained on, validated on and tested: one table per protocol.


rule split_pairs:
    input:
        edges=over_replicates(clean(EDGES)),
        regulators=over_replicates(clean(REGULATORS)),
        expression=over_replicates(clean(EXPRESSION)),
        code=study.code("split_pairs"),
    output:
        folds=expand(paths.SPLIT, protocol=study.protocols, allow_missing=True),
        status=expand(paths.SPLIT_STATUS, protocol=study.protocols, allow_missing=True),
    log:
        "results/logs/split_pairs/{network}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/split_pairs/{network}/seed-{seed}.tsv"
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    params:
        seed=lookup(within=config, dpath="seed"),
        protocols=study.protocols,
        cross_validation=lookup(within=config, dpath="cross_validation"),
    message:
        "split {wildcards.network}, seed {wildcards.seed}"
    script:
        "../../scripts/split_pairs.py"
