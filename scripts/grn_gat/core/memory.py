"""Whether a program lacks memory, and how much there is."""

import errno
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grn_gat.core.errors import InputError

# Of libraries that need not be imported to tell: PyTorch on a GPU, processes that the system ended.
_NAMES = {"OutOfMemoryError", "TerminatedWorkerError", "BrokenProcessPool"}
_WORDS = re.compile(
    r"can(no|')t allocate memory|not enough memory|out of memory|bad_alloc|failed to map segment",
    re.IGNORECASE,
)
_PROC, _CGROUP = Path("/proc"), Path("/sys/fs/cgroup")


class NotEnoughMemoryError(InputError, MemoryError):
    """There is not enough memory for what was asked; with more, or for less, the same works."""


def lacks_memory(error: BaseException | None) -> bool:
    """Is the lack of memory what went wrong, or what it came from?

    numpy and Python raise MemoryError, PyTorch a RuntimeError, a library that cannot be loaded an
    ImportError. A process of a pool that the system ended has, as a rule, taken too much.
    """
    while error is not None:
        if isinstance(error, MemoryError) or type(error).__name__ in _NAMES:
            return True
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return True
        if isinstance(error, RuntimeError | ImportError) and _WORDS.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def memory_limit() -> int | None:
    """Bytes that this process may use, whoever uses them now; None where that is not known."""
    return min(_limits(), default=None)


def _limits() -> Iterator[int]:
    """Of the machine, of the control groups (Slurm, containers), and of the shell (ulimit -v)."""
    with suppress(OSError):
        found = re.search(r"^MemTotal: +(\d+) kB", (_PROC / "meminfo").read_text(), re.M)
        if found:
            yield 1024 * int(found[1])
    for path in _group_files():
        with suppress(OSError, ValueError):  # no such file; "max"
            yield int(path.read_text())
    with suppress(ImportError):
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            yield soft


def _group_files() -> Iterator[Path]:
    """Files with the limits of this process's control groups and those above, of versions 1, 2."""
    with suppress(OSError):
        for line in (_PROC / "self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            group = Path(path.lstrip("/"))
            for folder in (group, *group.parents):
                if not controllers:
                    yield _CGROUP / folder / "memory.max"
                elif "memory" in controllers.split(","):
                    yield _CGROUP / "memory" / folder / "memory.limit_in_bytes"
