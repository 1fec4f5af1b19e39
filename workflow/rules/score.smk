# Ranked edges of the methods + reference network -> metrics, curves, stability, failures.


rule score_methods:
    input:
        ranked=lambda wildcards: method_files(wildcards.network, "rankedEdges.csv"),
        status=lambda wildcards: method_files(wildcards.network, "status.tsv"),
        edges=over_replicates(clean(EDGES)),
        regulators=over_replicates(clean(REGULATORS)),
        expression=over_replicates(clean(EXPRESSION)),
        model=lambda wildcards: entry_of(wildcards).get("model", []),
        code=code("score_methods"),
    output:
        metrics="results/scores/{network}/unsupervised/metrics_by_replicate.tsv",
        curves="results/scores/{network}/unsupervised/curves.tsv",
        stability="results/scores/{network}/unsupervised/stability.tsv",
        failures="results/scores/{network}/unsupervised/failures.tsv",
    log:
        "results/logs/score_methods/{network}.log",
    benchmark:
        "results/benchmarks/score_methods/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(60),
    params:
        seed=lookup(within=config, dpath="seed"),
        axes=method_axes,
        replicates=lambda wildcards: list(replicates(wildcards.network)),
        dropouts=DROPOUTS,
        seeds=SEEDS,
    message:
        "score the methods on {wildcards.network}"
    script:
        "../../scripts/score_methods.py"


rule scores:
    input:
        over_networks(f"{SCORES}/metrics_by_replicate.tsv", protocol=SCORED),
        ranked_edges() if PROTOCOLS else [],
    localrule: True
