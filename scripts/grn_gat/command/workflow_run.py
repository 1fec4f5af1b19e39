"""A run of Snakemake in this process: what it reports is counted and shown, its text is in its log.

Options, profiles and executors are those of Snakemake's command line, whose functions are called
here. What happens comes as records of its logger, each with an event.
"""

import contextlib
import io
import logging
import os
import re
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry

from grn_gat.command.workflow_errors import (
    JOBS_FAILED,
    cause_of_death,
    changed,
    interrupted,
    logged_error,
    sentence,
    times,
    warnings,
)
from grn_gat.command.workflow_progress import Progress
from grn_gat.command.workflow_screen import Screen, screen
from grn_gat.core.errors import InputError
from snakemake import cli

_PLUGIN = "grn-gat"
# Of what Snakemake says before the first job: what takes minutes.
_LONG = ("Creating conda environment", "Pulling ")


class LogHandler(LogHandlerBase):
    """Snakemake's text on the terminal: there is none. Its log file stays as it is."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def emit(self, record: logging.LogRecord) -> None:
        """Do nothing."""


class Run(logging.Handler):
    """One run: it listens to Snakemake's records, and knows afterwards how the run went.

    Attributes:
        started: whether jobs were to be run, or planned; else Snakemake answered a question.
        planned: jobs of each rule that were due; empty where nothing was.
        progress: how far the run came; None where nothing was due.
        failures: how many jobs failed for good, each of which was told of.
        errors: other exceptions that Snakemake told of; the last one ended the run.
        interrupted: whether the user stopped it.
        answer: lines that Snakemake said before a run, or in place of one.
        log: the file that has all of Snakemake's text.
    """

    def __init__(self, shown: Screen, printed: "_Printed", folder: str, retries: int):
        super().__init__()
        self.started = False
        self.planned: dict[str, int] = {}
        self.progress: Progress | None = None
        self.failures = 0
        self.errors: list[BaseException] = []
        self.interrupted = False
        self.answer: list[str] = []
        self.log: str | None = None
        self._screen, self._printed = shown, printed
        self._folder, self._retries = folder, retries
        self._logs: dict[int, dict[str, int]] = {}  # of each job, with their times before it
        self._attempts: Counter[int] = Counter()  # that failed
        self._told: set[int] = set()  # jobs of a group that failed

    def emit(self, record: Any) -> None:
        """Take note of a record; if it is of an exception, that is the one being handled now."""
        handled = sys.exc_info()[1]
        if isinstance(handled, KeyboardInterrupt) and not self.interrupted:
            self.interrupted = True
            self._screen.say("stopping: waiting for the running jobs to end")
        match getattr(record, "event", None):
            case LogEvent.WORKFLOW_STARTED:
                self.started = True
                self.log = _log_file()
            case LogEvent.RUN_INFO if not self.planned:
                self.planned = {rule: n for rule, n in record.stats.items() if rule != "total"}
                self.progress = Progress(self.planned)
            case LogEvent.JOB_INFO if self.progress is not None:
                self._logs[record.jobid] = times(record.log)
                self.progress.begin(record.jobid, record.rule_name, record.rule_msg or "")
                self._screen.show(self.progress)
            case LogEvent.JOB_FINISHED if self.progress is not None:
                self._end(record.job_id)
            case LogEvent.GROUP_ERROR:
                self._fail_together(record)
            case LogEvent.JOB_ERROR if record.jobid not in self._told:
                self._fail(record, handled)
            case LogEvent.ERROR if handled is not None:
                self.errors.append(handled)
            case None if record.levelno >= logging.ERROR:
                self.errors.append(WorkflowError(record.getMessage()))
            case None if not self.started:
                self.answer.append(record.getMessage())
            case None if self.progress is None and record.getMessage().startswith(_LONG):
                self._screen.say(record.getMessage())

    def explanation(self) -> BaseException | None:
        """Return the last exception that says more than that jobs failed."""
        for error in reversed(self.errors):
            if str(error) not in JOBS_FAILED and not interrupted(error):
                return error
        return None

    def tick(self) -> None:
        """Show the time that is left once more, where it is shown all the time."""
        self.acquire()
        try:
            if self.progress is not None and self._screen.lively:
                self._screen.show(self.progress)
        finally:
            self.release()

    def _end(self, number: int) -> None:
        assert self.progress is not None
        self.progress.end(number)
        for warning in warnings(changed(self._logs.get(number, {}))):
            self._screen.say(warning)
        self._screen.show(self.progress)

    def _fail(self, record: Any, error: BaseException | None) -> None:
        """Say why a job failed, if it did so by itself, and whether it is tried again."""
        if self.interrupted or interrupted(error):
            return
        what = self.progress.fail(record.jobid) if self.progress else ""
        reason = logged_error(changed(self._logs.get(record.jobid, {})))
        if reason is None:
            reason = f"{what or record.rule_name}: {self._unlogged(record, error)}"
        if reason.endswith(KeyboardInterrupt.__name__):  # Ctrl-C, in code that made it another exit
            return
        self._say_failure(record.jobid, reason, record.log)

    def _unlogged(self, record: Any, error: BaseException | None) -> str:
        """Return why a job failed that said nothing in its log."""
        if record.rule_msg:  # by an executor that knows more, such as Slurm's
            return str(record.rule_msg).partition(" For further error details")[0]
        return cause_of_death(error) or self._printed.last_line() or "ended without saying why"

    def _fail_together(self, record: Any) -> None:
        """Say why a group of jobs, one job for the cluster, failed."""
        jobs = record.job_error_info
        self._told |= {job["jobid"] for job in jobs}
        found = {
            job["jobid"]: (logged_error(changed(self._logs.get(job["jobid"], {}))), job["log"])
            for job in jobs
        }
        for number, (reason, logs) in found.items():
            if self.progress:
                self.progress.fail(number)
            if reason is not None:
                self._say_failure(number, reason, logs)
        if not any(reason for reason, _ in found.values()):
            rules = ", ".join(sorted({job["rule_name"] for job in jobs}))
            reason = f"a group of jobs ({rules}) ended without saying why"
            self._say_failure(jobs[0]["jobid"], reason, record.aux_logs)

    def _say_failure(self, number: int, reason: str, logs: Sequence[str]) -> None:
        self._attempts[number] += 1
        again = self._attempts[number] <= self._retries
        self.failures += not again
        seen = ", ".join(os.path.join(self._folder, log) for log in logs)
        where = f" (log: {seen})" if seen else ""
        start, end = ("warning", "; it is tried again") if again else ("error", "")
        self._screen.say(f"{start}: {reason}{end}{where}")


def _log_file() -> str | None:
    files = (h.baseFilename for h in logger.handlers if isinstance(h, logging.FileHandler))
    return next(files, None)


class _Printed:
    """What jobs and their libraries print on the terminal, in a file that has no name."""

    def __init__(self, file: int):
        self._file = file

    def last_line(self) -> str | None:
        """Return the last line that says something."""
        size = os.fstat(self._file).st_size
        # Without moving the place in the file, which the jobs share.
        text = os.pread(self._file, 4096, max(0, size - 4096)).decode(errors="replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines[-1] if lines else None


@contextlib.contextmanager
def _own_terminal() -> Iterator[tuple[TextIO, _Printed]]:
    """Keep stderr for this process: what jobs print there goes elsewhere in the block.

    They have it in their logs as well, where it is read from, on whichever machine they run.
    """
    sys.stderr.flush()
    with os.fdopen(os.dup(2), "w") as terminal, tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield terminal, _Printed(file.fileno())
        finally:
            sys.stderr.flush()
            os.dup2(terminal.fileno(), 2)


@contextlib.contextmanager
def _listening(run: Run) -> Iterator[None]:
    """Let a run hear what Snakemake reports, and tick every second."""
    ended = threading.Event()

    def tick() -> None:
        while not ended.wait(1):
            run.tick()

    # The handlers of Snakemake's own logger are removed when a run begins, those above it are not.
    above = logging.getLogger(logger.name.rpartition(".")[0])
    above.addHandler(run)
    clock = threading.Thread(target=tick, daemon=True)
    clock.start()
    try:
        yield
    finally:
        ended.set()
        clock.join()
        above.removeHandler(run)


def _parsed(options: Sequence[str]) -> tuple[Any, Any]:
    """Parse options of Snakemake and of the profiles that they name.

    Raises:
        InputError: Snakemake does not know an option, or its value is wrong.
    """
    LoggerPluginRegistry().register_plugin(_PLUGIN, sys.modules[__name__])  # has LogHandler
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            parser, given = cli.parse_args(["--logger", _PLUGIN, *options])
        except SystemExit as end:
            if not end.code:  # --help, --version
                raise
            last = re.split("error: ", said.getvalue().strip(), flags=re.IGNORECASE)[-1]
            raise InputError(f"options of snakemake: {last}") from None
        except Exception as error:
            raise InputError(sentence(error)) from None
    return parser, given


def run_snakemake(options: Sequence[str]) -> tuple[bool, Run]:
    """Run Snakemake with options of its command line; return whether it succeeded, and the run.

    Local jobs get all cores that this process may use, where nothing says how many.

    Raises:
        InputError: an option is wrong.
    """
    parser, given = _parsed(options)
    if given.cores is None and given.executor in (None, "local"):
        given.cores = cli.available_cpu_count()
    with _own_terminal() as (terminal, printed):
        shown = screen(terminal)
        run = Run(shown, printed, str(given.directory or ""), given.retries)
        try:
            with _listening(run):
                succeeded = cli.args_to_api(given, parser)
        finally:
            shown.close()
    return succeeded, run
