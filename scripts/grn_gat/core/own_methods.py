"""Which folder of a user's own methods (`methods_path` of the config) this process works with.

A job belongs to one study, whose folder `core.job.logged` enters; elsewhere there is none. What
asks on behalf of a study, as the reading of the workflow does, names the folder instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager

_folder = ""


def own_folder() -> str:
    """Return the folder, empty where there is none."""
    return _folder


@contextmanager
def own_methods(folder: str) -> Iterator[None]:
    """Work with this folder, empty for none, as long as the block runs."""
    global _folder
    before, _folder = _folder, folder
    try:
        yield
    finally:
        _folder = before
