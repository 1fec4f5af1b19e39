"""What the benchmarks read: CPU seconds of jobs, jobs of a Slurm; and what they may import."""

import ast
import json

import anndata
import pandas as pd
import pytest
import yaml

from grn_gat.core import job
from grn_gat.data.tf_lists import transcription_factors
from grn_gat.data.user_data import read_cells
from workflows import REPOSITORY


def imported(folder: str) -> set[str]:
    """First parts of the names of the modules that a folder imports, anywhere."""
    names = set()
    for path in (REPOSITORY / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module)
    return {name.partition(".")[0] for name in names}


def modules(folder: str) -> set[str]:
    return {path.stem for path in (REPOSITORY / folder).rglob("*.py")} - {"__init__", "methods"}


def test_benchmarks_only_measure():
    tests = {path.stem for path in (REPOSITORY / "tests").rglob("*") if path.stem.isidentifier()}
    assert not imported("bench") & (modules("docs") | modules("tests") | tests | {"write"})


def test_documentation_needs_no_benchmark():
    assert not imported("docs") & {"bench", *modules("bench")}


def test_cpu_seconds_of_a_study(bench, tmp_path):
    study = bench("study")
    assert study.ACCOUNT == job.ACCOUNT
    lines = [
        ("results/logs/infer_network/pidc/HSC/rep-1/drop-000.log", 2.0),
        ("results/logs/infer_network/pidc/HSC/rep-2/drop-000.log", 3.0),
        ("results/logs/train_gat/HSC/seed-1.log", 10.0),
        ("results/logs/collect_hubs.log", 1.0),
    ]
    usage = tmp_path / "usage.jsonl"
    usage.write_text(
        "".join(json.dumps({"log": log, "cpu_seconds": value}) + "\n" for log, value in lines)
    )
    rules = study.usage_by_rule(usage)
    assert rules == {"pidc": (2, 5.0), "train_gat": (1, 10.0), "collect_hubs": (1, 1.0)}
    rows = study.table(rules, wall=10.0, cpu=18.0, cores=2)
    assert [row[:3] for row in rows] == [
        ["train_gat", 1, "10.0"], ["pidc", 2, "5.0"], ["collect_hubs", 1, "1.0"],
        ["all rules", 4, "16.0"], ["Snakemake", "", "2.0"], ["wall x cores", "", "20.0"],
    ]  # fmt: skip
    assert [row[3] for row in rows][-3:] == ["0.800", "0.100", "1.000"]


def test_jobs_of_a_slurm(bench, tmp_path, monkeypatch):
    cluster = bench("cluster")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cluster.cluster_jobs() is None  # no Slurm
    squeue = tmp_path / "squeue"
    squeue.write_text("#!/bin/sh\necho '7|2|100|130|'\necho '8|1|N/A|N/A|'\n")
    squeue.chmod(0o755)
    assert cluster.cluster_jobs() == {"7": 60, "8": 0}
    squeue.write_text("#!/bin/sh\nexit 1\n")
    assert cluster.cluster_jobs() is None  # it does not answer


def test_costs_of_some_methods_take_the_place_of_theirs(bench):
    def rows(**seconds):
        return pd.DataFrame(list(seconds.items()), columns=["method", "cpu_seconds"])

    before = pd.concat([rows(clr=1), rows(clr=2), rows(pidc=3), rows(scode=4)])
    got = bench("costs").renewed(before, rows(leap=7, pidc=8), ["leap", "pidc"])
    assert got.to_numpy().tolist() == [
        ["clr", 1], ["clr", 2], ["leap", 7], ["pidc", 8], ["scode", 4],
    ]  # fmt: skip


def test_data_and_costs_of_a_large_network(bench, tmp_path):
    large = bench("large")
    assert large.ACCOUNT == job.ACCOUNT
    large.make_data(tmp_path / "one", 12, 20, 4, 9)
    large.make_data(tmp_path / "two", 12, 20, 4, 9)
    files = ("ExpressionData.csv", "refNetwork.csv", "regulators.csv")
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    edges = pd.read_csv(tmp_path / "one/refNetwork.csv")
    listed = set(pd.read_csv(tmp_path / "one/regulators.csv")["gene"])
    assert len(edges.drop_duplicates()) == 9 and len(listed) == 4
    assert set(edges["Gene1"]) <= listed and (edges["Gene1"] != edges["Gene2"]).all()

    lines = [("score_predictions/net/pair", 2.0), ("score_predictions/net/gene", 3.0)]
    lines.append(("collect_hubs", 1.0))
    usage = tmp_path / "usage.jsonl"
    usage.write_text(
        "".join(
            json.dumps({"log": f"results/logs/{log}.log", "cpu_seconds": value}) + "\n"
            for log, value in lines
        )
    )
    for (log, _), memory in zip(lines, ("300.5", "200", "nan"), strict=True):
        path = tmp_path / f"benchmarks/{log}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\tmax_rss\n1.0\t{memory}\n")
    table = large.by_rule(usage, tmp_path / "benchmarks").set_index("rule")
    assert table.loc["score_predictions"].tolist() == [2, 5.0, 300.5]
    assert table.loc["collect_hubs", "cpu_seconds"] == 1.0
    assert table.loc["all rules"].tolist() == [3, 6.0, 300.5]


