"""Files of models: rules as tables and of BoolNet, the .yaml file beside them, and damaged ones."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grn_gat.core.errors import InputError
from grn_gat.simulate.boolean_model import BooleanModel, read_model, reference_edges

# What a test writes again and again may lie in one folder.
REWRITTEN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(folder, rules, description=None, header="Gene\tRule", name="toy.tsv"):
    path = folder / name
    path.write_text("\n".join([header, *rules]) + "\n")
    if description is not None:
        (folder / "toy.yaml").write_text(description)
    return path


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_model(path)
    assert len(str(error.value).replace(str(path.parent), "")) < 500
    return str(error.value)


# ---------------------------------------------------------------------------- tables


def test_defaults_without_description(tmp_path):
    model = read_model(write(tmp_path, ["a\ta", "", "b\ta and not b"]))
    assert (model.name, model.genes) == ("toy", ("a", "b"))
    assert (model.duration, model.trajectories, model.initial_state) == (8, 1, None)
    assert (model.strengths, model.signs, model.title, model.source) == ({}, {}, "", "")
    assert model.start_values(2.0).tolist() == [1, 1]
    assert reference_edges(model) == [("a", "a", "+"), ("a", "b", "+"), ("b", "b", "-")]


def test_column_order_and_byte_order_mark(tmp_path):
    path = tmp_path / "toy.tsv"
    path.write_bytes(b"\xef\xbb\xbfRule\tnote\tGene\r\na\tx\ta\r\n")
    assert read_model(path).genes == ("a",)


def test_signs_come_from_the_truth_table(tmp_path):
    """C is named after a `not` and activates A; of D and E no sign can be told."""
    rules = ["A\t(not B) and C", "B\tnot C", "C\tnot B", "D\tE and (A or not A)", "E\tA and not E"]
    rules += ["F\t(D and not E) or (E and not D)"]
    assert reference_edges(read_model(write(tmp_path, rules))) == [
        ("B", "A", "-"),
        ("C", "A", "+"),
        ("C", "B", "-"),
        ("B", "C", "-"),
        ("A", "D", ""),
        ("E", "D", "+"),
        ("A", "E", "+"),
        ("E", "E", "-"),
        ("D", "F", ""),
        ("E", "F", ""),
    ]


def test_a_knocked_out_and_a_clamped_gene(tmp_path):
    model = read_model(write(tmp_path, ["A\tB or C", "B\t0", "C\tTrue", "D\tA and not B"]))
    assert model.regulators("B") == model.regulators("C") == ()
    assert not model.truth_table("B") and model.truth_table("C")
    assert reference_edges(model) == [
        ("B", "A", "+"),
        ("C", "A", "+"),
        ("A", "D", "+"),
        ("B", "D", "-"),
    ]


@pytest.mark.parametrize(
    ("description", "levels"),
    [
        (None, [1, 0, 2]),
        ("initial_state: {A: 1.5}", [1.5, 0, 2]),
        ("initial_state: {}", [0.01, 0, 2]),
        ("initial_state: {B: 2, C: 0.5}", [0.01, 2, 0.5]),  # it was asked for
    ],
)
def test_genes_with_constant_rules_start_where_these_hold_them(tmp_path, description, levels):
    model = read_model(write(tmp_path, ["A\tA", "B\tA and not A", "C\t1"], description))
    assert model.start_values(2.0).tolist() == levels


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        ("Gene\tRules", ["a\ta"], "the column Rule is missing"),
        ("Gene Rule", ["a a"], "the column Gene is missing.*tab-separated.*'targets, factors'"),
        ("", [], "the column Gene is missing"),
        ("Gene\tRule", [], "there is no gene; below the header write one row per gene"),
        ("Gene\tRule", ["a\ta", "a\tnot a"], "line 3: gene a has a rule in line 2 already"),
        ("Gene\tRule", ["a\t"], "line 2, gene a: the rule is empty"),
        ("Gene\tRule", ["a"], "line 2, gene a: the rule is empty"),
        ("Gene\tRule", ["a\ta\tor b", "b\ta"], "line 2: 3 tab-separated fields, .* header has 2"),
        ("Gene\tRule", ["a b\ta"], "line 2: 'a b' is no gene name"),
        ("Gene\tRule", ["Not\ta"], "line 2: 'Not' is no gene name"),
        ("Gene\tRule", ["a\t0", "0\t0"], "line 3: '0' is no gene name; .* neither a constant nor"),
        ("Gene\tRule", ["a\ta", "FALSE\ta"], "line 3: 'FALSE' is no gene name"),
        ("Gene\tRule", ["a\ta or X"], "line 2, gene a: .* X, .* add a row 'X<TAB>X' if it is an"),
        ("Gene\tRule", ["a\ta and (a"], "line 2, gene a: '\\(' at position 7 is not closed"),
        ("Gene\tRule", [f"{'a' * 10**6}\ta b"], "gene a{80} ...: 'and' or 'or' is missing"),
        ("Gene\tRule", [f"{'a ' * 10**6}\ta"], "line 2: 'a a a a .* is no gene name"),
        ("Gene\tRule", [f"a\t{'b' * 10**6}"], "the rule names b{80} ..., which has no row"),
        ("Gene\tRule", [f"a\t{'(' * 10**6}"], "more than 100 nested levels at position 101"),
    ],
)
def test_bad_tables(tmp_path, header, rows, message):
    path = write(tmp_path, rows, header=header)
    error = refused(path)
    assert error.startswith(str(path)) and re.search(message, error)


@pytest.mark.parametrize("name", ["toy.tsv", "toy.bnet"])
def test_names_that_differ_in_case(tmp_path, name):
    header, tab = ("targets, factors", ", ") if name == "toy.bnet" else ("Gene\tRule", "\t")
    path = write(tmp_path, [f"Gata1{tab}pu1", f"Pu1{tab}Gata1"], header=header, name=name)
    assert refused(path) == (
        f"{path}, line 2, gene Gata1: the rule names pu1, which has no row; there is Pu1: upper "
        "and lower case count."
    )


def test_missing_and_unreadable_files(tmp_path):
    assert "nowhere.tsv: there is no such file" in refused(tmp_path / "nowhere.tsv")
    assert "this is a folder" in refused(tmp_path)
    (tmp_path / "bad.tsv").write_bytes(b"Gene\tRule\n\xff\t\xff\n")
    assert "not UTF-8" in refused(tmp_path / "bad.tsv")
    with open(tmp_path / "large.tsv", "wb") as file:
        file.truncate(200_000_000)  # a sparse file
    assert "large.tsv: 200 MB; a model has at most 100 MB" in refused(tmp_path / "large.tsv")


# ---------------------------------------------------------------------------- BoolNet

BOOLNET = """\
# of nobody's network
targets, factors

