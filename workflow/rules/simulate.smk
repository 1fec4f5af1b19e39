# Boolean model -> single-cell expression before dropout, in BEELINE's layout.

from grn_gat.data.evidence_names import PERTURBATIONS


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
        knock_outs=lambda wildcards: study.sources[wildcards.network].entry["knock_outs"],
    message:
        "simulate {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/simulate_expression.py"


rule label_knock_outs:
    input:
        expression=clean(EXPRESSION),
        code=study.code("label_knock_outs"),
    output:
        table=paths.EVIDENCE,
        remarks=paths.EVIDENCE_REMARKS,
    log:
        "results/logs/label_knock_outs/{network}/rep-{replicate}/{evidence}.log",
    benchmark:
        "results/benchmarks/label_knock_outs/{network}/rep-{replicate}/{evidence}.tsv"
    wildcard_constraints:
        network=only(study.simulated),
        evidence=PERTURBATIONS,
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    message:
        "which gene is knocked out in cells of {wildcards.network}, replicate {wildcards.replicate}"
    script:
        "../../scripts/label_knock_outs.py"


rule simulate:
    input:
        study.datasets(clean(EXPRESSION), study.simulated),
    localrule: True