def test_views_of_each_kind_are_measured(bench, tmp_path, monkeypatch):
    views = bench("views")
    monkeypatch.setattr(views, "AT_A_TIME", 2)
    config = views.settings()
    config["transcriptional"] |= {"genes": [20, 30]}
    config["views"] |= {"cells": [30, 60]}
    config["evidence"]["perturbations"] |= {"share": 0}
    for kind in ("linear", "transcriptional"):
        row = views.row(kind, 3, views.measure(config, kind, 3, tmp_path / "views.safetensors"))
        found = dict(zip(views.COLUMNS, row, strict=True))
        assert (found["kind"], found["views"]) == (kind, "3")
        assert 30 <= int(found["cells_mean"]) <= 60 and int(found["genes_mean"]) <= 50
        made = float(found["draw_ms"]) + float(found["write_ms"])
        # 100,000 of so many milliseconds, in minutes.
        assert abs(float(found["cpu_minutes_per_100000"]) - made * 100 / 60) < 0.1


def test_all_views_are_drawn_in_an_empty_folder(bench, tmp_path, monkeypatch):
    from grn_gat.simulate.view_chunks import save_views
    from small_views import small_views

    views = bench("views")
    (tmp_path / "used").mkdir()
    (tmp_path / "used/file").write_text("")
    with pytest.raises(SystemExit, match="is not empty"):
        views.whole(tmp_path / "used", 1)
    folder = tmp_path / "new"

    def drawn(command, **options):
        assert command[1:4] == ["training_views", "--cores", "3"] and str(folder) in command
        for kind in ("linear", "transcriptional"):
            (folder / "results/pretraining/views" / kind).mkdir(parents=True)
            # one network twice
            some = small_views(kind, 2)
            path = folder / f"results/pretraining/views/{kind}/1.safetensors"
            save_views(path, [*some, some[0]])

    monkeypatch.setattr(views.subprocess, "run", drawn)
    found = dict(zip(views.OF_ALL, views.whole(folder, 3), strict=True))
    assert (found["views"], found["networks"], found["jobs"]) == ("6", "4", "2")


def test_kinds_of_cells_are_measured_beside_their_normals(bench):
    measured = bench("transcriptional")
    config = yaml.safe_load((REPOSITORY / "config/pretraining.yaml").read_text())["pretraining"]
    config["transcriptional"] |= {"genes": [20, 30], "cells": 100}
    config["sergio"] |= {"types": [2, 2], "cells": 4, "warmup": 1}
    table = measured.rows(measured.measure(config, 3))
    assert all(len(row) == len(measured.COLUMNS) for row in table)
    number = {row[0]: int(row[1]) for row in table}
    assert number["transcriptional"] == number["bursty"] == 3 and number["sergio"] == 1
    assert sum(n for kind, n in number.items() if kind.startswith("transcriptional, ")) == 3


def test_an_atlas_is_made_and_prepared(bench, tmp_path):
    """Counts in clusters, the same each time; the genes that are taken are those of its factors."""
    atlas = bench("atlas")
    for name in ("a", "b"):
        atlas.make_atlas(tmp_path / f"{name}.h5ad", 600, 700, 4)
    first, second = (anndata.read_h5ad(tmp_path / f"{name}.h5ad") for name in "ab")
    assert (first.X != second.X).nnz == 0 and first.X.shape == (700, 600)
    assert first.obs["leiden"].nunique() == 4
    assert (first.X.data == first.X.data.astype(int)).all() and first.X.nnz < 0.5 * 600 * 700
    path = str(tmp_path / "a.h5ad")
    data = read_cells(expression=path, regulators="auto", genes="hvg:100", cells=200)
    assert len(data.cells) == 200 and 100 <= len(data.genes) < 200
    assert set(data.regulators) < set(transcription_factors("human"))
