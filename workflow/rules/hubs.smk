# Reference and predicted networks, attention -> hub measures and ranks.


rule rank_hubs:
    input:
        edges=lambda wildcards: expand(clean(EDGES), network=wildcards.network, replicate=1),
        expression=lambda wildcards: expand(
            clean(EXPRESSION), network=wildcards.network, replicate=1
        ),
        predictions=expand(
            f"{TRAINING}/predictions.tsv",
            dropout=DROPOUTS,
            protocol=PROTOCOLS,
            seed=SEEDS,
            allow_missing=True,
        ),
        attention=expand(
            f"{TRAINING}/attention.tsv",
            dropout=DROPOUTS,
            protocol=PROTOCOLS,
            seed=SEEDS,
            allow_missing=True,
        ),
        code=code("rank_hubs"),
    output:
        hubs=f"{HUBS}/hubs.tsv",
        networks=f"{HUBS}/networks.tsv",
        attention=f"{HUBS}/attention.tsv",
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
        dropouts=DROPOUTS,
        protocols=PROTOCOLS,
        seeds=SEEDS,
    message:
        "hubs of {wildcards.network}"
    script:
        "../../scripts/rank_hubs.py"


rule hubs:
    input:
        over_networks(f"{HUBS}/hubs.tsv"),
    localrule: True
