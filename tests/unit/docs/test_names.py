"""What the pages import from the package, and what they ask a network for, is there."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

import pytest

from documentation import blocks, texts
from grn_gat.api import Network

_INFER = "grn_gat.infer"


class Use(NamedTuple):
    """A name, and what should have it: a module, or `Network`."""

    owner: str
    name: str


def uses(text: str) -> Iterator[Use]:
    """What a piece of Python takes from the package, and from the networks that it infers."""
    tree = ast.parse(text)
    networks = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith(f"{_INFER}(")
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grn_gat"):
            yield from (Use(node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            if owner == "grn_gat":
                yield Use("grn_gat", node.attr)
            elif owner in networks or owner.startswith(f"{_INFER}("):
                yield Use("Network", node.attr)


def exists(use: Use) -> bool:
    """Whether there is such a name; a name that begins with `_` is nobody else's, but for files."""
    if use.owner == "Network":
        fields = {name for name in inspect.get_annotations(Network) if not name.startswith("_")}
        return use.name in fields or (not use.name.startswith("_") and hasattr(Network, use.name))
    return hasattr(import_module(use.owner), use.name)


def examples() -> dict[str, str]:
    """Python of every page that has some; of a notebook all of it, with the files it writes."""
    found = {}
    for page, text in texts().items():
        parts = [content for language, content in blocks(text) if "python" in language]
        # The branch that is to be added to a function is no whole statement.
        found[page] = "\n".join(part for part in parts if not part.startswith(("elif ", "module ")))
    return {page: text for page, text in found.items() if "grn_gat" in text}


@pytest.mark.parametrize("page", examples())
def test_names_of_the_pages_are_there(page):
    found = set(uses(examples()[page]))
    assert found and {use for use in found if not exists(use)} == set()


def test_the_tutorials_use_what_they_teach():
    of_network = {
        use.name
        for use in uses(examples()["docs/tutorials/own_cells.md"])
        if use.owner == "Network"
    }
    assert of_network >= {"edges", "scores", "hubs", "plot", "to_graphml", "to_anndata"}


@pytest.mark.parametrize(
    "text",
    [
        "from grn_gat.evaluate.inferred import metrics_of",
        "grn_gat.train(1)",
        "n = grn_gat.infer(x)\nn.edge",
        "grn_gat.infer(x).nodes",
        "n = grn_gat.infer(x)\nn._expression",
    ],
)
def test_a_name_that_is_not_there_is_noticed(text):
    assert not all(exists(use) for use in uses(text))
