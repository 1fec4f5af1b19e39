"""Lack of memory as Python, numpy, PyTorch and pools of processes say it; how much there is."""

import errno
import os
import resource
import signal
import sys

import numpy as np
import pytest

from grn_gat.core import memory
from grn_gat.core.errors import InputError
from grn_gat.core.memory import NotEnoughMemoryError, lacks_memory, memory_limit

IMPOSSIBLE = 1 << 60  # bytes: beyond every address space


def of_numpy():
    np.zeros(IMPOSSIBLE, dtype=np.uint8)


def of_torch():
    import torch

    torch.zeros(IMPOSSIBLE, dtype=torch.uint8)


def of_torch_on_a_gpu():
    import torch

    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")


def of_a_pool():
    from joblib import Parallel, delayed

    Parallel(n_jobs=2, backend="loky")(delayed(_killed)() for _ in range(2))


def _killed():
    os.kill(os.getpid(), signal.SIGKILL)


def of_the_system():
    raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))


def of_a_library():
    raise RuntimeError("std::bad_alloc")


def of_a_library_to_be_loaded():
    raise ImportError("/x/_ufuncs.so: failed to map segment from shared object")


def said_in_other_words():
    try:
        of_numpy()
    except MemoryError as error:
        raise InputError("not a weights file") from error


@pytest.mark.parametrize(
    "fail",
    [
        of_numpy, of_torch, of_torch_on_a_gpu, of_a_pool, of_the_system, of_a_library,
        of_a_library_to_be_loaded,
        said_in_other_words,
    ],
)  # fmt: skip
def test_lack_of_memory(fail):
    with pytest.raises(Exception) as caught:
        fail()
    assert lacks_memory(caught.value), caught.value


@pytest.mark.parametrize(
    "error",
    [
        InputError("the memory of cells"),
        ImportError("No module named 'x'"),
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
        ValueError("out of memory"),  # of a gene's name, say
        OSError(errno.ENOENT, "no such file"),
        np.linalg.LinAlgError("Singular matrix"),
        KeyboardInterrupt(),
        None,
    ],
)
def test_other_errors(error):
    assert not lacks_memory(error)


def test_it_is_caught_as_a_mistake_of_the_input_and_as_lack_of_memory():
    for kind in (InputError, MemoryError):
        with pytest.raises(kind, match="sentence"):
            raise NotEnoughMemoryError("sentence")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of 64 GB; files below /proc and /sys/fs/cgroup by their path."""
    monkeypatch.setattr(memory, "_PROC", tmp_path / "proc")
    monkeypatch.setattr(memory, "_CGROUP", tmp_path / "cgroup")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)

    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    write({"proc/meminfo": "MemTotal:       64000000 kB\nMemFree: 5 kB\n"})
    return write


def test_the_machine(machine):
    assert memory_limit() == 64_000_000 * 1024


def test_control_groups_of_version_two(machine):
    """The smallest of the group and those above; `max` is none."""
    job = "cgroup/slurm/job_7"
    machine({"proc/self/cgroup": "0::/slurm/job_7/step_0\n", f"{job}/step_0/memory.max": "max\n"})
    assert memory_limit() == 64_000_000 * 1024
    machine({f"{job}/memory.max": "4000000000\n", "cgroup/slurm/memory.max": "9000000000\n"})
    assert memory_limit() == 4_000_000_000


def test_control_groups_of_version_one(machine):
    machine(
        {
            "proc/self/cgroup": "5:cpu:/a\n4:memory:/slurm/job_7\n0::/\n",
            "cgroup/memory/slurm/job_7/memory.limit_in_bytes": "9223372036854771712\n",
            "cgroup/memory/slurm/memory.limit_in_bytes": "3000000000\n",
            "cgroup/a/memory.max": "5\n",
        }
    )
    assert memory_limit() == 3_000_000_000


def test_the_shell(machine, monkeypatch):
    monkeypatch.setattr(
        resource, "getrlimit", lambda kind: {resource.RLIMIT_AS: (5000, 9000)}[kind]
    )
    assert memory_limit() == 5000


def test_a_machine_that_says_nothing(machine, monkeypatch, tmp_path):
    (tmp_path / "proc/meminfo").unlink()
    monkeypatch.setitem(sys.modules, "resource", None)
    assert memory_limit() is None
