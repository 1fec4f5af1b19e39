"""Figures of the methods: every value stands where it belongs, whatever is missing."""

import warnings
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.algorithms._registry import method_names
from grn_gat.core.files import read_table
from grn_gat.report.figures_methods import (
    plain_number,
    plot_beeline,
    plot_method_curves,
    plot_method_summary,
    summary_order,
)
from grn_gat.report.method_titles import method_title
from grn_gat.report.selection import Selection
from grn_gat.report.style import LINE_STYLES, in_fixed_order, line_style, save_figure, styles
from svg_labels import labels, outside, overlapping

RESOURCES = Path(__file__).parents[3] / "workflow" / "resources"
METHODS = list(LINE_STYLES)
SYNTHETIC = [
    f"dyn-{kind}-{cells}"
    for kind in ("LI", "CY", "LL", "BF", "BFC", "TF")
    for cells in (100, 200, 500, 2000, 5000)
]


@pytest.fixture(autouse=True)
def strict_and_closed():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    plt.close("all")


def tables(ratios: dict[str, dict[str, float]]) -> dict[str, pd.DataFrame]:
    """Tables of the summary figure from average precision ratios by network and method."""
    summary, stability, usage = [], [], []
    for network, by_method in ratios.items():
        for method, ratio in by_method.items():
            for dropout, factor in (("0", 3), ("50", 1)):
                key = (network, dropout, "unsupervised", method)
                summary.append((*key, "average_precision_ratio", ratio * factor))
                summary.append((*key, "early_precision_ratio", ratio * factor / 2))
                summary.append((network, dropout, "pair", method, "average_precision_ratio", 77))
                agreement = np.nan if method == "constant" else 0.25 * factor
                stability.append((*key, agreement, -0.001))
            if method not in ("random", "constant"):
                usage.append((network, method, 12345.0, 0.0037))
    return {
        "summary": pd.DataFrame(
            summary, columns=["network", "dropout", "protocol", "method", "metric", "mean"]
        ),
        "stability": pd.DataFrame(
            stability,
            columns=["network", "dropout", "protocol", "method", "jaccard", "spearman"],
        ),
        "usage": pd.DataFrame(
            usage, columns=["network", "method", "cpu_seconds", "peak_memory_mb"]
        ),
        "failures": failed([]),
    }


def failed(rows: list) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["network", "dropout", "replicate", "method", "reason"])


def blocks(figure) -> dict[str, plt.Axes]:
    return {axis.get_title().replace("\n", " "): axis for axis in figure.axes if axis.get_title()}


def cells(axis) -> dict[tuple[int, int], str]:
    """Text by row and column."""
    return {
        (int(text.get_position()[1]), int(text.get_position()[0])): text.get_text()
        for text in axis.texts
    }


