"""What it costs: seconds and memory of simulation, methods, zero-shot model and studies."""

from collections.abc import Mapping, Sequence

import yaml

from grn_gat.core.markdown import markdown_table
from grn_gat.report.method_titles import method_title
from write.sources import REPOSITORY

# Sizes of which time and memory are said, as genes and cells.
SIZES = ((200, 500), (1000, 500), (2000, 500), (2000, 50_000))
# Rows of a study that are shown; the others take less.
LONGEST = 10


def zero_shot_sentence(bench: list[dict]) -> str:
    """Speed and growth of the zero-shot model, and of the simulation of its training networks."""
    by_name = {r["what"]: r for r in bench}
    ours = by_name["infer HSC: gat-zeroshot"]
    genie3 = next(r for name, r in by_name.items() if name.startswith("infer HSC: genie3"))
    trees = genie3["what"].rpartition(", ")[2]
    network = by_name["simulate one random network"]
    sizes = {
        (int(r["genes"]), int(r["cells"])): r for r in bench if r["what"] == "gat-zeroshot, growth"
    }
    whole_job = sizes[int(ours["genes"]), int(ours["cells"])]
    growth = "; ".join(
        f"{genes} genes and {cells} cells {float(sizes[genes, cells]['cpu_s_median']):.3g} s and "
        f"{float(sizes[genes, cells]['peak_memory_mb']) / 1000:.1f} GB"
        for genes, cells in SIZES
    )
    return (
        f"One core infers HSC ({ours['cells']} cells) in {float(ours['cpu_s_median']):.2f} s, "
        f"{float(genie3['ratio_median']):.0f} times as fast as GENIE3 with {trees} in the same "
        f"run; a job of its own takes {float(whole_job['cpu_s_median']):.1f} s, most of it "
        f"to load PyTorch. Time and memory on one core: {growth}. Simulating a random network "
        f"takes {float(network['cpu_s_median']):.2f} s, {network['ratio_median']} times what "
        "drawing its normals takes."
    )


def older(study: list[dict]) -> str:
    """What to say of a timing that was taken before the zero-shot rows."""
    known = any(r["rule"] == "gat-zeroshot" for r in study)
    return "" if known else ", timed without the zero-shot and fine-tuned rows"


def minutes(study: list[dict]) -> tuple[float, int]:
    """Wall minutes of a study, and its number of cores."""
    available = next(r for r in study if r["rule"] == "wall x cores")
    cores = int(available["cores"])
    return float(available["cpu_seconds"]) / cores / 60, cores


def curated_sentence(study: list[dict]) -> str:
    """Wall time of the curated study and the largest shares."""
    wall, cores = minutes(study)
    total = next(r for r in study if r["rule"] == "all rules")
    names = {"train_gat": "gat"}
    shares = ", ".join(
        f"{method_title(names.get(r['rule'], r['rule']))} "
        f"{float(r['cpu_seconds']) / float(total['cpu_seconds']):.0%}"
        for r in [r for r in study if r["jobs"] and r is not total][:6]
    )
    return (
        f"The curated study took {wall:.0f} minutes on {cores} cores ({total['jobs']} jobs"
        f"{older(study)}); shares of its CPU time: {shares}."
    )


def simulation_sentence(simulation: list[dict], study: list[dict]) -> str:
    """Speed of the simulator and share of the run that is the rules' own computation."""
    by_name = {r["what"]: r for r in simulation}
    hsc, gsd = by_name["HSC 2000 cells, sampled parameters"], by_name["GSD 500 cells"]
    theirs = [by_name[f"BoolODE {name}"]["cpu_s_min"] for name in ("HSC 2000 cells", gsd["what"])]
    draws = next(name for name in by_name if name.endswith(" normals"))
    wall, cores = minutes(study)
    total = next(r for r in study if r["rule"] == "all rules")
    return (
        f"Simulating {hsc['what']} (redone runs included), takes {hsc['cpu_s_median']} CPU "
        f"seconds, {hsc['ratio_median']} times what drawing its {draws} takes with "
        f"numpy in the same run ({hsc['ratio_min']} times by the fastest of the repeats of each); "
        f"{gsd['what']}, {gsd['cpu_s_median']} CPU seconds. BoolODE needed "
        f"{' and '.join(theirs)}, file output included. A full default run takes {wall:.0f} "
        f"minutes on {cores} cores{older(study)}; {float(total['share_of_wall_x_cores']):.0%} of "
        "wall time x cores is the jobs' own (the rest: Snakemake, and cores without a job)."
    )


