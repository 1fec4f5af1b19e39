# The study that the config describes, wildcards, and resources. What a study is made of can be asked
# in scripts/grn_gat/study (plain Python): paths.py has the patterns, study.py axes, files and code.
import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

if not isinstance(workflow.current_basedir, str | os.PathLike):  # e.g. github(...) in a module
    raise WorkflowError(
        "grn-gat cannot be read from a remote repository: its package in scripts/ is needed when "
        "the workflow is read. Clone it and name the workflow/Snakefile of the clone."
    )
REPOSITORY = Path(workflow.current_basedir).parents[1]
# A clone has the package beside its workflow; the workflow of an installed package lies in it.
if (REPOSITORY / "scripts/grn_gat").is_dir():
    sys.path.insert(0, str(REPOSITORY / "scripts"))

from grn_gat.core.errors import InputError
from grn_gat.core.provenance import remember_command
from grn_gat.core.repository import give_package_to_jobs
from grn_gat.study import paths
from grn_gat.study.jobs import inference_jobs, timed_jobs
from grn_gat.study.paths import EDGES, EXPRESSION, PSEUDOTIME, REGULATORS, clean, single
from grn_gat.study.place import Place, schema
from grn_gat.study.resources import gpus, memory, runtime, train_environment
from grn_gat.study.scheduler_timer import use_one_timer
from grn_gat.study.study import Study, only

use_one_timer()
remember_command()
give_package_to_jobs(REPOSITORY)


# Another workflow that uses this one as a module can give it a prefix.
place = Place(REPOSITORY, workflow.modifier.path_modifier.replace_prefix)
try:
    study = Study.read(config, schema("study"), place)
except InputError as error:
    raise WorkflowError(str(error)) from None
config.update(study.config)
CHAPTERS = study.chapters()


wildcard_constraints:
    network=only([*study.sources, *study.referenced]),
    method=only(study.methods),
    control=only(study.model_controls),
    replicate=r"\d+",
    dropout=r"\d{3}",
    protocol=only(study.protocols),
    seed=r"\d+",


def asked(question, *wildcard_names):
    """Input function that asks the study about a job's wildcards; a mistake is one sentence."""

    def answer(wildcards):
        try:
            return question(*(getattr(wildcards, name) for name in wildcard_names))
        except InputError as error:
            raise WorkflowError(str(error)) from None

    return answer


def method_code(method):
    """Code of a method; its package must be here, unless jobs have software of their own."""
    if not workflow.deployment_settings.deployment_method:
        study.check_package(method)
    return study.method_code(method)


def at_level(text):
    """Labels in the report of a figure of one dropout level."""
    return lambda wildcards: {"item": f"{text}, dropout {int(wildcards.dropout)} %"}


def of_network(pattern):
    """Input function: `pattern` of the network; files of cells are those of its data set."""
    return lambda wildcards: study.of_cells(wildcards.network, pattern)


def over_replicates(pattern):
    """Input function: `pattern` for every replicate of the network."""
    return lambda wildcards: study.over_replicates(wildcards.network, pattern)
