"""The page of real cells, from made tables."""

from write import real

KINDS = [
    {
        "kind": kind,
        "network": network,
        "dropout": "0",
        "method": method,
        "method_kind": "control" if method == "random" else "method",
        "prevalence": "0.1",
        "average_precision_ratio": ratio,
        "low": "",
        "high": "",
        "early_precision_ratio": "1",
        "relabelling_z": z,
    }
    for kind, network, method, ratio, z in (
        ("home", "HSC", "pidc", "4", "9"),
        ("home", "HSC", "consensus", "3", "2.9"),
        ("home", "HSC", "random", "1", ""),
        ("scRNA-seq", "mDC.A", "pidc", "1", "3"),
        ("scRNA-seq", "mDC.A", "consensus", "2", "7"),
        ("scRNA-seq", "mDC.B", "pidc", "4", "-1"),
        ("scRNA-seq", "mDC.B", "consensus", "8", "8"),
    )
]


def compared(network: str, method: str, difference: str, verdict: str, **keys) -> dict:
    row = {
        "network": network,
        "protocol": "regulator",
        "model": "gat",
        "metric": "average_precision",
        "method": method,
        "kind": "control",
        "model_value": "0.3",
        "value": f"{0.3 - float(difference):.3f}",
        "difference": difference,
        "low": "-0.1",
        "high": "0.2",
        "verdict": verdict,
    }
    return row | keys


COMPARISON = [
    compared("mDC.A", "degree-sum", "0.1", "better"),
    compared("mDC.A", "gat-shuffled", "0.05", "no difference", kind="model control"),
    compared("mDC.A", "pidc", "-0.2", "worse", kind="method"),
    compared("mDC.B", "degree-sum", "-0.1", "worse"),
]


def test_table_of_kinds():
    head, _, *rows = real.kind_table(KINDS).splitlines()
    assert head.split(" | ")[1:] == ["home", "scRNA-seq |"]
    assert rows == [
        "| Consensus | 3.00 (0 of 1) | 4.00 (2 of 2) |",
        "| PIDC | 4.00 (1 of 1) | 2.00 (1 of 2) |",
        "| random score | 1.00 (0 of 1) | – |",
    ]


def test_sentences():
    assert "1 of home, 2 of scRNA-seq" in real.introduction(KINDS)
    assert real.home_and_abroad(KINDS, "pidc") == (
        "PIDC is above chance on 1 of 1 networks of home, 1 of 2 networks of scRNA-seq."
    )
    said = real.looks_sentence(KINDS, KINDS[-1:])
    assert "(2 data sets, 3 networks, real and simulated)" in said
    assert "`config/hematopoiesis.yaml` (1 data sets, 1 networks)" in said


def test_where_any_method_is_above_chance():
    above = [row for row in KINDS if row["method_kind"] == "method"]
    said = real.where_above_chance(KINDS)
    best = max(float(row["relabelling_z"] or 0) for row in above)
    assert f"(up to {best:.1f})" in said and f"of {len({r['network'] for r in KINDS})} net" in said
    nothing = [row | {"relabelling_z": "1.5"} for row in KINDS]
    assert "on 0 of" in real.where_above_chance(nothing)


def test_paragraphs_of_a_kind():
    leaders = [
        {
            "network": "mDC.B",
            "leader": "consensus",
            "method": "pidc",
            "kind": "method",
            "difference": "0.4",
            "verdict": "better",
            "over": "regulators",
        }
    ]
    first, second = real.paragraphs(KINDS, leaders, ["scRNA-seq"])
    assert first.startswith("- **mDC.A** (share of edges 0.100): Above chance")
    assert "2 of 2 methods" in first and "leads" not in first
    assert "Consensus leads by average precision (ratio 8.00), for sure over PIDC" in second


def test_held_out():
    sentence, _, table = real.held_out(COMPARISON)
    assert sentence == (
        "On held-out regulators the GATv2 is above every control on 1 of 2 networks (mDC.A), for "
        "sure on 0."
    )
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()[2:]]
    assert rows[0][:3] == ["mDC.A", "regulators", "0.300"]
    assert rows[0][3].startswith("0.250 (") and rows[0][5] == "1 of 2"
    assert rows[1][4] == "-0.100 (-0.100 to +0.200)" and rows[1][5] == "0 of 1"
    (nothing,) = real.held_out([row | {"model": "gat-zeroshot"} for row in COMPARISON])
    assert nothing.startswith("Not run yet")


def test_what_it_takes():
    times = [("mDC", "pidc", "2"), ("mDC", "clr", ""), ("mDC", "consensus", "1")]
    times += [("mDC", "ppcor", "nan")]
    times.append(("HSC", "pidc", "9"))
    keys = {"wall_seconds": "4", "peak_memory_mb": "100"}
    usage = [
        {"network": network, "method": method, "cpu_seconds": cpu} | keys
        for network, method, cpu in times
    ]
    rows = real.usage_table(usage, KINDS).splitlines()[2:]
    assert rows == ["| Consensus | 1 | 4 | 100 |", "| PIDC | 2 | 4 | 100 |"]
