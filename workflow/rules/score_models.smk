# Out-of-fold predictions of the GATv2 -> its controls, metrics and BEELINE's ranked edges.


rule score_predictions:
    input:
        predictions=expand(
            f"{paths.TRAINING}/predictions.tsv",
            dropout=study.dropouts,
            seed=study.seeds,
            allow_missing=True,
        ),
        folds=expand(paths.SPLIT, seed=study.seeds, allow_missing=True),
        model_controls=asked(study.control_model_files, "network", "protocol"),
        fine_tuned=asked(study.fine_tuning_files, "network", "protocol"),
        ranked=lambda wildcards: study.method_files(
            wildcards.network, "rankedEdges.csv", study.compared(wildcards.protocol)
        ),
        status=lambda wildcards: study.method_files(
            wildcards.network, "status.tsv", study.compared(wildcards.protocol)
        ),
        edges=over_replicates(clean(EDGES)),
        regulators=over_replicates(clean(REGULATORS)),
        expression=over_replicates(clean(EXPRESSION)),
        model=asked(study.boolean_rules, "network"),
        others=asked(study.sibling_edges, "network"),
        code=study.code("score_predictions"),
    output:
        metrics=f"{paths.SCORES}/metrics_by_replicate.tsv",
        regulators=f"{paths.SCORES}/regulators.tsv",
        curves=f"{paths.SCORES}/curves.tsv",
        stability=f"{paths.SCORES}/stability.tsv",
    log:
        "results/logs/score_predictions/{network}/{protocol}.log",
    benchmark:
        "results/benchmarks/score_predictions/{network}/{protocol}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(60),
    params:
        seed=lookup(within=config, dpath="seed"),
        scoring=lookup(within=config, dpath="scoring"),
        axes=asked(study.model_axes, "network", "protocol"),
        replicates=asked(study.replicates, "network"),
        dropouts=study.dropouts,
        seeds=study.seeds,
        others=asked(study.siblings, "network"),
    message:
        "score {wildcards.network}, protocol {wildcards.protocol}"
    script:
        "../../scripts/score_predictions.py"


rule rank_edges:
    input:
        predictions=expand(
            f"{paths.TRAINING}/predictions.tsv",
            dropout=study.dropouts,
            protocol=study.protocols,
            seed=study.seeds,
            allow_missing=True,
        ),
        code=study.code("rank_edges"),
    output:
        ranked=expand(
            paths.RANKED,
            dropout=study.dropouts,
            protocol=study.protocols,
            seed=study.seeds,
            allow_missing=True,
        ),
    log:
        "results/logs/rank_edges/{network}/rep-{replicate}.log",
    benchmark:
        "results/benchmarks/rank_edges/{network}/rep-{replicate}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(60),
    message:
        "ranked edges of {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/rank_edges.py"
