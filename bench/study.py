"""How long does a study take, which part of it is each method's, and how much is computation?

Runs the default study (or another) in a fresh copy of the repository and compares the CPU seconds
of its jobs with wall time x cores. Each job says its own (the environment variable
GRN_GAT_JOB_USAGE names the file that it writes them to). What the run took beyond that is
Snakemake's own work and the end of each job's interpreter, row `Snakemake`; the rest of wall time x
cores is that of cores without a job.

Columns of the table: rule (of inference jobs the method), jobs, cpu_seconds,
share_of_wall_x_cores, cores. After the rules follow rows `all rules`, `Snakemake` and
`wall x cores`.
"""

import argparse
import contextlib
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
NEEDED = ("Snakefile", "config.yaml", "workflow", "profiles", "scripts", "envs")
ACCOUNT = "GRN_GAT_JOB_USAGE"  # as in scripts/grn_gat/core/job.py
COLUMNS = ["rule", "jobs", "cpu_seconds", "share_of_wall_x_cores", "cores"]


def run_study(folder: Path, cores: int, configfile: str | None, usage: Path) -> tuple[float, float]:
    """Run the workflow in `folder`, its jobs writing to `usage`; return wall and CPU seconds."""
    command = [sys.executable, "-m", "snakemake", "--cores", str(cores)]
    if configfile:
        command += ["--configfile", str(Path(configfile).resolve())]
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=os.environ | {ACCOUNT: str(usage)}, check=True)
    wall = time.perf_counter() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN)  # this run, and nothing else
    return wall, children.ru_utime + children.ru_stime


def usage_by_rule(usage: Path) -> dict[str, tuple[int, float]]:
    """Jobs and CPU seconds per rule, of inference per method."""
    rules: dict[str, tuple[int, float]] = {}
    for line in usage.read_text(encoding="utf-8").splitlines():
        job = json.loads(line)
        _, _, *place = Path(job["log"]).with_suffix("").parts  # results/logs/<rule>/...
        rule = place[1] if place[0] == "infer_network" else place[0]
        jobs, seconds = rules.get(rule, (0, 0.0))
        rules[rule] = (jobs + 1, seconds + job["cpu_seconds"])
    return rules


def table(rules: dict[str, tuple[int, float]], wall: float, cpu: float, cores: int) -> list[list]:
    """The rows, those of rules by their CPU seconds.

    Args:
        rules: jobs and CPU seconds of each.
        wall: seconds of the study.
        cpu: CPU seconds of all its processes.
        cores: number that it ran on.
    """
    rows = sorted(((rule, *numbers) for rule, numbers in rules.items()), key=lambda row: -row[2])
    jobs, seconds = (sum(row[k] for row in rows) for k in (1, 2))
    rows += [("all rules", jobs, seconds), ("Snakemake", "", cpu - seconds)]
    rows.append(("wall x cores", "", wall * cores))
    return [
        [rule, jobs, f"{seconds:.1f}", f"{seconds / (wall * cores):.3f}", cores]
        for rule, jobs, seconds in rows
    ]


def main() -> None:
    """Run, measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--configfile", help="another study than the default one")
    parser.add_argument("--folder", type=Path, help="new folder to run in, and to keep")
    options = parser.parse_args()
    if options.folder and options.folder.exists():
        parser.error(f"--folder {options.folder} is there already")
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = options.folder or scratch / "study"
        folder.mkdir(parents=True)
        for name in NEEDED:
            source = REPOSITORY / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, folder / name)
        usage = scratch / "usage.jsonl"
        wall, cpu = run_study(folder, options.cores, options.configfile, usage)
        rules = usage_by_rule(usage)
    print(f"wall time {wall / 60:.1f} minutes on {options.cores} cores")
    lines = [COLUMNS, *table(rules, wall, cpu, options.cores)]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with open(options.output, "w", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(lines)
    for line in lines:
        print("  ".join(str(cell).ljust(20) for cell in line).rstrip())


if __name__ == "__main__":
    main()
