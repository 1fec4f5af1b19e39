"""The jobs of a study whose time is reported, and the files that Snakemake measured them in."""

from grn_gat.study import paths
from grn_gat.study.paths import fill
from grn_gat.study.study import Study


def inference_jobs(study: Study) -> list[tuple[str, str, str]]:
    """Return network, method and benchmark file of each inference, as `method_files` has them."""
    return [
        (network, method, study.place.placed(benchmark))
        for network in study.data_sets
        for method in study.methods
        for benchmark in _benchmarks(
            f"infer_network/{method}/{network}/rep-{{replicate}}/drop-{{dropout}}",
            replicate=study.replicates(network),
            dropout=study.dropouts,
        )
    ]


def timed_jobs(study: Study) -> list[tuple[str, str]]:
    """Return what (rule or method) and benchmark file of the jobs of the study up to the scores."""
    jobs = [(method, benchmark) for _, method, benchmark in inference_jobs(study)]

    def add(rule: str, pattern: str, **axes: object) -> None:
        files = _benchmarks(f"{rule}/{pattern}", **axes)
        jobs.extend((rule, study.place.placed(file)) for file in files)

    levels = [level for level in study.dropouts if level != "000"]
    for network in study.data_sets:
        runs = {"network": network, "replicate": study.replicates(network)}
        source = "simulate_expression" if network in study.simulated else "import_expression"
        add(source, "{network}/rep-{replicate}", **runs)
        add("apply_dropout", "{network}/rep-{replicate}/drop-{dropout}", dropout=levels, **runs)
        add(
            "import_predictions",
            "{method}/{network}/rep-{replicate}/drop-{dropout}",
            method=study.predicted,
            dropout=study.dropouts,
            **runs,
        )
        add(
            "combine_methods",
            "{method}/{network}/rep-{replicate}/drop-{dropout}",
            method=study.combined,
            dropout=study.dropouts,
            **runs,
        )
    for network in study.networks:
        add("score_methods", "{network}", network=network)
    for network in study.trained:
        add("score_predictions", "{network}/{protocol}", network=network, protocol=study.protocols)
        seeds = {"network": network, "seed": study.seeds if study.protocols else []}
        add("train_gat", "{network}/seed-{seed}", **seeds)
        if study.model_controls:
            add("train_control_models", "{network}/seed-{seed}", **seeds)
        if study.fine_tuned:
            place = "{network}/drop-{dropout}/seed-{seed}"
            add("fine_tune_gat", place, dropout=study.dropouts, **seeds)
    return jobs


def _benchmarks(job: str, **axes: object) -> list[str]:
    return fill(paths.BENCHMARK.replace("{job}", job), **axes)
