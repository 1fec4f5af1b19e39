"""Where a user sees how far a run of the workflow is: a bar on a terminal, else lines."""

import time
from collections.abc import Callable
from typing import Protocol, TextIO

from grn_gat.command.workflow_progress import Progress

_BAR = "{percentage:3.0f} % |{bar:24}| {n_fmt} of {total_fmt} jobs{desc}"
# Seconds between two lines: at least, where a kind of job begins, and else.
_STAGE, _LINE = 5, 30


class Screen(Protocol):
    """What shows a run.

    Attributes:
        lively: whether it should be told how far the run is also when nothing has happened.
    """

    lively: bool

    def show(self, progress: Progress) -> None:
        """Show how far the run is."""

    def say(self, text: str) -> None:
        """Print a line that stays."""

    def close(self) -> None:
        """Leave nothing behind but the lines."""


class Lines:
    """A line now and then, for files."""

    lively = False

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic):
        self._stream, self._clock = stream, clock
        self._last = -float("inf")
        self._kinds: set[str] = set()

    def show(self, progress: Progress) -> None:
        """Print a line if the last one is long ago, or if a kind of job is new."""
        kinds = {job.rule for job in progress.running.values()}
        passed = self._clock() - self._last
        if passed >= _LINE or (passed >= _STAGE and not kinds <= self._kinds):
            self._last = self._clock()
            self.say(str(progress))
        self._kinds |= kinds

    def say(self, text: str) -> None:
        """Print a line."""
        print(text, file=self._stream, flush=True)

    def close(self) -> None:
        """Do nothing."""


class Bar:
    """One line that changes, for terminals."""

    lively = True

    def __init__(self, stream: TextIO):
        from tqdm import tqdm

        self._stream = stream
        self._bar = tqdm(file=stream, bar_format=_BAR, dynamic_ncols=True, leave=False, delay=1e-9)

    def show(self, progress: Progress) -> None:
        """Draw the bar anew."""
        self._bar.total, self._bar.n = progress.total, progress.done
        self._bar.set_description_str(progress.outlook())

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.write(text, file=self._stream)

    def close(self) -> None:
        """Remove the bar."""
        self._bar.close()


def screen(stream: TextIO) -> Screen:
    """Return the screen that fits a stream."""
    return Bar(stream) if stream.isatty() else Lines(stream)
