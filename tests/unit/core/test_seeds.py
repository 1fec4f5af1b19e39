"""Named random streams: fixed for ever, and different where the names are."""

import numpy as np
import pytest

from grn_gat.core.seeds import generator, integer_seed, seed_sequence

NAMED = [
    (1, ()),
    (2, ()),
    (1, ("simulate",)),
    (1, ("simulate", "HSC")),
    (1, ("HSC", "simulate")),
    (1, ("simulate", "HSC", 1)),
    (1, ("simulate", "HSC", 2)),
    (1, ("simulate", "HSC", 1, 2)),
    (1, ("simulate", "HSC1", 2)),
    (2, ("simulate", "HSC", 1)),
    (1, ("1",)),
    (1, (1,)),
]


def test_streams_are_fixed():
    # Written down once: a change would silently change every result of the workflow.
    assert generator(20240920, "simulate", "HSC", 3).integers(10**6) == 724762
    assert integer_seed(20240920, "simulate", "HSC", 3) == 2045782592777797212


def test_names_enter_through_their_crc():
    sequence = seed_sequence(7, "123456789", 3)
    assert sequence.entropy == 7
    assert sequence.spawn_key == (0xCBF43926, 3)  # the check value of CRC-32


def test_same_names_same_stream():
    for seed, names in NAMED:
        one, two = generator(seed, *names).random(5), generator(seed, *names).random(5)
        assert (one == two).all()
        assert integer_seed(seed, *names) == integer_seed(seed, *names)


def test_other_names_other_streams():
    firsts = {generator(seed, *names).random() for seed, names in NAMED}
    assert len(firsts) == len(NAMED)
    assert len({integer_seed(seed, *names) for seed, names in NAMED}) == len(NAMED)


def test_integers_fit_into_63_bits():
    values = np.array([integer_seed(5, "weights", i) for i in range(200)], dtype=object)
    assert all(isinstance(v, int) and 0 <= v < 2**63 for v in values)
    assert max(values) > 2**62 and len(set(values)) == 200


def test_numpy_integers_name_the_same_stream():
    assert integer_seed(1, "a", np.int64(3)) == integer_seed(1, "a", 3)


def test_streams_are_independent():
    a, b = generator(1, "a").random(4000), generator(1, "b").random(4000)
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.05


def test_negative_seeds_are_refused():
    with pytest.raises(ValueError, match="non-negative"):
        generator(-1, "a")
