"""A style for Cytoscape, which draws the GraphML file of a network as its figure is drawn.

Cytoscape (Shannon et al., Genome Research 13 (2003) 2498) reads it by File > Import > Styles from
File. Format: vizmap, version 3.0.
"""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

import pandas as pd

from grn_gat.core.files import PathLike, atomic_path
from grn_gat.data.network_export import ACTIVATION, REPRESSION, SIGN_WORDS, UNKNOWN
from grn_gat.report.figures_inferred import THEMES, WIDTHS

NAME = "grn-gat"
_PARTS = ("network", "node", "edge")
_SIZES = (30.0, 80.0)  # of nodes, from the fewest targets to the most
_HEADS = {ACTIVATION: "DELTA", REPRESSION: "T", UNKNOWN: "NONE"}
_COLOURS = THEMES["light"]


def write_style(path: PathLike, edges: pd.DataFrame, hubs: pd.DataFrame, directed: bool) -> None:
    """Write the style of a network: signs, widths and sizes over the range of its own values.

    Args:
        path: file to write; it appears complete or not at all. The same network gives the same
            bytes.
        edges: the drawn ones, with column weight.
        hubs: with column out_degree.
        directed: whether edges have a direction to draw.
    """
    root = ElementTree.Element("vizmap", id=NAME, documentVersion="3.0")
    style = ElementTree.SubElement(root, "visualStyle", name=NAME)
    network, node, edge = (ElementTree.SubElement(style, part) for part in _PARTS)
    _property(network, "NETWORK_BACKGROUND_PAINT", _COLOURS.page)
    ElementTree.SubElement(node, "dependency", name="nodeSizeLocked", value="true")
    _draw_nodes(node, hubs)
    ElementTree.SubElement(edge, "dependency", name="arrowColorMatchesEdge", value="true")
    _draw_edges(edge, edges, directed)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    with atomic_path(path) as temporary:
        temporary.write_bytes(text + b"\n")


def _draw_nodes(node: ElementTree.Element, hubs: pd.DataFrame) -> None:
    _property(node, "NODE_SHAPE", "ELLIPSE")
    _property(node, "NODE_BORDER_PAINT", _COLOURS.rim)
    _property(node, "NODE_BORDER_WIDTH", "1.0")
    _property(node, "NODE_LABEL_COLOR", _COLOURS.text)
    _property(node, "NODE_LABEL_FONT_SIZE", "14")
    label = _property(node, "NODE_LABEL", "")
    _mapping(label, "passthroughMapping", "name", "string")
    colour = _property(node, "NODE_FILL_COLOR", _COLOURS.target)
    _continuous(colour, "out_degree", [(0.5, _COLOURS.target, _COLOURS.regulator)])
    most = float(hubs["out_degree"].max()) if len(hubs) else 0.0
    size = _property(node, "NODE_SIZE", f"{_SIZES[0]}")
    _continuous(size, "out_degree", _over(0.0, max(most, 1.0), _SIZES))


def _draw_edges(edge: ElementTree.Element, edges: pd.DataFrame, directed: bool) -> None:
    for name in ("EDGE_STROKE_UNSELECTED_PAINT", "EDGE_UNSELECTED_PAINT"):
        _by_sign(_property(edge, name, _COLOURS.signs[UNKNOWN]), _COLOURS.signs)
    heads = _property(edge, "EDGE_TARGET_ARROW_SHAPE", "NONE")
    lines = _property(edge, "EDGE_LINE_TYPE", "SOLID")
    if directed:
        _by_sign(heads, _HEADS)
    else:
        _by_sign(lines, {REPRESSION: "EQUAL_DASH"})
    weights = edges["weight"]
    low, high = (weights.min(), weights.max()) if len(edges) else (0.0, 0.0)
    width = _property(edge, "EDGE_WIDTH", f"{WIDTHS[0]}")
    _continuous(width, "weight", _over(float(low), float(high), WIDTHS))


def _property(parent: ElementTree.Element, name: str, default: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, "visualProperty", name=name, default=default)


def _mapping(
    parent: ElementTree.Element, kind: str, attribute: str, what: str
) -> ElementTree.Element:
    return ElementTree.SubElement(parent, kind, attributeName=attribute, attributeType=what)


def _by_sign(parent: ElementTree.Element, values: Mapping[str, str]) -> None:
    mapping = _mapping(parent, "discreteMapping", "sign", "string")
    for sign, value in values.items():
        ElementTree.SubElement(
            mapping, "discreteMappingEntry", attributeValue=SIGN_WORDS[sign], value=value
        )


def _over(low: float, high: float, values: Sequence[float]) -> list[tuple[float, str, str]]:
    """Two points between which a value grows; one where there is no range."""
    first, last = (f"{value}" for value in (values[0], values[-1]))
    return [(low, first, first), (high, last, last)] if low < high else [(low, first, first)]


def _continuous(
    parent: ElementTree.Element, attribute: str, points: Sequence[tuple[float, str, str]]
) -> None:
    """Points: value of the attribute, and what is drawn below it and from it on."""
    mapping = _mapping(parent, "continuousMapping", attribute, "float")
    for at, below, above in points:
        ElementTree.SubElement(
            mapping, "continuousMappingPoint",
            attrValue=f"{at:.9f}", lesserValue=below, equalValue=above, greaterValue=above,
        )  # fmt: skip
