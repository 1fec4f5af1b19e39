"""The style of figures holds while one is drawn or written, and nowhere else."""

import os
import subprocess
import sys

import matplotlib
import matplotlib.pyplot as plt
import pytest

from grn_gat.report import style
from grn_gat.report.style import Drawing, figure_style, png_bytes, save_figure, subplots
from svg_labels import labels, outside, overlapping


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


def drawn(*texts: tuple[float, float, str], **options) -> Drawing:
    """A figure of two by one inches with texts at places of its own width and height."""
    figure = Drawing(figsize=(2, 1))
    for x, y, text in texts:
        figure.text(x, y, text, **options)
    return figure


def test_vector_forms_are_beside_the_picture_and_others_go(tmp_path):
    figure, path = drawn((0.1, 0.5, "a label")), str(tmp_path / "one.png")
    both = [
        str(tmp_path / f"{name}.{form}") for name in ("one", "other") for form in ("pdf", "svg")
    ]
    save_figure(figure, path, both)
    assert {p.name for p in tmp_path.iterdir()} == {"one.png", "one.pdf", "one.svg"}
    (label,), size = labels(tmp_path / "one.svg")
    assert label.text == "a label" and size == (144, 72)  # text, which a program can change
    pdf = (tmp_path / "one.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and b"/Type3" not in pdf and b"CreationDate" not in pdf
    save_figure(figure, path, both[1:])
    assert {p.name for p in tmp_path.iterdir()} == {"one.png", "one.svg"}
    save_figure(figure, path)
    assert {p.name for p in tmp_path.iterdir()} == {"one.png"}


def test_every_process_writes_the_same_bytes(tmp_path, repository):
    code = (
        "import sys; from grn_gat.report.style import save_figure, subplots; "
        "figure, axis = subplots(figsize=(2, 1)); axis.plot([1, 3, 2], 'o-', clip_on=True); "
        "axis.set_title('a label'); figure.legend(['line']); "
        "save_figure(figure, sys.argv[1] + '.png', [sys.argv[1] + '.pdf', sys.argv[1] + '.svg'])"
    )
    for name in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name)],
            cwd=repository / "scripts",
            env=os.environ | {"PYTHONHASHSEED": name},
            check=True,
        )
    for form in ("png", "pdf", "svg"):
        one, other = ((tmp_path / f"{name}.{form}").read_bytes() for name in ("1", "2"))
        assert one == other, form


@pytest.mark.parametrize("rotation", [0, 90, 45])
def test_labels_that_leave_a_figure_or_overlap_are_found(tmp_path, rotation):
    """What the tests of figures rest on: each way of lying wrong is told from lying right."""
    path, options = tmp_path / "one.svg", {"rotation": rotation, "ha": "center", "va": "center"}

    def wrong(*texts: tuple[float, float, str]) -> tuple[list, list]:
        save_figure(drawn(*texts, **options), str(tmp_path / "one.png"), [str(path)])
        return outside(path), overlapping(path)

    assert wrong((0.3, 0.5, "left"), (0.7, 0.5, "right")) == ([], [])
    assert wrong((0.02, 0.5, "outside"), (0.7, 0.98, "higher")) == (["outside", "higher"], [])
    found = wrong((0.5, 0.5, "one"), (0.53, 0.52, "other"))
    assert found == ([], [("one", "other")])


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
