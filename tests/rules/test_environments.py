"""The rules' environments: what they provide, their versions against the lock, their pin files."""

import re

import pytest

from environments import (
    APART,
    ENVIRONMENTS,
    environment,
    environments_of,
    lock,
    needed_by,
    packages,
)
from grn_gat.algorithms._registry import stated
from rule_texts import rules
from workflows import REPOSITORY, SMALL

PIN_FILES = sorted((REPOSITORY / "envs").glob("*.txt"))
# Pinned beside the packages that compute with them, whether or not they are imported too.
PINNED_WITH = {"scikit-learn": {"scipy"}}
PYTHON = "3.11"  # the oldest that the project supports: pyproject.toml


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


@pytest.mark.parametrize("name", APART)
def test_environment_of_a_package_beside_the_lock(name):
    """That of the other methods, with pip, which installs the package."""
    content, others = environment(name), environment("methods")
    package = stated(name)["package"]
    assert re.fullmatch(rf"{name}==\d+(\.\d+)+", package) and name not in lock()
    wanted = [*others["dependencies"], "pip", {"pip": [package]}]
    assert content == others | {"dependencies": wanted}


def test_training_environments_differ_in_the_build_of_pytorch_only():
    cpu, gpu = (set(environment(name)["dependencies"]) for name in ("train", "train-gpu"))
    version = lock()["torch"]
    assert (cpu - gpu, gpu - cpu) == ({f"pytorch-cpu={version}"}, {f"pytorch-gpu={version}"})


PRETRAINING = ["config/pretraining.yaml", "tests/config/pretraining.yaml"]
ABLATION = [*PRETRAINING, "tests/config/ablation.yaml"]
CONTROL = "results/control_models/gat-noise/HSC/drop-000/pair/seed-1/predictions.tsv"
MEMBER = "results/pretraining/members/member-1.safetensors"
RUNS = {  # targets, config files, block that has the device, environments besides that of training
    "study": (["train", CONTROL, "methods"], SMALL[1:], "", {"data", "methods"}),
    "pretraining": ([MEMBER], PRETRAINING, "pretraining", {"data"}),
    "ablation": (["ablation"], ABLATION, "pretraining", {"data", "analysis"}),
}


@pytest.mark.parametrize(("device", "training"), [("auto", "train"), ("cuda", "train-gpu")])
@pytest.mark.parametrize("run", RUNS)
def test_the_device_chooses_the_environment_of_a_training(one_process, run, device, training):
    targets, files, block, others = RUNS[run]
    setting = {"training": {"device": device}}
    (_, device_file) = one_process.configure({block: setting} if block else setting)
    used = one_process.environments(*targets, "--configfile", *files, device_file)
    assert used == {f"{name}.yaml" for name in others | {training}}


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
