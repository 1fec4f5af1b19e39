"""What papers report of knock-outs, and what the bundled models give: the table is held to both."""

import pytest

from grn_gat.evaluate.published_knock_outs import agreed, fate_share, statements, verdict
from grn_gat.simulate.boolean_model import read_model
from workflows import REPOSITORY

ROWS = statements()


def test_the_curated_models_are_asked_of_the_genes_that_matter():
    asked = {(row["model"], row["gene"]) for row in ROWS}
    hsc = {gene for model, gene in asked if model == "HSC"}
    assert hsc == {"Gata1", "Pu1", "Cebpa", "Gata2", "Fli1", "Eklf", "Gfi1"}
    assert {model for model, _ in asked} == {"HSC", "mCAD", "VSC", "GSD"}
    for row in ROWS:
        genes = set(read_model(REPOSITORY / f"workflow/resources/models/{row['model']}.tsv").genes)
        assert {row["gene"], *row["with"].split(), *row["without"].split()} <= genes
        assert row["paper"] and row["source"] and row["with"]
        # A gene that is taken away tells no fate.
        assert row["kind"] != "knock-out" or row["gene"] not in row["with"].split()


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['model']} {r['gene']} {r['with']}")
def test_the_table_says_what_the_model_gives(row):
    wild, share = fate_share(row, wild_type=True), fate_share(row, wild_type=False)
    assert (f"{wild:.3f}", f"{share:.3f}") == (row["wild"], row["share"])
    assert row["ours"] == verdict(wild, share)
    assert row["agreed"] == agreed(row["reported"], row["ours"])
    # What the model does not give is said why, where a reason is known.
    assert row["agreed"] in ("yes", "partly", "no")


@pytest.mark.parametrize(
    ("wild", "share", "expected"),
    [(0.3, 0.0, "lost"), (0.3, 0.1, "fewer"), (0.3, 0.28, "kept"), (0.3, 0.5, "more"),
     (0.0, 0.0, "kept"), (0.0, 0.2, "more")],
)  # fmt: skip
def test_verdicts(wild, share, expected):
    assert verdict(wild, share) == expected


def test_agreement():
    assert agreed("lost", "lost") == agreed("fewer", "lost") == agreed("not lost", "fewer") == "yes"
    assert agreed("lost", "fewer") == "partly"
    assert (
        agreed("more", "kept") == agreed("not fewer", "lost") == agreed("not lost", "lost") == "no"
    )
