# Training data of many platforms: data sets with their true networks. Only with a config that has
# pretraining.views (config/measurement.yaml); broad.smk trains on them.

# Not their number: more of them leave those that are there as they are.
OF_VIEWS = {
    key: PRETRAINING[key]
    for key in (
        "seed",
        "networks",
        "networks_linear",
        "transcriptional",
        "measurement",
        "evidence",
    )
} | {"views": {key: PRETRAINING["views"][key] for key in PRETRAINING["views"] if key != "chunks"}}
VIEWS = "results/pretraining/views/{kind}/{chunk}.safetensors"


rule draw_training_views:
    input:
        excluded=sorted(
            map(place.bundled, (REPOSITORY / "workflow/resources/models").glob("*.tsv"))
        ),
        code=study.code("draw_training_views"),
    output:
        views=VIEWS,
    log:
        "results/logs/draw_training_views/{kind}/{chunk}.log",
    benchmark:
        "results/benchmarks/draw_training_views/{kind}/{chunk}.tsv"
    wildcard_constraints:
        kind="boolean|linear|transcriptional",
        chunk=r"\d+",
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(30),
    params:
        pretraining=OF_VIEWS,
        number=PRETRAINING["chunks"]["networks_per_chunk"],
    message:
        "data sets to train on: {wildcards.kind}, chunk {wildcards.chunk}"
    script:
        "../../scripts/draw_training_views.py"


rule training_views:
    input:
        [
            VIEWS.format(kind=kind, chunk=chunk)
            for kind, number in PRETRAINING["views"]["chunks"].items()
            for chunk in range(1, number + 1)
        ],
    localrule: True
