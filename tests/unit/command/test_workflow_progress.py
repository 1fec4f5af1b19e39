"""How far a run is, with a clock that the tests set."""

import pytest

from grn_gat.command.workflow_progress import Progress


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def run(progress: Progress, clock: Clock, number: int, rule: str, seconds: float) -> None:
    """A job that nothing runs beside."""
    progress.begin(number, rule, f"{rule} {number}")
    clock.now += seconds
    progress.end(number)


def test_nothing_is_known_before_the_first_job_ends(clock):
    progress = Progress({"train": 2}, clock)
    assert progress.seconds_left() is None and str(progress) == "0 of 2 jobs, 0 %"
    progress.begin(1, "train", "train HSC, seed 1")
    clock.now = 100
    assert progress.seconds_left() is None
    assert str(progress) == "0 of 2 jobs, 0 %: train HSC, seed 1"


def test_jobs_of_a_kind_take_the_time_of_their_kind(clock):
    """Nine short jobs and one long one are left: not ten of the same."""
    progress = Progress({"short": 10, "long": 2}, clock)
    run(progress, clock, 1, "short", 1)
    run(progress, clock, 2, "long", 100)
    assert progress.seconds_left() == pytest.approx(9 * 1 + 100)


def test_a_kind_not_seen_takes_the_mean_of_the_others(clock):
    progress = Progress({"a": 3, "b": 1, "c": 1}, clock)
    run(progress, clock, 1, "a", 1)
    run(progress, clock, 2, "a", 3)
    run(progress, clock, 3, "b", 10)
    assert progress.seconds_left() == pytest.approx(2 + (2 + 10) / 2)


def test_jobs_side_by_side_and_what_they_have_done(clock):
    progress = Progress({"a": 6}, clock)
    for number in (1, 2):
        progress.begin(number, "a", "")
    clock.now = 10
    for number in (1, 2):
        progress.end(number)
    assert progress.seconds_left() == pytest.approx(4 * 10 / 2)
    for number in (3, 4):
        progress.begin(number, "a", "")
    clock.now = 15
    assert progress.seconds_left() == pytest.approx((4 * 10 - 2 * 5) / 2)
    clock.now = 40  # longer than those before: nothing of them is left, as far as one knows
    assert progress.seconds_left() == pytest.approx(2 * 10 / (80 / 40))


def test_a_job_that_failed_is_left_to_do(clock):
    progress = Progress({"a": 2}, clock)
    run(progress, clock, 1, "a", 10)
    progress.begin(2, "a", "a of x")
    assert progress.fail(2) == "a of x" and progress.fail(2) == ""
    assert not progress.running and progress.seconds_left() == pytest.approx(10)


def test_the_line(clock):
    progress = Progress({"a": 4, "all": 1}, clock)
    run(progress, clock, 1, "a", 240)
    progress.begin(2, "a", "a of x")
    assert str(progress) == "1 of 5 jobs, 20 %, about 16 min left: a of x"
    progress.end(2)
    for number in (3, 4):
        run(progress, clock, number, "a", 1)
    progress.begin(5, "all", "")  # a target, which does nothing
    assert str(progress).startswith("4 of 5 jobs, 80 %, about ") and str(progress).endswith("left")


def test_an_end_without_a_beginning_counts(clock):
    progress = Progress({"a": 1}, clock)
    progress.end(7)
    assert progress.done == 1 and progress.seconds_left() is None
