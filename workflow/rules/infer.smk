# Target infer: one expression file of the user -> the network that each method infers from it.
# It is imported and inferred as the data sets of a study are (import.smk, methods.smk).


rule read_reference:
    input:
        expression=clean(EXPRESSION).replace("{replicate}", "1"),
        reference=(INFERRED or [None, {}])[1].get("reference", []),
        code=code("read_reference"),
    output:
        edges=f"{INFERRED_NETWORK}/refNetwork.csv",
    log:
        "results/logs/read_reference/{network}.log",
    benchmark:
        "results/benchmarks/read_reference/{network}.tsv"
    # Its mistakes show before hours of inference.
    priority: 10
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    message:
        "reference edges of {wildcards.network}"
    script:
        "../../scripts/read_reference.py"


rule describe_network:
    input:
        ranked=clean(f"{METHOD}/rankedEdges.csv").replace("{replicate}", "1"),
        status=clean(f"{METHOD}/status.tsv").replace("{replicate}", "1"),
        expression=clean(EXPRESSION).replace("{replicate}", "1"),
        edges=f"{INFERRED_NETWORK}/refNetwork.csv" if with_reference() else [],
        regulators=clean(REGULATORS).replace("{replicate}", "1"),
        code=lambda wildcards: [*code("describe_network"), bundled(module_path(wildcards.method))],
    output:
        **with_metrics(
            ranked=f"{INFERRED_NETWORK}/{{method}}/rankedEdges.csv",
            hubs=f"{INFERRED_NETWORK}/{{method}}/hubs.tsv",
            graphml=f"{INFERRED_NETWORK}/{{method}}/network.graphml",
            figure=f"{INFERRED_NETWORK}/{{method}}/network.png",
        ),
    log:
        "results/logs/describe_network/{network}/{method}.log",
    benchmark:
        "results/benchmarks/describe_network/{network}/{method}.tsv"
    wildcard_constraints:
        network=only([INFERRED[0]] if INFERRED else []),
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(60),
    params:
        method="{method}",
        edges_per_gene=lookup(within=config, dpath="hubs/edges_per_gene"),
        seed=lookup(within=config, dpath="seed"),
    message:
        "network of {wildcards.network} by {wildcards.method}"
    script:
        "../../scripts/describe_network.py"


rule collect_inferred:
    input:
        status=expand(
            f"{METHOD}/status.tsv",
            method=METHODS,
            replicate=1,
            dropout="000",
            allow_missing=True,
        ),
        hubs=inferred_files("hubs.tsv"),
        edges=f"{INFERRED_NETWORK}/refNetwork.csv" if with_reference() else [],
        code=code("collect_inferred"),
    output:
        methods=f"{INFERRED_NETWORK}/methods.tsv",
    log:
        "results/logs/collect_inferred/{network}.log",
    benchmark:
        "results/benchmarks/collect_inferred/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    message:
        "methods on {wildcards.network}"
    script:
        "../../scripts/collect_inferred.py"


rule report_inferred:
    input:
        methods=f"{INFERRED_NETWORK}/methods.tsv",
        expression=clean(EXPRESSION).replace("{replicate}", "1"),
        pseudotime=clean(PSEUDOTIME).replace("{replicate}", "1"),
        regulators=clean(REGULATORS).replace("{replicate}", "1"),
        edges=f"{INFERRED_NETWORK}/refNetwork.csv" if with_reference() else [],
        graphml=inferred_files("network.graphml"),
        hubs=inferred_files("hubs.tsv"),
        figures=inferred_files("network.png"),
        metrics=inferred_files("metrics.tsv") if with_reference() else [],
        probabilities=inferred_files("rankedEdges.csv", ZERO_SHOT_ASKED),
        weights=WEIGHTS if ZERO_SHOT_ASKED else [],
        peers=[bundled(module_path(method)) for method in METHODS],
        template=bundled(SCRIPTS.parent / "workflow/report/inferred.html.j2"),
        code=code("report_inferred"),
    output:
        page=f"{INFERRED_NETWORK}/report.html",
    log:
        "results/logs/report_inferred/{network}.log",
    benchmark:
        "results/benchmarks/report_inferred/{network}.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(30),
    params:
        name="{network}",
        source=(INFERRED or [None, {}])[1],
    message:
        "report of {wildcards.network}"
    script:
        "../../scripts/report_inferred.py"


rule infer:
    input:
        inferred_target,
    localrule: True
