"""Nothing that the workflow is given becomes code or a shell command."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((REPOSITORY / "scripts").rglob("*.py"))
RULES = [REPOSITORY / "Snakefile", *sorted((REPOSITORY / "workflow").rglob("*.smk"))]
RULES.append(REPOSITORY / "workflow/Snakefile")
# Modules that run code or commands, and calls that do with what they are given.
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "pty"}
CALLS = {
    "eval", "exec", "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput",
    "torch.load", "np.load", "numpy.load", "pd.read_pickle", "pandas.read_pickle", "yaml.load",
    "joblib.load", "yaml.unsafe_load", "yaml.full_load", "shutil.unpack_archive", "shell",
}  # fmt: skip
METHODS = {"extract", "extractall"}  # of archives: they are unpacked by beeline_release alone


def found(text: str) -> list[str]:
    """What in a Python text runs code, runs a shell or unpacks an archive unchecked."""
    wrong = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            wrong += [a.name for a in node.names if a.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{a.name}" for a in node.names]
            module = node.module.split(".")[0]
            wrong += [name for name in names if module in MODULES or name in CALLS]
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in CALLS or (
                isinstance(node.func, ast.Attribute) and node.func.attr in METHODS
            ):
                wrong.append(name)
            wrong += [f"{name} with {k.arg}" for k in node.keywords if k.arg == "shell"]
            if name.startswith("subprocess.") and isinstance(node.args[0], ast.JoinedStr):
                wrong.append(f"{name} of one text")
    return wrong


@pytest.mark.parametrize(
    "text",
    [
        "import pickle", "from dill import load", "joblib.load(path)", "eval(rule)",
        "from joblib import load", "from os import system",
        "os.system(f'ls {path}')", "subprocess.run(command, shell=True)",
        "subprocess.run(f'ls {path}')", "torch.load(path)", "np.load(path)",
        "yaml.load(text, Loader)", "package.extractall(folder)",
    ],
)  # fmt: skip
def test_the_search_finds_it(text):
    assert found(text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: str(p.relative_to(REPOSITORY / "scripts")))
def test_scripts_run_no_code_and_no_shell(path):
    assert found(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.name)
def test_rules_have_scripts_only(path):
    """Where no rule has a shell command, no path or name of the config can reach a shell."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    directives = ("shell:", "run:", "notebook:", "wrapper:", "cwl:")
    assert [line for line in lines if line.startswith((*directives, "shell("))] == []
