"""The rules' environments: what they provide, their versions against the lock, their pin files."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from test_workflow_files import REPOSITORY, rules

from grn_gat.methods._registry import method_names, module_path
from grn_gat.study.code_dependencies import package_code

ENVIRONMENTS = sorted(path.stem for path in (REPOSITORY / "envs").glob("*.yaml"))
PIN_FILES = sorted((REPOSITORY / "envs").glob("*.txt"))
# Names in the lock file of what conda-forge has under other names.
LOCK_OF_CONDA = {
    "matplotlib-base": "matplotlib", "pytorch-cpu": "torch", "pytorch-gpu": "torch",
    "pytorch_geometric": "torch-geometric",
}  # fmt: skip
LOCK_OF_IMPORT = {
    "sklearn": "scikit-learn", "yaml": "pyyaml", "torch_geometric": "torch-geometric",
}  # fmt: skip
# Pinned beside the packages that compute with them, whether or not they are imported too.
PINNED_WITH = {"scikit-learn": {"scipy"}}
# Imported in functions that the script of a rule does not call.
NOT_CALLED = {"build_graph": {"torch_geometric"}}  # graph_file.load_graph
PYTHON = "3.11"  # the oldest that the project supports: pyproject.toml


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
        for module in map(module_path, method_names()):
            files |= {module, *map(Path, package_code(module))}
    return set().union(*map(imports, files)) - NOT_CALLED.get(rule, set())


def needed_by(rule: str) -> set[str]:
    """What a rule's script imports, by the names in the lock file."""
    return {LOCK_OF_IMPORT.get(module, module) for module in imported_by(rule)}


@pytest.mark.parametrize("rule", sorted(rules()))
def test_environment_provides_what_the_script_imports(rule):
    for name in environments_of(rule):
        # jsonschema checks the config in the Snakefile only, in Snakemake's own environment.
        missing = needed_by(rule) - set(packages(name))
        assert not missing, f"{rule} ({name}.yaml) imports {sorted(missing)}"


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_has_nothing_that_no_rule_imports(name):
    users = [rule for rule in rules() if name in environments_of(rule)]
    needed = set().union(*map(needed_by, users))
    needed |= set().union(*(PINNED_WITH.get(package, ()) for package in needed))
    assert set(packages(name)) == needed | {"python"}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_is_pinned_to_the_versions_of_the_lock(name):
    content = environment(name)
    assert set(content) == {"channels", "dependencies"}
    assert content["channels"] == ["conda-forge", "nodefaults"]
    for dependency in content["dependencies"]:  # one version, no build, no channel, no pip section
        assert re.fullmatch(r"[a-z0-9_-]+=\d+(\.\d+)+", dependency), dependency
    pinned = lock() | {"python": PYTHON}
    assert packages(name) == {package: pinned.get(package) for package in packages(name)}
    assert len(packages(name)) == len(content["dependencies"])


def test_training_environments_differ_in_the_build_of_pytorch_only():
    cpu, gpu = (set(environment(name)["dependencies"]) for name in ("train", "train-gpu"))
    version = lock()["torch"]
    assert (cpu - gpu, gpu - cpu) == ({f"pytorch-cpu={version}"}, {f"pytorch-gpu={version}"})


# All that Snakemake asks conda in a dry run.
CONDA_OF_A_DRY_RUN = """#!/bin/sh
case "$1" in
    --version) echo "conda 24.7.1" ;;
    info) echo '{"conda_prefix": "/nowhere", "platform": "linux-64"}' ;;
    config) echo '{"get": {"channel_priority": "strict"}}' ;;
esac
"""
SMALL = ["tests/config/small.yaml"]
PRETRAINING = ["config/pretraining.yaml", "tests/config/pretraining.yaml"]
ABLATION = [*PRETRAINING, "tests/config/ablation.yaml"]
CONTROL = "results/control_models/gat-noise/HSC/drop-000/pair/seed-1/predictions.tsv"
MEMBER = "results/pretraining/members/member-1.safetensors"
RUNS = {  # targets, config files, block that has the device, environments besides that of training
    "study": (["train", CONTROL, "methods"], SMALL, "", {"data", "methods"}),
    "pretraining": ([MEMBER], PRETRAINING, "pretraining", {"data"}),
    "ablation": (["ablation"], ABLATION, "pretraining", {"data", "analysis"}),
}


