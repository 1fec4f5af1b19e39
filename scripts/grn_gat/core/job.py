"""What every script does around its work: send all output to the rule's log, say errors clearly."""

import json
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from grn_gat.core.checksums import Ledger
from grn_gat.core.errors import InputError
from grn_gat.core.files import FULL_DISK, is_full_disk
from grn_gat.core.own_methods import own_methods

# A file for one JSON line per job that has ended: its log file and CPU seconds (`bench/study.py`).
ACCOUNT = "GRN_GAT_JOB_USAGE"


def cpu_seconds() -> float:
    """CPU seconds of this process and of those of its child processes that have ended."""
    return sum(os.times()[:4])


_HEARD: list[list[str]] = []  # of the blocks that hear warnings, the innermost last


@contextmanager
def heard() -> Iterator[list[str]]:
    """Give the warnings of the block, which are not printed: the caller says them."""
    _HEARD.append([])
    try:
        yield _HEARD[-1]
    finally:
        _HEARD.pop()


def warn(text: str) -> None:
    """Print a warning in the log of the rule and on the terminal."""
    if _HEARD:
        _HEARD[-1].append(text)
        return
    for stream in (sys.stdout, sys.__stderr__):
        print(f"warning: {text}", file=stream, flush=True)


def _account(job: str) -> None:
    """Append a job's CPU seconds to the file that the environment names, if it names one.

    Snakemake's benchmark files sample CPU time every 30 seconds; here it is exact.
    """
    if path := os.environ.get(ACCOUNT):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"log": job, "cpu_seconds": cpu_seconds()}) + "\n")


def _tell(text: str, *streams: TextIO) -> None:
    """Print to all streams, whichever of them is on a full disk."""
    for stream in streams:
        with suppress(OSError):
            print(text, end="", file=stream, flush=True)


@contextmanager
def logged(snakemake: Any) -> Iterator[None]:
    """Send stdout and stderr of the block to the rule's log file, line by line.

    Inputs that other jobs made are checked before, and outputs get checksums after it. In it the
    methods of the folder that the study names are known.

    Bad input ends the job with one sentence, anything else with its traceback: both in the log and
    on the terminal.
    """
    out, err = sys.stdout, sys.stderr
    log = open(snakemake.log[0], "w", buffering=1, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stderr = log
    ledger = Ledger(snakemake.log[0])
    try:
        ledger.check(snakemake.input)
        with own_methods(getattr(snakemake, "config", {}).get("methods_path", "")):
            yield
        ledger.leave(snakemake.output)
        print(f"done, {cpu_seconds():.2f} CPU seconds")
        _account(str(snakemake.log[0]))
    except InputError as error:
        _tell(f"error: {error}\n", err, log)
        raise SystemExit(1) from None
    except Exception as error:
        if is_full_disk(error):
            _tell(f"error: {FULL_DISK}\n", err, log)
        else:
            _tell(traceback.format_exc(), err, log)
        raise SystemExit(1) from None
    finally:
        sys.stdout, sys.stderr = out, err
        with suppress(OSError):  # of a full disk, which has been said
            log.close()
