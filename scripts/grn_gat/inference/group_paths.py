"""Files of a comparison of groups, below the folder of the data set."""

from collections.abc import Mapping
from pathlib import Path

PAGE, FOLDER = "comparison.html", "comparison"
ACTIVITY = "activity"  # is measured where the cells are at hand
# Tables of a method, by what they are, and its figures.
TABLES = {name: f"{name}.tsv" for name in ("edges", "shared", "hubs", "overlap", ACTIVITY)}
FIGURES = {name: f"{name}.png" for name in ("edges", "overlap", "hubs", ACTIVITY)}
# Columns of the row that says of a method what it found.
SUMMARY = ["method", "title", "groups", "genes", "permutations", "edges", "specific", "shared"]
SUMMARY += ["untold", "left_out"]


def in_folder(folder: Path, names: Mapping[str, str]) -> dict[str, Path]:
    """Return files of a folder by their keys."""
    return {key: folder / name for key, name in names.items()}
