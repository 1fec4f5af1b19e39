"""The figure of hubs: points and intervals are those of the table, hubs stand out, labels fit."""

from itertools import chain, pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from grn_gat.evaluate.hubs import HUB_MEASURES
from grn_gat.report.figures_hubs import CENTRALITIES, plot_hubs
from grn_gat.report.style import LATER_RANK, MEASURE_TITLES, MOST_GENES, RANK_STYLES, save_figure
from svg_labels import misplaced

COLUMNS = ["dropout", "source", "measure", "gene", "rank", "rank_low", "rank_high", "n"]
REFERENCE = [("reference", measure) for measure in HUB_MEASURES]
KNOCK_OUTS = [("reference", "consequence"), ("reference", "consequence_late")]
RANK_1, RANKS_2_3, LATER = RANK_STYLES[1][0], RANK_STYLES[3][0], LATER_RANK[0]


def of_protocol(protocol: str) -> list[tuple[str, str]]:
    attention = [
        (f"{kind}-{protocol}", f"attention_{end}")
        for kind in ("attention", "untrained")
        for end in ("given", "received")
    ]
    return [*((f"predicted-{protocol}", measure) for measure in HUB_MEASURES), *attention]


def ranked(source, measure, ranks: dict[str, int], n=1, dropout="all", by=1) -> pd.DataFrame:
    """Rows of one measure, with intervals of `by` ranks to either side."""
    rows = [
        (dropout, source, measure, gene, rank, max(rank - by, 1), min(rank + by, len(ranks)), n)
        for gene, rank in ranks.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def in_turn(genes: list[str]) -> dict[str, int]:
    return {gene: place + 1 for place, gene in enumerate(genes)}


def a_study(genes: list[str], protocols=("pair",), left_out=()) -> pd.DataFrame:
    """A table in which the reference has the genes in their order, and all else in any."""
    generator = np.random.default_rng(1)
    parts = [ranked(*key, in_turn(genes)) for key in REFERENCE]
    for key in chain(KNOCK_OUTS, *map(of_protocol, protocols)):
        parts.append(ranked(*key, in_turn(list(generator.permutation(genes))), n=20, by=4))
    table = pd.concat(parts, ignore_index=True)
    return table[~table["measure"].isin(left_out)]


def panels(figure) -> dict[tuple[str, str], list]:
    """Axes by title of row and of panel; all that is drawn."""
    found, row = {}, None
    for axis in (axis for axis in figure.axes if axis.get_visible()):
        row = axis.texts[0].get_text() if axis.texts else row
        found[row, axis.get_title().replace("\n", " ")] = axis
    return found


def points(axis) -> dict[int, tuple[float, str]]:
    """By line of a panel the rank and colour of its point."""
    return {
        int(place): (float(rank), to_hex(line.get_color()).upper())
        for line in axis.lines
        for rank, place in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }


def bars(axis) -> dict[int, tuple[float, float, str]]:
    """By line of a panel both ends and the colour of its interval."""
    grid, *intervals = axis.collections
    assert len(grid.get_segments()) == len(points(axis))
    return {
        int(first[1]): (first[0], last[0], to_hex(part.get_color()[0]).upper())
        for part in intervals
        for first, last in part.get_segments()
    }


def names(axis) -> list[str]:
    return [label.get_text() for label in axis.get_yticklabels()]


def all_text(figure) -> str:
    return " ".join(text.get_text() for text in figure.texts).replace("\n", " ")


def test_points_and_intervals_are_those_of_the_table():
    genes = [f"G{i}" for i in range(11)]
    table = a_study(genes)
    found = panels(plot_hubs(table))
    titles = [MEASURE_TITLES[measure] for measure in CENTRALITIES]
    reference, predicted = dict.fromkeys(row for row, _ in found)
    assert reference == "Reference network (knock-outs: n = 20)"
    assert predicted == "Predicted networks and attention, protocol pair (n = 20)"
    assert list(found) == [
        *((reference, title) for title in (*titles, "knock-out", "knock-out, late")),
        *((predicted, title) for title in (*titles, "attention, trained", "attention, untrained")),
    ]
    drawn = [("reference", measure) for measure in CENTRALITIES] + KNOCK_OUTS
    drawn += [("predicted-pair", measure) for measure in CENTRALITIES]
    drawn += [("attention-pair", "attention_given"), ("untrained-pair", "attention_given")]
    for (source, measure), axis in zip(drawn, found.values(), strict=True):
        part = table[(table["source"] == source) & (table["measure"] == measure)]
        rows = part.set_index("gene").loc[genes]
        shown = points(axis)
        assert [shown[place][0] for place in range(11)] == rows["rank"].tolist()
        ends = {place: bar[:2] for place, bar in bars(axis).items()}
        given = enumerate(zip(rows["rank_low"], rows["rank_high"], strict=True))
        assert ends == (dict(given) if rows["n"].iloc[0] > 1 else {})
        assert axis.get_xscale() == "log"
        low, high = axis.get_xlim()
        assert low < 1 and high > 11


def test_hubs_stand_out_and_the_last_ranks_recede():
    genes = [f"G{i}" for i in range(8)]
    found = panels(plot_hubs(a_study(genes))).values()
    axis, *_ = found
    colours = [points(axis)[place][1] for place in range(8)]
    assert colours == [RANK_1, RANKS_2_3, RANKS_2_3, *[LATER] * 5]
    size = {to_hex(line.get_color()).upper(): line.get_markersize() for line in axis.lines}
    assert size[RANK_1] > size[RANKS_2_3] > 1.5 * size[LATER]
    for axis in found:
        of_points = {place: colour for place, (_, colour) in points(axis).items()}
        assert all(of_points[place] == bar[2] for place, bar in bars(axis).items())
    weights = [[label.get_weight() for label in axis.get_yticklabels()] for axis in found]
    assert weights[0] == ["bold"] * 3 + ["normal"] * 5


def test_ties_stand_out_together_unless_most_genes_share_them():
    ranks = {
        "degree": [1, 1, 3, 3, 5, 6],
        "in_degree": [1, 1, 1, 4, 5, 6],
        "betweenness": [1, 2, 3, 3, 3, 3],  # of four genes it is 0
        "closeness": [1, 1, 1, 1, 1, 1],
    }
    genes = list("abcdef")
    parts = [
        ranked("reference", measure, dict(zip(genes, places, strict=True)))
        for measure, places in ranks.items()
    ]
    found = panels(plot_hubs(pd.concat(parts)))
    colours = {
        title: [points(axis)[place][1] for place in range(6)] for (_, title), axis in found.items()
    }
    assert colours == {
        "degree": [RANK_1, RANK_1, RANKS_2_3, RANKS_2_3, LATER, LATER],
        "in-degree": [RANK_1] * 3 + [LATER] * 3,
        "betweenness": [RANK_1, RANKS_2_3, *[LATER] * 4],
        "closeness": [LATER] * 6,
    }


def test_genes_are_in_the_order_of_their_mean_rank_by_centrality():
    parts = [
        ranked("reference", "degree", {"a": 3, "b": 1, "c": 2}),
        ranked("reference", "pagerank", {"a": 2, "b": 1, "c": 3}),
        ranked("reference", "in_degree", {"a": 1, "b": 2, "c": 3}),
        # None of these has a say.
        ranked("reference", "clustering", {"a": 2, "b": 3, "c": 1}),
        ranked("reference", "consequence", {"a": 2, "b": 3, "c": 1}, n=10),
        *(ranked(*key, {"a": 2, "b": 3, "c": 1}, n=10) for key in of_protocol("pair")),
    ]
    axes = panels(plot_hubs(pd.concat(parts))).values()
    assert [names(axis) for axis in axes if names(axis)] == [["b", "a", "c"]] * 2


def test_of_many_genes_the_first_are_drawn_and_the_others_counted():
    genes = [f"G{i}" for i in range(60)]
    figure = plot_hubs(a_study(genes))
    for axis in panels(figure).values():
        assert axis.get_xlim()[1] > 60
        assert set(points(axis)) <= set(range(MOST_GENES))
        assert names(axis) in ([], genes[:MOST_GENES])
    assert f"the first {MOST_GENES} of 60, 30 are left out" in all_text(figure)
    assert "left out" not in all_text(plot_hubs(a_study(genes[:MOST_GENES])))


def test_methods_and_single_dropout_levels_are_left_to_the_table():
    genes = ["a", "b", "c", "d"]
    table = a_study(genes)
    others = [
        ranked("method-clr", "degree", in_turn(genes[::-1]), n=5),
        ranked("predicted-pair", "degree", in_turn(genes[::-1]), n=5, dropout="50"),
        ranked("predicted-gene", "degree", in_turn(genes[::-1]), n=5, dropout="50"),
    ]
    with_others, without = plot_hubs(pd.concat([*others, table])), plot_hubs(table)
    found, wanted = panels(with_others), panels(without)
    assert list(found) == list(wanted)
    assert [points(axis) for axis in found.values()] == [points(a) for a in wanted.values()]


def test_legend_names_intervals_where_there_are_some():
    genes = ["a", "b", "c", "d"]
    for table, some in ((a_study(genes), True), (a_study(genes).query("n == 1"), False)):
        figure = plot_hubs(table)
        words = [text.get_text() for text in figure.legends[0].get_texts()]
        assert words[:2] == ["rank 1", "ranks 2–3"] and words[2].startswith("later")
        assert any("middle 95 %" in text for text in words) == some
        assert any("n = " in row for row, _ in panels(figure)) == some


ALL_ATTENTION = ["attention_given", "attention_received"]
CASES = {  # what `a_study` is asked for
    "2 genes": (["a", "b"],),
    "5 genes": ([f"G{i}" for i in range(5)],),
    "5 protocols": (
        [f"Gene{i}" for i in range(11)], ["gene", "regulator", "pair", "pooled", "paper"],
    ),
    "60 genes": ([f"G{i}" for i in range(60)],),
    "900 long names": ([f"ENSMUSG{i:011d}" for i in range(900)],),
    "names with signs": (["a$b$", "x_1", "c$", "HLA-DRB1", "é"],),
    "no protocol": (list("abcdef"), []),
    "no knock-outs": (list("abcdef"), [], ["consequence", "consequence_late"]),
    "no attention": (list("abcdef"), ["pair"], ALL_ATTENTION),
    "no degree": (list("abcdef"), ["pair"], ["degree", "pagerank"]),
    "one measure": (list("abcdef"), ["regulator"], {*MEASURE_TITLES} - {"betweenness"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_all_lies_inside_and_apart(case, tmp_path):
    figure = plot_hubs(a_study(*CASES[case]))
    assert misplaced(figure, tmp_path) == []
    figure.dpi = 180  # as it is saved
    (legend,) = figure.legends
    boxes = [axis.get_window_extent() for axis in panels(figure).values()]
    whole, below = figure.bbox, legend.get_window_extent()
    for box in (*boxes, below):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= whole.x1 and box.y1 <= whole.y1
    labelled = [axis.get_tightbbox() for axis in panels(figure).values()]
    assert below.y1 <= min(box.y0 for box in labelled) + 2  # of pixels: no panel is covered
    for one, other in pairwise(boxes):  # side by side, or in another row
        assert one.x1 < other.x0 or one.y0 > other.y1
    for axis, box in zip(panels(figure).values(), boxes, strict=True):
        for place, (rank, _) in points(axis).items():
            x, y = axis.transData.transform((rank, place))
            radius = 0.5 * RANK_STYLES[1][1] ** 0.5 * figure.dpi / 72
            assert box.x0 <= x - radius and x + radius <= box.x1 and box.y0 < y < box.y1


def test_every_form_is_written(tmp_path):
    paths = [str(tmp_path / f"hubs.{form}") for form in ("png", "svg", "pdf")]
    save_figure(plot_hubs(a_study(list("abcde"))), paths[0], paths[1:])
    begins = [(tmp_path / f"hubs.{form}").read_bytes()[:5] for form in ("png", "svg", "pdf")]
    assert begins == [b"\x89PNG\r", b"<?xml", b"%PDF-"]
