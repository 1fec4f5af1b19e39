"""requirements.lock: sorted, and closed: what its packages need is in it, too."""

import re
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

from environments import lock


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
            if requirement.marker is None or requirement.marker.evaluate(machine):
                needed[f"{name} needs {requirement}"] = requirement
    missing = [
        text
        for text, requirement in needed.items()
        if name_of(requirement.name) not in locked
        or not requirement.specifier.contains(locked[name_of(requirement.name)], prereleases=True)
    ]
    assert len(needed) > 150 and missing == []
