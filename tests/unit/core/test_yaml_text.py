"""YAML of users: what it says, or one sentence."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grn_gat.core.errors import InputError
from grn_gat.core.yaml_text import load_yaml


def test_what_it_says():
    text = "a: 1\nb: [x, {c: 2.5}, null]\nd: {a: 3}\n# the end\n"
    assert load_yaml(text, "here") == {"a": 1, "b": ["x", {"c": 2.5}, None], "d": {"a": 3}}
    assert load_yaml("base: &b {a: 1}\nmore: {<<: *b, c: 2}", "here")["more"] == {"a": 1, "c": 2}
    assert load_yaml("", "here") is None and load_yaml("# nothing", "here") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "here, line 1: this is not valid YAML (expected ',' or ']', but got"),
        ("a: 1\nb: c: d", "here, line 2: this is not valid YAML (mapping values are not allowed"),
        ("a: 1\nb: 2\na: 3", "here, line 3: this is not valid YAML (the key a is there twice)."),
        ("x:\n  - {a: 1, b: {c: 1, c: 2}}", "here, line 2: this is not valid YAML (the key c is"),
        ("a: !!python/name:os.system", "here, line 1: this is not valid YAML (could not determine"),
        ("a: 2020-13-45", "here: this is not valid YAML (see the YAML rules)."),
        ("a: " + "9" * 5000, "here: this is not valid YAML (see the YAML rules)."),
        ("a: !!int ''", "here: this is not valid YAML (see the YAML rules)."),
        ("a: !!bool x", "here: this is not valid YAML (see the YAML rules)."),
        ("\x00", "here: this is not valid YAML (see the YAML rules)."),
        ("[" * 100_000, "here: lists or mappings are nested too deeply."),
        ("- " * 100_000, "here: lists or mappings are nested too deeply."),
    ],
)
def test_what_is_wrong_with_it(text, message):
    with pytest.raises(InputError, match="^" + re.escape(message)) as error:
        load_yaml(text, "here")
    assert len(str(error.value)) < 200


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda value: st.lists(value) | st.dictionaries(st.text(), value),
    max_leaves=20,
)


@given(VALUES)
def test_any_value_is_read_back(value):
    assert load_yaml(yaml.safe_dump(value), "here") == value


TOKENS = ["a", "b", ": ", "- ", "[", "]", "{", "}", ", ", "&a ", "*a", "!!int ", "!!map ", "!!set "]
TOKENS += ["!!binary ", "!!omap ", "!!timestamp ", "<<: ", "? ", "| ", "> ", '"', "'", "\n", "  "]
TOKENS += ["1", "0x", "1:60", ".inf", "2020-01-32", "#", "---\n", "...\n", "%", "\t", "\x07", "~"]


@given(st.text() | st.lists(st.sampled_from(TOKENS), max_size=20).map("".join))
def test_any_text_has_a_value_or_one_sentence(text):
    try:
        load_yaml(text, "here")
    except InputError as error:
        assert str(error).startswith("here") and len(str(error)) < 200
