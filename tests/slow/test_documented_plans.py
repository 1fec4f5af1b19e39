"""What README and pages ask of Snakemake is planned: targets, configs, keys; no job is run."""

import shlex

import yaml

from documented_commands import held_by

MY_CONFIG = {"networks": {"my": {"model": "workflow/resources/models/mCAD.tsv"}}}
# What the guide says how to add, and then to ask for.
ADDED = {"protocols=[target]", "methods=covariance"}


def test_snakemake_plans_what_the_pages_ask_for(one_process):
    (one_process.folder / "my.yaml").write_text(yaml.safe_dump(MY_CONFIG))
    asked = held_by(
        "tests/slow/test_documented_plans.py::test_snakemake_plans_what_the_pages_ask_for"
    )
    for text in asked:
        arguments = shlex.split(text)[1:]
        if arguments[-1] in ADDED:
            assert arguments[-2] == "--config"
            del arguments[-2:]
        if "--directory" in arguments:
            arguments[arguments.index("--directory") + 1] = str(one_process.folder)
        assert one_process.planned(*arguments), text
    assert len(asked) > 8
