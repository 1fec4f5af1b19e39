"""The workflow without its processes: Snakemake plans, and each job runs here, one after another.

Starting a job costs more than most jobs of a test's study do: Python, its libraries, Snakemake. The
files are the same, byte for byte (tests/snakemake compares them), but for what Snakemake measures
of a job: there are no benchmark files, and no record of a finished job. So a study that was made
here says what is missing or older than its inputs, not what a changed parameter reruns.
"""

import contextlib
import importlib
import io
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
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

    def environments(self, *arguments: str) -> set[str]:
        """Names of the environment files of a run with these arguments."""
        with self._plan(arguments, cores=1) as (_, jobs):
            return {
                Path(job.conda_env_spec.file.get_path_or_uri(secret_free=True)).name for job in jobs
            }

    def edited(self, file: str, *arguments: str) -> dict[str, list[str]]:
        """Files, by rule, that a finished study makes again after an edit of one of ours."""
        path = REPOSITORY / file
        assert path.is_file()
        return self._again(arguments, lambda job: path in {Path(f).resolve() for f in job.input})

    def changed(self, arguments: list[str], *others: str) -> dict[str, list[str]]:
        """Files, by rule, that a study finished with `arguments` makes again with `others` too."""
        with self._plan(("--forceall", *arguments), cores=1) as (_, jobs):
            before = {tuple(job.output): _triggers(job) for job in jobs}
        return self._again(
            (*arguments, *others), lambda job: before.get(tuple(job.output)) != _triggers(job)
        )

    def _again(self, arguments: Sequence[str], first: Callable) -> dict[str, list[str]]:
        """Files, by rule, of jobs for which `first` is true, and of those that need their files."""
        found, again = {}, set()
        with self._plan(("--forceall", *arguments), cores=1) as (dag, jobs):
            for job in jobs:
                if first(job) or again & set(dag.dependencies[job]):
                    again.add(job)
                    found.setdefault(job.rule.name, []).extend(map(str, job.output))
        return found

    def _run(self, arguments: Sequence[str], cores: int) -> None:
        with self._plan(arguments, cores) as (_, jobs):
            if "--dry-run" in arguments:
                return
            for job in jobs:
                _execute(job)

    @contextlib.contextmanager
    def _plan(self, arguments: Sequence[str], cores: int) -> Iterator[tuple]:
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


def _triggers(job) -> tuple:
    """What Snakemake compares with its record of a finished job, but for times."""
    return repr(sorted(job.params.items(), key=str)), sorted(map(str, job.input))


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
    snakemake = SimpleNamespace(
        rule=job.rule.name,
        config=job.rule.workflow.config,
        **{part: getattr(job, part) for part in parts},
    )
    script = importlib.import_module(Path(job.rule.script).stem)
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    try:
        with logged(snakemake):
            script.main(snakemake)
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(strict)
