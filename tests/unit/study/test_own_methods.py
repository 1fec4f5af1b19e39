"""A folder of own methods in a config: settings of its files, and what is wrong with it."""

import pytest

from grn_gat.algorithms._registry import method_names, template
from grn_gat.core.errors import InputError
from grn_gat.study.own_methods import check_folder, own_settings, split_settings

METHOD = """
def infer(expression, seed, alpha=0.5, steps=3, *, deep=True, mode="fast", given=None):
    pass

METHOD = Method(title="Mine", citation="me 2026", infer=infer)
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.py").write_text(METHOD)
    return tmp_path


def settings(folder, **given):
    config = {"method_settings": {"mine": given, "genie3": {"trees": 3}}, "seed": 1}
    rest, found = split_settings(config, str(folder))
    assert rest == {"method_settings": {"genie3": {"trees": 3}}, "seed": 1}
    assert config["method_settings"]["mine"] == given  # what was given is left as it is
    return found["mine"]


def test_defaults_are_those_of_the_function(folder):
    wanted = {"alpha": 0.5, "steps": 3, "deep": True, "mode": "fast", "given": None}
    assert own_settings(folder / "mine.py") == wanted


def test_values_have_the_type_of_the_default(folder):
    found = settings(folder, given=[1], deep="false", alpha=1, steps="7")
    assert found == {"alpha": 1.0, "steps": 7, "deep": False, "given": [1]}
    assert [type(found[key]) for key in ("alpha", "steps", "deep")] == [float, int, bool]
    assert list(found) == ["alpha", "steps", "deep", "given"]  # in one order, whatever the user's


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("steps", 1.5, "mine.steps: 1.5 is no int, as its default 3 is"),
        ("steps", True, "mine.steps: True is no int"),
        ("deep", 1, "mine.deep: 1 is no bool"),
        ("mode", 3, "mine.mode: 3 is no str"),
        ("step", 3, r"mine: unknown key step \(did you mean steps\?\)"),
        ("seed", 3, "mine: unknown key seed"),
    ],
)
def test_wrong_settings_are_one_sentence(folder, key, value, message):
    with pytest.raises(InputError, match=message):
        settings(folder, **{key: value})


def test_settings_without_a_folder_are_left_to_the_schema(folder):
    config = {"method_settings": {"mine": {}}}
    assert split_settings(config, "") == (config, {})
    assert split_settings({"method_settings": 3}, str(folder)) == ({"method_settings": 3}, {})


@pytest.mark.parametrize("name", ["pearson", "all", "random", "gat", "degree-product-of-x"])
def test_names_in_use_are_refused(folder, name):
    (folder / f"{name.replace('-', '_')}.py").write_text(template())
    with pytest.raises(InputError, match=f"{name} is in use already"):
        check_folder(str(folder), method_names(""))


def test_folders(folder):
    check_folder(str(folder), method_names(""))
    with pytest.raises(InputError, match="methods_path: there is no folder"):
        check_folder(str(folder / "no"), [])
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match=r"has no method: no file NAME\.py"):
        check_folder(str(folder / "empty"), [])
    (folder / "other.py").write_text("x = 1")
    with pytest.raises(InputError, match=r"methods_path: .*other\.py defines no METHOD"):
        check_folder(str(folder), [])
