"""Which files of this package a script depends on, found from its import statements.

Declared as input of the rule, so that editing a module reruns exactly what depends on it.
Standard library only: this runs whenever Snakemake reads the workflow.
"""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def _files(names: list[str]) -> set[Path]:
    """Files that importing module `names` of the package executes, the package's own left out."""
    packages = (PACKAGE.joinpath(*names[:i], "__init__.py") for i in range(1, len(names) + 1))
    module = PACKAGE.joinpath(*names).with_suffix(".py") if names else PACKAGE
    return {file for file in (*packages, module) if file.is_file()}


@cache
def _imports(path: Path) -> frozenset[Path]:
    """Modules of this package that a file imports directly, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            head, *rest = name.split(".")
            if head == PACKAGE.name:
                modules |= _files(rest)
    return frozenset(modules)


def package_code(script: str | Path) -> list[str]:
    """Return the package files that `script` imports, directly or through others, sorted."""
    found: set[Path] = set()
    waiting = [Path(script)]
    while waiting:
        new = _imports(waiting.pop()) - found
        found |= new
        waiting += new
    return sorted(str(path) for path in found)
