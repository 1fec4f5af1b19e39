"""What `grn-gat infer` takes for whole files with its defaults: time, memory, files, its words.

A file each in turn, in a process of its own, whose memory is that of all its processes together,
looked at twice a second. `bench/atlas.py` makes the atlas; docs/data.md says where to get others.

    python bench/infer_files.py atlas.h5ad cells.csv.gz --groupby leiden [--output results.tsv]

Beside the table a text with the name of each file says what stood on the terminal. With --groupby
the .h5ad files are inferred once more, by groups, and these are compared.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from grn_gat.core.files import read_table, write_table

_SECONDS = 0.5  # between two looks at the memory


def memory_of(group: int) -> int:
    """Resident bytes of the processes of a group; pages that they share count for each."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[2]) == group:
            total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return total


def measured(file: Path, folder: Path, said: Path, groupby: str = "") -> dict:
    """Run the command on a file, write what it says, and return what it took."""
    command = [sys.executable, "-m", "grn_gat", "infer", str(file.resolve()), "--output", "out"]
    command += ["--groupby", groupby] if groupby else []
    start, most = time.perf_counter(), 0
    with open(said, "w", encoding="utf-8") as text:
        process = subprocess.Popen(
            command, cwd=folder, stdout=text, stderr=subprocess.STDOUT, start_new_session=True
        )
        while process.poll() is None:
            most = max(most, memory_of(process.pid))
            time.sleep(_SECONDS)
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"error: {file}: {said.read_text(encoding='utf-8')}")
    said.write_text(said.read_text(encoding="utf-8").replace(str(file.resolve()), file.name))
    pattern = "*/report.html" if groupby else "report.html"
    page = next((folder / "out").glob(pattern))
    methods = read_table(page.with_name("methods.tsv"))
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    return {
        "file": file.name,
        "groupby": groupby,
        "cores": len(os.sched_getaffinity(0)),
        "genes": int(methods["genes"].iloc[0]),
        "wall_s": round(seconds, 1),
        "peak_memory_mb": round(most / 1e6),
        "files": len(files),
        "files_mb": round(sum(path.stat().st_size for path in files) / 1e6, 1),
    }


def main() -> None:
    """Measure all files; print, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--output", type=Path, default=Path("results/bench/infer_files.tsv"))
    parser.add_argument("--groupby", default="", help="column of obs of the .h5ad files")
    given = parser.parse_args()
    given.output.parent.mkdir(parents=True, exist_ok=True)
    rows = []
    asked = [(file, "") for file in given.files]
    if given.groupby:
        asked += [(file, given.groupby) for file in given.files if file.suffix == ".h5ad"]
    for file, groupby in asked:
        with tempfile.TemporaryDirectory() as folder:
            name = f"{file.name}.{groupby}.txt" if groupby else f"{file.name}.txt"
            rows.append(measured(file, Path(folder), given.output.with_name(name), groupby))
        print(rows[-1], flush=True)
        write_table(pd.DataFrame(rows), given.output, digits=6)


if __name__ == "__main__":
    main()
