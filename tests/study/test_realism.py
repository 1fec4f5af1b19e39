"""Target realism: the tables and the figure of real expression beside training data, small."""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from documented import check_columns, tables
from grn_gat.core.seeds import generator
from grn_gat.simulate.realism import SELDOM
from grn_gat.simulate.realism_names import KINDS
from real_data import lay_out
from svg_labels import labels, outside, overlapping
from workflows import REPOSITORY

CONFIGS = [str(REPOSITORY / f"config/{name}.yaml") for name in ("pretraining", "measurement")]
REALISM = str(REPOSITORY / "config/realism.yaml")
SIZES = [{"genes": [4, 6], "share": 1}]
PNG = b"\x89PNG\r\n\x1a\n"


def small(files: dict[str, str]) -> dict:
    return {
        "pretraining": {
            "networks": {
                "sizes": SIZES,
                "durations": {4: 1, 5: 0, 6: 0, 8: 0, 10: 0, 15: 0},
                "runs": 20,
                "times_per_run": 10,
                "min_cells": 100,
            },
            "networks_linear": {"sizes": SIZES, "cells": 150},
            "transcriptional": {"genes": [30, 35], "cells": 150},
            "sergio": {"cells": 20, "warmup": 1},
            "views": {"cells": [60, 100]},
            "realism": {"data_sets": 5, "files": files},
        }
    }


def write_cells(folder, name: str, values: np.ndarray):
    """A data set of a user: text, genes in rows."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    genes = [f"G{k}" for k in range(len(values))]
    cells = [f"C{k}" for k in range(values.shape[1])]
    pd.DataFrame(values, genes, cells).to_csv(path)


def test_small_table_and_figure(one_process):
    rng = generator(1)
    plain = np.log1p(rng.poisson(rng.gamma(2, 2, (30, 1)), (30, 120)))
    write_cells(one_process.folder, "cells/ExpressionData.csv", plain)
    write_cells(one_process.folder, "odd.csv", np.repeat(rng.random((1, 120)), 12, 0) + 1)
    files = {"Mine": "cells", "one-gene-twelve-times": "odd.csv"}
    (option, own) = one_process.configure(small(files))
    one_process.succeed("realism", option, *CONFIGS, own)
    place = one_process.folder / "results/realism"
    summary = pd.read_csv(place / "summary.tsv", sep="\t")
    assert list(summary["file"]) == ["Mine"] * 2 + ["one-gene-twelve-times"] * 2
    assert list(summary["cloud"]) == ["before", "after"] * 2
    assert (summary["data_sets"] >= [8, 12] * 2).all() and (summary["data_sets"] <= 15).all()
    assert (
        (summary["verdict"] == "inside") == (summary[["lonelier", "odder"]].min(axis=1) >= SELDOM)
    ).all()
    by_statistic = pd.read_csv(place / "realism.tsv", sep="\t")
    first = by_statistic[by_statistic["statistic"] == "first_1"].set_index(["file", "cloud"])[
        "value"
    ]
    assert first["one-gene-twelve-times", "after"] == 1 > first["Mine", "after"]
    inside = by_statistic["value"].between(by_statistic["low"], by_statistic["high"])
    assert ((by_statistic["inside"] == "yes") == inside).mean() > 0.98  # but for rounded digits
    counts = by_statistic[by_statistic["inside"] == "yes"].groupby(["file", "cloud"]).size()
    for row in summary.itertuples():
        assert counts[row.file, row.cloud] == row.inside
    assert (place / "realism.png").read_bytes().startswith(PNG)
    drawn = place / "realism.svg"
    assert labels(drawn)[0] and outside(drawn) == [] and overlapping(drawn) == []
    made = check_columns(one_process.folder)
    assert {name for name in tables() if "realism" in name} == made
    assert {path.stem for path in place.glob("kinds/*.tsv")} == set(KINDS)


def test_a_file_that_is_not_there_is_named(one_process):
    (option, own) = one_process.configure(small({"Mine": "nowhere/cells.csv"}))
    done = one_process.run("realism", option, *CONFIGS, own)
    assert done.returncode == 1 and "nowhere/cells.csv" in done.stdout


def test_blocks_that_it_needs_are_named(one_process):
    (option, own) = one_process.configure(
        {"pretraining": {"realism": {"data_sets": 2, "files": {"a": "b"}}}}
    )
    done = one_process.run("realism", option, CONFIGS[0], own)
    assert done.returncode == 1
    assert "realism needs pretraining.measurement, of config/measurement.yaml" in done.stdout


def test_the_named_half_is_planned_and_nothing_else(one_process, shared):
    lay_out(shared, one_process.folder)
    due = one_process.due("realism", "--configfile", *CONFIGS, REALISM)
    files = yaml.safe_load(Path(REALISM).read_text())["pretraining"]["realism"]["files"]
    described = {file for file in due if file.startswith("results/realism/files/")}
    assert described == {f"results/realism/files/{name}.tsv" for name in files}
    untouched = (
        "hHep",
        "mHSC-GM",
        "mDC",
        "100-2",
        "10-2",
        "10-3",
        "immgen",
        "sachs",
        "scode",
        "sparc",
    )
    assert not any(word in path for path in files.values() for word in untouched)
