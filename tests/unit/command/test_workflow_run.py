"""What a run makes of Snakemake's records; without Snakemake."""

import logging
import os

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from grn_gat.command.workflow_run import Run, run_snakemake
from grn_gat.core.errors import InputError

FAILED = RuntimeError("Command 'x' returned non-zero exit status 1.")
KILLED = RuntimeError("Command 'x' died with <Signals.SIGKILL: 9>.")


class Said:
    """A screen that keeps its lines."""

    lively = False

    def __init__(self):
        self.lines: list[str] = []

    def show(self, progress) -> None:
        pass

    def say(self, text: str) -> None:
        self.lines.append(text)


class Printed:
    def __init__(self, line: str | None = None):
        self.line = line

    def last_line(self) -> str | None:
        return self.line


class Story:
    """A run to which things happen, in a folder of its own."""

    def __init__(self, retries: int = 0, printed: str | None = None):
        self.screen = Said()
        self.run = Run(self.screen, Printed(printed), "my-study", retries)
        self.happens(LogEvent.WORKFLOW_STARTED)
        self.happens(LogEvent.RUN_INFO, stats={"a": 3, "total": 3})

    def happens(self, event, message: str = "", level=logging.INFO, **fields) -> None:
        record = logging.LogRecord("snakemake.logging", level, "", 0, message, None, None)
        record.__dict__.update(event=event, **fields)
        self.run.handle(record)

    def begins(self, job: int) -> None:
        self.happens(
            LogEvent.JOB_INFO, jobid=job, rule_name="a", rule_msg=f"a of {job}", log=[log(job)]
        )

    def ends(self, job: int) -> None:
        self.happens(LogEvent.JOB_FINISHED, job_id=job)

    def fails(self, job: int, error: Exception = FAILED, said: str | None = None) -> None:
        try:
            raise error
        except RuntimeError:
            self.happens(LogEvent.ERROR)
            self.happens(
                LogEvent.JOB_ERROR, jobid=job, rule_name="a", rule_msg=said, log=[log(job)]
            )


def log(job: int) -> str:
    return f"a-{job}.log"


def write(job: int, text: str) -> None:
    with open(log(job), "w") as file:
        file.write(text)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_run_without_mistakes():
    story = Story()
    for job in (1, 2, 3):
        story.begins(job)
        write(job, "warning: few cells\n" if job == 2 else "")
        story.ends(job)
    assert story.run.planned == {"a": 3} and story.run.progress.done == 3
    assert story.screen.lines == ["warning: few cells"]
    assert story.run.failures == 0 and story.run.explanation() is None


def test_the_sentence_of_a_job_is_said_once_with_its_log():
    story = Story()
    story.begins(1)
    write(1, "error: x.csv: gene A is there twice\n")
    story.fails(1)
    assert story.screen.lines == [
        f"error: x.csv: gene A is there twice (log: {os.path.join('my-study', log(1))})"
    ]
    assert story.run.failures == 1 and not story.run.progress.running


@pytest.mark.parametrize(
    ("error", "said", "printed", "reason"),
    [
        (KILLED, None, None, "ended by SIGKILL (as the system does when memory runs out)"),
        (FAILED, None, "ModuleNotFoundError: No module named 'x'", "ModuleNotFoundError: No mod"),
        (FAILED, None, None, "ended without saying why"),
        (
            FAILED,
            "SLURM-job '7' failed, SLURM status is: 'TIMEOUT'. For further error details see",
            None,
            "SLURM-job '7' failed, SLURM status is: 'TIMEOUT'. (log",
        ),
    ],
)
def test_jobs_that_do_not_say_why_they_ended(error, said, printed, reason):
    story = Story(printed=printed)
    write(1, "error: of an earlier run\n")
    os.utime(log(1), (1, 1))
    story.begins(1)
    story.fails(1, error, said)
    (line,) = story.screen.lines
    assert line.startswith(f"error: a of 1: {reason}")


def test_a_job_that_is_tried_again_is_no_error_yet():
    story = Story(retries=1)
    for attempt in (1, 2):
        story.begins(1)
        write(1, f"error: attempt {attempt}\n")
        os.utime(log(1), (attempt, attempt))
        story.fails(1)
    first, second = story.screen.lines
    assert first.startswith("warning: attempt 1; it is tried again (log: ")
    assert second.startswith("error: attempt 2 (log: ") and story.run.failures == 1


def group_error(story: Story, *jobs: int) -> None:
    told = [{"jobid": job, "rule_name": "a", "log": [log(job)]} for job in jobs]
    story.happens(LogEvent.GROUP_ERROR, job_error_info=told, aux_logs=["slurm.log"])
    for job in jobs:  # Snakemake tells of each of them after this
        story.fails(job)


def test_of_a_group_the_job_that_failed_is_named():
    story = Story()
    for job in (1, 2):
        story.begins(job)
    write(2, "error: bad\n")
    group_error(story, 1, 2)
    (line,) = story.screen.lines
    assert line.startswith("error: bad (log: ") and line.endswith(f"{log(2)})")
    assert story.run.failures == 1


def test_a_group_without_a_sentence_is_one_line():
    story = Story()
    for job in (1, 2):
        story.begins(job)
    group_error(story, 1, 2)
    (line,) = story.screen.lines
    assert "a group of jobs (a) ended without saying why" in line and "slurm.log" in line


def test_ctrl_c_is_no_failure_of_jobs():
    story = Story()
    story.begins(1)
    story.begins(2)
    story.fails(1, RuntimeError("Command 'x' died with <Signals.SIGINT: 2>."))
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        story.happens(None, "Terminating processes on user request")
    story.fails(2)
    assert story.run.interrupted and story.run.failures == 0
    assert story.screen.lines == ["stopping: waiting for the running jobs to end"]


def test_ctrl_c_may_reach_a_job_that_makes_another_exit_of_it():
    story = Story(printed="Traceback (most recent call last):\nKeyboardInterrupt")
    story.begins(1)
    story.fails(1)
    assert story.run.failures == 0 and not story.screen.lines


def test_what_ended_a_run_is_the_last_that_says_something():
    story = Story()
    for text in ("sbatch: error", "At least one job did not complete successfully."):
        story.happens(None, text, logging.ERROR)
    assert str(story.run.explanation()) == "sbatch: error"


def test_what_takes_minutes_before_the_first_job_is_said():
    run = Run(Said(), Printed(), "", 0)
    for event, message in (
        (None, "Building DAG of jobs..."),
        (LogEvent.WORKFLOW_STARTED, "Workflow has started!"),
        (None, "Creating conda environment envs/train.yaml..."),
        (None, "Downloading and installing remote packages."),
    ):
        record = logging.LogRecord("snakemake.logging", logging.INFO, "", 0, message, None, None)
        record.event = event
        run.handle(record)
    assert run._screen.lines == ["Creating conda environment envs/train.yaml..."]
    assert run.answer == ["Building DAG of jobs..."]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--foo"], "options of snakemake: unrecognized arguments: --foo"),
        (["--profile", "nowhere"], "options of snakemake: profile directory given"),
        (["--cores", "x"], "number of cores"),
    ],
)
def test_wrong_options(options, words):
    with pytest.raises(InputError, match=words):
        run_snakemake(["--workflow-profile", "none", *options])
