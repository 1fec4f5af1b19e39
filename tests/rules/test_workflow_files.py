"""The workflow's own files: lint, directives of every rule, environments against the lock."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grn_gat.code_dependencies import package_code
from grn_gat.peers import module_path, peer_names

REPOSITORY = Path(__file__).resolve().parents[2]
RULE_FILES = sorted((REPOSITORY / "workflow/rules").glob("*.smk"))
# Import name -> conda package -> name in the lock file, where they differ.
CONDA_OF_IMPORT = {
    "sklearn": "scikit-learn", "yaml": "pyyaml", "torch": "pytorch",
    "torch_geometric": "pytorch_geometric",
}  # fmt: skip
LOCK_OF_CONDA = {"pytorch": "torch", "pytorch_geometric": "torch-geometric"}


def rules() -> dict[str, str]:
    """Text of every rule that runs a script, by name."""
    found = {}
    for path in RULE_FILES:
        for match in re.finditer(r"^rule (\w+):\n((?:[ \t]+.*\n|\n)*)", path.read_text(), re.M):
            if "script:" in match[2]:
                found[match[1]] = match[2]
    return found


def lock() -> dict[str, str]:
    lines = (REPOSITORY / "requirements.lock").read_text().split()
    return {name.lower(): version for name, version in (line.split("==") for line in lines)}


def environment(name: str) -> dict:
    return yaml.safe_load((REPOSITORY / f"envs/{name}.yaml").read_text())


def test_lint():
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--lint"],
        cwd=REPOSITORY, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_rule_has_its_directives_and_script(name):
    text = rules()[name]
    for directive in ("input", "output", "log", "benchmark", "conda", "threads", "resources",
                      "message", "script"):  # fmt: skip
        assert re.search(rf"^    {directive}:", text, re.M), f"{name} lacks {directive}"
    # Directly, or in a function of the wildcards that adds files of the method.
    depends = re.search(rf'code=(lambda wildcards: \[\*)?code\("{name}"\)', text)
    assert depends or (name == "infer_network" and "code=method_code" in text)
    assert f'"../../scripts/{name}.py"' in text
    assert (REPOSITORY / f"scripts/{name}.py").is_file()
    assert re.search(r"mem_mb=.*\n\s+runtime=", text)


def test_every_script_belongs_to_a_rule():
    assert {path.stem for path in (REPOSITORY / "scripts").glob("*.py")} == set(rules())


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative imports are not followed by `code=`"
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"grn_gat"}


@pytest.mark.parametrize("name", sorted(rules()))
def test_environment_provides_what_the_script_imports(name):
    env = re.search(r"envs/(\w+)\.yaml", rules()[name])[1]
    provided = {d.split("=")[0] for d in environment(env)["dependencies"]}
    script = REPOSITORY / f"scripts/{name}.py"
    files = {script, *map(Path, package_code(script))}
    if name == "infer_network":  # which imports the methods by their names
        for module in map(module_path, peer_names()):
            files |= {module, *map(Path, package_code(module))}
    needed = set().union(*map(imports, files))
    if "anndata" in provided:  # which reads its files with h5py
        needed.discard("h5py")
    # jsonschema checks the config in the Snakefile only, in the environment of Snakemake itself.
    missing = {CONDA_OF_IMPORT.get(i, i) for i in needed} - provided
    assert not missing, f"{name} ({env}.yaml) imports {sorted(missing)}"


@pytest.mark.parametrize("path", sorted((REPOSITORY / "envs").glob("*.yaml")), ids=lambda p: p.stem)
def test_environment_versions_are_those_of_the_lock(path):
    content, pinned = yaml.safe_load(path.read_text()), lock()
    assert content["channels"] == ["conda-forge", "nodefaults"]
    for dependency in content["dependencies"]:
        name, version = dependency.split("=")
        if name != "python":
            assert pinned[LOCK_OF_CONDA.get(name, name)] == version, dependency


def test_lock_names_what_is_installed():
    from importlib.metadata import version

    for name, pinned in lock().items():
        assert version(name).split("+")[0] == pinned, name


def test_nothing_heavy_is_imported_when_the_workflow_is_read():
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import grn_gat.code_dependencies, "
        "grn_gat.config, grn_gat.errors; "
        "print([m for m in ('torch', 'pandas', 'numpy', 'sklearn') if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert out.stdout.strip() == "[]", out.stderr


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "workflow/report").glob("*.rst")), ids=lambda p: p.stem
)
def test_captions_are_sound_text(path):
    from docutils.core import publish_doctree

    text = path.read_text()
    assert len(text) > 60
    publish_doctree(text, settings_overrides={"halt_level": 2, "report_level": 5})
