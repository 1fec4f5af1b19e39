# Expression and reference edges -> one graph tensor file per replicate and dropout level.


rule build_graph:
    input:
        expression=of_network(EXPRESSION),
        pseudotime=of_network(PSEUDOTIME),
        edges=clean(EDGES),
        regulators=clean(REGULATORS),
        code=study.code("build_graph"),
    output:
        graph=paths.GRAPH,
    log:
        "results/logs/build_graph/{network}/rep-{replicate}/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/build_graph/{network}/rep-{replicate}/drop-{dropout}.tsv"
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(20),
    params:
        neighbours=lookup(within=config, dpath="graph/neighbours"),
        bins=lookup(within=config, dpath="graph/bins"),
    message:
        "graph of {wildcards.network}, replicate {wildcards.replicate}, dropout {wildcards.dropout} %"
    script:
        "../../scripts/build_graph.py"


rule graphs:
    input:
        study.datasets(paths.GRAPH, study.trained, dropout=study.dropouts),
    localrule: True
