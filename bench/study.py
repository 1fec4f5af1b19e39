"""How long does a study take, which part of it is each method's, and how much is computation?

Runs the default study (or another) in a fresh copy of the repository and compares the CPU seconds
of its jobs with wall time x cores. What is missing is Snakemake's own work, the start of each
job's interpreter and idle cores at the end of stages. CPU seconds come from the jobs' logs, and
for comparison from the benchmark files, which sample a job every 30 seconds and so miss up to that
much at its end.
"""

import argparse
import contextlib
import csv
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
NEEDED = ("Snakefile", "config.yaml", "workflow", "profiles", "scripts", "envs")


def run_study(folder: Path, cores: int, configfile: str | None) -> float:
    """Run the workflow in `folder`; return wall seconds."""
    command = [sys.executable, "-m", "snakemake", "--cores", str(cores)]
    if configfile:
        command += ["--configfile", str(Path(configfile).resolve())]
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True)
    return time.perf_counter() - start


def cpu_seconds(folder: Path) -> dict[str, tuple[int, float, float]]:
    """Jobs, CPU seconds by log and by benchmark file, per rule, or method of a rule."""
    rules: dict[str, tuple[int, float, float]] = {}
    root = folder / "results" / "benchmarks"
    for path in sorted(root.rglob("*.tsv")):
        place = path.relative_to(root)
        log = folder / "results" / "logs" / place.with_suffix(".log")
        logged = float(re.search(r"^done, ([\d.]+) CPU seconds$", log.read_text(), re.M)[1])
        with open(path, newline="") as file:
            row = next(csv.DictReader(file, delimiter="\t"))
        sampled = float(row["cpu_time"]) if row["cpu_time"] != "NA" else 0.0
        rule = place.parts[0].removesuffix(".tsv")
        if rule in ("infer_network", "train_control_models"):
            rule = place.parts[1]  # the method
        before = rules.get(rule, (0, 0.0, 0.0))
        rules[rule] = (before[0] + 1, before[1] + logged, before[2] + sampled)
    return rules


def main() -> None:
    """Run, measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--configfile", help="another study than the default one")
    parser.add_argument("--folder", type=Path, help="empty folder to run in, and to keep")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in NEEDED:
            source = REPOSITORY / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, folder / name)
        wall = run_study(folder, options.cores, options.configfile)
        rules = cpu_seconds(folder)
    available = wall * options.cores
    rows = sorted(((r, *v) for r, v in rules.items()), key=lambda row: -row[2])
    rows.append(("all rules", *(sum(row[i] for row in rows) for i in (1, 2, 3))))
    rows.append(("wall x cores", "", available, available))
    print(f"wall time {wall / 60:.1f} minutes on {options.cores} cores")
    shares = ["share_of_wall_x_cores", "share_by_benchmark_files"]
    lines = [["rule", "jobs", "cpu_seconds", *shares, "cores"]]
    for rule, jobs, seconds, sampled in rows:
        parts = (f"{value / available:.3f}" for value in (seconds, sampled))
        lines.append([rule, str(jobs), f"{seconds:.1f}", *parts, str(options.cores)])
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with open(options.output, "w", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(lines)
    for line in lines:
        print("  ".join(text.ljust(20) for text in line).rstrip())


if __name__ == "__main__":
    main()
