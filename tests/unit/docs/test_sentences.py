"""Sentences of the documentation are made of numbers in tables and config files."""

import pytest

from write import costs, methods, supervised, zeroshot


def test_held_out_networks_of_the_table_of_scores():
    scores = [
        {
            "kind": kind, "dropout": dropout, "cells": cells, "share_of_edges": f"0.1{k}1",
            "average_precision": f"0.{k}{dropout}{cells}", "absolute_pearson": f"0.3{k}1",
        }
        for k, kind in enumerate(("like training", "linear", "other"))
        for dropout, cells in (("0", "500"), ("0", "2000"), ("50", "2000"))
    ]  # fmt: skip
    assert zeroshot.held_out("linear", scores)["average_precision"] == "0.102000"
    with pytest.raises(SystemExit, match=r"levels.tsv has no networks of kind 'linear'"):
        zeroshot.held_out("linear", [r for r in scores if r["kind"] != "linear"])


def test_fine_tuning():
    values = {"gat-zeroshot": 0.5, "gat-finetuned": 0.6, "degree-sum": 0.3, "random": 0.2}
    values["one model"] = 0.4
    rows = [
        {"method": method, "genes": str(7 + network)}
        | {"average_precision": str(value + 0.01 * network)}
        for network in range(8)
        for method, value in values.items()
    ]
    table = [
        {"network": network, "dropout": "0", "protocol": "pair", "metric": "average_precision",
         "method": method, "mean": str(value)}
        for network, method, value in (
            ("HSC", "gat-zeroshot", 0.5), ("HSC", "gat-finetuned", 0.6),
            ("mCAD", "gat-zeroshot", 0.8), ("mCAD", "gat-finetuned", 0.7),
        )
    ]  # fmt: skip
    said = supervised.fine_tuning_sentence(rows, table, 4)
    assert said.endswith("fine-tuned has a lower mean than zero-shot on mCAD at 0 %.")
    assert "lower mean" not in supervised.fine_tuning_sentence(rows, table[:2], 4)
    assert "on 8 random Boolean networks drawn for this (7 to 14 genes" in said
    assert "75% of the pairs known" in said and "difference +0.100 [+0.100, +0.100]" in said
    assert "alone 0.435, degree sum 0.335, random 0.235" in said
    rows[1]["average_precision"] = "0.1"  # a network on which fine-tuning does harm
    low = float(supervised.fine_tuning_sentence(rows, [], 4).split("[")[1].split(",")[0])
    assert low < 0


def test_studies():
    study = [
        {"rule": rule, "jobs": jobs, "cpu_seconds": seconds, "cores": "2"}
        | {"share_of_wall_x_cores": share}
        for rule, jobs, seconds, share in (
            ("grnboost2", "30", "60.0", "0.5"), ("train_gat", "5", "40.0", "0.333"),
            ("all rules", "35", "100.0", "0.833"), ("Snakemake", "", "10.0", "0.083"),
            ("wall x cores", "", "120.0", "1.000"),
        )
    ]  # fmt: skip
    said = costs.curated_sentence(study)
    assert said.startswith("The curated study took 1 minutes on 2 cores (35 jobs, timed without")
    assert said.endswith("shares of its CPU time: GRNBoost2 60%, GATv2 40%.")
    with_ours = [study[0] | {"rule": "gat-zeroshot"}, *study[1:]]
    assert "timed without" not in costs.curated_sentence(with_ours)


def test_agreement_with_beeline():
    row = {"network": "HSC", "metric": "auprc_beeline", "within_0.05_of_range": "no"}
    row |= {"median": "0.42", "beeline_median": "0.31"}
    rows = [row | {"method": "ppcor"}, row | {"method": "pidc", "within_0.05_of_range": "yes"}]
    said = methods.agreement_sentence(rows)
    assert said.endswith(": PPCOR 0 of 1 (not HSC 0.42, there 0.31), PIDC 1 of 1.")


def test_tables_of_costs():
    growth = {"what": "gat-zeroshot, growth", "genes": "2000", "cells": "500"}
    growth |= {"cpu_s_median": "213.35", "peak_memory_mb": "4868"}
    other = growth | {"what": "infer HSC: gat-zeroshot"}
    rows = costs.growth_table([other, growth]).splitlines()[2:]
    assert rows == ["| 2000 | 500 | 213 | 4868 |"]
    study = [
        {"rule": f"rule-{k}", "jobs": "1", "cpu_seconds": "2", "share_of_wall_x_cores": "0.1"}
        for k in range(20)
    ]
    study += [study[0] | {"rule": name, "jobs": ""} for name in ("all rules", "Snakemake", "wall")]
    rows = costs.study_table(study).splitlines()[2:]
    assert len(rows) == costs.LONGEST + 3 and rows[0] == "| rule-0 | 1 | 2 | 10% |"
    assert rows[-1] == "| wall |  | 2 | 10% |"


def test_training_data_are_counted_in_the_mixture_of_the_config():
    views = [
        {"kind": "boolean", "cpu_minutes_per_100000": "100", "gigabytes_per_100000": "1"},
        {"kind": "linear", "cpu_minutes_per_100000": "20", "gigabytes_per_100000": "9"},
    ]
    whole = {
        "views": "100000", "networks": "87500", "jobs": "400", "cpu_minutes": "95.4",
        "gigabytes": "3.2",
    }  # fmt: skip
    said = costs.views_sentence(views, {"boolean": 3, "linear": 1}, [whole])
    assert "75% boolean, 25% linear" in said
    assert "take 80 CPU minutes to draw, measure and write, and 3 GB" in said
    assert "100,000 data sets of 87,500 networks took 95 CPU minutes" in said
    assert set(costs.view_chunks()) == {"boolean", "linear", "transcriptional"}
