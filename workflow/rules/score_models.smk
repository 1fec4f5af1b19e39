# Out-of-fold predictions of the GATv2 -> its controls, metrics and BEELINE's ranked edges.


rule predict_controls:
    input:
        folds=expand(SPLIT, protocol=PROTOCOLS, allow_missing=True),
        code=code("predict_controls"),
    output:
        predictions=expand(CONTROLS, protocol=PROTOCOLS, allow_missing=True),
    log:
        "results/logs/predict_controls/{network}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/predict_controls/{network}/seed-{seed}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    params:
        seed=lookup(within=config, dpath="seed"),
        protocols=PROTOCOLS,
        replicates=lambda wildcards: list(replicates(wildcards.network)),
    message:
        "controls of {wildcards.network}, seed {wildcards.seed}"
    script:
        "../../scripts/predict_controls.py"


rule score_predictions:
    input:
        predictions=expand(
            f"{TRAINING}/predictions.tsv", dropout=DROPOUTS, seed=SEEDS, allow_missing=True
        ),
        controls=expand(CONTROLS, seed=SEEDS, allow_missing=True),
        model_controls=lambda wildcards: [
            CONTROL_MODEL.format(
                control=control, dropout=level or "000", seed=seed, **dict(wildcards)
            )
            for control, level, seed in control_models(wildcards)
        ],
        fine_tuned=lambda wildcards: [
            f"{FINE_TUNING}/predictions.tsv".format(dropout=level, seed=seed, **dict(wildcards))
            for level, seed in fine_tuned(wildcards)
        ],
        ranked=lambda wildcards: method_files(
            wildcards.network, "rankedEdges.csv", compared(wildcards)
        ),
        status=lambda wildcards: method_files(wildcards.network, "status.tsv", compared(wildcards)),
        edges=over_replicates(clean(EDGES)),
        regulators=over_replicates(clean(REGULATORS)),
        expression=over_replicates(clean(EXPRESSION)),
        model=lambda wildcards: entry_of(wildcards).get("model", []),
        code=code("score_predictions"),
    output:
        metrics=f"{SCORES}/metrics_by_replicate.tsv",
        curves=f"{SCORES}/curves.tsv",
        stability=f"{SCORES}/stability.tsv",
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
        axes=lambda wildcards: {
            "gat": list(product(DROPOUTS, SEEDS)),
            "model_controls": control_models(wildcards),
            "fine_tuned": fine_tuned(wildcards),
            "methods": method_axes(wildcards, compared(wildcards)),
        },
        dropouts=DROPOUTS,
        seeds=SEEDS,
    message:
        "score {wildcards.network}, protocol {wildcards.protocol}"
    script:
        "../../scripts/score_predictions.py"


rule rank_edges:
    input:
        predictions=expand(
            f"{TRAINING}/predictions.tsv",
            dropout=DROPOUTS,
            protocol=PROTOCOLS,
            seed=SEEDS,
            allow_missing=True,
        ),
        code=code("rank_edges"),
    output:
        ranked=expand(RANKED, dropout=DROPOUTS, protocol=PROTOCOLS, seed=SEEDS, allow_missing=True),
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
