# Variants of the zero-shot model, each trained anew on some of the training networks. Only with a
# config whose `pretraining` has a block `ablation` (config/ablation.yaml).

from grn_gat.zeroshot.ablation_plan import trainings

TRAININGS = trainings(PRETRAINING)
ABLATION = "results/pretraining/ablation"
VARIANT = f"{ABLATION}/variants/{{variant}}/seed-{{seed}}"


def ablation_chunks(wildcards):
    """The chunks that hold the networks a variant is trained on."""
    number = TRAININGS[wildcards.variant]["networks"]
    return chunks("training")[: -(-number // PRETRAINING["chunks"]["networks_per_chunk"])]


rule ablate_zeroshot:
    input:
        training=ablation_chunks,
        validation=chunks("validation")[:1],
        code=study.code("ablate_zeroshot"),
    output:
        table=f"{VARIANT}.tsv",
    log:
        "results/logs/ablate_zeroshot/{variant}/seed-{seed}.log",
    benchmark:
        "results/benchmarks/ablate_zeroshot/{variant}/seed-{seed}.tsv"
    wildcard_constraints:
        variant=only(TRAININGS),
        seed=r"\d+",
    conda:
        train_environment(PRETRAINING["training"]["device"])
    threads: 1
    resources:
        mem_mb=memory(3000, per_input=3),
        runtime=runtime(120),
    params:
        training=lambda wildcards: TRAININGS[wildcards.variant],
        validation=PRETRAINING["ablation"]["validation"],
        # Not an output: it must outlive an interrupted job, which goes on from it.
        checkpoint=place.placed(f"{VARIANT}.checkpoint.safetensors"),
    message:
        "ablation of the zero-shot model: {wildcards.variant}, seed {wildcards.seed}"
    script:
        "../../scripts/ablate_zeroshot.py"


rule collect_ablation:
    input:
        tables=expand(f"{VARIANT}.tsv", variant=TRAININGS, seed=PRETRAINING["ablation"]["seeds"]),
        code=study.code("collect_ablation"),
    output:
        table=f"{ABLATION}/ablation.tsv",
        summary=f"{ABLATION}/summary.tsv",
        figure=f"{ABLATION}/ablation.png",
        vector=study.vector_forms(f"{ABLATION}/ablation.png"),
    log:
        "results/logs/collect_ablation.log",
    benchmark:
        "results/benchmarks/collect_ablation.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(20),
    message:
        "table and figure of the ablation"
    script:
        "../../scripts/collect_ablation.py"


rule ablation:
    input:
        rules.collect_ablation.output,
    localrule: True