@pytest.mark.parametrize(("device", "training"), [("auto", "train"), ("cuda", "train-gpu")])
@pytest.mark.parametrize("run", RUNS)
def test_snakemake_finds_the_environments_and_the_device_chooses_one(
    workflow, tmp_path, monkeypatch, run, device, training
):
    targets, files, block, others = RUNS[run]
    client = tmp_path / "bin/conda"
    client.parent.mkdir()
    client.write_text(CONDA_OF_A_DRY_RUN)
    client.chmod(0o755)
    monkeypatch.setenv("PATH", str(client.parent), prepend=os.pathsep)
    setting = {"training": {"device": device}}
    device_file = workflow.configure({block: setting} if block else setting)[1]
    shutil.copytree(REPOSITORY / "config", workflow.folder / "config")
    text = workflow.succeed(
        *targets, "--sdm", "conda", "--dry-run", "--configfile", *files, device_file
    )
    used = set(re.findall(r"^Conda environment envs/(\S+)\.yaml will be created", text, re.M))
    assert used == others | {training}


def test_python_is_one_that_the_project_supports():
    assert f'requires-python = ">={PYTHON}"' in (REPOSITORY / "pyproject.toml").read_text()


def test_lock_names_what_is_installed():
    from importlib.metadata import version

    for name, pinned in lock().items():
        assert version(name).split("+")[0] == pinned, name


def pin_problems(name: str, text: str) -> list[str]:
    """What is wrong with the pin file of an environment: stale, incomplete or of another form."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    if lines[:1] != ["@EXPLICIT"]:
        return ["does not begin with @EXPLICIT"]
    link = re.compile(r"https://\S+/conda-forge/(linux-64|noarch)/(.+)-(.+)-.+\.\w+#[0-9a-f]{32}")
    matches = [(line, link.fullmatch(line)) for line in lines[1:]]
    problems = [f"no package of conda-forge with its sum: {line}" for line, m in matches if not m]
    found = {match[2]: match[3] for _, match in matches if match}
    for dependency in environment(name)["dependencies"]:
        package, version = dependency.split("=")
        if not f"{found.get(package)}.".startswith(f"{version}."):
            problems.append(f"{dependency}: the pin file has {found.get(package)}")
    return problems


PIN = """# platform: linux-64
@EXPLICIT
{packages}
"""


def pin_of(name: str) -> str:
    """A pin file as conda writes it, made from the environment file."""
    links = []
    for dependency in environment(name)["dependencies"]:
        package, version = dependency.split("=")
        links.append(f"https://a.b/conda-forge/linux-64/{package}-{version}-h_0.conda#{'0' * 32}")
    return PIN.format(packages="\n".join(links))


def test_pin_problems_are_found():
    sound = pin_of("train")
    assert pin_problems("train", sound) == []
    assert pin_problems("train", sound.replace("python-3.11-", "python-3.11.9-")) == []
    assert pin_problems("train", sound.replace("python-3.11-", "python-3.110-"))
    assert pin_problems("train", sound.replace("numpy-", "numpy-0"))
    assert pin_problems("train", sound.replace("conda-forge", "defaults"))
    assert pin_problems("train", sound.replace(f"#{'0' * 32}", ""))
    assert pin_problems("train", sound.replace("@EXPLICIT", ""))
    assert pin_problems("train-gpu", sound)


@pytest.mark.parametrize("path", PIN_FILES, ids=lambda path: path.name)
def test_pin_file_is_that_of_its_environment(path):
    name = path.name.removesuffix(".linux-64.pin.txt")  # of another name, Snakemake ignores it
    assert name in ENVIRONMENTS
    assert not pin_problems(name, path.read_text())


PRINT_VERSIONS = """
import json, sys
from importlib.metadata import version
modules, distributions = map(json.loads, sys.argv[1:])
for module in modules:
    __import__(module)
print(json.dumps({name: version(name) for name in distributions}))
"""


@pytest.mark.conda
def test_small_study_in_environments_that_conda_makes(workflow):
    arguments = ["--configfile", *SMALL, "--sdm", "conda"]
    assert "Activating conda environment" in workflow.succeed(*arguments)
    listed = workflow.succeed(*arguments, "--list-conda-envs")
    folders = dict(re.findall(r"^envs/(\S+)\.yaml\t.*?(\S+)$", listed, re.M))
    assert set(folders) == set(ENVIRONMENTS) - {"train-gpu"}
    for name, folder in folders.items():
        users = [rule for rule in rules() if name in environments_of(rule)]
        modules = sorted(set().union(*map(imported_by, users)))
        expected = {name: version for name, version in packages(name).items() if name != "python"}
        # A script's job sees Snakemake's own packages after those of its environment; -I does not.
        done = subprocess.run(
            [workflow.folder / folder / "bin/python", "-I", "-c", PRINT_VERSIONS,
             json.dumps(modules), json.dumps(list(expected))],
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{name}: {done.stderr}"
        found = {name: version.split("+")[0] for name, version in json.loads(done.stdout).items()}
        assert found == expected
