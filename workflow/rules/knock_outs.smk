# Whether networks that are inferred from unperturbed cells tell what a knock-out will do, on networks
# that no training sees. Only with a config whose `pretraining` has a block `knock_outs`
# (config/knock_outs.yaml).

from grn_gat.evaluate.held_out_plan import conditions, measurement_block
from grn_gat.evaluate.knock_out_plan import CONTROLS, jobs

KNOCK_OUTS = PRETRAINING["knock_outs"]
KNOCK_OUT_SCORES = "results/knock_outs/scores/{kind}/{measurement}/{method}.tsv"


def of_predictor(question, nothing):
    """Input function: what the study answers of a method; of baselines `nothing`."""
    return asked(lambda job: nothing if job == CONTROLS else question(job), "method")


rule predict_knock_outs:
    input:
        weights=of_predictor(study.weights, []),
        methods=of_predictor(study.method_code, []),
        code=study.code("predict_knock_outs"),
    output:
        scores=KNOCK_OUT_SCORES,
    log:
        "results/logs/predict_knock_outs/{kind}/{measurement}/{method}.log",
    benchmark:
        "results/benchmarks/predict_knock_outs/{kind}/{measurement}/{method}.tsv"
    wildcard_constraints:
        kind=only(KNOCK_OUTS["kinds"]),
        measurement=only(KNOCK_OUTS["measurements"]),
        method=only(jobs(KNOCK_OUTS)),
    conda:
        "../../envs/methods.yaml"
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
            "knock_outs": {
                key: KNOCK_OUTS[key]
                for key in ("networks", "cells", "knock_outs", "cells_of_each", "damping")
            },
        },
        measurement=lambda wildcards: measurement_block(KNOCK_OUTS, wildcards.measurement),
        settings=of_predictor(study.method_settings, {}),
    message:
        "{wildcards.method} predicts knock-outs: {wildcards.kind}, {wildcards.measurement}"
    script:
        "../../scripts/predict_knock_outs.py"


rule tabulate_knock_outs:
    input:
        scores=[
            KNOCK_OUT_SCORES.format(kind=kind, measurement=measurement, method=job)
            for kind, measurement in conditions(KNOCK_OUTS)
            for job in jobs(KNOCK_OUTS)
        ],
        code=study.code("tabulate_knock_outs"),
    output:
        table="results/knock_outs/knock_outs.tsv",
        figure="results/knock_outs/knock_outs.png",
        vector=study.vector_forms("results/knock_outs/knock_outs.png"),
    log:
        "results/logs/tabulate_knock_outs.log",
    benchmark:
        "results/benchmarks/tabulate_knock_outs.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(20),
    message:
        "table and figure of predicted knock-outs"
    script:
        "../../scripts/tabulate_knock_outs.py"


rule knock_outs:
    input:
        rules.tabulate_knock_outs.output,
    localrule: True
