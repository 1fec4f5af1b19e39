"""The recipe of the container."""

import re

from workflows import REPOSITORY

RECIPE = REPOSITORY / "envs/Apptainer.def"


def test_recipe_installs_the_lock_file():
    text = RECIPE.read_text()
    lock, copy = re.search(r"^%files\n +(\S+) (\S+)$", text, re.M).groups()
    assert (REPOSITORY / lock).samefile(REPOSITORY / "requirements.lock")
    assert re.search(rf"^%post\n +python -m pip install .*-r {copy}$", text, re.M)


def test_recipe_has_a_python_that_the_project_supports():
    oldest = re.search(r'requires-python = ">=(.+)"', (REPOSITORY / "pyproject.toml").read_text())[
        1
    ]
    assert re.search(r"^From: python:(\d+\.\d+)\.", RECIPE.read_text(), re.M)[1] == oldest
