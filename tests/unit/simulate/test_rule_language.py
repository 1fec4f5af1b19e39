"""Rules: how they are parsed, their truth tables, signs and limits, and what any text does."""

import itertools
import re
import string
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grn_gat.core.errors import InputError
from grn_gat.simulate.rule_language import MAX_GENE_NAMES, is_gene_name, parse_rule
from python_logic import python_value

# ---------------------------------------------------------------------------- parser


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("a", ("var", "a")),
        ("not a and b", ("and", ("not", ("var", "a")), ("var", "b"))),
        ("a or b and c", ("or", ("var", "a"), ("and", ("var", "b"), ("var", "c")))),
        ("(a or b) and c", ("and", ("or", ("var", "a"), ("var", "b")), ("var", "c"))),
        ("NOT(a)AND b", ("and", ("not", ("var", "a")), ("var", "b"))),
        ("not not a", ("not", ("not", ("var", "a")))),
        ("NKX2-1 or H2_A.z", ("or", ("var", "NKX2-1"), ("var", "H2_A.z"))),
        ("android or nothing", ("or", ("var", "android"), ("var", "nothing"))),
        ("!a&b", ("and", ("not", ("var", "a")), ("var", "b"))),
        ("a | b & !c", ("or", ("var", "a"), ("and", ("var", "b"), ("not", ("var", "c"))))),
        ("a || b && ~c", ("or", ("var", "a"), ("and", ("var", "b"), ("not", ("var", "c"))))),
        ("0", ("constant", False)),
        ("1", ("constant", True)),
        ("FALSE or tRuE", ("or", ("constant", False), ("constant", True))),
        ("!A & (A | 1)", ("and", ("not", ("var", "A")), ("or", ("var", "A"), ("constant", True)))),
        ("a0 or 10 or true1", ("or", ("var", "a0"), ("var", "10"), ("var", "true1"))),
    ],
)
def test_parser(text, expression):
    assert parse_rule(text).expression == expression


@pytest.mark.parametrize("name", ["A", "a.b", "NKX2-1", "x_1", "10", "notch", "true1", "ß"])
def test_names_of_genes(name):
    assert is_gene_name(name) and parse_rule(name).regulators == (name,)


@pytest.mark.parametrize(
    "name", ["", "0", "1", "true", "False", "AND", "or", "Not", "a b", "a!", "(a)"]
)
def test_what_is_no_name_of_a_gene(name):
    assert not is_gene_name(name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a and (b or c", "'(' at position 7 is not closed in 'a and (b or c'"),
        ("a and b)", "')' at position 8 closes no parenthesis in 'a and b)'"),
        ("a b", "'and' or 'or' is missing before 'b' at position 3 in 'a b'"),
        ("(a b)", "'and' or 'or' is missing before 'b' at position 4 in '(a b)'"),
        ("a not b", "'and' or 'or' is missing before 'not' at position 3 in 'a not b'"),
        ("all(a, b)", "',' at position 6 of 'all(a, b)' is no part of a rule"),
        ("all(a)", "'and' or 'or' is missing before '(' at position 4 in 'all(a)'"),
        ("a and", "a gene name is missing at the end in 'a and'"),
        ("", "a gene name is missing at the end in ''"),
        ("or a", "a gene name is missing before 'or' at position 1 in 'or a'"),
        ("a and () ", "a gene name is missing before ')' at position 8"),
        ("a & | b", "a gene name is missing before '|' at position 5"),
        (
            "a[-1]",
            "'[' at position 2 of 'a[-1]' is no part of a rule; use gene names, and, or, not",
        ),
        ("a = b", "'=' at position 3 of 'a = b' is no part of a rule"),
        ("__import__('os')", '"\'" at position 12'),
        ("not " * 5000 + "a", "more than 100 nested levels at position 401 in '... ot not"),
        ("(" * 5000 + "a", "more than 100 nested levels at position 101 in '... (((("),
        (" or ".join(f"g{k}" for k in range(21)), "the rule has 21 regulators; at most 20"),
    ],
)
def test_malformed_rules(text, message):
    with pytest.raises(InputError, match="^file, line 2, gene x: .*" + re.escape(message)):
        parse_rule(text, "file, line 2, gene x")


