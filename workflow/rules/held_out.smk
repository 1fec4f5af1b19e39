# What methods are worth on networks that no training sees, of kinds like its own and others, measured
# in named ways: the table that a training has to beat. Only with a config whose `pretraining` has a
# block `held_out` (config/held_out.yaml).

from grn_gat.evaluate.held_out_plan import CONTROLS, conditions, jobs, measurement_block, scored_by

HELD_OUT = PRETRAINING["held_out"]
HELD_OUT_NETWORKS = "results/held_out/networks/{kind}.safetensors"
HELD_OUT_DATA = "results/held_out/data/{kind}/{measurement}.safetensors"
HELD_OUT_SCORES = "results/held_out/scores/{kind}/{measurement}/{method}.tsv"
HELD_OUT_BINS = "results/held_out/bins/{kind}/{measurement}/{method}.tsv"


def of_held_out(question, nothing):
    """Input function: what the study answers of a method; of controls `nothing`."""
    return asked(lambda job: nothing if job == CONTROLS else question(job), "method")


def of_all_jobs(pattern):
    """The files of all jobs that score, from home to abroad."""
    return [
        pattern.format(kind=kind, measurement=measurement, method=job)
        for kind, measurement in conditions(HELD_OUT)
        for job in jobs(HELD_OUT)
    ]


rule draw_held_out:
    input:
        code=study.code("draw_held_out"),
    output:
        networks=HELD_OUT_NETWORKS,
    log:
        "results/logs/draw_held_out/{kind}.log",
    benchmark:
        "results/benchmarks/draw_held_out/{kind}.tsv"
    wildcard_constraints:
        kind=only(HELD_OUT["kinds"]),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=runtime(60),
    params:
        pretraining={
            **{
                key: PRETRAINING[key]
                for key in PRETRAINING
                if key.startswith("networks") or key in ("transcriptional", "bursty", "sergio")
            },
            "seed": PRETRAINING["seed"],
            "held_out": {key: HELD_OUT[key] for key in ("networks", "cells")},
        },
    message:
        "draw held-out networks: {wildcards.kind}"
    script:
        "../../scripts/draw_held_out.py"


rule measure_held_out:
    input:
        networks=HELD_OUT_NETWORKS,
        code=study.code("measure_held_out"),
    output:
        data=HELD_OUT_DATA,
    log:
        "results/logs/measure_held_out/{kind}/{measurement}.log",
    benchmark:
        "results/benchmarks/measure_held_out/{kind}/{measurement}.tsv"
    wildcard_constraints:
        kind=only(HELD_OUT["kinds"]),
        measurement=only(HELD_OUT["measurements"]),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500, per_input=20),
        runtime=runtime(20),
    params:
        seed=PRETRAINING["seed"],
        measurement=lambda wildcards: measurement_block(HELD_OUT, wildcards.measurement),
    message:
        "measure held-out networks: {wildcards.kind}, {wildcards.measurement}"
    script:
        "../../scripts/measure_held_out.py"


rule infer_held_out:
    input:
        data=HELD_OUT_DATA,
        weights=of_held_out(study.weights, []),
        methods=of_held_out(study.method_code, []),
        code=study.code("infer_held_out"),
    output:
        scores=HELD_OUT_SCORES,
        bins=HELD_OUT_BINS,
    log:
        "results/logs/infer_held_out/{kind}/{measurement}/{method}.log",
    benchmark:
        "results/benchmarks/infer_held_out/{kind}/{measurement}/{method}.tsv"
    wildcard_constraints:
        kind=only(HELD_OUT["kinds"]),
        measurement=only(HELD_OUT["measurements"]),
        method=only(jobs(HELD_OUT)),
    conda:
        "../../envs/methods.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000, per_input=20),
        runtime=runtime(60),
    params:
        seed=PRETRAINING["seed"],
        few=HELD_OUT["few"],
        named=HELD_OUT["named"],
        scored=lambda wildcards: scored_by(HELD_OUT, wildcards.method),
        settings=of_held_out(study.method_settings, {}),
    message:
        "{wildcards.method} on held-out networks: {wildcards.kind}, {wildcards.measurement}"
    script:
        "../../scripts/infer_held_out.py"


rule tabulate_held_out:
    input:
        scores=of_all_jobs(HELD_OUT_SCORES),
        bins=of_all_jobs(HELD_OUT_BINS),
        code=study.code("tabulate_held_out"),
    output:
        table="results/held_out/held_out.tsv",
        calibration="results/held_out/calibration.tsv",
        figure="results/held_out/held_out.png",
        probabilities="results/held_out/probabilities.png",
        vector=study.vector_forms(
            "results/held_out/held_out.png", "results/held_out/probabilities.png"
        ),
    log:
        "results/logs/tabulate_held_out.log",
    benchmark:
        "results/benchmarks/tabulate_held_out.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(20),
    message:
        "table and figures of held-out networks"
    script:
        "../../scripts/tabulate_held_out.py"


rule held_out:
    input:
        rules.tabulate_held_out.output,
    localrule: True
