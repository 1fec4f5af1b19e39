"""How far long work is, on the terminal."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TextIO

from grn_gat.core.progress import Listener, duration, listening

_STEPS = 1000
_LONG = 2  # seconds; of what takes less nobody asks how long it took
_TELLING = 0.02  # of the work; of less nobody can tell how long the rest takes
_OFTEN = 30  # seconds between two lines of how far it is, where there is no terminal
_BAR = "{desc} {percentage:3.0f} % |{bar:24}| {elapsed} so far, {remaining} left"


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a line for the user, on the terminal whatever the log is."""
    print(text, file=stream or sys.__stderr__, flush=True)


def program() -> str:
    """Return how the user called the command, to be called again from the same folder."""
    path = Path(sys.argv[0])
    found = shutil.which(path.name)
    if path.name != "grn-gat" or (found and Path(found).resolve() == path.resolve()):
        return "grn-gat"
    return os.path.relpath(path)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what the work of the block prints off the terminal, but for what is said to the user."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


@contextmanager
def shown(label: str) -> Iterator[None]:
    """Show how far the work of the block is: a bar with the time left, or lines in a file."""
    start = time.monotonic()
    terminal = sys.__stderr__
    if terminal is not None and terminal.isatty():
        with _bar(label, terminal):
            yield
    else:
        say(f"{label} ...")
        with listening(_lines(label, start)):
            yield
    if (seconds := time.monotonic() - start) >= _LONG:
        say(f"{label}: {duration(seconds)}")


@contextmanager
def _bar(label: str, terminal: TextIO) -> Iterator[None]:
    from tqdm import tqdm

    with tqdm(
        total=_STEPS, desc=label, file=terminal, bar_format=_BAR, leave=False, delay=1
    ) as bar:

        def listen(share: float) -> None:
            bar.update(round(share * _STEPS) - bar.n)

        with listening(listen):
            yield


def _lines(label: str, start: float) -> Listener:
    """Return what says now and then how far the work is, and how much time is left."""
    last = start

    def listen(share: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _OFTEN and _TELLING <= share < 1:
            last = now
            left = (now - start) * (1 - share) / share
            say(f"{label}: {100 * share:.0f} %, about {duration(left)} left")

    return listen
