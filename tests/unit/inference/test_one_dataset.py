"""`grn-gat infer` as a function: what it repeats and what not."""

import json
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from anndata import read_h5ad

from factories import expression_table
from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.score_file import read_scores
from grn_gat.inference import describe_method, description, further_runs, one_dataset
from grn_gat.inference.folder import SCORES
from grn_gat.inference.one_dataset import infer_dataset
from grn_gat.study.study import Study
from untrained import save_untrained
from workflows import REPOSITORY

FORMS = ("graphml", "png", "pdf", "svg")
FILES = {"hubs.tsv", "edges.tsv", "edges.xlsx", "stability.tsv", "cytoscape-style.xml"} | {
    f"network.{form}" for form in FORMS
}
FILES |= {f"{name}.{form}" for name in ("network-dark", "hubs") for form in FORMS[1:]}
# These are not to be trusted where cells were divided by their totals.
LEVELS = {
    "method_settings": {
        "gat-zeroshot": {
            "weights": str(REPOSITORY / "workflow/resources/zeroshot/levels.safetensors")
        }
    }
}
WITH_NULL = FILES | {"null.tsv", "null_edges.tsv"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of a user, in which one stands."""
    expression_table(60).to_csv(tmp_path / "cells.csv")
    (tmp_path / "known.csv").write_text("Gene1,Gene2\nG0,G1\nG1,G2\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ran(monkeypatch):
    """Methods that were run, in their order."""
    found, attempt = [], one_dataset.attempt
    monkeypatch.setattr(
        one_dataset, "attempt", lambda name, *rest: found.append(name) or attempt(name, *rest)
    )
    return found


@contextmanager
def unseen(label):
    yield


def infer(place, methods="pearson", overwrite=False, entry=(), **config):
    data = {"expression": "cells.csv"} | dict(entry)
    study = Study.installed({"infer": {"x": data}, "methods": methods} | config)
    return infer_dataset(study, "x", place / "out", 1, overwrite, unseen)


def names(place) -> list[str]:
    return list(read_table(place / "out/methods.tsv")["method"])


def test_files(place):
    assert infer(place) == place / "out/report.html"
    found = {path.name for path in (place / "out/pearson").iterdir()}
    assert found == WITH_NULL
    assert names(place) == ["pearson"]
    provenance = json.loads((place / "out/provenance.json").read_text())
    assert provenance["inputs"]["expression"]["file"] == "cells.csv"
    assert provenance["weights"] is None


def test_methods_add_up_and_none_is_run_twice(place, ran):
    infer(place)
    infer(place, "clr")
    assert ran == ["pearson", "clr"] and names(place) == ["clr", "pearson"]
    infer(place, "pearson", entry={"reference": "known.csv"})
    assert ran == ["pearson", "clr"]
    # Two edges are drawn now: how stable they are was not asked of clr this time.
    for method, files in (("clr", FILES - {"stability.tsv"}), ("pearson", WITH_NULL)):
        assert {p.name for p in (place / "out" / method).iterdir()} == files | {"metrics.tsv"}
    infer(place)
    assert not (place / "out/clr/metrics.tsv").exists()
    assert not (place / "out/refNetwork.csv").exists()


def test_other_settings_run_a_method_again(place, ran):
    infer(place, "ppcor")
    infer(place, "ppcor", method_settings={"ppcor": {"p_value": 0.5}})
    infer(place, "ppcor", method_settings={"ppcor": {"p_value": 0.5}})
    assert ran == ["ppcor"] * 2


def test_evidence_adds_its_methods_to_the_folder(place, ran):
    """What sees expression alone is not run again, and other evidence is other input."""
    save_untrained(place / "weights.safetensors")
    own = {"method_settings": {"gat-zeroshot": {"weights": "weights.safetensors"}}}
    (place / "prior.csv").write_text("Gene1,Gene2\nG4,G5\nG0,X\n")
    told = "gat-zeroshot-prior"
    infer(place, "gat-zeroshot", **own)
    page = infer(place, f"gat-zeroshot,{told}", entry={"prior": "prior.csv"}, **own)
    assert ran == ["gat-zeroshot", told] and names(place) == ["gat-zeroshot", told]
    assert "prior: prior.csv" in page.read_text()
    assert "1 of 2 edges" in (place / "out/remarks.tsv").read_text()
    inputs = json.loads((place / "out/provenance.json").read_text())["inputs"]
    assert inputs["prior"]["file"] == "prior.csv"
    one, other = (
        read_scores(place / f"out/{SCORES}/{method}.safetensors").set_index(["Gene1", "Gene2"])
        for method in ("gat-zeroshot", told)
    )
    assert not np.allclose(one.sort_index(), other.sort_index(), atol=1e-5)
    edges = read_table(place / f"out/{told}/edges.tsv")
    known = edges.set_index(["regulator", "target"])["evidence"] == "prior"
    assert list(known[known].index) in ([("G4", "G5")], [])
    assert (read_table(place / "out/gat-zeroshot/edges.tsv")["evidence"] == "").all()
    infer(place, told, entry={"prior": "prior.csv"}, **own)
    assert ran == ["gat-zeroshot", told]
    (place / "prior.csv").write_text("Gene1,Gene2\nG5,G4\n")
    infer(place, f"gat-zeroshot,{told}", entry={"prior": "prior.csv"}, **own)
    assert ran == ["gat-zeroshot", told, told]


def test_weights_of_levels_know_no_evidence(place, capfd):
    (place / "prior.csv").write_text("Gene1,Gene2\nG4,G5\n")
    infer(place, "pearson,gat-zeroshot-prior", entry={"prior": "prior.csv"}, **LEVELS)
    said = capfd.readouterr().err
    assert "no network of GATv2 zero-shot, with a prior network" in said
    assert "levels.safetensors: these weights know no prior network" in " ".join(said.split())


def test_an_interrupted_run_goes_on_after_the_last_method(place, ran, monkeypatch):
    original = one_dataset.write_scores

    def interrupted(path, *rest):
        if "pearson" in str(path):
            raise KeyboardInterrupt
        original(path, *rest)

    monkeypatch.setattr(one_dataset, "write_scores", interrupted)
    with pytest.raises(KeyboardInterrupt):
        infer(place, "clr,pearson", entry={"reference": "known.csv"})
    monkeypatch.setattr(one_dataset, "write_scores", original)
    infer(place, "clr,pearson", entry={"reference": "known.csv"})
    assert ran == ["clr", "pearson", "pearson"] and names(place) == ["clr", "pearson"]


def test_a_run_that_ended_before_any_method_can_be_given_again(place, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(one_dataset, "attempt", interrupted)
        infer(place, entry={"reference": "known.csv"})
    infer(place, entry={"reference": "known.csv"})


def test_a_method_that_fails_is_said_and_the_others_stand(place, capfd):
    infer(place, "pearson,scode")
    table = read_table(place / "out/methods.tsv").set_index("method")
    assert table["status"].to_dict() == {"pearson": "ok", "scode": "failed"}
    assert "warning: no network of SCODE: SCODE needs a pseudotime" in capfd.readouterr().err
    with pytest.raises(InputError, match=r"no method gave a network; SCODE: .*pseudotime"):
        infer(place, "scode", overwrite=True, seed=2)


def test_changed_cells_are_another_data_set(place):
    infer(place)
    expression_table(61).to_csv(place / "cells.csv")
    with pytest.raises(InputError, match=r"of cells\.csv as it was before it changed"):
        infer(place)
    infer(place, "clr", overwrite=True)
    assert names(place) == ["clr"] and not (place / "out/pearson").exists()


def test_a_method_that_lacks_memory_is_run_again(place, monkeypatch, ran):
    """It leaves no result: the same command, with more memory, goes on there."""
    from grn_gat.inference import attempt

    run_method = attempt.run_method

    def hungry(name, *rest):
        if name == "spearman":
            raise RuntimeError("[enforce fail at alloc_cpu.cpp:127] can't allocate memory")
        return run_method(name, *rest)

    monkeypatch.setattr(attempt, "run_method", hungry)
    with pytest.raises(InputError, match="Spearman: not enough memory for 6 genes x 60 cells"):
        infer(place, ["pearson", "spearman"])
    assert not (place / "out/methods.tsv").exists()
    monkeypatch.setattr(attempt, "run_method", run_method)
    infer(place, ["pearson", "spearman"])
    assert ran == ["pearson", "spearman", "spearman"]
    assert set(read_table(place / "out/methods.tsv")["status"]) == {"ok"}


def test_scores_that_should_not_be_trusted_are_said_everywhere(place, capfd, monkeypatch):
    table = expression_table(60)
    (table / table.sum()).to_csv(place / "cells.csv")
    labels = []
    original = description.write_description
    monkeypatch.setattr(
        describe_method,
        "write_description",
        lambda *rest: labels.append(rest[-1]) or original(*rest),
    )
    infer(place, "gat-zeroshot,consensus", **LEVELS)
    found = read_table(place / "out/methods.tsv").set_index("method")["trusted"]
    assert found.to_dict() == {"consensus": "", "gat-zeroshot": "no"}
    assert labels == [True, False]
    conditions = read_table(place / "out/trust.tsv").set_index("condition")
    assert conditions.loc["cell_totals", "holds"] == "yes"
    assert "warning: the scores of GATv2 zero-shot should not be trusted" in capfd.readouterr().err
    page = (place / "out/report.html").read_text()
    assert page.index(">Consensus</h2>") < page.index(">GATv2 zero-shot</h2>")
    never = {"cell_totals": 0, "expected_in_degree": 9}
    infer(
        place, "gat-zeroshot,consensus", trust=never, **LEVELS
    )  # limits are keys; nothing is inferred anew
    assert read_table(place / "out/methods.tsv")["trusted"].tolist() == ["", "yes"]
    assert 'class="warning"' not in (place / "out/report.html").read_text()


def test_all_pairs_are_written_where_somebody_asks_for_them(place, ran):
    infer(place, "pearson,clr", entry={"pairs": "csv"})
    ranked = read_ranked_edges(place / "out/pearson/rankedEdges.csv")
    assert len(ranked) == 30 and not (place / "out/network.h5ad").exists()
    infer(place, "pearson,clr", entry={"pairs": "h5ad"})
    assert not list(place.glob("out/*/rankedEdges.csv"))
    held = read_h5ad(place / "out/network.h5ad")
    assert held.shape == (60, 6) and list(held.uns["grn_gat"]["methods"]) == ["clr", "pearson"]
    scores = pd.DataFrame(held.varp["pearson"].toarray(), held.var_names, held.var_names)
    for gene1, gene2, weight in ranked.itertuples(index=False):
        assert scores.loc[gene1, gene2] == weight
    hubs = read_table(place / "out/clr/hubs.tsv").set_index("gene")["out_degree"]
    assert held.var["clr_out_degree"].to_dict() == hubs.to_dict()
    cells = expression_table(60)
    assert np.allclose(held.X.toarray().T, cells.loc[held.var_names], rtol=1e-6)
    infer(place, "pearson")  # what was asked for once holds
    assert (place / "out/network.h5ad").exists()
    infer(place, "pearson", entry={"pairs": "none"})
    assert not (place / "out/network.h5ad").exists() and ran == ["clr", "pearson"]


def test_donors_are_read_before_methods_run(place, ran):
    cells = list(expression_table(120).columns)
    expression_table(120).to_csv(place / "cells.csv")
    rows = [f"{cell},{'a' if k < 60 else 'b'}" for k, cell in enumerate(cells)]
    (place / "donors.csv").write_text("\n".join(["cell,donor", *rows]))
    infer(place, entry={"donors": "donors.csv"})
    found = read_table(place / "out/pearson/donors.tsv")
    assert (found["networks"] == 2).all() and set(found["donors"]) <= {0, 0.5, 1}
    edges = read_table(place / "out/pearson/edges.tsv")
    assert edges["donors"].tolist() == found["donors"].tolist()
    assert '<td class="wide">2 with cells enough (donors.csv)</td>' in page(place)
    (place / "donors.csv").write_text("cell,donor\nx,a\n")
    with pytest.raises(InputError, match=r"donors: donors\.csv: none of its 1 cells \(x\) is one"):
        infer(place, "clr", entry={"donors": "donors.csv"})
    assert ran == ["pearson"]


def donors_of(place, first: int) -> None:
    """Cells of two donors, so many of the first one."""
    cells = list(expression_table(120).columns)
    expression_table(120).to_csv(place / "cells.csv")
    rows = [f"{cell},{'a' if k < first else 'b'}" for k, cell in enumerate(cells)]
    (place / "donors.csv").write_text("\n".join(["cell,donor", *rows]))


def page(place) -> str:
    return (place / "out/report.html").read_text()


def test_donors_hold_for_later_commands_and_repeat_nothing_else(place, monkeypatch, capfd):
    runs = []
    for name in ("stability_table", "donor_table"):
        original = getattr(further_runs, name)
        monkeypatch.setattr(
            further_runs,
            name,
            lambda method, n=name, o=original, **rest: (
                runs.append((n, method)) or o(method, **rest)
            ),
        )
    donors_of(place, 60)
    infer(place, entry={"donors": "donors.csv"})
    first = [("stability_table", "pearson"), ("donor_table", "pearson")]
    assert runs == first
    infer(place, entry={"pairs": "csv"})  # says nothing of donors
    assert runs == first and (place / "out/pearson/donors.tsv").is_file()
    infer(place, "clr")
    assert runs == [*first, ("stability_table", "clr"), ("donor_table", "clr")]
    assert read_provenance(place)["not_default"]["infer.x.donors"] == "donors.csv"
    donors_of(place, 65)
    infer(place, "clr")
    assert runs[4:] == [("donor_table", "clr")]  # random parts are the same
    assert not (place / "out/pearson/donors.tsv").exists()
    assert "Pearson: what it had of other donors is removed; name it" in capfd.readouterr().err
    infer(place, "pearson,clr", entry={"stability": 0})
    assert "Pearson: its stability.tsv is removed" in capfd.readouterr().err
    assert runs[5:] == [("donor_table", "pearson")]
    assert (
        not list(place.glob("out/*/stability.tsv")) and len([*place.glob("out/*/donors.tsv")]) == 2
    )


def test_settings_of_an_earlier_command_stay_in_the_provenance(place):
    infer(place, "genie3", method_settings={"genie3": {"trees": 3}})
    infer(place, "pearson")
    assert read_provenance(place)["not_default"]["method_settings.genie3.trees"] == 3


def test_what_the_data_set_is_called_changes_no_network(place):
    infer(place, "gat-zeroshot,genie3", method_settings={"genie3": {"trees": 3}})
    tables = {m: (place / f"out/{m}/edges.tsv").read_bytes() for m in ("gat-zeroshot", "genie3")}
    (place / "cells.csv").rename(place / "others.csv")
    study = Study.installed(
        {
            "infer": {"other": {"expression": "others.csv"}},
            "methods": "gat-zeroshot,genie3",
            "method_settings": {"genie3": {"trees": 3}},
        }
    )
    infer_dataset(study, "other", place / "again", 1, False, unseen, str)
    for method, found in tables.items():
        assert (place / f"again/{method}/edges.tsv").read_bytes() == found


def read_provenance(place) -> dict:
    return json.loads((place / "out/provenance.json").read_text())


# ----------------------------------------------------------------------------------- shuffled genes


@pytest.fixture
def shuffled(monkeypatch):
    """Methods that were run on shuffled genes, in their order."""
    found, null_of = [], further_runs.null_of
    monkeypatch.setattr(
        further_runs, "null_of", lambda name, **rest: found.append(name) or null_of(name, **rest)
    )
    return found


def nulls(place) -> dict[str, float]:
    """Edges of the network that each null is of."""
    table = read_table(place / "out/null.tsv").set_index("method")
    assert {path.parent.name for path in place.glob("out/*/null.tsv")} >= set(table.index)
    return table["edges"].to_dict()


def test_shuffled_genes_are_run_once_and_again_for_another_network(place, ran, shuffled):
    for _ in range(2):
        infer(place, "pearson,clr")
        assert shuffled == ["pearson"] and nulls(place) == {"pearson": 12}
    infer(place, "pearson,clr", entry={"reference": "known.csv"})
    # Both directions of the last pair: one edge more than the reference has.
    assert shuffled == ["pearson"] * 2 and nulls(place) == {"pearson": 2}
    assert ran == ["clr", "pearson"]


def test_whether_genes_are_shuffled_is_what_the_user_says(place, shuffled):
    infer(place, "pearson,pidc", entry={"shuffled_null": True})
    assert shuffled == ["pearson", "pidc"] and nulls(place)["pearson"] == 12
    assert "says little: its scores" in (place / "out/report.html").read_text()
    infer(place, "pearson", entry={"shuffled_null": False})
    assert list(nulls(place)) == ["pidc"]  # it was not asked for this time, and stays
    assert not (place / "out/pearson/null.tsv").exists() and shuffled == ["pearson", "pidc"]
    infer(place, "pearson", entry={"shuffled_null": False, "reference": "known.csv"})
    assert nulls(place) == {} and not list(place.glob("out/*/null.tsv"))
    assert "nothing regulates" not in (place / "out/report.html").read_text()


def test_an_interruption_loses_the_null_that_it_falls_into_only(place, ran, shuffled, monkeypatch):
    original = further_runs.null_of

    def interrupted(method, **rest):
        if method == "spearman":
            raise KeyboardInterrupt
        return original(method, **rest)

    monkeypatch.setattr(further_runs, "null_of", interrupted)
    with pytest.raises(KeyboardInterrupt):
        infer(place, "pearson,spearman")
    monkeypatch.setattr(further_runs, "null_of", original)
    infer(place, "pearson,spearman")
    assert ran == shuffled == ["pearson", "spearman"]
    assert nulls(place) == {"pearson": 12, "spearman": 12}


def test_a_null_that_was_changed_or_lost_is_made_again(place, shuffled):
    infer(place)
    before = (place / "out/pearson/null.tsv").read_bytes()
    (place / "out/pearson/null.tsv").write_text("cut")
    infer(place)
    (place / "out/pearson/null.tsv").unlink()
    infer(place)
    assert shuffled == ["pearson"] * 3 and (place / "out/pearson/null.tsv").read_bytes() == before


def test_a_method_that_failed_is_not_run_on_shuffled_genes(place, shuffled):
    infer(place, "pearson,leap", entry={"reference": "known.csv"})
    assert list(nulls(place)) == ["pearson"]
    assert len(read_table(place / "out/leap/null.tsv")) == 0
    assert "–" in (place / "out/report.html").read_text()


def test_what_did_not_change_is_not_drawn_again(place, monkeypatch):
    drawn, original = [], describe_method.write_description

    def written(found, record, *rest):
        drawn.append(record.title)
        return original(found, record, *rest)

    monkeypatch.setattr(describe_method, "write_description", written)
    infer(place, "pearson,clr")
    before = {path: path.read_bytes() for path in (place / "out").rglob("*") if path.is_file()}
    assert len(drawn) == 2
    infer(place, "pearson,clr")
    assert len(drawn) == 2 and all(path.read_bytes() == was for path, was in before.items())
    (place / "out/clr/hubs.tsv").write_text("cut")
    infer(place, "pearson,clr")
    hubs = place / "out/clr/hubs.tsv"
    assert len(drawn) == 3 and hubs.read_bytes() == before[hubs]
    infer(place, "pearson,clr", hubs={"edges_per_gene": 1})
    assert len(drawn) == 5
