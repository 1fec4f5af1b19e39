import ast
import itertools
import re

import numpy as np
import pytest

from grn_gat.core.errors import InputError
from grn_gat.simulate.boolean_model import (
    BooleanModel,
    fixed_points,
    parse_rule,
    read_model,
    reference_edges,
)

# The logic of the models in another notation than that of the files: ! not, & and, | or.
LOGIC = {
    "HSC": """
        Gata2 = Gata2 & !Pu1 & !(Gata1 & Fog1)
        Gata1 = (Gata1 | Gata2 | Fli1) & !Pu1
        Fog1 = Gata1
        Eklf = Gata1 & !Fli1
        Fli1 = Gata1 & !Eklf
        Scl = Gata1 & !Pu1
        Cebpa = Cebpa & !Scl & !(Fog1 & Gata1)
        Pu1 = (Cebpa | Pu1) & !Gata1 & !Gata2
        cJun = Pu1 & !Gfi1
        EgrNab = Pu1 & cJun & !Gfi1
        Gfi1 = Cebpa & !EgrNab""",
    "mCAD": """
        Fgf8 = Fgf8 & Sp8 & !Emx2
        Emx2 = Coup & !Fgf8 & !Pax6 & !Sp8
        Pax6 = Sp8 & !Emx2 & !Coup
        Coup = !Fgf8 & !Sp8
        Sp8 = Fgf8 & !Emx2""",
    "VSC": """
        Nkx61 = !Dbx2
        Nkx62 = !Nkx61 & !Dbx1
        Nkx22 = !Pax6 & !Dbx2
        Pax6 = !Nkx22
        Dbx1 = !Nkx62 & !Nkx61
        Dbx2 = !Nkx61 & !Olig2 & !Nkx22
        Olig2 = !Irx3 & !Nkx22
        Irx3 = !Olig2 & !Nkx22""",
    "GSD": """
        UGR = UGR & !NR5A1 & !WNT4
        CBX2 = UGR & !(NR0B1 & WNT4 & CTNNB1)
        GATA4 = UGR | WNT4 | NR5A1 | SRY
        WT1mKTS = UGR | GATA4
        WT1pKTS = (UGR | GATA4) & !(WNT4 & CTNNB1)
        NR5A1 = (UGR | CBX2 | WT1mKTS | GATA4) & !(NR0B1 & WNT4)
        NR0B1 = (WT1mKTS | (WNT4 & CTNNB1)) & !(NR5A1 & SOX9)
        SRY = (SOX9|SRY|(NR5A1 & WT1mKTS & CBX2)|(GATA4 & WT1pKTS & CBX2 & NR5A1)) & !CTNNB1
        SOX9 = ((SOX9 & FGF9) | SRY | PGD2) & !WNT4 & !CTNNB1 & !FOXL2
        FGF9 = SOX9 & !WNT4
        PGD2 = SOX9
        DMRT1 = (SRY | SOX9) & !FOXL2
        DHH = SOX9
        DKK1 = SRY | SOX9
        AMH = SOX9 & GATA4 & NR5A1 & !(NR0B1 & CTNNB1)
        WNT4 = (GATA4 | CTNNB1 | RSPO1 | NR0B1) & !FGF9 & !DKK1
        RSPO1 = (WNT4 | CTNNB1) & !DKK1
        FOXL2 = WNT4 & CTNNB1 & !DMRT1 & !SOX9
        CTNNB1 = (WNT4 | RSPO1) & !SRY & !(SOX9 & AMH)""",
    "dyn-LI": "g1 = !g7\ng2 = g1\ng3 = g2\ng4 = g3\ng5 = g4\ng6 = g5\ng7 = g6 | g7",
    "dyn-LL": "g1 = !g18\n"
    + "\n".join(f"g{i} = g{i - 1}" for i in range(2, 18))
    + "\ng18 = g17 | g18",
    "dyn-CY": "g1 = !g5\ng2 = !g1\ng3 = !g2\ng4 = g3\ng5 = g4\ng6 = g1",
    "dyn-BF": """
        g1 = !(g4 | g6)
        g2 = g1
        g3 = g2
        g4 = (g3 | g4) & !g6
        g6 = (g6 | g3) & !g4
        g7 = g4
        g8 = !g4""",
    "dyn-BFC": """
        g1 = !g9
        g2 = g1
        g3 = g2
        g4 = (g3 | g4) & !(g5 | g8)
        g5 = (g3 | g5) & !(g4 | g8)
        g6 = g4
        g7 = g5
        g8 = g7 | g6 | g8
        g9 = g8
        g10 = g9""",
    "dyn-TF": """
        g1 = !(g4 | g5 | g6)
        g2 = g1
        g3 = g2
        g4 = (g3 | g4) & !(g5 | g6)
        g5 = (g5 | g3) & !(g4 | g6)
        g6 = (g3 | g6 | g7) & !(g5 | g4)
        g7 = g6
        g8 = !g4""",
}
# genes, edges, self loops, positive and negative edges between different genes
COUNTS = {
    "HSC": (11, 30, 4, 11, 15),
    "mCAD": (5, 14, 1, 4, 9),
    "VSC": (8, 15, 0, 0, 15),
    "GSD": (19, 79, 3, 49, 27),
}
OPTIONS = {  # duration, trajectories, initial state
    "HSC": (8, 4, {"Cebpa": 1, "Pu1": 1, "Gata2": 1}),
    "mCAD": (5, 2, {"Fgf8": 2}),
    "VSC": (5, 5, None),
    "GSD": (8, 2, {"UGR": 2}),
    "dyn-LI": (5, 1, {"g1": 1}),
    "dyn-LL": (15, 1, {"g1": 1}),
    "dyn-CY": (8, 1, {"g1": 1, "g2": 1, "g3": 1}),
    "dyn-BF": (8, 2, {"g1": 1}),
    "dyn-BFC": (8, 2, {"g1": 1}),
    "dyn-TF": (8, 3, {"g1": 1}),
}


