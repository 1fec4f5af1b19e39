import pytest

from grn_gat.core.progress import duration, listening, steps


def test_a_loop_nobody_listens_to_is_a_plain_loop():
    assert list(steps([1, 2, 3])) == [1, 2, 3]
    assert list(steps(iter("ab"), 2)) == ["a", "b"]


def test_nested_loops_are_parts_of_the_whole():
    heard = []
    with listening(heard.append):
        for _ in steps(range(2)):
            for _ in steps(range(2)):
                list(steps([]))
        list(steps(iter("ab"), 2))
    assert heard == pytest.approx([0.25, 0.5, 0.5, 0.75, 1, 1, 0.5, 1])


def test_a_loop_that_is_left_is_no_part_of_the_next():
    heard = []
    with listening(heard.append):
        for _ in steps(range(4)):
            break
        list(steps(range(1)))
    assert heard == [1]


def test_listening_inside_is_of_its_own():
    outer, inner = [], []
    with listening(outer.append):
        for _ in steps(range(2)):
            with listening(inner.append):
                list(steps(range(1)))
    assert (outer, inner) == ([0.5, 1], [1, 1])


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.4 s"), (42, "42 s"), (170, "3 min"), (3600, "1 h 0 min"), (7500, "2 h 5 min")],
)
def test_duration(seconds, text):
    assert duration(seconds) == text
