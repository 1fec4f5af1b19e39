"""Target training_views: chunks of data sets of each kind, at toy size."""

import shutil

import numpy as np
import pytest

from workflows import REPOSITORY, Workflow

CONFIG = [
    "--configfile", "config/pretraining.yaml", "config/measurement.yaml",
    "tests/config/pretraining.yaml", "tests/config/views.yaml",
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Workflow:
    workflow = Workflow(tmp_path_factory.mktemp("views"))
    shutil.copytree(REPOSITORY / "config", workflow.folder / "config", dirs_exist_ok=True)
    workflow.succeed("training_views", *CONFIG)
    return workflow


def test_chunks_of_each_kind(made):
    from grn_gat.simulate.view_chunks import load_views

    files = made.results("pretraining/views/*/*")
    assert sorted(files) == [
        f"pretraining/views/{kind}/{chunk}.safetensors"
        for kind, number in {"boolean": 3, "linear": 1, "transcriptional": 2}.items()
        for chunk in range(1, number + 1)
    ]
    assert len(set(files.values())) == 6
    for name in files:
        views = list(load_views(made.folder / "results" / name))
        assert len(views) == 12 and {view.kind for view in views} == {name.split("/")[2]}


def test_a_network_is_seen_in_another_way_where_it_comes_again(made):
    from grn_gat.simulate.view_chunks import load_views

    first, third = (
        list(load_views(made.folder / f"results/pretraining/views/boolean/{chunk}.safetensors"))
        for chunk in (1, 3)  # there are two chunks of networks
    )
    whole = [(a, b) for a, b in zip(first, third, strict=True) if a.signs.shape == b.signs.shape]
    assert len(whole) >= 6
    for one, other in whole:
        assert one.settings != other.settings and one.values.shape[0] == other.values.shape[0]
    assert sum(np.array_equal(one.signs, other.signs) for one, other in whole) >= 6


def test_a_chunk_that_is_lost_is_drawn_again_alone(made):
    lost = made.folder / "results/pretraining/views/linear/1.safetensors"
    before = lost.read_bytes()
    lost.unlink()
    assert made.planned("training_views", *CONFIG) == {"draw_training_views", "training_views"}
    made.succeed("training_views", *CONFIG)
    assert lost.read_bytes() == before
