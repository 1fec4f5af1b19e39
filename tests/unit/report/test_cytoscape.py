"""The style for Cytoscape: of the network that it is for."""

from xml.etree import ElementTree

import pandas as pd
import pytest

from grn_gat.report.cytoscape import write_style
from grn_gat.report.figures_inferred import THEMES, WIDTHS

EDGES = pd.DataFrame(
    {"regulator": ["A", "A"], "target": ["B", "C"], "weight": [0.25, 0.75], "sign": ["+", "-"]}
)
HUBS = pd.DataFrame({"gene": ["A", "B", "C"], "out_degree": [2, 0, 0]})


def properties(path) -> dict[str, ElementTree.Element]:
    root = ElementTree.parse(path).getroot()
    assert root.tag == "vizmap" and [part.tag for part in root[0]] == ["network", "node", "edge"]
    return {item.get("name"): item for item in root.iter("visualProperty")}


def points(item: ElementTree.Element) -> list[tuple[float, str]]:
    return [
        (float(p.get("attrValue")), p.get("equalValue")) for p in item.iter() if len(p.attrib) == 4
    ]


@pytest.fixture
def style(tmp_path):
    def of(edges=EDGES, directed=True):
        write_style(tmp_path / "style.xml", edges, HUBS, directed)
        return properties(tmp_path / "style.xml")

    return of


def test_widths_and_sizes_are_over_the_range_of_the_network(style):
    found = style()
    assert points(found["EDGE_WIDTH"]) == [(0.25, str(WIDTHS[0])), (0.75, str(WIDTHS[1]))]
    assert [at for at, _ in points(found["NODE_SIZE"])] == [0, 2]
    assert (
        len(points(style(EDGES[:1])["EDGE_WIDTH"]))
        == len(points(style(EDGES[:0])["EDGE_WIDTH"]))
        == 1
    )


def test_signs_are_colours_and_heads_and_of_undirected_edges_lines(style):
    found = style()
    colours = {
        entry.get("attributeValue"): entry.get("value")
        for entry in found["EDGE_STROKE_UNSELECTED_PAINT"].iter("discreteMappingEntry")
    }
    signs = THEMES["light"].signs
    assert colours == {
        "activation": signs["+"],
        "repression": signs["-"],
        "unknown": signs["unknown"],
    }
    heads = [e.get("value") for e in found["EDGE_TARGET_ARROW_SHAPE"].iter("discreteMappingEntry")]
    assert heads == ["DELTA", "T", "NONE"]
    found = style(directed=False)
    assert not list(found["EDGE_TARGET_ARROW_SHAPE"]) and list(found["EDGE_LINE_TYPE"])


def test_attributes_are_those_of_the_graphml_file(style):
    named = {item.get("attributeName") for prop in style().values() for item in prop}
    assert named == {"sign", "weight", "out_degree", "name"}
