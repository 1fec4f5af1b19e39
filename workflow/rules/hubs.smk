# Reference and predicted networks, attention, knock-outs -> hub measures and ranks.


rule rank_hubs:
    input:
        edges=single(EDGES),
        expression=of_network(single(EXPRESSION)),
        predictions=expand(
            f"{paths.TRAINING}/predictions.tsv",
            dropout=study.dropouts,
            protocol=study.protocols,
            seed=study.seeds,
            allow_missing=True,
        ),
        attention=expand(
            f"{paths.TRAINING}/attention.tsv",
            dropout=study.dropouts,
            protocol=study.protocols,
            seed=study.seeds,
            allow_missing=True,
        ),
        ranked=lambda wildcards: study.method_files(
            wildcards.network, "rankedEdges.csv", study.hub_methods(wildcards.network)
        ),
        consequences=asked(study.knock_outs, "network"),
        code=study.code("rank_hubs"),
    output:
        hubs=f"{paths.HUBS}/hubs.tsv",
        networks=f"{paths.HUBS}/networks.tsv",
        attention=f"{paths.HUBS}/attention.tsv",
    log:
        "results/logs/rank_hubs/{network}.log",
    benchmark:
        "results/benchmarks/rank_hubs/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(60),
    params:
        top_edges=lookup(within=config, dpath="hubs/top_edges"),
        methods=lambda wildcards: study.method_axes(
            wildcards.network, study.hub_methods(wildcards.network)
        ),
        dropouts=study.dropouts,
        protocols=study.protocols,
        seeds=study.seeds,
    message:
        "hubs of {wildcards.network}"
    script:
        "../../scripts/rank_hubs.py"


rule hubs:
    input:
        study.over_trained(f"{paths.HUBS}/hubs.tsv"),
    localrule: True
