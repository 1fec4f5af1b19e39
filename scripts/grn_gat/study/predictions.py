"""The block `predictions` of a config: path patterns of ranked edges that the user brings."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.row_names import is_taken
from grn_gat.core.spelling import did_you_mean

WILDCARDS = ("network", "replicate", "dropout")


def check_patterns(patterns: Mapping[str, str], methods: Collection[str]) -> None:
    """Raise InputError where a name is that of another row, or a pattern has unknown wildcards.

    Args:
        patterns: the block: pattern by name.
        methods: names of all methods that there are.
    """
    for name, pattern in patterns.items():
        where = f"config: predictions.{name}"
        if name in methods or is_taken(name):
            what = "an inference method" if name in methods else "a row of the tables"
            raise InputError(f"{where}: {name} is {what} already; choose another name")
        for wildcard in re.findall(r"\{(.*?)\}", pattern):
            if wildcard not in WILDCARDS:
                known = ", ".join(f"{{{known}}}" for known in WILDCARDS)
                question = did_you_mean(wildcard, WILDCARDS)
                raise InputError(f"{where}: unknown {{{wildcard}}}{question}; known: {known}")


def check_axes(patterns: Mapping[str, str], numbers: Mapping[str, int]) -> None:
    """Raise InputError where one file would be that of several data sets.

    Args:
        patterns: as in `check_patterns`.
        numbers: how many values each wildcard has in the study.
    """
    words = {"network": "data sets", "replicate": "replicates", "dropout": "dropout levels"}
    for name, pattern in patterns.items():
        for wildcard, number in numbers.items():
            if number > 1 and f"{{{wildcard}}}" not in pattern:
                raise InputError(
                    f"config: predictions.{name}: {pattern!r} lacks {{{wildcard}}}, so that all "
                    f"{number} {words[wildcard]} would have the same file"
                )


def check_some_file(name: str, files: Iterator[str]) -> None:
    """Raise InputError where none of the files that a pattern names is there."""
    first = next(files)
    if not Path(first).is_file() and not any(Path(file).is_file() for file in files):
        raise InputError(
            f"config: predictions.{name}: there is no file {first!r} (in {Path.cwd()}), nor one of "
            "another data set"
        )
