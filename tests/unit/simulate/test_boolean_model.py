import itertools
from dataclasses import replace

import pytest

from grn_gat.core.errors import InputError
from grn_gat.simulate.boolean_model import (
    BooleanModel,
    fixed_points,
    read_model,
    reference_edges,
)
from grn_gat.simulate.rule_language import parse_rule
from python_logic import python_value

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


# ---------------------------------------------------------------------------- the shipped models


def test_every_shipped_model_is_listed_here(models):
    assert {p.stem for p in models.glob("*.tsv")} == set(LOGIC)
    assert {p.stem for p in models.glob("*.yaml")} == set(LOGIC)


@pytest.mark.parametrize("name", LOGIC)
def test_logic_of_shipped_models(models, name):
    model = read_model(models / f"{name}.tsv")
    lines = dict(line.strip().split(" = ") for line in LOGIC[name].strip().splitlines())
    assert set(lines) == set(model.genes)
    for gene, text in lines.items():
        python = text.replace("!", " not ").replace("&", " and ").replace("|", " or ")
        regulators = model.regulators(gene)
        for values in itertools.product([False, True], repeat=len(regulators)):
            state = dict(zip(regulators, values, strict=True))
            expected = python_value(python, dict.fromkeys(model.genes, False) | state)
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


def beeline_edges(model: BooleanModel) -> list[tuple[str, str, str]]:
    """Edges with BEELINE's signs: `+` where a regulator first occurs before the first `not`."""
    edges = {}
    for target, rule in model.rules.items():
        sign = "+"
        for word in rule.text.replace("(", " ").replace(")", " ").split():
            if word == "not":
                sign = "-"
            elif word not in ("and", "or"):
                edges.setdefault((word, target), sign)
    return sorted(((*edge, sign) for edge, sign in edges.items()), key=lambda e: (e[1], e[0]))


@pytest.mark.parametrize("name", LOGIC)
def test_signs_of_shipped_models_are_those_of_beeline(models, name):
    model = read_model(models / f"{name}.tsv")
    assert reference_edges(model) == beeline_edges(model)
    # Those that the rules do not tell are listed in the file beside them, and no others.
    told = set(reference_edges(replace(model, signs={})))
    differ = {edge[:2]: edge[2] for edge in beeline_edges(model) if edge not in told}
    assert model.signs == differ
    assert {name for name in LOGIC if read_model(models / f"{name}.tsv").signs} == {"GSD"}


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
