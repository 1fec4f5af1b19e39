# Boolean model -> single-cell expression before dropout, in BEELINE's layout.


rule simulate_expression:
    input:
        rules=asked(study.boolean_rules, "network"),
        description=asked(study.model_description, "network"),
        code=study.code("simulate_expression"),
    output:
        expression=clean(EXPRESSION),
        pseudotime=clean(PSEUDOTIME),
        edges=clean(EDGES),
        regulators=clean(REGULATORS),
    log:
        "results/logs/simulate_expression/{network}/rep-{replicate}.log",
    benchmark:
        "results/benchmarks/simulate_expression/{network}/rep-{replicate}.tsv"
    wildcard_constraints:
        network=only(study.simulated),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    params:
        seed=lookup(within=config, dpath="seed"),
        cells=lambda wildcards: study.sources[wildcards.network].entry["cells"],
        simulation=lookup(within=config, dpath="simulation"),
        measurement=lambda wildcards: study.sources[wildcards.network].entry.get("measurement"),
    message:
        "simulate {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/simulate_expression.py"


rule simulate:
    input:
        study.datasets(clean(EXPRESSION), study.simulated),
    localrule: True
