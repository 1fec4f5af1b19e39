"""The environments of the rules: what their files and the lock say, and what scripts import."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import yaml

from grn_gat.algorithms._registry import method_names, module_path, stated
from grn_gat.study.code_dependencies import package_code
from rule_texts import rules
from workflows import REPOSITORY

# Of methods that need a package beside the lock: that of the others, and the package.
APART = sorted(name for name in method_names() if stated(name).get("package"))
ENVIRONMENTS = sorted(
    path.stem for path in (REPOSITORY / "envs").glob("*.yaml") if path.stem not in APART
)
# Names in the lock file of what conda-forge has under other names.
LOCK_OF_CONDA = {
    "matplotlib-base": "matplotlib", "pytorch-cpu": "torch", "pytorch-gpu": "torch",
    "pytorch_geometric": "torch-geometric",
}  # fmt: skip
LOCK_OF_IMPORT = {
    "sklearn": "scikit-learn", "yaml": "pyyaml", "torch_geometric": "torch-geometric",
    "snakemake_interface_logger_plugins": "snakemake-interface-logger-plugins",
}  # fmt: skip
# Imported in functions that the script of a rule does not call.
NOT_CALLED = {"build_graph": {"torch_geometric"}}  # graph_file.load_graph


def lock() -> dict[str, str]:
    lines = (REPOSITORY / "requirements.lock").read_text().split()
    return {name.lower(): version for name, version in (line.split("==") for line in lines)}


def environment(name: str) -> dict:
    return yaml.safe_load((REPOSITORY / f"envs/{name}.yaml").read_text())


def packages(name: str) -> dict[str, str]:
    """Version of every package of an environment, by its name in the lock file."""
    split = (dependency.split("=") for dependency in environment(name)["dependencies"])
    return {LOCK_OF_CONDA.get(package, package): version for package, version in split}


def environments_of(rule: str) -> list[str]:
    """Names of the environments that a rule runs in: two where its device chooses one."""
    named = re.search(r"^    conda:\n        (.+)$", rules()[rule], re.M)[1]
    if named.startswith("train_environment("):
        return ["train", "train-gpu"]
    if named == 'asked(study.environment, "method")':
        return ["methods"]  # and those of APART
    return [re.fullmatch(r'"../../envs/([\w-]+)\.yaml"', named)[1]]


@cache
def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative imports are not followed by `code=`"
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"grn_gat"}


@cache
def imported_by(rule: str) -> set[str]:
    """Modules that a rule's script imports, directly or through the package."""
    script = REPOSITORY / f"scripts/{rule}.py"
    files = {script, *map(Path, package_code(script))}
    if rule == "infer_network":  # which imports the methods by their names
        for module in (module_path(name) for name in method_names() if name not in APART):
            files |= {module, *map(Path, package_code(module))}
    return set().union(*map(imports, files)) - NOT_CALLED.get(rule, set())


def needed_by(rule: str) -> set[str]:
    """What a rule's script imports, by the names in the lock file."""
    return {LOCK_OF_IMPORT.get(module, module) for module in imported_by(rule)}