def view_chunks() -> dict[str, int]:
    """Jobs of training views by kind, as the config that comes along has them."""
    text = (REPOSITORY / "config/measurement.yaml").read_text()
    chunks: dict[str, int] = yaml.safe_load(text)["pretraining"]["views"]["chunks"]
    return chunks


def views_sentence(views: list[dict], chunks: Mapping[str, int], whole: list[dict]) -> str:
    """CPU time and disk of a training's data sets, in the mixture of the config; and as measured.

    Args:
        views: cost of a data set by kind.
        chunks: jobs by kind.
        whole: one row: what all of them took, drawn once as jobs.
    """
    share = {kind: number / sum(chunks.values()) for kind, number in chunks.items()}
    of = {row["kind"]: row for row in views}
    (all_of,) = whole

    def total(column: str) -> float:
        return sum(share[kind] * float(of[kind][column]) for kind in chunks)

    parts = ", ".join(f"{part:.0%} {kind}" for kind, part in share.items())
    return (
        f"100,000 data sets to train on ({parts}: [`config/measurement.yaml`]"
        f"(../../config/measurement.yaml)) take {total('cpu_minutes_per_100000'):.0f} CPU minutes "
        f"to draw, measure and write, and {total('gigabytes_per_100000'):.0f} GB, by what some of "
        f"each kind take. Drawn once, {int(all_of['views']):,} data sets of "
        f"{int(all_of['networks']):,} networks took {float(all_of['cpu_minutes']):.0f} CPU "
        f"minutes, the start of {all_of['jobs']} jobs and Snakemake itself with them, and "
        f"{float(all_of['gigabytes']):.0f} GB (`make bench-views`). Ratios are to drawing as many "
        "normals as a data set has values; a Boolean network is simulated step by step, which "
        "takes many more."
    )


def trees_sentence(methods: list[dict]) -> str:
    """Speed of the tree methods beside arboreto's."""
    parts = [
        f"{r['method']} {float(r['ratio_median']):.2f} times"
        for r in methods
        if r["implementation"] == "grn-gat" and r["max_abs_difference"] == "0"
    ]
    return (
        "CPU time beside `arboreto.core.infer_partial_network` at the same settings, one thread, "
        f"identical importances: {', '.join(parts)}."
    )


def growth_table(bench: list[dict]) -> str:
    """Time and memory of the zero-shot model by genes and cells, on one core."""
    rows = [
        [r["genes"], r["cells"], f"{float(r['cpu_s_median']):.3g}", r["peak_memory_mb"]]
        for r in bench
        if r["what"] == "gat-zeroshot, growth"
    ]
    return markdown_table(["genes", "cells", "CPU s of the job", "peak memory (MB)"], rows)


def study_table(study: list[dict]) -> str:
    """The longest rules and methods of a study, and its sums."""
    shown = [r for r in study if r["jobs"]][:LONGEST] + study[-3:]
    rows = [
        [r["rule"], r["jobs"], r["cpu_seconds"], f"{float(r['share_of_wall_x_cores']):.0%}"]
        for r in shown
    ]
    return markdown_table(["rule or method", "jobs", "CPU s", "of wall time x cores"], rows)


def as_shown(rows: list[dict]) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Titles and cells of a table that is shown as it is."""
    return list(rows[0]), [list(row.values()) for row in rows]
