"""Target training_views: chunks of data sets of each kind, at toy size."""

import shutil

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
        for kind, number in {"boolean": 1, "linear": 1, "transcriptional": 2}.items()
        for chunk in range(1, number + 1)
    ]
    assert len(set(files.values())) == 4
    for name in files:
        views = list(load_views(made.folder / "results" / name))
        assert len(views) == 12 and {view.kind for view in views} == {name.split("/")[2]}


def test_a_chunk_that_is_lost_is_drawn_again_alone(made):
    lost = made.folder / "results/pretraining/views/linear/1.safetensors"
    before = lost.read_bytes()
    lost.unlink()
    assert made.planned("training_views", *CONFIG) == {"draw_training_views", "training_views"}
    made.succeed("training_views", *CONFIG)
    assert lost.read_bytes() == before
