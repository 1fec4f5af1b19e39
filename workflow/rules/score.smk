# Out-of-fold predictions + labels -> controls, metrics, curves and BEELINE's ranked edges.


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
        code=code("score_predictions"),
    output:
        metrics=f"{SCORES}/metrics_by_replicate.tsv",
        curves=f"{SCORES}/curves.tsv",
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


rule scores:
    input:
        over_networks(f"{SCORES}/metrics_by_replicate.tsv", protocol=PROTOCOLS),
        ranked_edges(),
    localrule: True