A, B # an input comes first
B, !A & (A | 1)
C.1,(A&!D_2) | (!A & D_2)
D_2, 0
"""


def test_boolnet(tmp_path):
    rows = ["A\tB", "B\tnot A", "C.1\t(A and not D_2) or (not A and D_2)", "D_2\tfalse"]
    table = read_model(write(tmp_path, rows, "duration: 3\ninitial_state: {A: 1}\n"))
    (tmp_path / "toy.bnet").write_text(BOOLNET)
    model = read_model(tmp_path / "toy.bnet")
    assert model.name == "toy" and model.genes == table.genes == ("A", "B", "C.1", "D_2")
    assert (model.duration, model.initial_state) == (3, {"A": 1})  # of toy.yaml beside it
    # In B, A is named twice, and its second place has no effect.
    assert reference_edges(model) == reference_edges(table)
    assert reference_edges(model) == [
        ("B", "A", "+"),
        ("A", "B", "-"),
        ("A", "C.1", ""),
        ("D_2", "C.1", ""),
    ]
    for gene in model.genes:
        assert (model.truth_table(gene) == table.truth_table(gene)).all()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("toy.bnet", "targets, factors"),
        ("toy.BNET", "Targets,Factors"),
        ("toy.bnet", "targets, functions"),
        ("toy.txt", "targets, factors"),
        ("toy.tsv", "# comment\ntargets  ,factors"),
        ("toy.bnet", ""),  # PyBoolNet writes none
        ("toy.bnet", "# comment"),
    ],
)
def test_what_is_read_as_boolnet(tmp_path, name, header):
    model = read_model(write(tmp_path, ["A, !B", "B, A"], header=header, name=name))
    assert reference_edges(model) == [("B", "A", "-"), ("A", "B", "+")]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["targets, factors"], "there is no gene; below the header write one row per gene"),
        (["# nothing"], "there is no gene"),
        (["targets, factors", "A B"], "line 2: the comma is missing in 'A B'; write 'gene, rule'"),
        (["targets, factors", "A, A", "A, B"], "line 3: gene A has a rule in line 2 already"),
        (["targets, factors", "A,"], "line 2, gene A: the rule is empty"),
        (["targets, factors", "A, # A"], "line 2, gene A: the rule is empty"),
        (["targets, factors", "A, B"], "the rule names B, which has no row; add a row 'B, B' if"),
        (["targets, factors", "1, A", "A, A"], "line 2: '1' is no gene name"),
        (["targets, factors", "A, A, 0.5"], "line 2, gene A: ',' at position 2 of 'A, 0.5' is no"),
        (["targets, factors", "A, A[-1]"], r"line 2, gene A: '\[' at position 2 of 'A\[-1\]'"),
        (["targets, factors, probabilities", "A, A, 1"], "a network with probabilities; write one"),
        (["target, factor", "A, A"], "line 1, gene target: the rule names factor, which has no"),
        (["Gene\tRule", "A\tA"], "line 1: the comma is missing in 'Gene\tRule'"),
    ],
)
def test_bad_boolnet(tmp_path, lines, message):
    path = tmp_path / "toy.bnet"
    path.write_text("\n".join(lines) + "\n")
    error = refused(path)
    assert error.startswith(str(path)) and re.search(message, error)


# ---------------------------------------------------------------------------- description


def test_description(tmp_path):
    description = """
