# Expression (never reference edges) -> the ranked edges of every inference method.


rule infer_network:
    input:
        expression=EXPRESSION,
        pseudotime=PSEUDOTIME,
        regulators=REGULATORS,
        evidence=asked(study.evidence_files, "network", "replicate", "method"),
        weights=asked(study.weights, "method"),
        code=asked(method_code, "method"),
    output:
        ranked=f"{paths.METHOD}/rankedEdges.csv",
        status=f"{paths.METHOD}/status.tsv",
        usage=f"{paths.METHOD}/usage.tsv",
    log:
        "results/logs/infer_network/{method}/{network}/rep-{replicate}/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/infer_network/{method}/{network}/rep-{replicate}/drop-{dropout}.tsv"
    conda:
        asked(study.environment, "method")
    # A study has many data sets to keep the cores busy; a single one gets them to itself.
    threads: lambda wildcards: 8 if wildcards.network in study.inferred else 1
    resources:
        # gat-zeroshot with 2000 genes: docs/results/zeroshot.tsv.
        mem_mb=memory(1500, per_input=20, per_pair=1.3),
        runtime=runtime(240),
    params:
        seed=lookup(within=config, dpath="seed"),
        place=asked(study.seed_place, "network", "replicate", "dropout"),
        settings=asked(study.method_settings, "method"),
    message:
        "{wildcards.method} on {wildcards.network}, replicate {wildcards.replicate}, "
        "dropout {wildcards.dropout} %"
    script:
        "../../scripts/infer_network.py"


rule import_predictions:
    input:
        predictions=asked(study.prediction_files, "method", "network", "replicate", "dropout"),
        expression=clean(EXPRESSION),
        regulators=clean(REGULATORS),
        code=study.code("import_predictions"),
    output:
        ranked=f"{paths.METHOD}/rankedEdges.csv",
        status=f"{paths.METHOD}/status.tsv",
        remarks=f"{paths.METHOD}/remarks.tsv",
    log:
        "results/logs/import_predictions/{method}/{network}/rep-{replicate}/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/import_predictions/{method}/{network}/rep-{replicate}/drop-{dropout}.tsv"
    wildcard_constraints:
        method=only(study.predicted),
    # Their mistakes show before hours of inference.
    priority: 10
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000, per_input=20),
        runtime=runtime(60),
    params:
        file=asked(study.prediction, "method", "network", "replicate", "dropout"),
    message:
        "predictions of {wildcards.method} on {wildcards.network}, replicate {wildcards.replicate}, "
        "dropout {wildcards.dropout} %"
    script:
        "../../scripts/import_predictions.py"


rule combine_methods:
    input:
        ranked=lambda wildcards: study.of_members("rankedEdges.csv", **dict(wildcards)),
        status=lambda wildcards: study.of_members("status.tsv", **dict(wildcards)),
        code=study.code("combine_methods"),
    output:
        ranked=f"{paths.METHOD}/rankedEdges.csv",
        status=f"{paths.METHOD}/status.tsv",
    log:
        "results/logs/combine_methods/{method}/{network}/rep-{replicate}/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/combine_methods/{method}/{network}/rep-{replicate}/drop-{dropout}.tsv"
    wildcard_constraints:
        method=only(study.combined),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000, per_input=20),
        runtime=runtime(60),
    params:
        members=asked(study.members, "method"),
    message:
        "{wildcards.method} on {wildcards.network}, replicate {wildcards.replicate}, "
        "dropout {wildcards.dropout} %"
    script:
        "../../scripts/combine_methods.py"


rule judge_scores:
    input:
        ranked=f"{paths.METHOD}/rankedEdges.csv",
        expression=EXPRESSION,
        weights=asked(study.weights, "method"),
        code=study.code("judge_scores"),
    output:
        trust=paths.TRUST,
    log:
        "results/logs/judge_scores/{method}/{network}/rep-{replicate}/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/judge_scores/{method}/{network}/rep-{replicate}/drop-{dropout}.tsv"
    wildcard_constraints:
        method=only(study.judged_methods),
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(60),
    params:
        limits=lookup(within=config, dpath="trust"),
        edges_per_gene=lookup(within=config, dpath="hubs/edges_per_gene"),
    message:
        "whether to trust {wildcards.method} on {wildcards.network}"
    script:
        "../../scripts/judge_scores.py"


rule methods:
    input:
        [study.method_files(n, "rankedEdges.csv", study.scored_methods) for n in study.data_sets],
    localrule: True
