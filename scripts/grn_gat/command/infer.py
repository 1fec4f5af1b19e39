"""`grn-gat infer`: one file of cells in, a folder with the network out."""

import os
import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from grn_gat.command.display import quiet, say, shown
from grn_gat.command.inputs import add_inputs, read_study
from grn_gat.core.errors import InputError
from grn_gat.core.own_methods import own_methods

if TYPE_CHECKING:
    from grn_gat.study.study import Study

_MOST_THREADS = 8  # as target infer: beyond it the tree methods gain little


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_inputs(parser)
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        help="folder of the results (default: NAME-network; of a table networks)",
    )
    parser.add_argument("--seed", type=int, help="seed of all draws (default: that of a study)")
    parser.add_argument(
        "--threads", type=int, default=0, help="cores to use (default: all, at most 8)"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace what the folder holds of other data"
    )
    parser.epilog = dedent("""\
        The folder holds report.html (begin with it), methods.tsv and, of each method, the strongest
        edges as a table, as GraphML and as a figure, and hub measures. The same command goes on
        after an interruption; another one for the same cells adds its methods to the folder.

        examples:
          grn-gat infer cells.csv
          grn-gat infer atlas.h5ad --layer counts --regulators human --output atlas
          grn-gat infer atlas.h5ad --groupby leiden
          grn-gat infer --samples samples.csv --output networks
          grn-gat infer cells.csv --methods gat-zeroshot,pearson,pidc --reference known.csv""")


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Let a SIGTERM, of a queue or `kill`, end the command and its processes, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run(arguments: Namespace) -> int:
    """Infer, write, and say which file to open."""
    with _ended_as_by_ctrl_c():
        return _run(arguments)


def _run(arguments: Namespace) -> int:
    if arguments.threads < 0:
        raise InputError(f"--threads {arguments.threads}: expected 1 or more, or 0: all cores")
    study = read_study(arguments)
    threads = arguments.threads or min(_cores(), _MOST_THREADS)
    names = study.asked_for
    if not arguments.samples:
        (name,) = names
        folder = Path(arguments.output or f"{name}-network")
        _infer(study, name, folder, threads, arguments.overwrite)
        return 0
    failed = []
    for number, name in enumerate(names, start=1):
        say(f"{name} ({number} of {len(names)})")
        try:
            folder = Path(arguments.output or "networks") / name
            _infer(study, name, folder, threads, arguments.overwrite)
        except InputError as error:  # the others stand
            say(f"{name}: {error}")
            failed.append(name)
    if failed:
        raise InputError(f"no network of {', '.join(failed)}; the same command tries them again")
    return 0


def _infer(study: "Study", name: str, folder: Path, threads: int, overwrite: bool) -> None:
    """Infer the networks of one data set or of its groups, and say which page to open."""
    if name in study.groups:
        from grn_gat.inference.group_files import sentences as of_comparison
        from grn_gat.inference.groups_of_dataset import infer_groups

        with own_methods(study.own_folder), quiet():
            page = infer_groups(study, name, folder, threads, overwrite, shown, say)
        for line in of_comparison(page.parent):
            say(line)
        say(f"open {page}", sys.stdout)
        return
    from grn_gat.core.files import read_table
    from grn_gat.inference.null import sentences
    from grn_gat.inference.one_dataset import infer_dataset
    from grn_gat.inference.stability import sentence as unstable

    with own_methods(study.own_folder):
        with quiet():
            page = infer_dataset(study, name, folder, threads, overwrite, shown, say)
        for line in sentences(read_table(page.with_name("null.tsv"))):
            say(line)
        for method in read_table(page.with_name("methods.tsv"))["method"]:
            if line := unstable(method, read_table(page.with_name(method) / "edges.tsv")):
                say(line)
    say(f"open {page}", sys.stdout)
