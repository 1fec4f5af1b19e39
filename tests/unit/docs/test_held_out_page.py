"""The page of held-out networks, from a made table."""

from write import held_out


def row(kind: str, measurement: str, method: str, factor: str, **keys) -> dict[str, str]:
    middle = float(factor)
    return {
        "kind": kind,
        "measurement": measurement,
        "method": method,
        "networks": "200",
        "share_of_edges": "0.1",
        "ratio": "2",
        "factor": factor,
        "factor_low": f"{middle - 0.1:.2f}",
        "factor_high": f"{middle + 0.1:.2f}",
        "mean_probability": "0.3",
        "calibration_error": "0.2",
    } | keys


ROWS = [
    row("boolean", "rates", "spearman", "1"),
    row("boolean", "rates", "clr", "1.2"),
    row("boolean", "rates", "pidc", "1.4"),
    row("boolean", "rates", "genie3", "9", networks="8"),
    row("boolean", "rates", "spearman-pc-shuffled", "8"),
    row("boolean", "rates", "degree-product", "7"),
    row("boolean", "rates", "gat-zeroshot", "2"),
    row("sergio", "qpcr", "spearman", "1"),
    row("sergio", "qpcr", "clr", "0.9"),
    row("sergio", "qpcr", "pidc", "0.8"),
    row("sergio", "qpcr", "gat-zeroshot", "0.5"),
]


def test_peers_are_those_that_were_scored_on_all_networks():
    assert held_out.peers(ROWS) == ["clr", "pidc"]


def test_best_peer_and_shipped_weights_of_each_condition():
    first, second = (
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in held_out.condition_table(ROWS).splitlines()[2:]
    )
    assert first[:4] == ["Boolean", "rates", "0.100", "2.00"]
    assert first[4:6] == ["PIDC 1.40 (1.30 to 1.50)", "2.00 (1.90 to 2.10)"]
    assert second[0] == "SERGIO" and second[4].startswith("CLR 0.90")
    assert second[6:] == ["0.300", "0.200"]


def test_networks_without_a_score_are_counted():
    some = [
        row("boolean", "closed", "clr", "1", failed="11"),
        row("linear", "closed", "clr", "1", failed="14"),
        row("linear", "closed", "spearman-pc-shuffled", "1", failed="2"),
        row("linear", "closed", "pidc", "1", failed="0"),
    ]
    assert "over all conditions: CLR 25. Their" in held_out.failed(some)
    assert held_out.failed(some[3:]).startswith("Every method gave a score")


def test_where_the_shipped_weights_are_above():
    assert held_out.where_above(ROWS) == (
        "The weights of levels are above Spearman, with an interval above 1, in 1 of 2 conditions, "
        "and below it, with an interval below 1, in 1."
    )
