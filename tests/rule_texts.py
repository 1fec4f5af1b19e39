"""Texts of the workflow's rules."""

import re

from workflows import REPOSITORY

RULE_FILES = sorted((REPOSITORY / "workflow/rules").glob("*.smk"))


def rules() -> dict[str, str]:
    """Text of every rule that runs a script, by name."""
    found = {}
    for path in RULE_FILES:
        for match in re.finditer(r"^rule (\w+):\n((?:[ \t]+.*\n|\n)*)", path.read_text(), re.M):
            if "script:" in match[2]:
                found[match[1]] = match[2]
    return found
