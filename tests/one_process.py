"""The workflow without its processes: Snakemake plans, and each job runs here, one after another.

Starting a job costs more than most jobs of a test's study do: Python, its libraries, Snakemake. The
files are the same, byte for byte (tests/snakemake compares them), but for what Snakemake measures of
a job: there are no benchmark files, and no record of a finished job. So what an edit reruns cannot
be asked of a study that was made here, only what is missing or older than its inputs.
"""

import contextlib
import importlib
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import torch
from snakemake.api import SnakemakeApi
from snakemake.cli import parse_args, parse_config
from snakemake.exceptions import WorkflowError
from snakemake.settings.types import (
    ConfigSettings,
    DAGSettings,
    OutputSettings,
    Quietness,
    ResourceSettings,
)

from grn_gat.core.job import logged
from workflows import REPOSITORY, Workflow


class OneProcess(Workflow):
    """The workflow of the repository in a folder that holds a study's own files only.

    `run` takes the arguments of the command line that tests use: targets, `--configfile`,
    `--config`, `--directory`, `--forceall` and `--dry-run`.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    def run(self, *arguments: str, cores: int = 1) -> subprocess.CompletedProcess:
        """Run what these arguments ask for; what jobs print comes back as one text."""
        with _captured() as text:
            try:
                self._run(arguments, cores)
                code = 0
            except WorkflowError as error:
                print(error, file=text)
                code = 1
            except SystemExit as end:  # of a job whose error is in the text
                code = end.code
        return subprocess.CompletedProcess(arguments, code, text.getvalue())

    def planned(self, *arguments: str) -> set[str]:
        """Names of the rules that a run with these arguments would execute."""
        with self._plan(arguments, cores=1) as (_, jobs):
            return {job.rule.name for job in jobs}

    def due(self, *arguments: str) -> set[str]:
        """Files that the jobs of a run with these arguments would write."""
        with self._plan(arguments, cores=1) as (_, jobs):
            return {str(file) for job in jobs for file in job.output}

    def reruns(self, edited: str, *arguments: str) -> dict[str, int]:
        """Number of jobs by rule that an edit of one file of the repository would run again.

        They are those that have it as an input, and those that need files of theirs.
        """
        found = {}
        with self._plan(("--forceall", *arguments), cores=1) as (dag, jobs):
            again = set()
            for job in jobs:
                files = {Path(file).resolve() for file in job.input}
                if (REPOSITORY / edited) in files or again & set(dag.dependencies[job]):
                    again.add(job)
                    found[job.rule.name] = found.get(job.rule.name, 0) + 1
        return found

    def _run(self, arguments: tuple[str, ...], cores: int) -> None:
        with self._plan(arguments, cores) as (_, jobs):
            if "--dry-run" in arguments:
                return
            for job in jobs:
                _execute(job)

    @contextlib.contextmanager
    def _plan(self, arguments: tuple[str, ...], cores: int) -> Iterator[tuple]:
        """Jobs that run a script and are due, in their order, in the working directory."""
        _, given = parse_args(["--workflow-profile", "none", *map(str, arguments)])
        files = [self._config_file(name) for name in given.configfile or ()]
        with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
            workflow = api.workflow(
                resource_settings=ResourceSettings(cores=cores),
                config_settings=ConfigSettings(
                    config=parse_config(given.config), configfiles=files
                ),
                snakefile=REPOSITORY / "Snakefile",
                workdir=Path(given.directory or self.folder),
            )
            dag_settings = DAGSettings(targets=set(given.targets), forceall=given.forceall)
            workflow.dag(dag_settings).execute_workflow(executor="dryrun")
            dag = workflow._workflow.dag
            due = [job for level in dag.toposorted() for job in level if dag.needrun(job)]
            yield dag, [job for job in due if job.rule.script]

    def _config_file(self, name: str | Path) -> Path:
        own = self.folder / name
        return own if own.is_file() else REPOSITORY / name


@contextlib.contextmanager
def _captured() -> Iterator[io.StringIO]:
    """What is printed, on the terminal itself too, as one text."""
    text, terminal = io.StringIO(), sys.__stderr__
    sys.__stderr__ = text
    try:
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
            yield text
    finally:
        sys.__stderr__ = terminal


def _execute(job) -> None:
    """Run a job's script as Snakemake would, in the state that the job finds this process in."""
    for path in (*job.log, *job.output):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    parts = ("input", "output", "params", "wildcards", "threads", "log", "resources")
    snakemake = SimpleNamespace(rule=job.rule.name, **{part: getattr(job, part) for part in parts})
    script = importlib.import_module(Path(job.rule.script).stem)
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    try:
        with logged(snakemake):
            script.main(snakemake)
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(strict)
