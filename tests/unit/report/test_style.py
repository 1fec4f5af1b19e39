"""The style of figures holds while one is drawn or written, and nowhere else."""

import subprocess
import sys

import matplotlib
import matplotlib.pyplot as plt

from grn_gat.report import style
from grn_gat.report.style import Drawing, figure_style, png_bytes, save_figure, subplots


def test_style_holds_within_a_function_only():
    before = dict(matplotlib.rcParams)

    @figure_style()
    def drawn() -> float:
        return matplotlib.rcParams["font.size"]

    assert drawn() == drawn() == 9
    assert dict(matplotlib.rcParams) == before and before["font.size"] != 9


def test_figures_are_written_in_the_style(tmp_path):
    paths = tmp_path / "one.png", tmp_path / "other.png"
    figure = Drawing(figsize=(1, 1))
    for path in paths:
        save_figure(figure, path)
    assert png_bytes(figure) == paths[0].read_bytes() == paths[1].read_bytes()
    assert plt.imread(paths[0]).shape[:2] == (180, 180)


def test_a_figure_is_that_of_pyplot_without_its_window():
    asked = {"figsize": (4, 3), "sharey": True, "squeeze": False, "layout": "constrained"}
    with figure_style():
        ours, axes = subplots(1, 2, **asked)
        theirs, others = plt.subplots(1, 2, **asked)
    plt.close(theirs)
    for some in (axes, others):
        some[0, 1].plot([1, 2], [3, 4])
    assert png_bytes(ours) == png_bytes(theirs) and axes.shape == (1, 2)
    assert not plt.get_fignums()


def test_a_notebook_shows_a_figure():
    figure = subplots(figsize=(1, 1))[0]
    assert figure._repr_png_() == (png_bytes(figure), {"width": 100, "height": 100})


def test_no_module_of_figures_changes_what_others_set(repository):
    """Neither settings nor the backend, which a notebook or a window of the user needs."""
    names = [p.stem for p in (repository / "scripts/grn_gat/report").glob("figures_*.py")]
    assert len(names) > 5
    modules = "; ".join(f"import grn_gat.report.{name}" for name in names)
    code = (
        f"import matplotlib; before = dict(matplotlib.rcParams); {modules}; "
        "after = dict(matplotlib.rcParams); changed = [k for k in after if before[k] != after[k]]; "
        "print(changed)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository / "scripts",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
    assert style.MOST_GENES == 30
