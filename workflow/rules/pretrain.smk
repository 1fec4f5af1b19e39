# Random networks -> the weights of the zero-shot model. Only with a config that has `pretraining`
# (config/pretraining.yaml); studies use the weights that come with the workflow.

from grn_gat.study.config import check_pretraining

try:
    PRETRAINING = check_pretraining(config["pretraining"], schema("pretraining"))
except InputError as error:
    raise WorkflowError(str(error)) from None
TRAINING_NETWORKS = "results/pretraining/networks/{split}/{chunk}.safetensors"
# What a study needs of all this; `make pretrain` copies it to workflow/resources/zeroshot.
ZEROSHOT = "results/pretraining/zeroshot"
MEMBER = "results/pretraining/members/member-{member}.safetensors"
MEMBER_CURVE = "results/pretraining/members/member-{member}.curve.tsv"
MEMBERS = range(1, PRETRAINING["training"]["members"] + 1)


def chunks(split):
    """The chunks of networks to train on, or to validate with."""
    numbers = range(1, PRETRAINING["chunks"][split] + 1)
    return expand(TRAINING_NETWORKS, split=split, chunk=numbers)


def network_settings(wildcards):
    """What the networks of a split are drawn from."""
    if wildcards.split.startswith("linear"):
        return PRETRAINING["networks_linear"]
    other = PRETRAINING["networks_other"] if wildcards.split == "other" else {}
    return PRETRAINING["networks"] | other


rule simulate_training_networks:
    input:
        excluded=sorted(
            map(place.bundled, (REPOSITORY / "workflow/resources/models").glob("*.tsv"))
        ),
        code=study.code("simulate_training_networks"),
    output:
        networks=TRAINING_NETWORKS,
    log:
        "results/logs/simulate_training_networks/{split}/{chunk}.log",
    benchmark:
        "results/benchmarks/simulate_training_networks/{split}/{chunk}.tsv"
    wildcard_constraints:
        split="training|validation|other|linear|linear_validation",
        chunk=r"\d+",
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(60),
    params:
        seed=PRETRAINING["seed"],
        networks=network_settings,
        number=PRETRAINING["chunks"]["networks_per_chunk"],
    message:
        "simulate random networks for {wildcards.split}, chunk {wildcards.chunk}"
    script:
        "../../scripts/simulate_training_networks.py"


rule pretrain_gat:
    input:
        training=chunks("training") + chunks("linear"),
        validation=chunks("validation")[:1] + chunks("linear_validation")[:1],
        code=study.code("pretrain_gat"),
    output:
        weights=MEMBER,
        curve=MEMBER_CURVE,
    log:
        "results/logs/pretrain_gat/member-{member}.log",
    benchmark:
        "results/benchmarks/pretrain_gat/member-{member}.tsv"
    wildcard_constraints:
        member=r"\d+",
    conda:
        train_environment(PRETRAINING["training"]["device"])
    threads: 1
    resources:
        mem_mb=memory(3000, per_input=3),
        runtime=runtime(600),
    params:
        pretraining={key: PRETRAINING[key] for key in ("seed", "augmentation", "model", "training")},
        # Not an output: it must outlive an interrupted job, which goes on from it.
        checkpoint=place.placed(
            "results/pretraining/members/member-{member}.checkpoint.safetensors"
        ),
    message:
        "pretrain model {wildcards.member} of the zero-shot ensemble"
    script:
        "../../scripts/pretrain_gat.py"


rule calibrate_zeroshot:
    input:
        members=expand(MEMBER, member=MEMBERS),
        networks=chunks("validation")[1:] + chunks("linear_validation")[1:],
        code=study.code("calibrate_zeroshot"),
    output:
        weights=f"{ZEROSHOT}/levels.safetensors",
    log:
        "results/logs/calibrate_zeroshot.log",
    benchmark:
        "results/benchmarks/calibrate_zeroshot.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=runtime(60),
    params:
        pretraining={key: PRETRAINING[key] for key in ("seed", "model", "validation")},
    message:
        "calibrate the zero-shot ensemble"
    script:
        "../../scripts/calibrate_zeroshot.py"


rule validate_zeroshot:
    input:
        weights=f"{ZEROSHOT}/levels.safetensors",
        like_training=chunks("validation")[:1],
        other=chunks("other"),
        linear=chunks("linear_validation")[:1],
        code=study.code("validate_zeroshot"),
    output:
        metrics="results/pretraining/validation.tsv",
        calibration=f"{ZEROSHOT}/calibration.tsv",
    log:
        "results/logs/validate_zeroshot.log",
    benchmark:
        "results/benchmarks/validate_zeroshot.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=runtime(120),
    params:
        pretraining={key: PRETRAINING[key] for key in ("seed", "validation")},
    message:
        "score the zero-shot ensemble on held-out random networks"
    script:
        "../../scripts/validate_zeroshot.py"


rule write_model_card:
    input:
        weights=f"{ZEROSHOT}/levels.safetensors",
        curves=expand(MEMBER_CURVE, member=MEMBERS),
        metrics="results/pretraining/validation.tsv",
        calibration=f"{ZEROSHOT}/calibration.tsv",
        code=study.code("write_model_card"),
    output:
        card=f"{ZEROSHOT}/levels.md",
        scores=f"{ZEROSHOT}/levels.tsv",
        figure=f"{ZEROSHOT}/validation.png",
        vector=study.vector_forms(f"{ZEROSHOT}/validation.png"),
    log:
        "results/logs/write_model_card.log",
    benchmark:
        "results/benchmarks/write_model_card.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(20),
    params:
        pretraining=PRETRAINING,
    message:
        "model card"
    script:
        "../../scripts/write_model_card.py"


rule pretrain_all:
    input:
        rules.write_model_card.output,
    localrule: True


rule training_networks:
    input:
        [chunks(split) for split in PRETRAINING["chunks"] if split != "networks_per_chunk"],
    localrule: True
