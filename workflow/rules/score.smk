# Ranked edges of the methods + reference network -> metrics, curves, stability, failures.


rule score_methods:
    input:
        ranked=lambda wildcards: study.method_files(
            wildcards.network, "rankedEdges.csv", study.scored_methods
        ),
        status=lambda wildcards: study.method_files(
            wildcards.network, "status.tsv", study.scored_methods
        ),
        edges=over_replicates(clean(EDGES)),
        regulators=over_replicates(clean(REGULATORS)),
        expression=over_replicates(clean(EXPRESSION)),
        model=asked(study.boolean_rules, "network"),
        others=asked(study.sibling_edges, "network"),
        code=study.code("score_methods"),
    output:
        metrics="results/scores/{network}/unsupervised/metrics_by_replicate.tsv",
        regulators="results/scores/{network}/unsupervised/regulators.tsv",
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
        scoring=lookup(within=config, dpath="scoring"),
        axes=lambda wildcards: study.method_axes(wildcards.network, study.scored_methods),
        replicates=asked(study.replicates, "network"),
        dropouts=study.dropouts,
        seeds=study.seeds,
        others=asked(study.siblings, "network"),
    message:
        "score the methods on {wildcards.network}"
    script:
        "../../scripts/score_methods.py"


rule scores:
    input:
        study.over_scores("metrics_by_replicate.tsv"),
        study.ranked_edges(),
    localrule: True
