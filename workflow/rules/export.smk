# Ranked edges of the methods -> the files that other benchmarks read.
from grn_gat.study import exports as exported


rule export_predictions:
    input:
        ranked=[p.file("rankedEdges.csv") for p in exported.predictions(study)],
        status=[p.file("status.tsv") for p in exported.predictions(study)],
        references=exported.references(study),
        code=study.code("export_predictions"),
    output:
        # Which methods fail is not known before they have run: they have no file here.
        folder=directory(paths.EXPORT),
    log:
        "results/logs/export_predictions/{benchmark}.log",
    benchmark:
        "results/benchmarks/export_predictions/{benchmark}.tsv"
    wildcard_constraints:
        benchmark="beeline|genernib|causalbench",
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=runtime(60),
    params:
        predictions=[p.named() for p in exported.predictions(study)],
        networks=exported.scored_with(study),
        causalbench_edges=lookup(within=config, dpath="exports/causalbench_edges"),
    message:
        "predictions for {wildcards.benchmark}"
    script:
        "../../scripts/export_predictions.py"


rule exports:
    input:
        study.exports(),
    localrule: True
