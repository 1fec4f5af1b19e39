"""The tables of parameters in docs/*.md, from workflow/schemas/config.schema.yaml.

python docs/parameters.py            check that the pages say what the schema says
python docs/parameters.py --update   write the tables anew

A page names the keys of a table: `<!-- parameters: simulation dropout -->`; `networks.simulated` is
an entry of `networks` of that kind. The table ends at `<!-- parameters:end -->`.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
SCHEMA = REPOSITORY / "workflow/schemas/config.schema.yaml"
PAGES = sorted((REPOSITORY / "docs").glob("*.md"))
BLOCK = re.compile(r"(<!-- parameters: ([^>]*) -->\n).*?(<!-- parameters:end -->\n)", re.DOTALL)
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


def rows(name: str, key: dict, schema: dict) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, kind, default and description of a key, or of all keys below it."""
    if "$ref" in key:
        below = schema
        for part in key["$ref"].split("/")[1:]:
            below = below[part]
        key = below | key
    if key.get("properties"):
        for inner, value in key["properties"].items():
            yield from rows(f"{name}.{inner}", value, schema)
        return
    default = str(key["default"]) if "default" in key else "–"
    yield f"`{name}`", kind(key), default, " ".join(key["description"].split())


def table(names: list[str], schema: dict) -> str:
    """Table of the keys of these names."""
    lines = ["", "| key | value | default | meaning |", "|---|---|---|---|"]
    for name in names:
        top, _, below = name.partition(".")
        if top == "networks" and below:
            found = rows("networks.<name>", schema["$defs"][below], schema)
        else:
            key = schema["properties"][top]
            for part in below.split(".") if below else ():
                key = key["properties"][part]
            found = rows(name, key, schema)
        lines += [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in found]
    return "\n".join([*lines, "", ""])


def rendered(text: str) -> str:
    """The page with its tables made anew."""
    schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    return BLOCK.sub(lambda m: m[1] + table(m[2].split(), schema) + m[3], text)


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
            print(f"error: {page.name} does not say what the schema says: run make docs")
    return int(bool(differ) and not update)


if __name__ == "__main__":
    sys.exit(main())
