"""A run of the workflow that is stopped in the middle, and the processes of its jobs."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from workflows import Workflow


def wait(reached: Callable[[], object], what: str, seconds: float = 300):
    """Ask again and again until the answer is true, and return it; AssertionError after minutes."""
    deadline = time.monotonic() + seconds
    while not (answer := reached()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.005)
    return answer


def state(process: int) -> str:
    """State of a process as in /proc (R, S, T, ...), Z where it ended or never was."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def jobs_of(folder: Path, rule: str = "") -> list[int]:
    """Processes that run a script of the workflow in this folder, of one rule or of all."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            script = len(words) > 1 and words[1].startswith(os.fsencode(folder / ".snakemake"))
            if script and words[1].endswith(f"{rule}.py".encode()) and state(process.name) != "Z":
                found.append(int(process.name))
    return found


@contextlib.contextmanager
def started(
    workflow: Workflow, command: Sequence[str], environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen]:
    """A run that goes on while the test does; nothing of it is left afterwards."""
    with open(workflow.folder / "terminal.log", "wb") as output:
        run = subprocess.Popen(
            command, cwd=workflow.folder, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            # Tests that run in the background of a shell inherit that Ctrl-C is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
    try:
        yield run
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        for process in jobs_of(workflow.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        run.wait()


def freeze(process: int) -> None:
    """Stop a process; AssertionError if it has ended."""
    os.kill(process, signal.SIGSTOP)
    wait(lambda: state(process) in "TZ", "a process to stop")
    assert state(process) == "T", "a job had ended before it could be stopped"


def frozen_job(workflow: Workflow, run: subprocess.Popen, rule: str, sign: str = "") -> int:
    """Stop the first job of a rule when it is at work; return its process.

    It is when a file below `results` matches the pattern `sign`, without one when its log is there.
    """
    results = workflow.folder / "results"
    signs = [sign] if sign else [f"logs/{rule}.log", f"logs/{rule}/**/*.log"]

    def of_the_run(found):
        assert run.poll() is None, (workflow.folder / "terminal.log").read_text()[-4000:]
        return found

    (process, *_) = wait(lambda: of_the_run(jobs_of(workflow.folder, rule)), f"a job of {rule}")
    wait(lambda: of_the_run(any(any(results.glob(s)) for s in signs)), f"{rule} to be at work")
    freeze(process)
    return process