def row_names(figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_rows_by_mean_ratio_then_controls_and_every_value_in_its_cell():
    ratios = {
        "a": {"constant": 1, "pearson": 1.5, "genie3": 3, "mine": 0.8, "random": 1.02},
        "b": {"constant": 1, "pearson": 2.5, "genie3": 0.4, "mine": 0.9, "random": 0.98},
    }
    figure = plot_method_summary(**tables(ratios), dropout="50")
    assert row_names(figure) == ["Pearson", "GENIE3", "mine", "random score", "constant score"]
    drawn = blocks(figure)
    assert list(drawn) == [
        "average precision ratio",
        "early precision ratio",
        "stability (Jaccard)",
        "stability (Spearman)",
        "CPU time per data set (s)",
        "peak memory (MB)",
    ]
    order = ["pearson", "genie3", "mine", "random", "constant"]
    for i, method in enumerate(order):
        for j, network in enumerate(ratios):
            value = ratios[network][method]
            control = method in ("random", "constant")
            expected = [
                f"{value:.2f}",
                f"{value / 2:.2f}",
                "–" if method == "constant" else "0.25",
                "0.00",
                "–" if control else "12k",
                "–" if control else "<0.01",
            ]
            assert [cells(axis)[i, j] for axis in drawn.values()] == expected
    networks = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert networks == ["a", "b"]
    assert "dropout 50 %" in figure.get_suptitle()


def test_line_above_the_controls_and_colours_around_random():
    ratios = {"a": {"pearson": 4, "ppcor": 0.001, "random": 1}}
    axis = plot_method_summary(**tables(ratios), dropout="50").axes[0]
    assert [list(line.get_ydata()) for line in axis.lines] == [[2, 2]]
    better, worse, chance = axis.collections[0].to_rgba([4, 0.001, 1])
    assert better[2] > better[0] and worse[0] > worse[2]
    assert np.allclose(chance, 1, atol=0.01)


def test_method_that_failed_has_empty_cells_and_one_that_failed_in_part_a_dot():
    given = tables({"a": {"pearson": 2, "leap": 3}, "b": {"pearson": 2}})
    given["failures"] = failed(
        [
            ("a", "50", 1, "scode", "no convergence"),
            ("a", "50", 2, "leap", "too few cells"),
            ("b", "0", 1, "pearson", "other dropout level"),
        ]
    )
    figure = plot_method_summary(**given, dropout="50")
    assert row_names(figure) == ["LEAP", "Pearson", "SCODE"]
    for title, axis in blocks(figure).items():
        text = cells(axis)
        assert text[2, 0] == text[2, 1] == text[0, 1] == "–"
        assert "–" not in (text[0, 0], text[1, 0], text[1, 1])
        dots = [(int(line.get_ydata()[0]), int(line.get_xdata()[0])) for line in axis.lines]
        assert dots == ([] if title.startswith(("CPU", "peak")) else [(0, 0)])
        assert axis.collections[0].get_array().mask.sum() == 3
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["no value (–)", "failed on some data sets"]


def test_nothing_measured():
    given = tables({"a": {"random": 1}})
    given["stability"] = given["stability"].iloc[:0]
    figure = plot_method_summary(**given, dropout="50")
    # stability and costs, of which there is no value, are left out
    assert [cells(axis)[0, 0] for axis in blocks(figure).values()] == ["1.00", "0.50"]
    with pytest.raises(ValueError, match="dropout 90"):
        plot_method_summary(**given, dropout="90")


def test_costs_of_a_data_set_stand_at_each_of_its_references():
    given = tables({"a.x": {"pidc": 1, "clr": 2}, "a.y": {"pidc": 1, "clr": 2}})
    given["usage"] = given["usage"][given["usage"]["network"] == "a.x"].assign(network="a")
    figure = plot_method_summary(**given, dropout="50", data_sets={"a.x": "a", "a.y": "a"})
    costs = cells(blocks(figure)["CPU time per data set (s)"])
    assert costs[0, 0] == costs[0, 1] and costs[1, 0] == costs[1, 1] and "–" not in costs.values()


@pytest.mark.parametrize("networks", [["HSC"], SYNTHETIC], ids=["1", "30"])
def test_nothing_is_cut_off_and_no_text_leaves_its_cell(networks):
    ratios = {n: {m: 1 + 0.37 * i for i, m in enumerate(METHODS)} for n in networks}
    figure = plot_method_summary(**tables(ratios), dropout="50")
    figure.canvas.draw()
    whole = figure.bbox.padded(1)
    for title, axis in blocks(figure).items():
        # Two by two, rows without a value are left out: no control has costs.
        left_out = 2 if len(networks) > 1 and title.startswith(("CPU", "peak")) else 0
        rows = len(METHODS) - left_out
        assert len(axis.texts) == len(networks) * rows
        width = axis.bbox.width / len(networks)
        height = axis.bbox.height / rows
        for text in axis.texts[:: len(axis.texts) // 7]:
            extent = text.get_window_extent()
            assert extent.width < width and extent.height < height
        labels = [*axis.get_xticklabels(), *axis.get_yticklabels(), axis.title]
        boxes = [label.get_window_extent() for label in labels if label.get_text()]
        assert all(whole.x0 <= b.x0 and b.x1 <= whole.x1 and whole.y0 <= b.y0 for b in boxes)
        names = [label.get_window_extent() for label in axis.get_xticklabels()]
        assert not any(a.overlaps(b) for a, b in pairwise(names))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.00"), (-0.001, "0.00"), (0.001, "<0.01"), (0.006, "0.01"),
     (9.994, "9.99"), (9.996, "10.0"), (99.97, "100"),
     (4100.2, "4100"), (9999.7, "10k"), (123456, "123k")],
)  # fmt: skip
def test_numbers_are_short(value, text):
    assert plain_number(value) == text


