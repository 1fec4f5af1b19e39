"""The tables of parameters in docs/, from the schemas, and that of methods, from their registry.

python docs/parameters.py            check that the pages say what the schemas say
python docs/parameters.py --update   write the tables anew

A page names the keys of a table: `<!-- parameters: simulation dropout -->`; `networks.simulated` is
an entry of `networks` of that kind. The table ends at `<!-- parameters:end -->`. That of methods
stands between `<!-- methods -->` and `<!-- methods:end -->`.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from grn_gat.core.markdown import markdown_table
from write.methods import registry_table

REPOSITORY = Path(__file__).resolve().parents[1]
SCHEMAS = REPOSITORY / "workflow/schemas"
PAGES = sorted((REPOSITORY / "docs").rglob("*.md"))
BLOCK = re.compile(r"(<!-- parameters: ([^>]*) -->\n).*?(<!-- parameters:end -->\n)", re.DOTALL)
METHODS = re.compile(r"(<!-- methods -->\n).*?(<!-- methods:end -->\n)", re.DOTALL)
BOUNDS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}


def kind(key: dict) -> str:
    """Type and range of a key, in words."""
    if "oneOf" in key:
        return " or ".join(map(kind, key["oneOf"]))
    if "enum" in key:
        return ", ".join(f"`{value}`" for value in key["enum"])
    if "const" in key:
        return f"`{key['const']}`"
    if key.get("type") == "array":
        return f"list of {kind(key['items'])}"
    if key.get("type") == "object":
        return f"entries with {', '.join(key['properties'])}" if "properties" in key else "by name"
    bounds = [f"{sign} {key[bound]}" for bound, sign in BOUNDS.items() if bound in key]
    return " ".join([{"string": "text"}.get(key["type"], key["type"]), ", ".join(bounds)]).strip()


def schema(name: str) -> dict:
    """The schema of `study` or `pretraining`."""
    return yaml.safe_load((SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8"))


def rows(name: str, key: dict, whole: dict) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, kind, default and description of a key, or of all keys below it."""
    if "$ref" in key:
        below = whole
        for part in key["$ref"].split("/")[1:]:
            below = below[part]
        key = below | key
    if key.get("properties"):
        for inner, value in key["properties"].items():
            yield from rows(f"{name}.{inner}", value, whole)
        return
    default = str(key["default"]) if "default" in key else "–"
    yield f"`{name}`", kind(key), default, " ".join(key["description"].split())


def rows_of(name: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of a key of the config, by the name that a page gives it."""
    if name == "pretraining":
        whole = schema("pretraining")
        return rows(name, whole, whole)
    study = schema("study")
    if name == "infer":
        return rows("infer.<name>", study["$defs"]["inferred"], study)
    if name.startswith("networks."):
        kind_of_network = name.removeprefix("networks.")
        return rows("networks.<name>", study["$defs"][kind_of_network], study)
    if name == "preparation":
        return rows("preparation.<folder>", study["$defs"]["prepared"], study)
    return rows(name, study["properties"][name], study)


def table(names: list[str]) -> str:
    """Table of the keys of these names."""
    found = [row for name in names for row in rows_of(name)]
    return "\n" + markdown_table(["key", "value", "default", "meaning"], found) + "\n\n"


def rendered(text: str) -> str:
    """The page with its tables made anew."""
    text = BLOCK.sub(lambda m: m[1] + table(m[2].split()) + m[3], text)
    return METHODS.sub(lambda m: f"{m[1]}\n{registry_table()}\n\n{m[2]}", text)


def main() -> int:
    """Check or update; 1 if a page differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--update", action="store_true")
    update = parser.parse_args().update
    differ = [p for p in PAGES if rendered(p.read_text("utf-8")) != p.read_text("utf-8")]
    for page in differ:
        if update:
            page.write_text(rendered(page.read_text("utf-8")), "utf-8")
        else:
            name = page.relative_to(REPOSITORY)
            print(f"error: {name} does not say what schemas and methods say: run make docs")
    return int(bool(differ) and not update)


if __name__ == "__main__":
    sys.exit(main())
