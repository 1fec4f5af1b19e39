"""Reading expression files: time and peak memory, beside another checkout of this repository.

Two made files: a sparse .h5ad of 3,000 genes and 20,000 cells (a tenth of the values is not 0), and
a .csv.gz of 1,000 genes and 5,000 cells. Each reading is a process of its own; the two checkouts
take turns. `memory_above_mb` is peak memory less what the imports take and less the matrix.

    python bench/reading.py [--beside CHECKOUT] [--repeats N] [--output results.tsv]
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from grn_gat.core.files import write_table

OURS = Path(__file__).resolve().parents[1]
READ = """
import importlib, json, re, sys, time
from pathlib import Path
for module in ("data.user_data", "data.h5ad", "anndata_io"):  # now, and in commits before
    try:
        read_user_data = importlib.import_module(f"grn_gat.{module}").read_user_data
        break
    except (ImportError, AttributeError):
        pass
import anndata, h5py, pandas, scipy.sparse  # not counted
# Not ru_maxrss, which begins with what the parent process takes.
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before, start = peak(), time.process_time()
values = read_user_data(sys.argv[1]).expression
seconds = time.process_time() - start
above = peak() - before - values.nbytes / 2**20
print(json.dumps({"cpu_s": seconds, "memory_above_mb": above, "sum": float(values.sum())}))
"""


def make_files(folder: Path) -> dict[str, Path]:
    """Write the two files."""
    import anndata
    import numpy as np
    import scipy.sparse as sp

    rng = np.random.default_rng(1)
    counts = sp.random_array((20_000, 3_000), density=0.1, format="csr", rng=rng, dtype=np.float32)
    data = anndata.AnnData(counts)
    data.var_names = [f"G{i:04d}" for i in range(3_000)]
    data.write_h5ad(folder / "sparse.h5ad")
    values = rng.gamma(1, size=(1_000, 5_000)).round(4)
    names = [f"G{i:04d}" for i in range(1_000)], [f"c{i}" for i in range(5_000)]
    with gzip.open(folder / "table.csv.gz", "wt", compresslevel=1) as file:
        pd.DataFrame(values, *names).to_csv(file)
    return {path.name: path for path in (folder / "sparse.h5ad", folder / "table.csv.gz")}


def reading(checkout: Path, path: Path) -> dict:
    """What one reading takes."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "scripts")}
    command = [sys.executable, "-c", READ, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def compared(path: Path, checkouts: dict[str, Path], repeats: int) -> list[dict]:
    """Medians of each checkout on one file; `ratio_median` is of its CPU seconds to ours."""
    rounds = [{name: reading(c, path) for name, c in checkouts.items()} for _ in range(repeats)]
    rows = []
    for name in checkouts:
        assert all(one[name]["sum"] == one["this"]["sum"] for one in rounds)
        ratio = statistics.median(one[name]["cpu_s"] / one["this"]["cpu_s"] for one in rounds)
        row = {"file": path.name, "checkout": name, "ratio_median": ratio}
        for what in ("cpu_s", "memory_above_mb"):
            row[f"{what}_median"] = statistics.median(one[name][what] for one in rounds)
        rows.append(row)
        print(row, flush=True)
    return rows


def main() -> None:
    """Measure; print, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path, help="another checkout of the repository")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    checkouts = {"this": OURS} | ({"other": arguments.beside} if arguments.beside else {})
    with tempfile.TemporaryDirectory() as folder:
        files = make_files(Path(folder))
        rows = [row for p in files.values() for row in compared(p, checkouts, arguments.repeats)]
    if arguments.output:
        write_table(pd.DataFrame(rows), arguments.output, digits=3)


if __name__ == "__main__":
    main()