title: Toy
duration: 3
trajectories: 2
initial_state: {b: 0.5}
strengths:
  - {regulator: a, target: b, strength: 10}
signs:
  - {regulator: b, target: c, sign: "-"}
"""
    rules = ["a\ta", "b\ta and not b", "c\t(a and not b) or (b and not a)"]
    model = read_model(write(tmp_path, rules, description))
    assert (model.duration, model.trajectories, model.title) == (3, 2, "Toy")
    assert model.start_values(2.0).tolist() == [0.01, 0.5, 0.01]
    assert model.strengths == {("a", "b"): 10.0}
    assert reference_edges(model)[-2:] == [("a", "c", ""), ("b", "c", "-")]


def test_description_of_another_name(tmp_path):
    path = write(tmp_path, ["a\ta"])
    path.with_suffix(".yml").write_text("duration: 3\n")
    assert refused(path) == f"{tmp_path}/toy.yml: is not read; call it toy.yaml."


@pytest.mark.parametrize(
    ("key", "largest", "more"),
    [
        ("trajectories: 1\nduration: {}", 1000, 1001),
        ("initial_state: {{a: {}}}", 1000, 1000.5),
        ("strengths: [{{regulator: a, target: b, strength: {}}}]", 1000000, 1000001),
    ],
)
def test_least_and_largest_numbers(tmp_path, key, largest, more):
    read_model(write(tmp_path, ["a\ta", "b\ta"], key.format(1)))
    read_model(write(tmp_path, ["a\ta", "b\ta"], key.format(largest)))
    error = refused(write(tmp_path, ["a\ta", "b\ta"], key.format(more)))
    assert str(largest) in error and f"got {more}" in error


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("a: [", "line 1.*not valid YAML|line 2.*not valid YAML"),
        ("- a", "must hold 'key: value' lines"),
        ("[" * 100_000, "lists or mappings are nested too deeply"),
        ("a: {" * 100_000, "lists or mappings are nested too deeply"),
        ("source: 2020-13-45", "not valid YAML"),
        ("duration: " + "9" * 5000, "not valid YAML|duration must be a positive integer"),
        ("title: !!int ''", "not valid YAML"),
        ("title: !!map a", "not valid YAML"),
        ("title: \x01", "not valid YAML"),
        ("duration: 3\ntitle: x\nduration: 4", "line 3: .*the key duration is there twice"),
        ("initial_state: {a: 1, b: 1, a: 2}", "line 1: .*the key a is there twice"),
        ("initial_state: !!python/object/apply:os.getcwd []", "not valid YAML"),
        ("Duration: 8", "unknown key 'Duration'; known are title, source, duration"),
        ("signes: []", "unknown key 'signes'; .* strengths, signs"),
        ("duration: 0", "duration must be a positive integer of at most 1000, got 0"),
        ("duration: 2.5", "duration must be a positive integer of at most 1000, got 2.5"),
        ("duration: yes", "duration must be a positive integer of at most 1000, got True"),
        ("trajectories: 0", "trajectories must be a positive integer, got 0"),
        ("title: [a]", "title must be text"),
        (f"title: [{'a, ' * 10_000}]", "title must be text, got \\['a', 'a'"),
        ("title: &a [*a]", "title must be text"),
        ("initial_state: [a]", "initial_state must hold 'gene: level' lines"),
        ("initial_state: {z: 1}", "initial_state names 'z', .*; the genes are a, b"),
        ("initial_state: {A: 1}", "initial_state names 'A', .*; there is a: upper and lower case"),
        ("initial_state: {NO: 1}", "initial_state names False, .*; write it in quotes if it is a"),
        ("initial_state: {a: x}", "initial_state of a must be a number from 0 to 1000 .*, got 'x'"),
        ("initial_state: {a: -1}", "initial_state of a must be a number from 0 to 1000 .*, got -1"),
        ("initial_state: {a: .nan}", "initial_state of a must be a number .*, got nan"),
        ("initial_state: {a: .inf}", "initial_state of a must be a number .*, got inf"),
        ("initial_state: {a: true}", "initial_state of a must be a number .*, got True"),
        ("initial_state: {a: 1" + "0" * 400 + "}", "initial_state of a must be a number .*, got 1"),
        ("strengths: {a: 1}", "strengths must be a list"),
        ("strengths: [{regulator: a}]", "entry 1 of strengths must have exactly the keys"),
        ("strengths: [a]", "entry 1 of strengths must have exactly the keys regulator, target and"),
        (
            "strengths: [{regulator: z, target: b, strength: 2}]",
            "entry 1 of strengths names 'z', .*; the genes are a, b",
        ),
        (
            "strengths: [{regulator: [a], target: b, strength: 2}]",
            "entry 1 of strengths names \\['a'\\]",
        ),
        (
            "strengths: [{regulator: b, target: a, strength: 2}]",
            "b does not occur in the rule of a; its regulators are a",
        ),
        (
            "strengths: [{regulator: a, target: c, strength: 2}]",
            "a does not occur in the rule of c; its regulators are none",
        ),
        (
            "strengths: [{regulator: a, target: b, strength: 0}]",
            "entry 1 of strengths: strength must be a number above 0 and at most 1000000, got 0",
        ),
        (
            "strengths: [{regulator: a, target: b, strength: 2},"
            " {regulator: a, target: b, strength: 3}]",
            "entry 2 of strengths repeats the edge a -> b",
        ),
        ('signs: {a: "+"}', "signs must be a list"),
        ("signs: [{regulator: a, target: b}]", "exactly the keys regulator, target and sign"),
        (
            "signs: [{regulator: a, target: d, sign: plus}]",
            'entry 1 of signs: sign must be "\\+" or "-", got \'plus\'',
        ),
        (
            "signs: [{regulator: a, target: d, sign: [1]}]",
            'entry 1 of signs: sign must be "\\+" or "-", got \\[1\\]',
        ),
        (
            'signs: [{regulator: a, target: d, sign: "-"}, {regulator: a, target: b, sign: "-"}]',
            "entry 2 of signs: the rule of b tells the sign of a, which is \\+; list only",
        ),
    ],
)
def test_bad_descriptions(tmp_path, description, message):
    rules = ["a\ta", "b\ta", "c\t1", "d\t(a and not b) or (b and not a)"]
    error = refused(write(tmp_path, rules, description))
    assert error.startswith(str(tmp_path / "toy.yaml")) and re.search(message, error)


# ---------------------------------------------------------------------------- anything

RULES = ["A\tnot B", "B\tA or 0", "C\t(A and not B) or (B and not A)", "D\t1"]
LINES = ["targets, factors", "A, !B # comment", "B, A | 0", "C, (A & !B) | (B & !A)", "D, 1"]
DESCRIPTION = """\
title: Toy
duration: 3
initial_state: {A: 1.5, D: 0}
strengths: [{regulator: A, target: B, strength: 2}]
signs:
  - {regulator: A, target: C, sign: "+"}
