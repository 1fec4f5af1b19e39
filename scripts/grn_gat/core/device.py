"""Where a model is computed, and that the result does not depend on the number of cores."""

import torch

from grn_gat.core.errors import InputError


def choose_device(name: str) -> torch.device:
    """Return the device for `auto`, `cpu` or `cuda`; InputError if cuda is asked for but absent."""
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise InputError("training.device is cuda, but no CUDA device is present: set auto or cpu")
    return torch.device("cuda" if available and name != "cpu" else "cpu")


def deterministic() -> None:
    """Make CPU results independent of the number of cores."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=torch.cuda.is_available())
