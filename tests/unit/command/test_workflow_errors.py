"""Sentences of ours found in exceptions of Snakemake and in logs."""

import os

import pytest
from snakemake.exceptions import MissingRuleException, WorkflowError

from grn_gat.command.workflow_errors import (
    cause_of_death,
    changed,
    interrupted,
    logged_error,
    sentence,
    times,
    warnings,
)
from grn_gat.core.errors import InputError


def raised(function) -> Exception:
    with pytest.raises(Exception) as caught:
        function()
    return caught.value


def wrong_config():
    """As workflow/rules/common.smk raises it."""
    try:
        raise InputError("config: unknown key epocs")
    except InputError as error:
        raise WorkflowError(str(error)) from None


def wrong_input_function():
    """As Snakemake wraps what an input function raises."""
    try:
        wrong_config()
    except WorkflowError as error:
        raise WorkflowError(f"Error:\n  {error}\nWildcards:\n\nTraceback:\n  File ...")  # noqa: B904


@pytest.mark.parametrize("wrap", [wrong_config, wrong_input_function])
def test_our_sentence_is_found_in_what_snakemake_wraps(wrap):
    assert sentence(raised(wrap)) == "config: unknown key epocs"


def test_other_exceptions_are_one_line():
    assert sentence(WorkflowError("two\n  lines")) == "two lines"
    assert sentence(MissingRuleException("tabels")) == "No rule to produce tabels"
    assert sentence(KeyError("networks")) == "KeyError: 'networks'"
    missing = raised(lambda: os.stat("/nowhere/x"))
    assert sentence(missing) == "/nowhere/x: No such file or directory"


@pytest.mark.parametrize(
    ("said", "cause", "by_user"),
    [
        ("Command 'x' died with <Signals.SIGKILL: 9>.", "ended by SIGKILL (as the system", False),
        ("Command 'x' died with <Signals.SIGTERM: 15>.", "ended by SIGTERM", False),
        ("Command 'x' died with <Signals.SIGINT: 2>.", "ended by SIGINT", True),
        ("Command 'x' returned non-zero exit status 130.", None, True),
        ("Command 'x' returned non-zero exit status 1.", None, False),
    ],
)
def test_signals(said, cause, by_user):
    found = cause_of_death(RuntimeError(said))
    assert found is None if cause is None else found.startswith(cause)
    assert interrupted(RuntimeError(said)) is by_user
    assert not interrupted(None) and cause_of_death(None) is None


def test_the_error_of_a_log(tmp_path):
    log = tmp_path / "a.log"

    def error_of(text: str) -> str | None:
        log.write_text(text)
        return logged_error([str(log)])

    assert (
        error_of("read x\nerror: x.csv: gene A is there twice\n") == "x.csv: gene A is there twice"
    )
    assert error_of("error: one\nconfig: two\n") == "one\nconfig: two"
    assert (
        error_of("Traceback (most recent call last):\n  File\nKeyError: 'a'\n") == "KeyError: 'a'"
    )
    assert error_of("done, 1.00 CPU seconds\n") is None and error_of("") is None


def test_warnings_of_a_log_come_once(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("warning: few cells\nread\nwarning: few cells\nwarning: other\n")
    assert warnings([str(log)]) == ["warning: few cells", "warning: other"]


def test_logs_that_an_earlier_attempt_left_do_not_count(tmp_path):
    old, new, never = (str(tmp_path / name) for name in ("old.log", "new.log", "never.log"))
    for path in (old, new):
        open(path, "w").close()
        os.utime(path, (1, 1))
    before = times([old, new, never])
    with open(new, "w") as file:
        file.write("error: bad\n")
    assert changed(before) == [new]