def replicates(values: dict[tuple[str, str], list[float]], prevalence: float) -> pd.DataFrame:
    rows = []
    for (network, method), numbers in values.items():
        for replicate, number in enumerate(numbers, 1):
            key = ("unsupervised", method, 1, replicate)
            rows.append((network, "0", *key, "auprc_beeline", number))
            rows.append((network, "0", *key, "prevalence", prevalence))
            rows.append((network, "50", *key, "auprc_beeline", 0.99))
            rows.append((network, "0", "pair", *key[1:], "auprc_beeline", 0.98))
    columns = ["network", "dropout", "protocol", "method", "seed", "replicate", "metric", "value"]
    return pd.DataFrame(rows, columns=columns)


def test_published_values_stand_beside_ours():
    published = read_table(RESOURCES / "beeline_values.tsv")
    ours = replicates(
        {
            ("HSC", "pidc"): [0.4, 0.5, 0.45],
            ("HSC", "clr"): [0.3],
            ("HSC", "random"): [0.2],
            ("VSC", "pidc"): [0.7],
            ("elsewhere", "pidc"): [0.9],
        },
        prevalence=0.236,
    )
    figure = plot_beeline(ours, published)
    assert [axis.get_title() for axis in figure.axes] == ["VSC", "HSC"]
    names = row_names(figure)
    assert names[:2] == ["PIDC", "CLR"] and names[-1] == "random score"
    assert set(names[2:-1]) == {method_title(m) for m in published["method"]} - {"PIDC"}

    axis = figure.axes[1]
    assert axis.get_xlim() == (0, 1)
    by_marker = {}
    for line in axis.lines:
        row = round(float(np.mean(line.get_ydata())))
        by_marker.setdefault((line.get_marker(), row), []).append(list(line.get_xdata()))
    assert by_marker["o", 0] == [[0.4, 0.5, 0.45]]
    assert [0.45, 0.45] in by_marker["None", 0]
    assert by_marker["o", len(names) - 1] == [[0.2]]
    wanted = published[(published["network"] == "HSC") & (published["metric"] == "auprc_beeline")]
    for line in wanted.itertuples():
        row = names.index(method_title(line.method))
        assert by_marker["D", row] == [[line.median]]
        assert [line.low, line.high] in by_marker["None", row]
    assert not any(("D", names.index(name)) in by_marker for name in ("CLR", "random score"))
    dotted = [line.get_xdata() for line in axis.lines if line.get_linestyle() == ":"]
    assert [list(x) for x in dotted] == [[0.236, 0.236]]

    figure.canvas.draw()
    legend = figure.legends[0].get_window_extent()
    label = figure.texts[0]
    assert label.get_text() == "AUPRC (BEELINE v1.1's trapezoid)"
    for other in (label, *(axis.title for axis in figure.axes)):
        assert not legend.overlaps(other.get_window_extent())


def test_published_without_a_common_network():
    published = read_table(RESOURCES / "beeline_values.tsv")
    with pytest.raises(ValueError, match="no network"):
        plot_beeline(replicates({("x", "pidc"): [0.5]}, 0.2), published)


def test_table_of_published_values():
    published = read_table(RESOURCES / "beeline_values.tsv")
    assert list(published) == ["network", "method", "metric", "median", "low", "high"]
    assert len(published) == 4 * 11 * 3
    assert not published.duplicated(["network", "method", "metric"]).any()
    assert set(published["metric"]) == {"auprc_beeline", "auroc", "early_precision"}
    assert all(method_title(m) != m for m in published["method"])
    assert ((published["low"] <= published["median"]) & (published["median"] <= published["high"])
            & (published["low"] >= 0) & (published["high"] <= 1)).all()  # fmt: skip
    genie3 = published.query("network == 'mCAD' and method == 'genie3'").set_index("metric")
    assert genie3.loc["auprc_beeline", ["median", "low", "high"]].tolist() == [
        0.5189, 0.5136, 0.5232,
    ]  # fmt: skip


