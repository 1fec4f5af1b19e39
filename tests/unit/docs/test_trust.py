"""What the page on the zero-shot model says of the box, from a table of data sets."""

import pytest

from write import trust


def row(kind: str, box: str, ours: float, **changed) -> dict[str, str]:
    values = {"kind": kind, "box": box, "gat-zeroshot": str(ours), "consensus": "0.5"}
    values |= {"random": "0.1", "genes": "60", "expected_in_degree": "2", "one_sign": "0.6"}
    values |= {"rank_correlation": "0.1", "cell_totals": "0.3", "values": "continuous"}
    return values | changed


ROWS = [
    row("curated", "no", 0.7),
    row("curated", "no", 0.7, rank_correlation="-0.1"),
    row("like training", "no", 0.4, genes="5", one_sign="1"),
    row("normalised", "yes", 0.4, cell_totals="0"),
    row("normalised", "yes", 0.6, values="counts, divided by the total of each cell"),
    row("counted", "no", 0.4),
    row("hub-and-leaf", "yes", 0.2, expected_in_degree="9"),
    row("hub-and-leaf", "yes", 0.2, rank_correlation="-0.3"),
]


def test_kinds_are_rows():
    lines = trust.kind_table(ROWS).splitlines()[2:]
    assert len(lines) == len(trust.KINDS)
    assert "| 0 of 2 (0%) | 0 of 2 (0%) | – | 0.700 | 0.500 | 0.100 |" in lines[0]
    assert "| 2 of 2 (100%) | 1 of 2 (50%) | 1 of 1 (100%) | 0.500 |" in lines[2]


def test_verdict_says_what_the_box_does_not_do():
    text = trust.verdict_sentence(ROWS)
    assert "on 0 of 2 (0%) of the curated data sets, and on 3 of 4 (75%) of those unlike" in text
    assert "not below the consensus it stands on 1 of 1 (100%)" in text
    assert "it stands on 0 of 1 (0%) of these data sets, of which the model is below" in text
    # (1 / 2 + 0 + 1) / (1 / 2 + 1 + 1)
    assert text.endswith("the 75% would be 60%.")


def test_limits_beside_those_that_one_would_take_first():
    text = trust.limits_sentence(ROWS)
    assert "stand on 1 of 1 (100%) of the data sets like the training, and on 1 of 2 (50%)" in text
    limits = trust.limits()
    assert f"the expected regulators is {limits['expected_in_degree']:g}" in text
    assert f"more than {limits['genes']} genes only" in text
    assert "(1 of the 8 data sets here have such a one at all)" in text


@pytest.mark.parametrize("kind", trust.KINDS)
def test_every_kind_is_one_of_the_generators(kind):
    from grn_gat.simulate.unlike import KINDS

    assert kind in {*KINDS, trust.CURATED} and len(trust.KINDS) == len(KINDS) + 1


def test_looks_are_counted():
    assert "(`docs/results/trust.tsv`): 2 data sets, once, after" in trust.looks_sentence(ROWS)
