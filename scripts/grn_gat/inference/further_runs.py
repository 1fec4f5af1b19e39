"""Further runs of a method on one data set: on shuffled genes, and on parts of the cells.

What is there of the same scores is kept, as methods are that ended.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import write_table
from grn_gat.core.job import warn
from grn_gat.data.score_file import read_scores
from grn_gat.inference.asked import Asked
from grn_gat.inference.cell_parts import of_donors
from grn_gat.inference.folder import digest
from grn_gat.inference.null import null_of
from grn_gat.inference.stability import donor_table, number_of_runs, stability_table

NULL, NULL_EDGES, STABILITY, DONORS = "null", "null_edges", "stability", "donors"
Shown = Callable[[str], AbstractContextManager[None]]


def find_null(asked: Asked, method: str, threads: int, shown: Shown) -> bool:
    """Run a method on shuffled genes too, if that is asked for; return whether it was, ever."""

    def run(**given: Any) -> pd.DataFrame:
        with shown(f"{load_method(method).title}, genes shuffled"):
            null = null_of(method, **given)
        write_table(null.edges, asked.folder.beside(method, NULL_EDGES))
        return null.table

    wanted = method in asked.study.null_methods(asked.name)
    return _further(asked, method, NULL, "yes" if wanted else "", threads, run)


def find_stability(asked: Asked, method: str, threads: int, shown: Shown) -> bool:
    """Run a method on random parts of the cells, if that is asked for; return whether it was."""
    size = (len(asked.regulators), len(asked.dataset.genes))
    runs = 0
    if method in asked.study.stable_methods(asked.name):
        beside = asked.study.groups_beside(asked.name)
        runs = number_of_runs(asked.study.stability_runs(asked.name, method), *size, beside)

    def run(**given: Any) -> pd.DataFrame:
        with shown(f"{load_method(method).title}, {runs} parts of the cells"):
            return stability_table(method, runs=runs, **given)

    return _further(asked, method, STABILITY, str(runs) if runs else "", threads, run)


def find_donors(asked: Asked, method: str, threads: int, shown: Shown) -> bool:
    """Run a method on the cells of each donor, if some are named; return whether it was.

    What a method that was not asked for this time has of other donors is removed, with a warning.
    """
    donors, known = asked.donors, asked.folder.methods[method].get(_key(DONORS), "")
    now = "" if donors is None else digest(list(donors))

    def run(**given: Any) -> pd.DataFrame:
        assert donors is not None
        number = len(of_donors(donors))
        with shown(f"{load_method(method).title}, the cells of each of {number} donors"):
            return donor_table(method, donors=donors, **given)

    if method not in asked.study.methods and known and known != now:
        asked.folder.methods[method].pop(_key(DONORS))
        warn(
            f"{load_method(method).title}: what it had of other donors is removed; name it with "
            "--methods to have it of these"
        )
    wanted = method in asked.study.donor_methods(asked.name)
    return _further(asked, method, DONORS, now if wanted else "", threads, run)


def _key(what: str) -> str:
    """Where the folder notes what was asked of further runs."""
    return f"{what}_asked"


def _further(
    asked: Asked,
    method: str,
    what: str,
    wanted: str,
    threads: int,
    run: Callable[..., pd.DataFrame],
) -> bool:
    """Keep a table of further runs, or make it, or remove it; return whether there is one.

    Args:
        asked: what is asked for.
        method: name of a method that ended.
        what: name of the table.
        wanted: what is asked of these runs; empty: nothing. Of a method that was not asked for this
            time, what was asked before counts.
        threads: processes.
        run: makes the table, from what `stability_table` takes after the method's name.
    """
    folder, ended = asked.folder, asked.folder.methods[method]
    key = wanted if method in asked.study.methods else ended.get(_key(what), "")
    of = digest([ended["settings"], ended["scores"], asked.number_of_edges(method), key])
    if key and folder.beside_ended(method, what, of):
        return True
    if folder.beside_ended(method, what, ended.get(f"{what}_of", "")) and not key:
        warn(
            f"{load_method(method).title}: its {what}.tsv is removed: this folder asks for none now"
        )
    folder.beside(method, what).unlink(missing_ok=True)
    if not key or method not in asked.study.methods:
        return False
    table = run(
        ranked=read_scores(folder.scores(method)),
        number=asked.number_of_edges(method),
        cells=asked.cells,
        seed=asked.seed,
        threads=threads,
        settings=asked.study.method_settings(method),
    )
    write_table(table, folder.beside(method, what))
    ended[_key(what)] = key
    folder.end_beside(method, what, of)
    return True
