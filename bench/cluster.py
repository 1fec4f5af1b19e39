"""How many jobs does a cluster see, and what does each of them cost, with and without groups?

Counted: the jobs that the Slurm profile submits for the studies that come with the workflow, by dry
runs. Measured, where a Slurm answers: the same short jobs, submitted to it through the profile, in
groups and one by one, in the same run. `make bench` starts a Slurm on the loopback device for it
(tests/loopback_slurm.py). Columns of the table:

measure   what was counted or measured
grouped   with the groups of the profile
single    with one submitted job per job of the workflow
ratio     grouped / single
"""

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PROFILE = REPOSITORY / "workflow" / "profiles" / "slurm"
STUDIES = ("config.yaml", "config/curated.yaml")
SHORT_JOBS = 8
SHORT_SECONDS = 2
WORKFLOW = f"""\
rule all:
    input: expand("done-{{i}}", i=range({SHORT_JOBS}))
    localrule: True

rule nap:
    output: "done-{{i}}"
    resources: mem_mb=1000, runtime=5
    shell: "sleep {SHORT_SECONDS}; touch {{output}}"
"""


def planned_jobs(*arguments: str, folder: Path) -> tuple[int, int]:
    """Jobs that a run through the profile would submit, and jobs of rules in them, by a dry run."""
    command = [sys.executable, "-m", "snakemake", "--workflow-profile", str(PROFILE), "--dry-run"]
    command += ["--snakefile", str(REPOSITORY / "Snakefile"), "--directory", str(folder)]
    command += ["--omit-from", "write_provenance"]  # runs where Snakemake does
    done = subprocess.run(
        [*command, *arguments],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    submitted = re.findall(r"^(?:\[.*\] )?(?:Group job \w+|Job \d+:)", done.stdout, re.M)
    of_rules = re.findall(r"^ *Job \d+:", done.stdout, re.M)
    return len(submitted), len(of_rules)


def cluster_jobs() -> dict[str, int] | None:
    """CPU seconds that each job of the cluster has reserved so far; None where no Slurm answers."""
    command = ["squeue", "--noheader", "--states=all"]
    command += ["--Format=JobID:|,NumCPUs:|,StartTime:|,EndTime:|"]
    try:
        text = subprocess.run(
            command, env=os.environ | {"SLURM_TIME_FORMAT": "%s"}, check=True, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    jobs = {}
    for line in text.splitlines():
        number, cpus, start, end = line.split("|")[:4]
        ran = start.isdigit() and end.isdigit()
        jobs[number] = int(cpus) * (int(end) - int(start)) if ran else 0
    return jobs


def measured(grouped: bool) -> tuple[int, float, float]:
    """Submitted jobs; CPU seconds reserved per short job, beyond its own; wall seconds."""
    before = cluster_jobs() or {}
    command = [sys.executable, "-m", "snakemake", "--workflow-profile", str(PROFILE)]
    command += ["--slurm-status-command", "squeue"]
    command += ["--slurm-init-seconds-before-status-checks", "1"]
    if grouped:
        command += ["--groups", "nap=naps", "--group-components", f"naps={SHORT_JOBS}"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "Snakefile").write_text(WORKFLOW)
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True)
        wall = time.perf_counter() - start
    after = cluster_jobs() or {}
    reserved = [seconds for number, seconds in after.items() if number not in before]
    return len(reserved), sum(reserved) / SHORT_JOBS - SHORT_SECONDS, wall


def main() -> None:
    """Count, measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    rows = []
    for study in STUDIES:
        with tempfile.TemporaryDirectory() as folder:
            configfile = ["--configfile", str(REPOSITORY / study)]
            rows.append(
                (f"submitted jobs, {study}", *planned_jobs(*configfile, folder=Path(folder)))
            )
    if cluster_jobs() is None:
        print("counted only: no Slurm answers here")
    else:
        short = f"{SHORT_JOBS} jobs of {SHORT_SECONDS} s"
        names = (
            f"submitted jobs, {short}",
            f"reserved CPU seconds beyond its own per job, {short}",
            f"wall seconds, {short}",
        )
        values = zip(measured(grouped=True), measured(grouped=False), strict=True)
        rows += [(name, *pair) for name, pair in zip(names, values, strict=True)]
    lines = [["measure", "grouped", "single", "ratio"]]
    lines += [[name, f"{a:.4g}", f"{b:.4g}", f"{a / b:.3f}"] for name, a, b in rows]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with open(options.output, "w", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(lines)
    for line in lines:
        print("  ".join(text.ljust(20) for text in line).rstrip())


if __name__ == "__main__":
    main()
