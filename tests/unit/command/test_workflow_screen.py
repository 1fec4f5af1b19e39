"""Lines in a file, and a bar on a terminal."""

import io

import pytest

from grn_gat.command.workflow_progress import Progress
from grn_gat.command.workflow_screen import Bar, Lines, screen


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def progress() -> Progress:
    return Progress({"a": 50, "b": 2}, lambda: 0.0)


def test_what_is_no_terminal_gets_lines():
    assert isinstance(screen(io.StringIO()), Lines)


def test_lines_come_after_half_a_minute_or_with_a_new_kind_of_job(progress):
    stream, now = io.StringIO(), [0.0]
    lines = Lines(stream, lambda: now[0])

    def shown(second: float) -> bool:
        before, now[0] = len(stream.getvalue()), second
        lines.show(progress)
        return len(stream.getvalue()) > before

    progress.begin(1, "a", "a of x")
    assert shown(0) and not shown(10) and not shown(29)
    assert shown(30) and not shown(31)
    progress.begin(2, "b", "b of x")
    assert not shown(32), "too soon after the last one"
    progress.end(2)
    progress.begin(3, "c", "c of x")
    assert shown(36) and not shown(42) and shown(66)
    assert stream.getvalue().splitlines()[0] == "0 of 52 jobs, 0 %: a of x"


def test_the_bar_is_one_line_that_goes_away(progress):
    stream = Terminal()
    shown = screen(stream)
    assert isinstance(shown, Bar) and shown.lively
    progress.begin(1, "a", "a of x")
    progress.end(1)
    progress.begin(2, "a", "a of y")
    shown.show(progress)
    shown.say("warning: something")
    shown.close()
    drawn = stream.getvalue()
    assert "1 of 52 jobs" in drawn and ": a of y" in drawn
    assert [line.strip() for line in drawn.split("\r")].count("warning: something\n".strip()) == 1
    assert drawn.count("\n") == 1 and drawn.endswith("\r")
