"""The labels of a figure written as SVG: where each text lies, and which lie where they must not.

Sizes are those of DejaVu Sans, which matplotlib lays figures out with.
"""

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from grn_gat.report.style import save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"
_LEFT = {"start": 0.0, "middle": 0.5, "end": 1.0}


class Label(NamedTuple):
    """A text and the corners (4, 2) of the rectangle around its ink, in points."""

    text: str
    corners: np.ndarray


def labels(path: Path) -> tuple[list[Label], tuple[float, float]]:
    """Return the texts of an SVG file, and its width and height in points."""
    root = ElementTree.parse(path).getroot()
    width, height = (float(root.get(side).removesuffix("pt")) for side in ("width", "height"))
    found = []
    for element in root.iter(f"{_SVG}text"):
        parts = list(element.iter(f"{_SVG}tspan")) or [element]
        style = dict(re.findall(r"([\w-]+): ([^;]+)", element.get("style", "")))
        for part in parts:
            own = style | dict(re.findall(r"([\w-]+): ([^;]+)", part.get("style", "")))
            if part.text and part.text.strip():
                found.append(Label(part.text, _corners(element, part, own)))
    return found, (width, height)


def _corners(element: ElementTree.Element, part: ElementTree.Element, style: dict) -> np.ndarray:
    """Corners of the ink of a text: its place, anchor and rotation are attributes."""
    weight = "bold" if style.get("font-weight") in ("bold", "700") else "normal"
    size = float(re.search(_NUMBER, style["font-size"])[1])
    ink = TextPath((0, 0), part.text, size=size, prop=FontProperties(weight=weight))
    (left, low), (right, high) = ink.get_extents().get_points()
    shift = -_LEFT[style.get("text-anchor", "start")] * right
    box = np.array([[left, -high], [right, -high], [right, -low], [left, -low]])
    box += np.array([shift, 0])
    transform = element.get("transform", "")
    moved = re.search(rf"translate\({_NUMBER} {_NUMBER}\)", transform)
    own = [float(part.get(axis, element.get(axis, "0")).split()[0]) for axis in ("x", "y")]
    turned = re.search(rf"rotate\({_NUMBER}", transform)
    angle = np.deg2rad(float(turned[1]) if turned else 0.0)
    cosine, sine = np.cos(angle), np.sin(angle)
    if moved:  # and then turned, with what is in it
        place, box = np.array([float(moved[1]), float(moved[2])]), box + own
    else:
        place = np.array(own)
    return box @ np.array([[cosine, sine], [-sine, cosine]]) + place


def outside(path: Path, margin: float = 0.5) -> list[str]:
    """Return the texts that leave the figure by more than `margin` points."""
    found, (width, height) = labels(path)
    return [
        label.text
        for label in found
        if (label.corners < -margin).any()
        or (label.corners > (width + margin, height + margin)).any()
    ]


def overlapping(path: Path, depth: float = 0.5) -> list[tuple[str, str]]:
    """Return pairs of texts whose rectangles overlap by more than `depth` points."""
    found, _ = labels(path)
    low = np.array([label.corners.min(axis=0) for label in found])
    high = np.array([label.corners.max(axis=0) for label in found])
    return [
        (found[i].text, found[j].text)
        for i, j in combinations(range(len(found)), 2)
        if (np.minimum(high[i], high[j]) - np.maximum(low[i], low[j]) > depth).all()
        and _depth(found[i].corners, found[j].corners) > depth
    ]


def misplaced(figure: "Figure", folder: Path) -> list:
    """Return the labels of a figure that leave it and the pairs that overlap; it has some."""
    path = folder / "figure.svg"
    save_figure(figure, str(folder / "figure.png"), [str(path)])
    assert len(labels(path)[0]) > 5
    return [*outside(path), *overlapping(path)]


def _depth(first: np.ndarray, second: np.ndarray) -> float:
    """How far two rectangles would have to be moved to lie apart: over the axes of their sides."""
    depths = []
    for corners in (first, second):
        for side in (corners[1] - corners[0], corners[2] - corners[1]):
            axis = side / max(np.linalg.norm(side), 1e-9)
            one, other = first @ axis, second @ axis
            depths.append(min(one.max(), other.max()) - max(one.min(), other.min()))
    return min(depths)