def curves(methods: list[str], dropouts: list[str]) -> pd.DataFrame:
    x = np.linspace(0, 1, 5)
    return pd.concat(
        pd.DataFrame({"x": x, "y": height * x if curve == "pr" else 0.9}).assign(
            dropout=dropout, protocol=protocol, method=method, seed=seed, curve=curve
        )
        for dropout in dropouts
        for method in methods
        for protocol in ("unsupervised", "pair")
        for curve in ("pr", "roc")
        for seed, height in ((1, 0.2), (2, 0.4 if protocol == "unsupervised" else 1.0))
    )


def test_curves_are_means_over_seeds_within_the_limits():
    figure = plot_method_curves(curves(["pearson", "random"], ["0", "100", "50"]), 0.3)
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["dropout 0 %", "dropout 50 %", "dropout 100 %"]
    for axis in figure.axes:
        assert axis.get_xlim() == axis.get_ylim() == (0, 1)
        prevalence, *methods = axis.lines
        assert list(prevalence.get_ydata()) == [0.3, 0.3]
        assert len(methods) == 2
        for line in methods:
            assert np.allclose(line.get_ydata(), 0.3 * np.linspace(0, 1, 5))
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["Pearson", "random score", "share of edges"]


def test_precision_of_rare_edges_is_shown_up_to_what_is_reached():
    given = curves(["pearson", "random"], ["0"])  # means over seeds rise to 0.3
    (axis,) = plot_method_curves(given, 0.04).axes
    assert axis.get_ylim() == pytest.approx((0, 0.33)) and "recall 0.02" in axis.get_ylabel()
    knowing = curves(["out-degree-oracle"], ["0"])
    knowing["y"] *= 3
    (axis,) = plot_method_curves(pd.concat([given, knowing]), 0.04).axes
    assert axis.get_ylim() == pytest.approx((0, 0.33))  # what knows the degrees does not count
    given["y"] *= 0.1  # nothing above the share of edges
    (axis,) = plot_method_curves(given, 0.04).axes
    assert axis.get_ylim() == pytest.approx((0, 0.088))


def test_five_dropout_levels_leave_one_panel_empty():
    figure = plot_method_curves(curves(["clr"], ["0", "20", "40", "60", "80"]), 0.3)
    assert [axis.get_visible() for axis in figure.axes] == [True] * 5 + [False]


def test_styles_are_distinct_and_do_not_depend_on_what_is_drawn():
    assert len({line_style(method) for method in METHODS}) == len(METHODS) == 24
    every = {*METHODS, *method_names()}  # whose style comes from its name, too
    assert len({line_style(method) for method in every}) == len(every)
    assert all(line_style(m)[1] == ":" for m in ("random", "constant"))
    others = ("Boolean", "ChIP", "CollecTRI", "STRING")
    degrees = [f"{what}-of-{name}" for what in ("degree-product", "in-degree") for name in others]
    found = styles([*every, *degrees])
    assert len({found[m] for m in degrees}) == len(degrees)
    assert not {found[m][0] for m in degrees} & {found[m][0] for m in every}
    alone = plot_method_curves(curves(["leap", "new-method"], ["0"]), 0.3)
    among = plot_method_curves(curves([*METHODS, "new-method"], ["0"]), 0.3)
    for name in ("LEAP", "new-method"):
        drawn = [
            (handle.get_color(), handle.get_linestyle())
            for figure in (alone, among)
            for handle, text in zip(
                figure.legends[0].legend_handles, figure.legends[0].get_texts(), strict=True
            )
            if text.get_text() == name
        ]
        assert len(drawn) == 2 and drawn[0] == drawn[1]