@pytest.fixture
def models(repository):
    return repository / "workflow" / "resources" / "models"


def write(folder, rules, sidecar=None, header="Gene\tRule"):
    path = folder / "toy.tsv"
    path.write_text("\n".join([header, *rules]) + "\n")
    if sidecar is not None:
        (folder / "toy.yaml").write_text(sidecar)
    return path


# ---------------------------------------------------------------------------- the shipped models


def test_every_shipped_model_is_listed_here(models):
    assert {p.stem for p in models.glob("*.tsv")} == set(LOGIC)
    assert {p.stem for p in models.glob("*.yaml")} == set(LOGIC)


def value_of(node: ast.expr, state: dict[str, bool]) -> bool:
    """Truth value of a parsed Python expression of and, or, not and names: an independent check."""
    if isinstance(node, ast.BoolOp):
        combine = all if isinstance(node.op, ast.And) else any
        return combine([value_of(part, state) for part in node.values])
    if isinstance(node, ast.UnaryOp):
        assert isinstance(node.op, ast.Not)
        return not value_of(node.operand, state)
    assert isinstance(node, ast.Name)
    return state.get(node.id, False)


@pytest.mark.parametrize("name", LOGIC)
def test_logic_of_shipped_models(models, name):
    model = read_model(models / f"{name}.tsv")
    lines = dict(line.strip().split(" = ") for line in LOGIC[name].strip().splitlines())
    assert set(lines) == set(model.genes)
    for gene, text in lines.items():
        python = text.replace("!", " not ").replace("&", " and ").replace("|", " or ")
        tree = ast.parse(python.strip(), mode="eval").body
        regulators = model.regulators(gene)
        for values in itertools.product([False, True], repeat=len(regulators)):
            state = dict(zip(regulators, values, strict=True))
            expected = value_of(tree, state)
            assert model.rules[gene](state) == expected
            assert model.truth_table(gene)[tuple(map(int, values))] == expected


@pytest.mark.parametrize("name", COUNTS)
def test_edge_counts(models, name):
    model = read_model(models / f"{name}.tsv")
    edges = reference_edges(model)
    other = [e for e in edges if e[0] != e[1]]
    found = (
        len(model.genes),
        len(edges),
        len(edges) - len(other),
        sum(e[2] == "+" for e in other),
        sum(e[2] == "-" for e in other),
    )
    assert found == COUNTS[name]
    assert edges == sorted(edges, key=lambda e: (e[1], e[0]))


@pytest.mark.parametrize("name", LOGIC)
def test_sign_agrees_with_direction_of_the_function(models, name):
    model = read_model(models / f"{name}.tsv")
    for regulator, target, sign in reference_edges(model, functional=True):
        axis = model.regulators(target).index(regulator)
        table = model.truth_table(target).astype(int)
        change = table.take(1, axis) - table.take(0, axis)
        assert (change >= 0).all() if sign == "+" else (change <= 0).all()


