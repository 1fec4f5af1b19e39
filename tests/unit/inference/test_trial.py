"""Own methods put to the test: each mistake is found, and a sound one has none."""

import pytest

from grn_gat.algorithms._registry import template
from grn_gat.command import methods
from grn_gat.core.errors import InputError
from grn_gat.inference import trial
from grn_gat.inference.trial import OK, REMARK, WRONG, try_method

HEAD = "import numpy as np\nfrom grn_gat.algorithms._registry import Method\n"


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """Findings on a method, by what they are about."""
    monkeypatch.setattr(trial, "_TIMED", (10, 20))

    def run(body: str, flags: str = "", parameters: str = "expression"):
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        text = f"{HEAD}def infer({parameters}):\n{lines}\n"
        text += f"METHOD = Method(title='T', citation='x 2026', infer=infer, {flags})\n"
        path = tmp_path / f"mine_{len(list(tmp_path.iterdir()))}.py"
        path.write_text(text)
        found = list(try_method(path))
        return {finding.about: (finding.state, finding.text) for finding in found}

    return run


SOUND = "signed=True, directed=False"


def test_the_template_has_no_mistake(tmp_path, monkeypatch):
    monkeypatch.setattr(trial, "_TIMED", (10, 20))
    path = tmp_path / "my_method.py"
    path.write_text(template())
    found = list(try_method(path))
    assert {finding.state for finding in found} == {OK}
    about = [finding.about for finding in found]
    wanted = "file scores input determinism regulators,constant gene,few cells,time"
    assert "relative=False" in template()
    assert about == [*wanted.split(",")[0].split(), *wanted.split(",")[1:]]
    assert "settings: power (1.0)" in found[0].text


@pytest.mark.parametrize(
    ("body", "flags", "about", "state", "words"),
    [
        ("return expression", SOUND, "scores", WRONG, "returned shape (12, 100)"),
        ("return np.full((12, 12), np.nan)", SOUND, "scores", WRONG, "no finite score"),
        ("return np.ones((len(expression),) * 2)", SOUND, "scores", WRONG, "this is no ranking"),
        ("raise KeyError('x')", SOUND, "scores", WRONG, "KeyError: 'x'"),
        ("expression[0] = 1\nreturn np.cov(expression)", SOUND, "input", WRONG, "in place"),
        (
            "return np.random.random((len(expression),) * 2)",
            "", "determinism", WRONG, "np.random.default_rng(seed)",
        ),
        ("return np.cov(expression)", "signed=True", "directed", REMARK, "directed=False"),
        (
            "z = np.corrcoef(expression)\nreturn z.argsort(axis=None).argsort().reshape(z.shape)",
            "", "relative", REMARK, "say relative=True",
        ),
        (
            "return np.cov(expression) * np.arange(len(expression))",
            "directed=False, signed=True", "directed", WRONG, "directed=True",
        ),
        ("return np.cov(expression)", "directed=False", "signed", REMARK, "signed=True"),
        ("return abs(np.cov(expression))", SOUND, "signed", REMARK, "no score is negative"),
        (
            "return 9 * np.cov(expression)",
            f"{SOUND}, probabilities=True", "probabilities", WRONG, "|score| is up to",
        ),
        (
            "return np.corrcoef(expression)",
            f"{SOUND}, needs_variation=False", "constant gene", REMARK, "no finite score",
        ),
        (
            "assert expression.shape[1] > 5, 'too few'\nreturn np.cov(expression)",
            SOUND, "few cells", REMARK, "3 cells: AssertionError: too few; raise InputError",
        ),
        (
            "assert len(expression) < 15, 'too many'\nreturn np.cov(expression)",
            SOUND, "time", REMARK, "20 genes: AssertionError: too many",
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_found(tried, body, flags, about, state, words):
    found = tried(body, flags)
    assert found[about][0] == state and words in found[about][1]


def test_threads_and_seed(tried):
    found = tried("return np.cov(expression) * threads", SOUND, "expression, threads")
    assert found["determinism"][0] == WRONG and "two threads" in found["determinism"][1]
    body = "return np.random.default_rng(seed).random((len(expression),) * 2)"
    found = tried(body, "", "expression, seed")
    assert found["determinism"] == (OK, "the same seed gives the same scores, another one others")


def test_files_that_are_none(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        list(try_method(tmp_path / "no.py"))
    for name, words in (("pearson", "in use already"), ("_x", "begins with _")):
        path = tmp_path / f"{name}.py"
        path.write_text(template())
        (found,) = try_method(path)
        assert found.state == WRONG and words in found.text


def test_the_command(tmp_path, capfd, monkeypatch):
    from grn_gat import cli

    monkeypatch.setattr(trial, "_TIMED", (10, 20))
    path = tmp_path / "folder/my_method.py"
    assert cli.main(["methods", "--template", str(path)]) == 0
    assert path.read_text() == template()
    assert cli.main(["methods", "--template", str(path)]) == 1  # is there already
    assert cli.main(["methods", "--test", str(path)]) == 0
    path.write_text(path.read_text().replace("np.corrcoef(expression)", "expression"))
    wrong = path.rename(path.with_name("wrong.py"))
    assert methods.run(cli._parser("methods")[0].parse_args(["methods", "--test", str(wrong)])) == 1
    assert "returned shape" in capfd.readouterr().out
