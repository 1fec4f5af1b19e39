"""What jobs ask for: memory, run time, a GPU, the environment that fits."""

import os
from collections.abc import Callable
from typing import Any


def memory(base: int, per_input: float = 4, per_pair: float = 0) -> Callable[..., int]:
    """Return memory in MB: `base` plus a multiple of the input's size, doubled each attempt.

    Inputs that are not there yet, because the same group job makes them, count nothing: with
    `input.size_mb` Snakemake would leave the whole job out of the group's memory.

    Args:
        base: MB of any job.
        per_input: MB per MB of input.
        per_pair: kB that an ordered pair of genes of `input.expression`, or of each of several,
            takes.
    """

    def needed(wildcards: Any, input: Any, attempt: int) -> int:
        size = sum(os.path.getsize(path) for path in input if os.path.isfile(path))
        pairs = 0
        if per_pair:
            one = isinstance(input.expression, str)
            for path in filter(os.path.isfile, [input.expression] if one else input.expression):
                with open(path, "rb") as file:
                    pairs += (sum(1 for _ in file) - 1) ** 2
        wanted = base + per_input * size / 2**20 + per_pair * pairs / 1000
        return int(int(wanted) * 2 ** (attempt - 1))

    return needed


def runtime(minutes: int) -> Callable[..., int]:
    """Return run time in minutes, doubled with each attempt."""

    def needed(wildcards: Any, attempt: int) -> int:
        return int(minutes * 2 ** (attempt - 1))

    return needed


def gpus(device: str) -> dict[str, int]:
    """Return the resource `gpu` of a training: only where the config insists on a CUDA device."""
    return {"gpu": 1} if device == "cuda" else {}


def train_environment(device: str) -> str:
    """Return the environment of a rule that trains on a device, seen from the folder of the rules.

    `auto` takes the CPU's: a CUDA one cannot be installed where no GPU is, as on login nodes.
    """
    return "../../envs/train-gpu.yaml" if device == "cuda" else "../../envs/train.yaml"