def test_gsd_edges_without_effect(models):
    model = read_model(models / "GSD.tsv")
    inert = set(reference_edges(model)) - set(reference_edges(model, functional=True))
    assert inert == {
        ("CBX2", "SOX9", "+"),
        ("GATA4", "SOX9", "+"),
        ("NR5A1", "SOX9", "+"),
        ("WT1mKTS", "AMH", "+"),
    }


@pytest.mark.parametrize("name", OPTIONS)
def test_options_of_shipped_models(models, name):
    model = read_model(models / f"{name}.tsv")
    assert (model.duration, model.trajectories, model.initial_state) == OPTIONS[name]
    assert model.title and model.source
    assert all(strength >= 1 for strength in model.strengths.values())


def test_fixed_points(models):
    assert set(fixed_points(read_model(models / "mCAD.tsv"))) == {
        frozenset({"Emx2", "Coup"}),
        frozenset({"Fgf8", "Pax6", "Sp8"}),
    }
    assert set(fixed_points(read_model(models / "HSC.tsv"))) == {
        frozenset(),
        frozenset({"Pu1", "cJun", "EgrNab"}),
        frozenset({"Cebpa", "Pu1", "Gfi1"}),
        frozenset({"Cebpa", "Pu1", "cJun", "EgrNab"}),
        frozenset({"Gata1", "Fog1", "Fli1", "Scl"}),
        frozenset({"Gata1", "Fog1", "Eklf", "Scl"}),
    }


def test_fixed_points_of_the_largest_model_that_is_listed():
    def ring(genes: int) -> BooleanModel:  # each gene keeps the state of the one before
        rules = {f"g{k}": parse_rule(f"g{k - 1 if k else genes - 1}") for k in range(genes)}
        return BooleanModel("ring", tuple(rules), rules)

    assert set(fixed_points(ring(20))) == {frozenset(), frozenset(ring(20).genes)}
    with pytest.raises(InputError, match="at most 20 genes, this model has 21"):
        fixed_points(ring(21))


def test_rule_with_as_many_regulators_as_are_possible():
    names = [f"g{k}" for k in range(20)]
    assert parse_rule(" or ".join(names)).regulators == tuple(names)


# ---------------------------------------------------------------------------- rule language


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
    ],
)
def test_parser(text, expression):
    assert parse_rule(text).expression == expression


def test_truth_table_axes_follow_first_occurrence():
    rule = parse_rule("(c or a) and not b")
    assert rule.regulators == ("c", "a", "b")
    assert rule.signs == ("+", "+", "-")
    expected = np.zeros((2, 2, 2), bool)
    expected[[0, 1, 1], [1, 0, 1], 0] = True
    assert (rule.truth_table == expected).all()


def test_functional_regulators_and_sign_of_repeated_names():
    rule = parse_rule("(a or (a and b)) and not (c and not c)")
    assert rule.regulators == ("a", "b", "c")
    assert rule.functional_regulators == ("a",)
    assert parse_rule("a and not (b and a)").signs == ("+", "-")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a and (b or c", "'(' at position 7 is not closed in 'a and (b or c'"),
        ("a and b)", "')' at position 8 closes no parenthesis in 'a and b)'"),
        ("a b", "'and' or 'or' is missing before 'b' at position 3 in 'a b'"),
        ("(a b)", "'and' or 'or' is missing before 'b' at position 4 in '(a b)'"),
        ("a not b", "'and' or 'or' is missing before 'not' at position 3 in 'a not b'"),
        ("a and", "a gene name is missing at the end in 'a and'"),
        ("or a", "a gene name is missing before 'or' at position 1 in 'or a'"),
        ("a and () ", "a gene name is missing before ')' at position 8"),
        ("a & b", "'&' at position 3 of 'a & b' is no part of a rule"),
        ("__import__('os')", '"\'" at position 12'),
        ("not " * 5000 + "a", "more than 100 nested levels"),
        (" or ".join(f"g{k}" for k in range(21)), "the rule has 21 regulators; at most 20"),
    ],
)
def test_malformed_rules(text, message):
    with pytest.raises(InputError, match="^file, line 2, gene x: .*" + re.escape(message)):
        parse_rule(text, "file, line 2, gene x")


# ---------------------------------------------------------------------------- files


def test_defaults_without_sidecar(tmp_path):
    model = read_model(write(tmp_path, ["a\ta", "", "b\ta and not b"]))
    assert (model.name, model.genes) == ("toy", ("a", "b"))
    assert (model.duration, model.trajectories, model.initial_state) == (8, 1, None)
    assert (model.strengths, model.title, model.source) == ({}, "", "")
    assert (model.start_values() == 1).all()
    assert reference_edges(model) == [("a", "a", "+"), ("a", "b", "+"), ("b", "b", "-")]


