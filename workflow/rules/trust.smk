# Whether the box on the page of a data set stands where it should: the networks of the study, and
# simulated data sets unlike those of the training. Only with a config whose `pretraining` has a block
# `unlike` (config/trust.yaml).

from grn_gat.algorithms._registry import CONSENSUS, ZERO_SHOT

OF_NETWORK = "results/trust/networks/{network}.tsv"
OF_KIND = "results/trust/kinds/{kind}.tsv"
# As in scripts/grn_gat/simulate/unlike.py, which needs numpy.
UNLIKE_KINDS = ["normalised", "counted", "hub-and-leaf", "like training"]
JUDGED = (ZERO_SHOT, CONSENSUS)
HOW_TO_JUDGE = {
    "settings": {method: study.method_settings(method) for method in JUDGED},
    "limits": config["trust"],
    "edges_per_gene": config["hubs"]["edges_per_gene"],
}


def data_sets(pattern):
    """Input function: a file of every replicate and dropout level of a network."""
    return lambda wildcards: study.over_replicates(
        wildcards.network, pattern, dropout=study.dropouts
    )


rule judge_network:
    input:
        expression=data_sets(EXPRESSION),
        edges=data_sets(EDGES),
        regulators=data_sets(REGULATORS),
        weights=asked(lambda: study.weights(ZERO_SHOT)),
        methods=[study.method_code(method) for method in JUDGED],
        code=study.code("judge_network"),
    output:
        table=OF_NETWORK,
    log:
        "results/logs/judge_network/{network}.log",
    benchmark:
        "results/benchmarks/judge_network/{network}.tsv"
    wildcard_constraints:
        network=only(study.networks),
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=runtime(60),
    params:
        **HOW_TO_JUDGE,
        seed=config["seed"],
    message:
        "whether to trust scores on {wildcards.network}"
    script:
        "../../scripts/judge_network.py"


rule judge_unlike:
    input:
        excluded=sorted(
            map(place.bundled, (REPOSITORY / "workflow/resources/models").glob("*.tsv"))
        ),
        weights=asked(lambda: study.weights(ZERO_SHOT)),
        methods=[study.method_code(method) for method in JUDGED],
        code=study.code("judge_unlike"),
    output:
        table=OF_KIND,
    log:
        "results/logs/judge_unlike/{kind}.log",
    benchmark:
        "results/benchmarks/judge_unlike/{kind}.tsv"
    wildcard_constraints:
        kind=only(UNLIKE_KINDS),
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=runtime(60),
    params:
        **HOW_TO_JUDGE,
        pretraining={
            key: PRETRAINING[key]
            for key in ("unlike", "networks", "networks_linear", "validation")
        },
    message:
        "whether to trust scores on simulated data sets: {wildcards.kind}"
    script:
        "../../scripts/judge_unlike.py"


rule collect_trust:
    input:
        networks=expand(OF_NETWORK, network=study.networks),
        unlike=expand(OF_KIND, kind=UNLIKE_KINDS),
        code=study.code("collect_trust"),
    output:
        table=paths.TABLE.format(table="trust"),
    log:
        "results/logs/collect_trust.log",
    benchmark:
        "results/benchmarks/collect_trust.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    message:
        "table of trust"
    script:
        "../../scripts/collect_trust.py"


rule trust:
    input:
        rules.collect_trust.output.table,
    localrule: True
