"""`grn-gat study`: a whole study by Snakemake, in this process and without its noise."""

import argparse
import os
import shlex
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from grn_gat.command.display import say
from grn_gat.core.errors import InputError
from grn_gat.core.progress import duration
from grn_gat.core.provenance import remember_command
from grn_gat.core.repository import repository
from grn_gat.study import paths

if TYPE_CHECKING:
    from grn_gat.command.workflow_run import Run

_NOTHING = "nothing to do: every file is there"
# What can be made instead of everything; the tests compare this with the rules.
TARGETS = (
    "simulate", "perturbations", "methods", "graphs", "train", "scores", "hubs", "tables",
    "figures", "infer",
    "pretrain_all", "training_networks", "training_views", "broad_training", "held_out",
    "knock_outs", "realism", "ablation", "trust", "hub_worth", "beeline_release", "exports",
)  # fmt: skip


def _cores(text: str) -> str:
    if text != "all" and not (text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of cores (1 or more, or all)")
    return text


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("config", metavar="CONFIG", help="file that describes the study (.yaml)")
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help="what to make (default: everything), see below"
    )
    parser.add_argument(
        "--cores",
        type=_cores,
        metavar="N",
        help="cores to use (default: all that this process may use)",
    )
    parser.add_argument(
        "--directory",
        metavar="FOLDER",
        help="folder of the study, made if it is not there; its results/ gets the files, and "
        "relative paths in CONFIG start there (default: the folder you stand in)",
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="where jobs run: slurm, or the folder of a profile of Snakemake (default: here)",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say which jobs would run")
    parser.usage = "grn-gat study CONFIG [TARGET ...] [options] [-- options of snakemake]"
    parser.epilog = dedent(f"""\
        targets: a file below results/, or one of
          {", ".join(TARGETS[:10])},
          {", ".join(TARGETS[10:])}

        The same command goes on after an interruption or a mended mistake, makes anew what a change
        of CONFIG concerns, and does nothing where everything is there.

        examples:
          grn-gat study my.yaml
          grn-gat study my.yaml tables --cores 4 --directory my-study
          grn-gat study my.yaml --profile slurm
          grn-gat study my.yaml -- --keep-going --config seeds=[1,2]""")


def run(arguments: Namespace) -> int:
    """Run the study; return 1 where jobs of it failed, each of which was told of."""
    remember_command()
    config = _config_file(arguments.config)
    pages = _pages(config)
    _make_cache(Path(arguments.directory or ""))
    # Loaded no earlier than here: Snakemake takes most of a second.
    from grn_gat.command.workflow_run import run_snakemake

    succeeded, run = run_snakemake(_snakemake_options(arguments, config))
    if run.interrupted:
        raise KeyboardInterrupt
    if not succeeded:
        _explain(arguments, run)
        return 1
    if not run.started:  # a question that Snakemake answered, or a chore
        say("\n".join(run.answer), sys.stderr)
    elif arguments.dry_run:
        say(_plan(run.planned), sys.stdout)
    else:
        say(_end(run), sys.stderr)
        for result in _results(arguments, pages):
            say(f"open {result}", sys.stdout)
    return 0


def _config_file(path: str) -> Path:
    """Return the file at a path, or the one that comes with the workflow there.

    Raises:
        InputError: there is neither.
    """
    for found in (Path(path), repository() / path):
        if found.is_file():
            return found.absolute()
    raise InputError(f"there is no file {path!r} in {Path.cwd()}")


def _pages(config: Path) -> dict[str, list[str]]:
    """Return the pages that each target writes, as far as a config says; "" is everything.

    Raises:
        InputError: it is no YAML.
    """
    from grn_gat.core.yaml_text import load_yaml

    try:
        text = config.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{config}: the file is not UTF-8 text; save it as UTF-8.") from None
    found = load_yaml(text, config)
    found = found if isinstance(found, Mapping) else {}
    named = found.get("infer")
    names = list(named) if isinstance(named, Mapping) else []
    inferred = [f"{paths.INFERRED}/report.html".format(network=name) for name in names]
    tables = [paths.OVERVIEW] if "networks" in found else []
    return {"": [*inferred, *tables], "infer": inferred, "tables": tables}


def _make_cache(folder: Path) -> None:
    """Where the home folder cannot be written to, let Snakemake's cache be in that of the study."""
    name = "XDG_CACHE_HOME"
    try:
        Path(os.environ.get(name) or "~/.cache").expanduser().mkdir(parents=True, exist_ok=True)
    except OSError:
        os.environ[name] = str((folder / ".snakemake/cache").absolute())


def _snakemake_options(arguments: Namespace, config: Path) -> list[str]:
    """Return what the command line of Snakemake would be."""
    workflow = repository()
    options = ["--snakefile", str(workflow / "Snakefile"), "--configfile", str(config)]
    profiles, profile = workflow / "workflow/profiles", arguments.profile or "default"
    if profile in os.listdir(profiles):
        options += ["--workflow-profile", str(profiles / profile)]
    else:
        options += ["--workflow-profile", str(profiles / "default"), "--profile", profile]
    if arguments.cores:
        options += ["--cores", arguments.cores]
    if arguments.directory:
        options += ["--directory", arguments.directory]
    if arguments.dry_run:  # so quiet, it ends when the jobs are counted
        options += ["--dry-run", "--quiet", "progress", "rules"]
    return [*options, *arguments.passed_on, "--", *arguments.targets]


def _plan(planned: Mapping[str, int]) -> str:
    """Return a table of the jobs of each rule."""
    if not planned:
        return _NOTHING
    rows = [*planned.items(), ("total", sum(planned.values()))]
    width = max(len(rule) for rule, _ in rows)
    return "\n".join(f"{rule:{width}} {number:>6}" for rule, number in rows)


def _end(run: "Run") -> str:
    if run.progress is None:
        return _NOTHING
    jobs = "1 job" if run.progress.done == 1 else f"{run.progress.done} jobs"
    return f"{jobs} done in {duration(run.progress.seconds())}"


def _results(arguments: Namespace, pages: Mapping[str, list[str]]) -> list[str]:
    """Return what to open: pages of what was asked for, or files that were; else the folder."""
    folder = Path(arguments.directory or "")
    wanted = [file for name in arguments.targets or [""] for file in pages.get(name, [name])]
    found = [folder / file for file in wanted if (folder / file).is_file()]
    return [str(file) for file in found or [folder / "results"]]


def _explain(arguments: Namespace, run: "Run") -> None:
    """Say how far a run came of which jobs failed, or raise InputError with what ended it."""
    error = run.explanation()
    if run.failures or error is None:
        done, total = (run.progress.done, run.progress.total) if run.progress else (0, 0)
        come = f"{done} of {total} jobs are done; the same command goes on from there"
        say(f"{come}. Snakemake's log: {run.log}", sys.stderr)
        return
    from snakemake.exceptions import LockException, MissingRuleException

    from grn_gat.command.workflow_errors import sentence

    if isinstance(error, LockException):
        raise InputError(_locked(arguments))
    if isinstance(error, MissingRuleException):
        raise InputError(_no_target(sentence(error), arguments.targets))
    raise InputError(sentence(error))


def _locked(arguments: Namespace) -> str:
    folder = arguments.directory
    study = [arguments.config, *(["--directory", folder] if folder else [])]
    unlock = shlex.join(["grn-gat", "study", *study, "--", "--unlock"])
    return (
        f"{Path(folder or '').absolute()} is locked: another run is at work there, or was killed; "
        f"if none is at work: {unlock}"
    )


def _no_target(text: str, targets: list[str]) -> str:
    similar = [name for target in targets for name in get_close_matches(target, TARGETS, n=1)]
    hint = f"did you mean {similar[0]}?" if similar else "see grn-gat study --help"
    return f"{text} ({hint})"
