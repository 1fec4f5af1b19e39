"""How much of a full default run is spent in the rules' own computation?

Runs the default study in a fresh copy of the repository and compares the CPU seconds of the
benchmark files with wall time x cores. What is missing is Snakemake's own work, the start of each
job's interpreter and idle cores at the end of stages.
"""

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
NEEDED = ("Snakefile", "config.yaml", "workflow", "scripts", "envs")


def run_study(folder: Path, cores: int, configfile: str | None) -> float:
    """Run the workflow in `folder`; return wall seconds."""
    command = [sys.executable, "-m", "snakemake", "--cores", str(cores)]
    if configfile:
        command += ["--configfile", str(Path(configfile).resolve())]
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def cpu_seconds(folder: Path) -> dict[str, tuple[int, float]]:
    """Jobs and CPU seconds per rule, from the benchmark files."""
    rules: dict[str, tuple[int, float]] = {}
    root = folder / "results" / "benchmarks"
    for path in sorted(root.rglob("*.tsv")):
        rule = path.relative_to(root).parts[0].removesuffix(".tsv")
        with open(path, newline="") as file:
            row = next(csv.DictReader(file, delimiter="\t"))
        jobs, seconds = rules.get(rule, (0, 0.0))
        rules[rule] = (jobs + 1, seconds + float(row["cpu_time"]))
    return rules


def main() -> None:
    """Run, measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--configfile", help="another study than the default one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in NEEDED:
            source = REPOSITORY / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, folder / name)
        wall = run_study(folder, options.cores, options.configfile)
        rules = cpu_seconds(folder)
    total = sum(seconds for _, seconds in rules.values())
    rows = [("rule", "jobs", "cpu_seconds", "share_of_wall_x_cores")]
    available = wall * options.cores
    for rule, (jobs, seconds) in sorted(rules.items(), key=lambda item: -item[1][1]):
        rows.append((rule, jobs, f"{seconds:.1f}", f"{seconds / available:.3f}"))
    rows.append(("all rules", sum(j for j, _ in rules.values()), f"{total:.1f}",
                 f"{total / available:.3f}"))  # fmt: skip
    rows.append((f"wall seconds x {options.cores} cores", "", f"{available:.1f}", "1.000"))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with open(options.output, "w", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(rows)
    for row in rows:
        print(f"{row[0]:32} {row[1]:>6} {row[2]:>12} {row[3]:>22}")


if __name__ == "__main__":
    main()
