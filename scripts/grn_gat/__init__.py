"""Gene regulatory networks from expression: `infer`, `methods` and `Network`, loaded when used."""

from importlib import import_module
from typing import Any

__all__ = ["Network", "__version__", "infer", "methods"]


def __getattr__(name: str) -> Any:
    """Return what the package offers from the module that has it (PEP 562)."""
    if name == "__version__":
        return import_module("grn_gat.core.version").VERSION
    if name in __all__:
        return getattr(import_module("grn_gat.api"), name)
    raise AttributeError(f"module 'grn_gat' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