def test_deepest_rule():
    assert parse_rule("!" * 100 + "a").signs == ("+",)
    assert parse_rule("(" * 99 + "not a" + ")" * 99).signs == ("-",)


def test_levels_that_are_closed_are_no_longer_counted():
    assert parse_rule(" and ".join(["(a or !b)"] * 300)).regulators == ("a", "b")
    with pytest.raises(InputError, match="more than 100 nested levels"):
        parse_rule("(a) and " * 50 + "(" * 101 + "a")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000_000,
        "a" * 1_000_000 + " b",
        "a " + "b" * 1_000_000,
        "a or " * 10_000 + "$" + " or a" * 10_000,
    ],
)
def test_messages_do_not_repeat_long_rules(text):
    with pytest.raises(InputError) as error:
        parse_rule(text)
    assert len(str(error.value)) < 400
    assert ("$" in str(error.value)) == ("$" in text)  # what is quoted is around the mistake


# ---------------------------------------------------------------------------- truth tables


def test_truth_table_axes_follow_first_occurrence():
    rule = parse_rule("(c or a) and not b")
    assert rule.regulators == ("c", "a", "b")
    expected = np.zeros((2, 2, 2), bool)
    expected[[0, 1, 1], [1, 0, 1], 0] = True
    assert (rule.truth_table == expected).all()


@pytest.mark.parametrize(("text", "value"), [("0", False), ("true", True), ("not 0 and 1", True)])
def test_constants_have_no_regulators(text, value):
    rule = parse_rule(text)
    assert (rule.regulators, rule.functional_regulators, rule.signs) == ((), (), ())
    assert rule.truth_table.shape == () and rule.truth_table == value
    assert rule({}) is value and rule.constant is value


@pytest.mark.parametrize(
    ("text", "value"),
    [("a", None), ("a and not a", False), ("a or 1", True), ("a and 1", None), ("a and 0", False)],
)
def test_rules_that_are_constant(text, value):
    assert parse_rule(text).constant is value


def test_rule_with_as_many_regulators_as_are_possible():
    names = [f"g{k}" for k in range(20)]
    rule = parse_rule(" and ".join(names))
    assert rule.regulators == tuple(names) and rule.signs == ("+",) * 20
    table = rule.truth_table
    assert table.shape == (2,) * 20 and table.sum() == 1 and table[(1,) * 20]


def test_rule_as_long_as_is_possible():
    genes = itertools.cycle(f"g{k}" for k in range(20))
    names = list(itertools.islice(genes, MAX_GENE_NAMES))
    terms = [" and not ".join(names[k : k + 5]) for k in range(0, len(names), 5)]
    started = time.process_time()
    rule = parse_rule(" or ".join(terms))
    assert rule.signs == ("+", "-", "-", "-", "-") * 4
    assert time.process_time() - started < 30  # a minute and more before tables were packed
    with pytest.raises(InputError, match="genes are named 100001 times in it, at most 100000"):
        parse_rule(" or ".join([*terms, "g0"]))


# ---------------------------------------------------------------------------- signs


@pytest.mark.parametrize(
    ("text", "signs", "functional"),
    [
        ("(not b) and c", {"b": "-", "c": "+"}, "bc"),  # c comes after a `not`, and activates
        ("(c or a) and not b", {"c": "+", "a": "+", "b": "-"}, "cab"),
        ("not (not a and b)", {"a": "+", "b": "-"}, "ab"),
        ("a and not (b and a)", {"a": "+", "b": "-"}, "ab"),
        ("(a and not b) or (not a and b)", {"a": "", "b": ""}, "ab"),  # either, but not both
        ("(a and b) or (not a and c)", {"a": "", "b": "+", "c": "+"}, "abc"),
        ("(a or (a and b)) and not (c and not c)", {"a": "+", "b": "", "c": ""}, "a"),
        ("a and (b or 1)", {"a": "+", "b": ""}, "a"),
        ("a and 0", {"a": ""}, ""),
    ],
)
def test_signs_are_those_of_the_function(text, signs, functional):
    rule = parse_rule(text)
    assert dict(zip(rule.regulators, rule.signs, strict=True)) == signs
    assert rule.functional_regulators == tuple(functional)


# ---------------------------------------------------------------------------- any rule
#
# A tree is a gene, True, False, ("not", tree) or (and / or, trees); what it means is computed here
# from Python's own operators, one state after another.

