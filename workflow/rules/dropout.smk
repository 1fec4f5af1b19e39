# Expression -> expression with dropout level q: below the q % quantile, 0 with probability q %.


rule apply_dropout:
    input:
        expression=clean(EXPRESSION),
        pseudotime=clean(PSEUDOTIME),
        edges=clean(EDGES),
        regulators=clean(REGULATORS),
        code=study.code("apply_dropout"),
    output:
        expression=EXPRESSION,
        pseudotime=PSEUDOTIME,
        edges=EDGES,
        regulators=REGULATORS,
    log:
        "results/logs/apply_dropout/{network}/rep-{replicate}/drop-{dropout}.log",
    benchmark:
        "results/benchmarks/apply_dropout/{network}/rep-{replicate}/drop-{dropout}.tsv"
    wildcard_constraints:
        dropout=r"(?!000)\d{3}",
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(10),
    params:
        seed=lookup(within=config, dpath="seed"),
    message:
        "dropout {wildcards.dropout} % on {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/apply_dropout.py"
