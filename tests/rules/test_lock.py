"""requirements.lock: sorted, and closed: what its packages need is in it, too. So is the site's."""

import re
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

from environments import lock
from workflows import REPOSITORY

# PyPI's PyTorch for Linux needs them; whether it is that or one for the CPU, the lock leaves open.
CUDA = ("cuda", "nvidia", "triton")


def name_of(text: str) -> str:
    """The name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", text).lower()


def test_lock_is_sorted():
    names = list(lock())
    assert names == sorted(names) and len(set(names)) == len(names)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_lock_is_closed(python):
    """`pip install --no-deps -r` installs all there is to install, and `pip check` is content."""
    locked = {name_of(name): version for name, version in lock().items()}
    machine = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    needed = {}
    for name in lock():
        for requirement in map(Requirement, requires(name) or ()):
            applies = requirement.marker is None or requirement.marker.evaluate(machine)
            if applies and not requirement.name.startswith(CUDA):
                needed[f"{name} needs {requirement}"] = requirement
    missing = [
        text
        for text, requirement in needed.items()
        if name_of(requirement.name) not in locked
        or not requirement.specifier.contains(locked[name_of(requirement.name)], prereleases=True)
    ]
    assert len(needed) > 150 and missing == []


def test_lock_of_the_site_is_apart():
    """Pages are built by few: what they need is no burden of those who infer networks."""
    lines = (REPOSITORY / "requirements-site.lock").read_text(encoding="utf-8").split()
    own = [line.split("==")[0].lower() for line in lines]
    assert own == sorted(own) and {"mkdocs-material", "mkdocstrings-python"} <= set(own)
    assert all(line.count("==") == 1 for line in lines) and not set(own) & set(lock())
