"""How to cite this software, and its licence, as in CITATION.cff: an installed package has none."""

from grn_gat.core.version import VERSION

AUTHORS = "The grn-gat authors"
TITLE = (
    "grn-gat: gene regulatory networks with graph attention, scored so that the numbers can be "
    "trusted"
)
# Of this repository, of which the weights are a part.
LICENCE = "MIT"


def citation() -> str:
    """Return how to cite this version."""
    return f"{AUTHORS}: {TITLE}. Version {VERSION}."
