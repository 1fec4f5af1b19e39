# Are hubs consequential? The networks of the study, and random ones. Only with a config whose
# `pretraining` has a block `hub_worth` (config/hub_worth.yaml).

HUB_WORTH = PRETRAINING["hub_worth"]
HUB_WORTH_MODELS = [name for name in study.perturbed if name in study.trained]
HUB_WORTH_PART = "results/hub_worth/random/part-{part}.tsv"
HUB_WORTH_PARTS = range(1, -(-HUB_WORTH["networks"] // HUB_WORTH["networks_per_job"]) + 1)


def numbers_of_part(wildcards):
    """Numbers of the networks of a part."""
    size = HUB_WORTH["networks_per_job"]
    first = (int(wildcards.part) - 1) * size
    return list(range(first, min(first + size, HUB_WORTH["networks"])))


rule judge_hubs:
    input:
        weights=asked(study.weights_of_all),
        methods=[study.method_code(method) for method in HUB_WORTH["methods"]],
        code=study.code("judge_hubs"),
    output:
        table=HUB_WORTH_PART,
    log:
        "results/logs/judge_hubs/part-{part}.log",
    benchmark:
        "results/benchmarks/judge_hubs/part-{part}.tsv"
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=runtime(60),
    params:
        numbers=numbers_of_part,
        pretraining={key: PRETRAINING[key] for key in ("hub_worth", "networks")},
        method_settings={method: study.method_settings(method) for method in HUB_WORTH["methods"]},
    message:
        "whether hubs of random networks are consequential, part {wildcards.part}"
    script:
        "../../scripts/judge_hubs.py"


rule collect_hub_worth:
    input:
        hubs=expand(f"{paths.HUBS}/hubs.tsv", network=HUB_WORTH_MODELS),
        consequences=[study.knock_outs(name) for name in HUB_WORTH_MODELS],
        random=expand(HUB_WORTH_PART, part=HUB_WORTH_PARTS),
        code=study.code("collect_hub_worth"),
    output:
        networks="results/hub_worth/networks.tsv",
        table=report(
            "results/hub_worth/hub_worth.tsv",
            caption="../report/hub_worth.rst",
            category=CHAPTERS["perturbations"],
            subcategory="All networks",
            labels={"item": "Table: are hubs consequential?"},
        ),
        figure=report(
            "results/hub_worth/hub_worth.png",
            caption="../report/figure_hub_worth.rst",
            category=CHAPTERS["perturbations"],
            subcategory="All networks",
            labels={"item": "Figure: are hubs consequential?"},
        ),
        vector=study.vector_forms("results/hub_worth/hub_worth.png"),
    log:
        "results/logs/collect_hub_worth.log",
    benchmark:
        "results/benchmarks/collect_hub_worth.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(20),
    message:
        "whether hubs are consequential"
    script:
        "../../scripts/collect_hub_worth.py"


rule hub_worth:
    input:
        rules.collect_hub_worth.output,
    localrule: True
