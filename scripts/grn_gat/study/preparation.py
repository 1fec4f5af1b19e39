"""Folders that rules make of BEELINE's scRNA-seq sets (block `preparation` of the config).

A folder of that block is made where it is absent, has no expression file, or has the table of
counts that the rule leaves there. Any other one is of the user, who has the files already: it is
read as it is, and nothing is downloaded.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grn_gat.core.errors import InputError
from grn_gat.data.dataset_files import EXPRESSION_NAMES, NETWORK_NAMES
from grn_gat.study.config import files_of_reference, in_release, no_file
from grn_gat.study.paths import PREPARED, PREPARED_REFERENCE, fill
from grn_gat.study.place import Place

Config = Mapping[str, Any]


def is_made(folder: str) -> bool:
    """Whether rules make a folder, or would: it is not one of the user.

    They write the expression last: a folder that was not finished is made again.
    """
    has_expression = any((Path(folder) / name).is_file() for name in EXPRESSION_NAMES)
    return not has_expression or Path(PREPARED["counts"].format(folder=folder)).is_file()


def prepared_folders(config: Config, place: Place) -> dict[str, dict[str, Any]]:
    """Return the folders that are made, with what they are made from.

    Args:
        config: with a block `preparation`, or without one.
        place: where the study runs; the files of the user come back as seen from there.
    """
    found = {}
    for folder, entry in config.get("preparation", {}).items():
        path = os.path.normpath(folder)
        if is_made(place.placed(path)):
            references = {name: place.own(file) for name, file in entry["references"].items()}
            found[path] = {**entry, "tfs": place.own(entry["tfs"]), "references": references}
    return found


def files_of_cells(folder: str, named: Sequence[str]) -> list[str]:
    """Return the files that a data set in a folder that is made is read from.

    Args:
        folder: the folder.
        named: edges and regulators, relative to it or absolute.
    """
    cells = [PREPARED[what].format(folder=folder) for what in ("expression", "pseudotime")]
    return [*cells, *(os.path.join(folder, name) for name in named)]


def remarks_of(prepared: Config) -> list[str]:
    """Return the remarks on everything that folders are made from."""
    found = []
    for folder, made in prepared.items():
        found += fill(PREPARED["remarks"], folder=folder)
        found += fill(PREPARED_REFERENCE["remarks"], folder=folder, reference=made["references"])
    return found


def check_preparation(config: Config, prepared: Config, release: str) -> None:
    """Raise InputError for a folder that cannot be made, or a file that would not be in one.

    Args:
        config: as `check_config` returns it.
        prepared: of `prepared_folders`.
        release: folder of BEELINE's release.
    """
    preparation = [*config.get("preparation", {})]
    named = {
        os.path.normpath(folder): (network, entry)
        for network, entry in config.get("networks", {}).items()
        for folder in entry.get("folders", [])
    }
    for folder in preparation:
        where, path = f"config: preparation.{folder}", os.path.normpath(folder)
        if (
            os.path.isabs(path)
            or path.split(os.sep)[0] in ("", ".", "..")
            or in_release(path, release)
        ):
            raise InputError(
                f"{where}: must be a folder of its own below the working directory, as "
                "real-data/mDC"
            )
        if [*map(os.path.normpath, preparation)].count(path) > 1:
            raise InputError(f"{where}: the folder is there twice, in two spellings")
        if path not in named:
            raise InputError(
                f"{where}: no network has this folder among its folders; name it there, or leave "
                "it out here"
            )
    for path, entry in prepared.items():
        _check_sources(f"config: preparation.{path}", entry, prepared)
    for path, (network, entry) in named.items():
        if path in prepared:
            _check_files(f"config: networks.{network}", path, entry, prepared[path])


def _check_sources(where: str, entry: Config, prepared: Config) -> None:
    """Check the files that a folder is made from."""
    files = {"tfs": entry["tfs"]}
    files |= {f"references.{name}": file for name, file in entry["references"].items()}
    for key, file in files.items():
        if not Path(file).is_file():
            raise InputError(f"{where}.{key}: {no_file(file)}")
        if os.path.normpath(os.path.dirname(file)) in prepared:
            raise InputError(
                f"{where}.{key}: {file} lies in a folder that is made anew; move it elsewhere"
            )


def _check_files(where: str, folder: str, entry: Config, made: Config) -> None:
    """Check that the files which a network takes from a folder are those that are made there."""
    if "batches" in entry:
        raise InputError(
            f"{where}.batches: preparation.{folder} makes no file that tells the batches of cells"
        )
    files = [PREPARED["tfs"], *fill(PREPARED_REFERENCE["edges"], reference=made["references"])]
    written = [Path(file).name for file in files]
    asked = list(_files(entry))
    if not any("edges" in key or "references" in key for key, _ in asked):
        asked.append(("edges", NETWORK_NAMES[0]))
    for key, file in asked:
        if os.path.isabs(file):
            if not Path(file).is_file():
                raise InputError(f"{where}.{key}: {no_file(file)}")
        elif file not in written:
            raise InputError(
                f"{where}.{key}: {file} is none of the files that preparation.{folder} makes: "
                f"{', '.join(written)}"
            )


def _files(entry: Config) -> Iterator[tuple[str, str]]:
    """Yield the files, by key, that an entry of `networks` names in each of its folders."""
    for key in ("edges", "regulators"):
        if key in entry:
            yield key, entry[key]
    for name, reference in entry.get("references", {}).items():
        for key, file in files_of_reference(reference).items():
            yield f"references.{name}.{key}", file