def test_sidecar(tmp_path):
    sidecar = """
title: Toy
duration: 3
trajectories: 2
initial_state: {b: 0.5}
strengths:
  - {regulator: a, target: b, strength: 10}
"""
    model = read_model(write(tmp_path, ["a\ta", "b\ta and not b"], sidecar))
    assert (model.duration, model.trajectories, model.title) == (3, 2, "Toy")
    assert model.start_values().tolist() == [0.01, 0.5]
    assert model.strengths == {("a", "b"): 10.0}


def test_column_order_and_byte_order_mark(tmp_path):
    path = tmp_path / "toy.tsv"
    path.write_bytes(b"\xef\xbb\xbfRule\tnote\tGene\r\na\tx\ta\r\n")
    assert read_model(path).genes == ("a",)


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        ("Gene\tRules", ["a\ta"], "the column Rule is missing"),
        ("Gene Rule", ["a a"], "the column Gene is missing.*tab-separated"),
        ("", [], "the column Gene is missing"),
        ("Gene\tRule", [], "there is no gene; below the header write one row per gene"),
        ("Gene\tRule", ["a\ta", "a\tnot a"], "line 3: gene a has a rule in line 2 already"),
        ("Gene\tRule", ["a\t"], "line 2, gene a: the rule is empty"),
        ("Gene\tRule", ["a"], "line 2, gene a: the rule is empty"),
        ("Gene\tRule", ["a b\ta"], "line 2: 'a b' is no gene name"),
        ("Gene\tRule", ["Not\ta"], "line 2: 'Not' is no gene name"),
        ("Gene\tRule", ["a\ta or X"], "line 2, gene a: .* X, .* add a row 'X<TAB>X' if X is an"),
        ("Gene\tRule", ["a\ta and (a"], "line 2, gene a: '\\(' at position 7 is not closed"),
    ],
)
def test_bad_rules_files(tmp_path, header, rows, message):
    path = write(tmp_path, rows, header=header)
    with pytest.raises(InputError, match=message) as error:
        read_model(path)
    assert str(error.value).startswith(str(path))


@pytest.mark.parametrize(
    ("sidecar", "message"),
    [
        ("a: [", "line 1.*not valid YAML|line 2.*not valid YAML"),
        ("- a", "must hold 'key: value' lines"),
        ("Duration: 8", "unknown key 'Duration'; known are title, source, duration"),
        ("duration: 0", "duration must be a positive integer, got 0"),
        ("duration: 2.5", "duration must be a positive integer, got 2.5"),
        ("duration: yes", "duration must be a positive integer, got True"),
        ("trajectories: 0", "trajectories must be a positive integer, got 0"),
        ("title: [a]", "title must be text"),
        ("initial_state: [a]", "initial_state must hold 'gene: level' lines"),
        ("initial_state: {z: 1}", "initial_state names 'z', .*; the genes are a, b"),
        ("initial_state: {a: x}", "initial_state of a must be a number of at least 0, got 'x'"),
        ("initial_state: {a: -1}", "initial_state of a must be a number of at least 0, got -1"),
        ("initial_state: {a: .nan}", "initial_state of a must be a number of at least 0, got nan"),
        ("strengths: {a: 1}", "strengths must be a list"),
        ("strengths: [{regulator: a}]", "entry 1 of strengths must have exactly the keys"),
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
            "strengths: [{regulator: a, target: b, strength: 0}]",
            "strength must be a number above 0, got 0",
        ),
        (
            "strengths: [{regulator: a, target: b, strength: 2},"
            " {regulator: a, target: b, strength: 3}]",
            "entry 2 of strengths repeats the edge a -> b",
        ),
        ("initial_state: !!python/object/apply:os.getcwd []", "not valid YAML"),
    ],
)
def test_bad_sidecars(tmp_path, sidecar, message):
    path = write(tmp_path, ["a\ta", "b\ta"], sidecar)
    with pytest.raises(InputError, match=message) as error:
        read_model(path)
    assert str(error.value).startswith(str(tmp_path / "toy.yaml"))


def test_missing_and_unreadable_files(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.tsv: there is no such file"):
        read_model(tmp_path / "nowhere.tsv")
    with pytest.raises(InputError, match="this is a folder"):
        read_model(tmp_path)
    (tmp_path / "bad.tsv").write_bytes(b"Gene\tRule\n\xff\t\xff\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_model(tmp_path / "bad.tsv")