GENES = ("a", "B", "g.1", "NKX2-1", "not_x")
TREES = st.recursive(
    st.sampled_from(GENES) | st.booleans(),
    lambda tree: (
        st.tuples(st.just("not"), tree)
        | st.tuples(st.sampled_from(["and", "or"]), st.lists(tree, min_size=2, max_size=4))
    ),
    max_leaves=25,
)
WORDS = {
    "and": [" and ", " AND ", "&", " && ", "\n&\t"],
    "or": [" or ", " OR ", "|", "||", "\t|\n"],
    "not": ["not ", "NOT ", "!", "~ ", "! "],
    True: ["1", "true", "TRUE", "True"],
    False: ["0", "false", "FALSE", "False"],
}


def value(tree, state) -> bool:
    if isinstance(tree, bool):
        return tree
    if isinstance(tree, str):
        return state[tree]
    operator, parts = tree
    if operator == "not":
        return not value(parts, state)
    return (all if operator == "and" else any)(value(part, state) for part in parts)


def written(tree, draw) -> str:
    """A rule that says the tree, in a notation that is drawn; parentheses where they may be."""

    def word(key) -> str:
        return draw(st.sampled_from(WORDS[key]))

    if isinstance(tree, bool):
        text = word(tree)
    elif isinstance(tree, str):
        text = tree
    elif tree[0] == "not":
        inner = written(tree[1], draw)
        text = word("not") + (inner if isinstance(tree[1], bool | str) else f"({inner})")
    else:
        text = f"({word(tree[0]).join(written(part, draw) for part in tree[1])})"
    return f"( {text})" if draw(st.booleans()) else text


@given(TREES, st.data())
def test_any_rule_means_what_it_says(tree, data):
    rule = parse_rule(written(tree, data.draw))
    for values in itertools.product([False, True], repeat=len(rule.regulators)):
        state = dict(zip(rule.regulators, values, strict=True))
        everywhere = dict.fromkeys(GENES, False) | state
        expected = value(tree, everywhere)
        assert rule(state) is expected
        assert rule.truth_table[tuple(map(int, values))] == expected


@given(TREES, st.data())
def test_any_sign_is_that_of_switching_the_regulator_on(tree, data):
    rule = parse_rule(written(tree, data.draw))
    for gene, sign in zip(rule.regulators, rule.signs, strict=True):
        changes = set()
        for values in itertools.product([False, True], repeat=len(GENES)):
            state = dict(zip(GENES, values, strict=True))
            changes.add(value(tree, state | {gene: True}) - value(tree, state | {gene: False}))
        expected = {(1,): "+", (-1,): "-"}.get(tuple(changes - {0}), "")
        assert sign == expected
        assert (gene in rule.functional_regulators) == (changes != {0})


def without_parentheses(tree) -> str:
    if isinstance(tree, bool | str):
        return str(tree)
    operator, parts = tree
    if operator == "not":
        return f"not {without_parentheses(parts)}"
    return f" {operator} ".join(map(without_parentheses, parts))


@given(TREES)
def test_operators_bind_as_in_python(tree):
    text = without_parentheses(tree)
    names = str.maketrans(".-", "__")  # into those that Python can read
    rule = parse_rule(text)
    for values in itertools.product([False, True], repeat=len(rule.regulators)):
        state = dict(zip(rule.regulators, values, strict=True))
        python = {name.translate(names): on for name, on in state.items()}
        assert rule(state) == python_value(text.translate(names), python)


PIECES = st.sampled_from(
    ["a", "b", "NKX2-1", "0", "1", "true", "and", "or", "not", "(", ")", "!", "&", "|", "~", " "]
)


@given(
    st.text()
    | st.text(string.printable)
    | st.lists(PIECES).map(" ".join)
    | st.lists(PIECES).map("".join)
)
def test_any_text_is_a_rule_or_one_sentence(text):
    try:
        rule = parse_rule(text, "here")
    except InputError as error:
        assert str(error).startswith("here: ") and len(str(error)) < 300
    else:
        assert len(rule.signs) == len(rule.regulators) == rule.truth_table.ndim
        assert parse_rule(f"({text})").expression == rule.expression
        assert (parse_rule(f"!({text})").truth_table == ~rule.truth_table).all()
