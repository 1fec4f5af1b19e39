"""What went wrong in a run of the workflow, as one sentence of ours without Snakemake's frame."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from snakemake.exceptions import ApiError, CliException, RuleException, WorkflowError

from grn_gat.core.errors import InputError

# Snakemake's last words on a run of which jobs failed; what failed has been said before.
JOBS_FAILED = (
    "At least one job did not complete successfully.",
    "Exiting because a job execution failed. Look above for error messages",
)
_ERROR, _WARNING = "error: ", "warning: "
_TRACEBACK = "Traceback (most recent call last):"


def sentence(error: BaseException) -> str:
    """Return what an exception of Snakemake says: the InputError in it, if there is one.

    Snakemake wraps an error of the config, or of an input function, more than once.
    """
    for found in _chain(error):
        if isinstance(found, InputError):
            return str(found)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if not isinstance(error, WorkflowError | ApiError | CliException | RuleException):
        return f"{type(error).__name__}: {' '.join(str(error).split())}"  # nobody's but ours
    # What follows is a hint for those who write workflows.
    text = str(error).partition(" (if you use input functions")[0]
    return " ".join(text.split())


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those that it was raised from, or while handling."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def interrupted(error: BaseException | None) -> bool:
    """Whether a job ended by Ctrl-C, by what Snakemake says of its command."""
    return bool(re.search(r"died with <Signals\.SIGINT|exit status 130\b", str(error)))


def cause_of_death(error: BaseException | None) -> str | None:
    """Return in words that a signal ended a job, by what Snakemake says of its command."""
    found = re.search(r"died with <Signals\.(SIG\w+)", str(error))
    if found is None:
        return None
    why = " (as the system does when memory runs out)" if found[1] == "SIGKILL" else ""
    return f"ended by {found[1]}{why}"


def times(logs: Iterable[str]) -> dict[str, int]:
    """Return when log files were written last (ns), 0 where there is none yet."""
    found = {log: Path(log) for log in logs}
    return {log: path.stat().st_mtime_ns if path.is_file() else 0 for log, path in found.items()}


def changed(before: Mapping[str, int]) -> list[str]:
    """Return the log files that were written since `times` told when they had been."""
    return [log for log, then in times(before).items() if then != before[log]]


def warnings(logs: Iterable[str]) -> list[str]:
    """Return the warnings in the logs of a job, each once."""
    found = [line for line in _lines(logs) if line.startswith(_WARNING)]
    return list(dict.fromkeys(found))


def logged_error(logs: Iterable[str]) -> str | None:
    """Return the sentence with which a job ended, or the exception that it died of; else None."""
    lines = _lines(logs)
    for number, line in enumerate(lines):
        if line.startswith(_ERROR):
            return "\n".join([line.removeprefix(_ERROR), *lines[number + 1 :]])
    return lines[-1] if _TRACEBACK in lines else None


def _lines(logs: Iterable[str]) -> list[str]:
    texts = [Path(log).read_text(encoding="utf-8", errors="replace") for log in logs]
    return [line for text in texts for line in text.splitlines()]
