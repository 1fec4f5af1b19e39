"""The style of figures holds while one is drawn or written, and nowhere else."""

import subprocess
import sys

import matplotlib
import matplotlib.pyplot as plt
import pytest

from grn_gat.report import style
from grn_gat.report.style import figure_style, png_bytes, save_figure


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_style_holds_within_a_function_only():
    before = dict(matplotlib.rcParams)

    @figure_style()
    def drawn() -> float:
        return matplotlib.rcParams["font.size"]

    assert drawn() == drawn() == 9
    assert dict(matplotlib.rcParams) == before and before["font.size"] != 9


def test_figures_are_written_in_the_style_and_closed(tmp_path):
    paths = tmp_path / "one.png", tmp_path / "other.png"
    for path in paths:
        figure = plt.figure(figsize=(1, 1))
        save_figure(figure, path)
        assert not plt.fignum_exists(figure.number)
    figure = plt.figure(figsize=(1, 1))
    assert png_bytes(figure) == paths[0].read_bytes() == paths[1].read_bytes()
    assert plt.imread(paths[0]).shape[:2] == (180, 180)


def test_no_module_of_figures_changes_the_settings_of_others(repository):
    names = [p.stem for p in (repository / "scripts/grn_gat/report").glob("figures_*.py")]
    assert len(names) > 5
    modules = "; ".join(f"import grn_gat.report.{name}" for name in names)
    code = (
        f"import matplotlib; before = dict(matplotlib.rcParams); {modules}; "
        "after = dict(matplotlib.rcParams); changed = [k for k in after if before[k] != after[k]]; "
        "print([k for k in changed if 'backend' not in k], after['backend'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository / "scripts",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.lower() == "[] agg\n"
    assert style.MOST_GENES == 30
