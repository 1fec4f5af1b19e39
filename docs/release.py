"""The version of the workflow in the files that state it, and what a release says.

python docs/release.py               check that files state the version of core/version.py
python docs/release.py --update      write it into them
python docs/release.py --notes TAG   print the changelog's section of the version that TAG names, by
                                     default that of core/version.py
"""

import argparse
import re
import sys
from pathlib import Path

from grn_gat.core.version import VERSION

REPOSITORY = Path(__file__).resolve().parents[1]
# What stands before the version, by file.
STATED = {
    "CITATION.cff": r"^version: ",
    "workflow/report/workflow.rst": r"^Made by grn-gat (?=\d)",
}
NUMBER = r"\d+\.\d+\.\d+"


def stating(name: str, text: str) -> str:
    """The text of a file with the version in its place."""
    stated, places = re.subn(f"({STATED[name]}){NUMBER}", rf"\g<1>{VERSION}", text, flags=re.M)
    if places != 1:
        sys.exit(f"error: {name} states the version in {places} places, not in one")
    return stated


def notes(tag: str, changelog: str) -> str:
    """The section of the version; ends the program where the tag is another or it has no date."""
    if tag != f"v{VERSION}":
        sys.exit(f"error: tag {tag}, but the version in core/version.py is {VERSION}")
    sections = re.split(r"^## ", changelog, flags=re.M)[1:]
    own = [section for section in sections if re.match(rf"{re.escape(VERSION)}\b", section)]
    if len(own) != 1:
        sys.exit(f"error: CHANGELOG.md has {len(own)} sections of {VERSION}, not one")
    head, _, body = own[0].partition("\n")
    if not re.search(r"\d{4}-\d\d-\d\d", head):
        sys.exit(f"error: CHANGELOG.md gives {VERSION} no date: {head.strip()}")
    return body.strip() + "\n"


def main() -> int:
    """Check, update or print; 1 if a file differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--notes", metavar="TAG", nargs="?", const=f"v{VERSION}")
    options = parser.parse_args()
    wrong = 0
    for name in STATED:
        path = REPOSITORY / name
        before = path.read_text(encoding="utf-8")
        after = stating(name, before)
        if options.update:
            path.write_text(after, encoding="utf-8")
        elif after != before:
            print(f"error: {name} does not state version {VERSION}: run make docs")
            wrong = 1
    if options.notes and not wrong:
        print(notes(options.notes, (REPOSITORY / "CHANGELOG.md").read_text("utf-8")), end="")
        print(f"its tag: {options.notes}", file=sys.stderr)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
