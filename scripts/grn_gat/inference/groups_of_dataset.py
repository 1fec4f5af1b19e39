"""All groups of one data set, in this process and others: a network of each, and the comparison."""

import os
import resource
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table
from grn_gat.core.job import heard, warn
from grn_gat.core.memory import memory_limit
from grn_gat.core.own_methods import own_folder, own_methods
from grn_gat.core.progress import listening, steps
from grn_gat.inference.attempt import Cells
from grn_gat.inference.compared import compared
from grn_gat.inference.folder import STATE, ResultFolder
from grn_gat.inference.further_runs import Shown
from grn_gat.inference.group_files import draw_figures
from grn_gat.inference.group_paths import FIGURES, FOLDER, TABLES, in_folder
from grn_gat.inference.group_plan import Groups, plan_groups
from grn_gat.inference.group_tables import write_tables
from grn_gat.inference.grouped import Folder, Kept, write_summary
from grn_gat.inference.one_dataset import infer_dataset
from grn_gat.inference.plan import Limits
from grn_gat.study.study import Study

Told = Callable[[str], None]
_SAFE_SHARE = 0.8  # of the memory that there is


def infer_groups(
    study: Study,
    name: str,
    folder: Path,
    threads: int,
    overwrite: bool,
    shown: Shown,
    told: Told,
) -> Path:
    """Infer the networks of each group of a data set, and compare them.

    The first group is inferred in this process, which says how much memory one takes; the others
    side by side, as many as fit. What is there of the same data and settings is kept.

    Args:
        study: has the data set with `groupby`.
        name: of the data set.
        folder: for the results: a folder of each group, and the comparison.
        threads: processes.
        overwrite: whether results of other data in the folders may be replaced.
        shown: a context that shows the user how far the work of its label is.
        told: says a line to the user.

    Returns:
        The page of the comparison.

    Raises:
        InputError: a file is wrong, or fewer than two groups have a network.
    """
    groups = study.groups[name]
    first, *rest = groups
    places = {label: folder / own.removeprefix(f"{name}.") for label, own in groups.items()}
    kept = Kept(folder, study.grouped_by(name), study.permutations(name), overwrite)
    told(f"{len(groups)} groups: {', '.join(groups)}")
    if (folder / STATE).is_file():
        told(f"networks of all cells that are in {folder} stay beside them")
    if not all((place / "report.html").is_file() for place in places.values()):
        with shown("reading the cells of all groups"):
            plan = plan_groups(study, name, Groups.read(study, name), kept.permutations, threads)
        told(f"all of them, and their comparison: {plan.total()} (rough)")
        plan.check(Limits.of(study.config["limits"]))
    if others := _other_groups(folder, list(places.values())):
        told(f"networks of other groups that are in {folder} stay: {', '.join(others)}")
    told(f"{first}:")
    infer_dataset(study, groups[first], places[first], threads, overwrite, shown, told)
    copies = _copies(min(threads, len(rest)))
    beside = f", {copies} side by side" if copies > 1 else ""
    jobs = [(groups[label], places[label]) for label in rest]
    failed, known = {}, _remarks(places[first])
    title = f"the other {len(rest)} groups" if len(rest) > 1 else f"the other one, {rest[0]}"
    with shown(f"{title}{beside}"):
        done = _each(study, jobs, copies, max(1, threads // copies), overwrite)
        ended = list(zip(rest, steps(done, len(jobs)), strict=True))
    for label, (error, warned) in ended:
        for text in dict.fromkeys(warned):
            if text not in known:  # that is said already
                warn(f"{label}: {text}")
        if error:
            failed[label] = error
            told(f"{label}: {error}")
    left = [label for label in groups if label not in failed]
    if len(left) < 2:
        raise InputError(f"{name}: no network of {', '.join(failed)}: nothing to compare")
    there = {label: places[label] for label in left}
    return _compare(study, name, folder, there, kept, threads, shown, told)


def _other_groups(folder: Path, places: Sequence[Path]) -> list[str]:
    """Folders of networks that are of none of the groups: of groups of before."""
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    there = [one for one in there if one.name != FOLDER and one not in places]
    return [one.name for one in there if (one / STATE).is_file()]


def _remarks(place: Path) -> set[str]:
    """What was said of the files when the group in a folder was inferred."""
    table = read_table(place / "remarks.tsv")
    return {f"{about}: {text}" for about, text in zip(table["about"], table["text"], strict=True)}


def _copies(most: int) -> int:
    """How many groups are inferred side by side, as large as what this process has done."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    limit = memory_limit()
    fitting = most if limit is None else int(_SAFE_SHARE * limit / max(1, taken))
    return max(1, min(most, fitting))


def _each(
    study: Study,
    jobs: Sequence[tuple[str, Path]],
    copies: int,
    threads: int,
    overwrite: bool,
) -> Iterator[tuple[str, list[str]]]:
    """Infer data sets, in processes of their own; yields errors, empty without, and warnings."""
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    pool = Parallel(n_jobs=copies, backend="loky", return_as="generator")
    if copies == 1:
        for own, place in jobs:
            yield _infer(own_folder(), study, own, place, threads, overwrite)
        return
    tasks = (
        delayed(_infer)(own_folder(), study, own, place, threads, overwrite) for own, place in jobs
    )
    try:
        yield from pool(tasks)
    finally:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


def _infer(
    methods: str, study: Study, own: str, place: Path, threads: int, overwrite: bool
) -> tuple[str, list[str]]:
    """Infer one data set; return what was wrong, or nothing, and the warnings."""
    # Loops within a group are no steps of all groups.
    with own_methods(methods), _quiet(), heard() as warned, listening(_ignored):
        try:
            infer_dataset(study, own, place, threads, overwrite, _unseen, _unsaid)
        except InputError as error:
            return str(error), warned
    return "", warned


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing of what methods print."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def _ignored(_share: float) -> None:
    pass


@contextmanager
def _unseen(_label: str) -> Iterator[None]:
    yield


def _unsaid(_line: str) -> None:
    pass


def _compare(
    study: Study,
    name: str,
    folder: Path,
    places: Mapping[str, Path],
    kept: Kept,
    threads: int,
    shown: Shown,
    told: Told,
) -> Path:
    """Compare what every method infers of the groups; write tables, figures and the page."""
    labels, rows = list(places), []
    cells: list[Cells] = []
    per_gene, asked = study.config["hubs"]["edges_per_gene"], kept.permutations
    methods = [
        method
        for method in Folder(places[labels[0]]).methods
        if all(method in Folder(place).methods for place in places.values())
    ]
    for method in methods:
        settings = study.method_settings(method)
        states = [_state(place, method) for place in places.values()]
        of = [states, labels, per_gene, asked, study.config["seed"]]
        files = in_folder(folder / FOLDER / method, TABLES)
        figures = in_folder(folder / FOLDER / method, FIGURES)
        vector = study.vector_forms(*map(str, figures.values()))
        written = [*files.values(), *figures.values(), *map(Path, vector)]
        row = kept.row(method, of, written)
        if row is None:
            before = kept.made(method)
            if asked is not None and before not in (None, asked):
                told(f"{method}: compared anew with {asked} permutations; it had {before}")
            if not cells:
                with shown("reading the cells of all groups"):
                    cells = Groups.read(study, name).cells(labels)
            with shown(f"comparing groups by {method}"):
                ranked = [Folder(place).read(method) for place in places.values()]
                found, activity = compared(
                    method, labels, cells, ranked, per_gene, asked, study.config["seed"],
                    threads, settings,
                )  # fmt: skip
                row = write_tables(method, labels, found, activity, files)
                draw_figures(method, labels, files, figures, vector)
            kept.keep(method, of, written, row)
        rows.append(row)
    pages = {label: f"{place.name}/report.html" for label, place in places.items()}
    return write_summary(folder, name, rows, pages, study.grouped_by(name))


def _state(place: Path, method: str) -> list[Any]:
    """What the scores of a method in a folder depend on."""
    known = ResultFolder.of(place).methods[method]
    return [known["settings"], known["scores"]]