def test_what_sees_no_cell_stands_with_the_controls():
    methods = {"random", "out-degree-oracle", "clr", "in-degree-of-ChIP", "constant", "zz"}
    controls = ["random", "constant", "in-degree-of-ChIP", "out-degree-oracle"]
    assert in_fixed_order(methods) == ["clr", "zz", *controls]
    ratio = pd.DataFrame({"net": range(6)}, index=sorted(methods), dtype=float)
    assert summary_order(ratio) == ["zz", "clr", *controls]


def test_titles_of_degrees_in_another_reference():
    assert method_title("degree-product-of-ChIP") == "degree product of ChIP"
    assert method_title("in-degree-of-STRING") == "in-degree of STRING"
    assert "oracle" in method_title("out-degree-oracle")


def written(figure, folder: Path) -> Path:
    save_figure(figure, str(folder / "figure.png"), [str(folder / "figure.svg")])
    return folder / "figure.svg"


@pytest.mark.parametrize("networks", [["HSC"], SYNTHETIC[:6], SYNTHETIC])
def test_labels_of_a_full_summary_lie_inside_and_apart(tmp_path, networks):
    ratios = {n: {m: 1 + k / 7 for k, m in enumerate(METHODS)} for n in networks}
    figure = plot_method_summary(**tables(ratios), dropout="50")
    path = written(figure, tmp_path)
    texts = {label.text for label in labels(path)[0]}
    assert {method_title(method) for method in METHODS} <= texts
    assert outside(path) == [] and overlapping(path) == []


@pytest.mark.parametrize("dropouts", [["0"], ["0", "20", "40", "60", "80"]])
def test_labels_of_all_curves_lie_inside_and_apart(tmp_path, dropouts):
    methods = [*METHODS, "my-own-method-with-a-very-long-name"]
    path = written(plot_method_curves(curves(methods, dropouts), 0.3), tmp_path)
    assert len(labels(path)[0]) > len(methods)
    assert outside(path) == [] and overlapping(path) == []


def test_a_selection_is_drawn_beside_the_controls():
    given, chosen = curves(["clr", "leap", "pidc", "random"], ["0"]), Selection(["leap", "clr"])
    legend = plot_method_curves(given, 0.3, chosen).legends[0]
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["CLR", "LEAP", "random score", "share of edges"]
    ratios = {"a": {"constant": 1, "pearson": 1.5, "genie3": 3, "random": 1.02}}
    figure = plot_method_summary(**tables(ratios), dropout="50", selection=Selection(["pearson"]))
    assert row_names(figure) == ["Pearson", "random score", "constant score"]
    published = read_table(RESOURCES / "beeline_values.tsv")
    ours = replicates({("HSC", "pidc"): [0.4], ("HSC", "clr"): [0.3]}, 0.2)
    assert row_names(plot_beeline(ours, published, Selection(["clr"]))) == ["CLR"]


def test_a_method_that_is_pointed_out_is_thicker_and_bold_among_paler_ones():
    chosen = Selection(highlighted=["leap"])
    figure = plot_method_curves(curves(["clr", "leap", "random"], ["0"]), 0.3, chosen)
    legend = figure.legends[0]
    names = [text.get_text() for text in legend.get_texts()]
    drawn = dict(zip(names, legend.legend_handles, strict=True))
    assert drawn["LEAP"].get_linewidth() > 2 * drawn["CLR"].get_linewidth()
    assert drawn["LEAP"].get_alpha() is None and drawn["CLR"].get_alpha() <= 0.5
    assert drawn["LEAP"].get_linestyle() == "-"
    axis = figure.axes[0]
    assert max(axis.lines, key=lambda line: line.zorder).get_color() == line_style("leap")[0]
    ratios = {"a": {"pearson": 1.5, "leap": 3, "random": 1.02}}
    figure = plot_method_summary(**tables(ratios), dropout="50", selection=chosen)
    weights = {t.get_text(): t.get_fontweight() for t in figure.axes[0].get_yticklabels()}
    assert weights == {"LEAP": "bold", "Pearson": "normal", "random score": "normal"}
