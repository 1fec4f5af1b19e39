"""A folder that holds the networks of one data set: of which data, and which methods are done.

What is known stands in the hidden file `.grn-gat.json` beside the results, and the scores of all
pairs in a hidden folder. They are written whenever a method has ended, so that an interrupted run
goes on after the last one, and another command for the same data repeats no inference.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grn_gat.core.checksums import sha256
from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path

STATE = ".grn-gat.json"
SCORES = ".grn-gat-scores"


def digest(value: object) -> str:
    """Checksum of a value that JSON can hold."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class ResultFolder:
    """The folder of one data set.

    Attributes:
        path: the folder.
        data: what the networks are inferred from: file (`expression`), its checksum, `name` and
            what else tells one data set from another.
        methods: of each method that ended `settings` (a digest), `reason` (why it failed, else
            empty), `scores` (checksum of the scores of all pairs) and `not_default` (its settings
            that are not); where it was run on shuffled genes too `null_asked`, `null_of` (a digest)
            and `null` (checksum of its null.tsv), and the same of its runs on random parts of the
            cells (`stability`) and on those of each donor (`donors`); and what its other files are
            made of (`described`).
        chosen: digest of the names of genes and cells that were taken; empty where none is known.
        options: what is asked for beside the methods, as keys of an entry of `infer`.
    """

    path: Path
    data: Mapping[str, Any]
    methods: dict[str, dict[str, Any]] = field(default_factory=dict)
    chosen: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def claim(cls, path: Path, data: Mapping[str, Any], overwrite: bool) -> "ResultFolder":
        """Return the folder, for these data.

        Raises:
            InputError: it holds the result of other data, or files of somebody else, and shall not
                be overwritten.
        """
        if path.exists() and not path.is_dir():
            raise InputError(f"{path}: is no folder; name another one with --output")
        state = path / STATE
        if not state.is_file():
            if path.is_dir() and any(path.iterdir()) and not overwrite:
                raise InputError(
                    f"{path}: is not empty, and no earlier result: name another folder with "
                    "--output, or add --overwrite"
                )
            return cls(path, data)
        try:
            known = json.loads(state.read_text(encoding="utf-8"))
            options = dict(known.get("options", {}))
            found = cls(path, known["data"], known["methods"], known.get("chosen", ""), options)
        except (ValueError, KeyError, TypeError):
            found = cls(path, {})
        if _without_path(found.data) == _without_path(data):
            return cls(path, data, found.methods, found.chosen, found.options)
        if not overwrite:
            raise InputError(
                f"{path}: holds a result {_difference(found.data, data)}: name another folder with "
                "--output, or add --overwrite"
            )
        return cls(path, data)

    @classmethod
    def of(cls, path: Path) -> "ResultFolder":
        """Return what is known of a folder that holds a result."""
        known = json.loads((path / STATE).read_text(encoding="utf-8"))
        return cls(path, known["data"], known["methods"], known.get("chosen", ""))

    def choose(self, chosen: str) -> None:
        """Note which genes and cells were taken; networks of other ones are forgotten.

        A later version may choose others of the same file.
        """
        if self.chosen and self.chosen != chosen:
            self.methods.clear()
        self.chosen = chosen

    def scores(self, method: str) -> Path:
        """Scores of all pairs of a method, hidden: other files have what one looks at."""
        return self.path / SCORES / f"{method}.safetensors"

    def ended(self, method: str, settings: str | None = None) -> bool:
        """Whether a method has ended, with these settings if given, and its edges are there."""
        known = self.methods.get(method)
        if known is None or settings not in (None, known["settings"]):
            return False
        file = self.scores(method)
        return file.is_file() and sha256(file) == known.get("scores")

    def end(self, method: str, settings: str, reason: str, not_default: Mapping[str, Any]) -> None:
        """Note that a method has ended, and its scores are written."""
        self.methods[method] = {
            "settings": settings,
            "reason": reason,
            "scores": sha256(self.scores(method)),
            "not_default": dict(not_default),
        }
        self.save()

    def beside(self, method: str, what: str) -> Path:
        """Table of further runs of a method: `null`, `stability` or `donors`."""
        return self.path / method / f"{what}.tsv"

    def beside_ended(self, method: str, what: str, of: str) -> bool:
        """Whether such a table is there, of these data and settings (a digest)."""
        known, file = self.methods[method], self.beside(method, what)
        return known.get(f"{what}_of") == of and file.is_file() and sha256(file) == known[what]

    def end_beside(self, method: str, what: str, of: str) -> None:
        """Note that such a table is written."""
        self.methods[method] |= {f"{what}_of": of, what: sha256(self.beside(method, what))}
        self.save()

    def save(self) -> None:
        """Write what is known, so that the next command for these data can go on."""
        with atomic_path(self.path / STATE) as temporary:
            known = {
                "data": self.data,
                "methods": self.methods,
                "chosen": self.chosen,
                "options": self.options,
            }
            text = json.dumps(known, indent=1)
            temporary.write_text(text + "\n", encoding="utf-8")


def _without_path(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "expression"}


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """In what the data of a result differ."""
    if not old:
        return "that cannot be read"
    if old.get("sha256") != new["sha256"]:
        if old.get("expression") == new["expression"]:
            return f"of {new['expression']} as it was before it changed"
        return f"of another file ({old.get('expression')})"
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key) and key != "expression"]
    return "of the same file, read with another value of " + " and ".join(keys or ["path"])
