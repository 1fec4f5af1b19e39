# Where real expression lies in the cloud of the training data sets; no edge is read. Only with a config
# that has `pretraining.realism` (config/realism.yaml).

from pathlib import Path

from grn_gat.data.dataset_files import find_files
from grn_gat.simulate.realism_names import KINDS as REALISM_KINDS

# What data sets of the kinds are drawn from.
DRAWN_FROM = [
    "seed",
    "networks",
    "networks_linear",
    "transcriptional",
    "bursty",
    "sergio",
    "augmentation",
    "measurement",
    "evidence",
    "views",
]
REAL_FILES = PRETRAINING["realism"]["files"]
OF_TRAINING_KIND = "results/realism/kinds/{kind}.tsv"
OF_REAL_FILE = "results/realism/files/{file}.tsv"
DESCRIBED = {
    "kinds": expand(OF_TRAINING_KIND, kind=REALISM_KINDS),
    "files": expand(OF_REAL_FILE, file=REAL_FILES),
}


def real_expression(file):
    """The file of the expression that an entry of `realism.files` names."""
    path = place.own(REAL_FILES[file])
    try:
        if not Path(path).exists():
            raise InputError(f"{path}: no such file or folder")
        return str(find_files(path, scored=False).expression) if Path(path).is_dir() else path
    except InputError as error:
        raise InputError(f"config: pretraining.realism.files.{file}: {error}") from None


rule describe_training_kinds:
    input:
        excluded=sorted(
            map(place.bundled, (REPOSITORY / "workflow/resources/models").glob("*.tsv"))
        ),
        code=study.code("describe_training_kinds"),
    output:
        table=OF_TRAINING_KIND,
    log:
        "results/logs/describe_training_kinds/{kind}.log",
    benchmark:
        "results/benchmarks/describe_training_kinds/{kind}.tsv"
    wildcard_constraints:
        kind=only(REALISM_KINDS),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=runtime(60),
    params:
        number=PRETRAINING["realism"]["data_sets"],
        pretraining={key: PRETRAINING[key] for key in DRAWN_FROM},
    message:
        "what training data look like: {wildcards.kind}"
    script:
        "../../scripts/describe_training_kinds.py"


rule describe_real_expression:
    input:
        expression=asked(real_expression, "file"),
        code=study.code("describe_real_expression"),
    output:
        table=OF_REAL_FILE,
    log:
        "results/logs/describe_real_expression/{file}.log",
    benchmark:
        "results/benchmarks/describe_real_expression/{file}.tsv"
    wildcard_constraints:
        file=only(REAL_FILES),
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=runtime(20),
    params:
        path=lambda wildcards: place.own(REAL_FILES[wildcards.file]),
        seed=PRETRAINING["seed"],
    message:
        "what real expression looks like: {wildcards.file}"
    script:
        "../../scripts/describe_real_expression.py"


rule judge_realism:
    input:
        **DESCRIBED,
        code=study.code("judge_realism"),
    output:
        statistics="results/realism/realism.tsv",
        summary="results/realism/summary.tsv",
    log:
        "results/logs/judge_realism.log",
    benchmark:
        "results/benchmarks/judge_realism.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=runtime(20),
    message:
        "whether real expression lies inside that of the training"
    script:
        "../../scripts/judge_realism.py"


rule plot_realism:
    input:
        **DESCRIBED,
        statistics=rules.judge_realism.output.statistics,
        summary=rules.judge_realism.output.summary,
        code=study.code("plot_realism"),
    output:
        figure="results/realism/realism.png",
        vector=study.vector_forms("results/realism/realism.png"),
    log:
        "results/logs/plot_realism.log",
    benchmark:
        "results/benchmarks/plot_realism.tsv"
    conda:
        "../../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(20),
    message:
        "figure: where real expression lies in that of the training"
    script:
        "../../scripts/plot_realism.py"


rule realism:
    input:
        rules.judge_realism.output,
        rules.plot_realism.output,
    localrule: True
