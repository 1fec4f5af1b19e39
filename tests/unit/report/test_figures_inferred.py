"""The figure of an inferred network: what is drawn, what it tells, and that it can be read."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from grn_gat.report.figures_inferred import THEMES, _size, plot_inferred, strongest
from grn_gat.report.style import as_text, save_figure
from svg_labels import outside, overlapping

LONG = ["Hbb-bt", "Slc25a37", "ENSMUSG00000031162", "1500009L16Rik", "H2-Eb1"]


def inferred(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["regulator", "target", "weight", "sign"])


def many(genes: int, edges: int, seed: int = 1) -> pd.DataFrame:
    """Random edges from a tenth of the genes, the strongest first."""
    rng = np.random.default_rng(seed)
    names = [*LONG, *(f"Gene{k}" for k in range(genes - len(LONG)))]
    drawn = np.stack([rng.integers(0, genes // 10, edges), rng.integers(0, genes, edges)])
    pairs = {(names[u], names[v]) for u, v in drawn.T if u != v}
    weights = np.sort(rng.random(len(pairs)))[::-1] + 0.01
    signs = rng.choice(["+", "-", "unknown"], len(pairs))
    return inferred(*((*p, w, s) for p, w, s in zip(sorted(pairs), weights, signs, strict=True)))


def heads(figure) -> list[str]:
    return [type(patch.get_arrowstyle()).__name__ for patch in figure.axes[0].patches]


def legend(figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_colour_and_head_tell_the_sign_and_width_the_score():
    edges = inferred(("a", "b", 0.9, "+"), ("b", "a", 0.5, "-"), ("b", "c", 0.1, "unknown"))
    figure = plot_inferred(edges, True, "mine", "probability")
    drawn = {patch.get_linewidth(): patch for patch in figure.axes[0].patches}
    strong, middle, weak = (drawn[width] for width in sorted(drawn, reverse=True))
    signs = THEMES["light"].signs
    for patch, sign in ((strong, "+"), (middle, "-"), (weak, "unknown")):
        assert patch.get_edgecolor()[:3] == to_rgb(signs[sign])
    assert sorted(heads(figure)) == ["BracketB", "CurveFilledB", "CurveFilledB"]
    # Halfway between the scores, halfway between the widths.
    middle_width = (strong.get_linewidth() + weak.get_linewidth()) / 2
    assert middle.get_linewidth() == pytest.approx(middle_width)
    assert {"activates", "represses", "sign unknown"} <= set(legend(figure))
    assert {"probability 0.1", "probability 0.9"} <= set(legend(figure))


def test_size_is_the_number_of_targets_and_fill_whether_there_is_one():
    edges = inferred(*(("a", name, 0.5, "+") for name in "bcde"), ("b", "c", 0.4, "+"))
    nodes = plot_inferred(edges, True, "", "").axes[0].collections[0]
    sizes = dict(zip("abcde", nodes.get_sizes(), strict=True))  # in the order of their names
    assert sizes["a"] > sizes["b"] > sizes["c"] == sizes["d"] == sizes["e"]
    step = (sizes["a"] - sizes["c"]) / 4  # areas grow with the number
    assert sizes["b"] == pytest.approx(sizes["c"] + step)
    fills = [tuple(colour[:3]) for colour in nodes.get_facecolors()]
    assert fills == [to_rgb(THEMES["light"].regulator)] * 2 + [to_rgb("#FFFFFF")] * 3


def test_undirected_pairs_are_one_line_without_an_arrow():
    edges = inferred(("b", "a", 0.9, "-"), ("a", "b", 0.9, "-"), ("c", "a", 0.5, "+"))
    figure = plot_inferred(edges, False, "", "")
    assert heads(figure) == ["Curve", "Curve"]
    assert [patch.get_linestyle() for patch in figure.axes[0].patches] == ["-", "--"]
    assert "one falls where the other rises" in legend(figure)


@pytest.mark.parametrize("genes", [50, 100, 400])
def test_of_a_large_network_the_strongest_edges(genes):
    edges = many(genes, 3 * genes)
    shown = strongest(edges)
    named = set(shown["regulator"]) | set(shown["target"])
    assert 23 <= len(named) <= 24
    pd.testing.assert_frame_equal(shown, edges[: len(shown)])  # none is left out on the way
    figure = plot_inferred(edges, True, "mine", "score")
    assert {text.get_text() for text in figure.axes[0].texts} == named
    title = figure.axes[0].get_title().splitlines()
    of = len(set(edges["regulator"]) | set(edges["target"]))
    said = f"The strongest {len(shown)} of {len(edges)} edges, among {len(named)} of {of} genes"
    assert title == ["mine", said]


@pytest.mark.parametrize("seed", range(6))
def test_a_name_is_nearest_to_its_own_gene(seed):
    edges = many(28, 90, seed)
    figure = plot_inferred(edges, True, "mine", "score")
    axis = figure.axes[0]
    genes = sorted(set(edges["regulator"]) | set(edges["target"]))
    places = np.asarray(axis.collections[0].get_offsets())
    radii = np.sqrt(axis.collections[0].get_sizes()) / 2
    wrong = 0
    for text in axis.texts:
        half = _size(text.get_text()) / 2
        box = np.clip(places, text.get_position() - half, text.get_position() + half)
        apart = np.linalg.norm(places - box, axis=1) - radii
        wrong += genes[int(apart.argmin())] != text.get_text()
    assert wrong == 0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("seed", range(4))
def test_no_name_leaves_the_page_or_covers_another(tmp_path, theme, seed):
    edges = many(30 if seed % 2 else 300, 60 if seed % 2 else 900, seed)
    figure = plot_inferred(edges, True, "mine", "probability of the edge", theme)
    save_figure(figure, str(tmp_path / "x.png"), [str(tmp_path / "x.svg")])
    assert outside(tmp_path / "x.svg") == [] and overlapping(tmp_path / "x.svg") == []


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    values = np.array(to_rgb(colour))
    linear = np.where(values <= 0.03928, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_contrast_is_enough(theme):
    # WCAG 2.1: 4.5 for text, 3 for what has to be seen to understand a graphic.
    for behind in (theme.page, theme.regulator, theme.target):
        assert contrast(theme.text, behind) >= 4.5
    for colour in (*theme.signs.values(), theme.rim):
        assert contrast(colour, theme.page) >= 3


def test_a_network_without_edges_says_so():
    axis = plot_inferred(inferred(), False, "mine", "score").axes[0]
    assert [text.get_text() for text in axis.texts] == ["no edge"]
    assert axis.get_title() == "mine"


def test_one_edge_is_drawn():
    figure = plot_inferred(inferred(("a", "b", 0.5, "+")), True, "", "")
    assert heads(figure) == ["CurveFilledB"]


def test_names_of_genes_are_no_formulas(tmp_path):
    names = ["$x$", "$\\frac{", "a_b^c", "$"]
    edges = inferred(*((names[k], names[k + 1], 0.5, "+") for k in range(3)))
    figure = plot_inferred(edges, True, "", "")
    figure.savefig(tmp_path / "x.png")  # which reads what is between two $ as a formula
    assert {text.get_text() for text in figure.axes[0].texts} == set(map(as_text, names))