"""


def is_a_model(path: Path) -> bool:
    """Whether there is a consistent model; else it was refused with one short sentence."""
    try:
        model = read_model(path)
    except InputError as error:
        text = str(error)
        assert text.startswith(str(path.with_suffix(""))) and len(text) < 600 + len(str(path))
        return False
    assert isinstance(model, BooleanModel) and model.genes
    assert np.isfinite(model.start_values(2.0)).all()
    assert {name for edge in reference_edges(model) for name in edge[:2]} <= set(model.genes)
    return True


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """The content with a part of it replaced: by nothing, by something else, or by itself twice."""

    def damage(start: int, length: int, new: bytes, twice: bool) -> bytes:
        part = content[start : start + length]
        return content[:start] + (part + part if twice else new) + content[start + length :]

    place = st.integers(0, len(content))
    new = st.binary(max_size=6) | st.text(max_size=4).map(
        lambda text: text.encode("utf-8", "ignore")
    )
    return st.builds(damage, place, st.integers(0, 40), new, st.booleans())


@REWRITTEN
@given(content=damaged("\n".join(["Gene\tRule", *RULES, ""]).encode()) | st.binary())
def test_any_table_is_a_model_or_one_sentence(tmp_path, content):
    path = tmp_path / "toy.tsv"
    path.write_bytes(content)
    is_a_model(path)


@REWRITTEN
@given(content=damaged("\n".join([*LINES, ""]).encode()) | st.binary())
def test_any_boolnet_is_a_model_or_one_sentence(tmp_path, content):
    path = tmp_path / "toy.bnet"
    path.write_bytes(content)
    is_a_model(path)


@REWRITTEN
@given(content=damaged(DESCRIPTION.encode()) | st.binary())
def test_any_description_is_one_or_one_sentence(tmp_path, content):
    path = write(tmp_path, RULES)
    path.with_suffix(".yaml").write_bytes(content)
    is_a_model(path)


def test_what_is_damaged_there_is_a_model(tmp_path):
    path = write(tmp_path, RULES, DESCRIPTION)
    assert is_a_model(path)
    path.with_suffix(".bnet").write_text("\n".join(LINES))
    assert is_a_model(path.with_suffix(".bnet"))
    assert reference_edges(read_model(path)) == reference_edges(
        read_model(path.with_suffix(".bnet"))
    )
