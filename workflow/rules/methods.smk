# Expression (never reference edges) -> the ranked edges of every inference method.


rule infer_network:
    input:
        expression=EXPRESSION,
        pseudotime=PSEUDOTIME,
        regulators=REGULATORS,
        weights=lambda wildcards: WEIGHTS if wildcards.method in ZERO_SHOT_METHODS else [],
        code=method_code,
    output:
        ranked=f"{METHOD}/rankedEdges.csv",
        status=f"{METHOD}/status.tsv",
    log:
        "results/logs/infer_network/{method}/{network}/rep-{replicate}/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/infer_network/{method}/{network}/rep-{replicate}/drop-{dropout}.tsv"
    conda:
        "../../envs/methods.yaml"
    # A study has many data sets to keep the cores busy; a single one gets them to itself.
    threads: lambda wildcards: 1 if wildcards.network in NETWORKS else 8
    resources:
        # gat-zeroshot with 2000 genes: docs/results/zeroshot.tsv.
        mem_mb=memory(1500, per_input=20, per_pair=1.3),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        settings=method_settings,
    message:
        "{wildcards.method} on {wildcards.network}, replicate {wildcards.replicate}, "
        "dropout {wildcards.dropout} %"
    script:
        "../../scripts/infer_network.py"


rule methods:
    input:
        [method_files(network, "rankedEdges.csv") for network in NETWORKS],
    localrule: True
