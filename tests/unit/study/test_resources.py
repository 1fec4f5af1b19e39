"""What jobs ask for."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from grn_gat.study.resources import gpus, memory, runtime, train_environment


class Input(list):
    """Input files of a job; the first is its expression."""

    @property
    def expression(self) -> str:
        return self[0]


@pytest.fixture
def files(tmp_path) -> Input:
    """Two files: a matrix of 3 genes in 1 MB, and one of 2 MB; and one that is not there yet."""
    rows = [b",c1\n", b"a,1\n", b"b,2\n", b"c,3"]
    (tmp_path / "x.csv").write_bytes(b"".join(rows).ljust(2**20, b"0"))
    (tmp_path / "y").write_bytes(bytes(2**21))
    return Input(str(tmp_path / name) for name in ("x.csv", "y", "later"))


def test_memory_by_hand(files):
    assert memory(1000)(None, files, 1) == 1000 + 4 * 3
    assert memory(1000, per_input=20)(None, files, 1) == 1060
    assert memory(1000, per_input=0)(None, files, 1) == 1000
    # 3 genes have 9 pairs, of 500 kB each
    assert memory(1000, per_input=0, per_pair=500)(None, files, 1) == 1004
    assert isinstance(memory(1000, per_pair=500)(None, files, 1), int)


def test_memory_and_time_double_with_each_attempt(files):
    assert [memory(1000)(None, files, attempt) for attempt in (1, 2, 3)] == [1012, 2024, 4048]
    assert [runtime(20)(None, attempt) for attempt in (1, 2, 3)] == [20, 40, 80]


def test_inputs_that_are_not_there_yet_count_nothing():
    """A group job makes them itself."""
    absent = Input(["nowhere.csv"])
    assert memory(1000, per_pair=500)(None, absent, 1) == 1000
    assert memory(1000, per_pair=500)(None, Input([str(Path(__file__).parent)]), 1) == 1000


def test_snakemake_can_ask(files):
    """It passes what it has by these names."""
    given = {"wildcards": SimpleNamespace(), "input": files, "attempt": 1}
    assert memory(5)(**given) and runtime(5)(wildcards=given["wildcards"], attempt=1) == 5


@pytest.mark.parametrize(
    ("device", "asked", "name"),
    [("cuda", {"gpu": 1}, "train-gpu"), ("auto", {}, "train"), ("cpu", {}, "train")],
)
def test_a_gpu_is_asked_for_where_the_config_insists(repository, device, asked, name):
    assert gpus(device) == asked
    environment = repository / "workflow/rules" / train_environment(device)
    assert environment.stem == name and environment.is_file()
