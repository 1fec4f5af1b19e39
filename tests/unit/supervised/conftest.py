"""Training as a job of the workflow does it."""

import pytest
import torch

from grn_gat.core.device import deterministic


@pytest.fixture(scope="module", autouse=True)
def _deterministic():
    threads = torch.get_num_threads()
    deterministic()
    yield
    torch.use_deterministic_algorithms(False)
    torch.set_num_threads(threads)
