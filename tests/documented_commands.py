"""The commands of README, guide and pages, and what holds each of them to reality.

A command that nothing here knows is refused (`held`), and so is an entry that no page needs, a test
that is not there, an option that the program does not have. So a page says only what runs.
"""

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from documentation import blocks, texts
from workflows import REPOSITORY

# Of Snakemake all that has none of these.
_APART = r"--unlock|--workflow-profile|--sdm|--report|beeline_release|\binfer\b|\bgrn_"
# What holds a command, by a regular expression of it: a test, or a file that runs it.
HELD = {
    # make, whose recipes are looked at as well (test_commands.py)
    r"make install.*": ".ci/run",  # by lint, test and test-slow
    r"make (lint|test|test-slow)": ".ci/run",
    r"make audit": ".github/workflows/audit.yml",
    r"make (docs|readme)": "tests/unit/docs/test_readme.py::test_pages_say_what_the_tables_say",
    r"make release": ".github/workflows/release.yml",
    r"make site": "tests/slow/test_site.py::test_site_builds_without_a_warning",
    r"make wheel": "tests/rules/test_package.py::test_installed_package_finds_its_workflow",
    r"make bundle": "tests/slow/test_bundle.py::test_what_is_installed_is_in_the_lock",
    r"make picture": "tests/snakemake/test_documented.py::test_readme_as_a_newcomer",
    r"make (small|report)": "tests/slow/test_small_study.py::test_report_is_self_contained",
    r"make (reproduce|curated)": "tests/rules/test_profile.py::test_full_study_submits_few_jobs",
    r"make (real|hematopoiesis)": "tests/study/test_real.py::test_the_configs_are_planned",
    r"make real-evidence.*": "tests/study/test_real.py::test_evidence_is_planned",
    r"make pretrain": "tests/slow/test_pretrain_all.py::test_second_run_does_nothing",
    r"make ablation": "tests/slow/test_ablate.py::test_second_run_does_nothing",
    r"make trust": "tests/study/test_trust.py::test_small_table",
    r"make hub-worth": "tests/study/test_hub_worth.py::test_small_table_and_figure",
    r"make held-out": "tests/study/test_held_out.py::test_small_table",
    r"make knock-outs": "tests/study/test_predicted_knock_outs.py::test_small_table",
    r"make broad-training": (
        "tests/slow/test_broad_training.py::test_variants_are_scored_beside_simple_methods"
    ),
    r"make realism": "tests/study/test_realism.py::test_small_table_and_figure",
    r"make (bench|bench-curated|bench-views)": (
        "tests/unit/bench/test_bench.py::test_benchmarks_only_measure"
    ),
    r"make (test-conda|pins)": (
        "tests/slow/test_conda.py::test_small_study_in_environments_that_conda_makes"
    ),
    r"make image.*|podman run .*": (
        "tests/slow/test_image.py::test_a_network_inferred_inside_is_that_of_outside"
    ),
    r"make pythons": "tests/rules/test_lock.py::test_lock_is_closed",
    r"make container": "tests/slow/test_container.py::test_jobs_run_in_the_image_that_make_builds",
    # grn-gat
    r"grn-gat (example|infer|check|compare|methods|--version)\b.*": (
        "tests/snakemake/test_documented.py::test_commands_on_one_data_set"
    ),
    r"grn-gat export .*": (
        "tests/snakemake/test_documented.py::test_networks_for_other_benchmarks"
    ),
    r"grn-gat study .*--unlock": (
        "tests/unit/command/test_study.py::test_the_sentence_of_a_locked_folder_says_how_to_unlock"
    ),
    r"grn-gat study .*--profile slurm": (
        "tests/unit/command/test_study.py::test_profiles_by_name_are_those_of_the_workflow"
    ),
    r"grn-gat study (?!.*(--unlock|--profile)).*": (
        "tests/slow/test_documented_plans.py::test_studies_of_the_pages_run"
    ),
    # Snakemake
    r"snakemake .*--unlock.*": (
        "tests/slow/test_interruption.py::test_snakemake_is_killed_and_its_job_goes_on"
    ),
    r"snakemake .*--workflow-profile .*": (
        "tests/slow/test_slurm.py::test_a_study_on_slurm_is_that_of_a_local_run"
    ),
    r"snakemake .*--sdm conda.*": (
        "tests/slow/test_conda.py::test_small_study_in_environments_that_conda_makes"
    ),
    r"snakemake .*--report .*": "tests/slow/test_small_study.py::test_report_is_self_contained",
    r"snakemake .*beeline_release": "tests/study/test_existing_data.py::test_beeline_release",
    r"snakemake (?!.*--workflow-profile).*\binfer\b.*": (
        "tests/snakemake/test_infer.py::test_results_of_a_name_are_those_of_the_last_options"
    ),
    r"snakemake .*\bgrn_\w+": "tests/slow/test_module.py::test_module_with_a_prefix",
    rf"snakemake (?!.*({_APART})).*": (
        "tests/slow/test_documented_plans.py::test_snakemake_plans_what_the_pages_ask_for"
    ),
    # Python
    r"python -m pytest .*": ".ci/run",
    r"python -m pip install -c requirements\.lock dist/\*\.whl": (
        "tests/rules/test_package.py::test_installed_package_finds_its_workflow"
    ),
    r"python3 -m venv my-env|python -m pip install --no-index --find-links bundle grn-gat": (
        "tests/slow/test_bundle.py::test_what_is_installed_is_in_the_lock"
    ),
    r"chmod -R a\+rX|export XDG_CACHE_HOME=.*|find \.venv -type f \| wc -l": (
        "tests/slow/test_shared_install.py::test_another_user_runs_a_study"
    ),
    # A comparison of two commits: its parts are commands of git and cmp.
    r"git worktree add .*|for place in .*|for table in .*": (
        "tests/rules/test_renamed_words.py::test_renamed_results_are_the_same"
    ),
}
# What no test runs, and why.
NOT_RUN = {
    r"squeue .*|scancel .*": "programs of Slurm, for a run that was killed on a cluster",
    r"python -m pip install regdiffusion==.*": "it would change the environment that tests run in",
    r"pip install snakemake-executor-plugin-cluster-generic==.*": (
        "the page says that nothing of it was run"
    ),
}
_PROGRAMS = r"make|grn-gat|snakemake|python3?|pip|podman|git|for|find|export|squeue|scancel|chmod"
_COMMAND = re.compile(rf"(?:\S*/bin/)?({_PROGRAMS})(?= |$)")
# In a sentence the name of a subcommand that takes more than its name.
_NAMED = re.compile(r"grn-gat (check|compare|export|infer|study)")


class Command(NamedTuple):
    """A command, where it stands, and whether in a block that is there to be pasted."""

    page: str
    text: str
    pasted: bool


def _lines(block: str) -> Iterator[str]:
    """Commands of a block: without comments, lines that go on in one."""
    for line in block.replace("\\\n", " ").splitlines():
        text = re.sub(r"(^|\s+)#.*", "", line).strip()
        if text:
            yield re.sub(r"\s+", " ", text)


@cache
def commands() -> tuple[Command, ...]:
    """All commands of the pages; in the text those that are more than a name."""
    found = []
    for page, text in texts().items():
        for language, block in blocks(text):
            if not language:
                found += [Command(page, line, True) for line in _lines(block)]
        for code in re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            if _COMMAND.match(code) and " " in code and not _NAMED.fullmatch(code):
                found.append(Command(page, " ".join(code.split()), False))
    return tuple(found)


def called(command: Command) -> str:
    """The command without the folder of its program."""
    return _COMMAND.sub(r"\1", command.text, count=1)


def entries(command: Command) -> list[str]:
    """Regular expressions of `HELD` and `NOT_RUN` that the command matches."""
    return [pattern for pattern in (*HELD, *NOT_RUN) if re.fullmatch(pattern, called(command))]


def held_by(test: str) -> list[str]:
    """Commands that a test holds, each once."""
    found = (called(c) for c in commands() if test in (HELD.get(entry) for entry in entries(c)))
    return list(dict.fromkeys(found))


def words(command: Command) -> list[str]:
    """Program and arguments, as the shell would give them."""
    return shlex.split(called(command))


def holds(by: str) -> bool:
    """Whether a test, or a file that runs commands, is there."""
    path, _, name = by.partition("::")
    if not (REPOSITORY / path).is_file():
        return False
    if not name:
        return True
    tree = ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))
    return name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def make_targets() -> dict[str, list[str]]:
    """Recipe of every target of the Makefile, its lines with variables as they are written."""
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"^([\w-]+):(?!=).*\n((?:\t.*\n?)*)", text, re.MULTILINE)
    return {name: recipe.replace("\t", "").splitlines() for name, recipe in found}


@cache
def make_variables() -> set[str]:
    """Variables that a command may set."""
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^(\w+) \?=", text, re.MULTILINE))
