"""The table of the README says what the tables say, what is bad as well as what is good."""

import readme
from write import summary
from write.aims import Aim
from write.zeroshot import Medians


def scores(**factors: float) -> list[dict]:
    return [
        {"kind": kind, "measurement": "counts", "method": method, "factor": str(value),
         "factor_low": str(value - 0.1)}
        for kind, own in factors.items()
        for method, value in (("all", own), ("spearman-clr", 1.05))
    ]  # fmt: skip


def test_networks_that_were_not_trained_on():
    what, measured, good = summary.held_out_row(scores(boolean=1.5, sergio=1.05))
    assert what.startswith("Simulated networks") and good == "yes"
    assert measured == (
        "average precision 1.25 times that of Spearman's correlation (2 kinds of networks, each "
        "measured in 1 ways); 1.05 times on the 3 kinds that no training saw; lowest 1.05 (sergio, "
        "counts); above for sure in 1 of 2"
    )
    assert summary.held_out_row(scores(boolean=1.5, sergio=0.9))[2] == "yes, not everywhere"


def rival(network: str, method: str, difference: float, low: float) -> dict:
    return {
        "network": network, "dropout": "0", "protocol": "unsupervised", "method": method,
        "metric": "average_precision", "kind": "method", "difference": difference, "low": low,
    }  # fmt: skip


def test_above_every_other_method_is_above_each_of_them():
    rows = [rival("HSC", "pidc", 0.1, 0.05), rival("HSC", "clr", 0.2, 0.1)]
    assert summary.rival_row(rows)[1:] == (
        "average precision above that of every other method in 1 of 1, for sure in 1", "yes"
    )  # fmt: skip
    unsure = [*rows, rival("VSC", "pidc", 0.1, -0.1)]
    assert summary.rival_row(unsure)[1].endswith("in 2 of 2, for sure in 1")
    assert summary.rival_row(unsure)[2] == "yes, not for sure everywhere"
    assert summary.rival_row([*unsure, rival("VSC", "clr", -0.1, -0.2)])[1].endswith(
        "in 1 of 2, for sure in 1"
    )


def test_where_a_published_median_is_higher():
    found = [
        Medians("HSC", 0.7, 0.7, 0.2, 0.3, 0.5, "PIDC"),
        Medians("mCAD", 0.7, 0.7, 0.2, 0.3, 0.8, "GRISLI"),
    ]
    assert summary.published_row(found)[1:] == (
        "difference HSC +0.20, mCAD -0.10", "not on mCAD (GRISLI)"
    )  # fmt: skip
    assert summary.published_row(found[:1])[2] == "yes"


def test_missed_aims_are_named():
    aims = [Aim("speed", "", "", "", "reached"), Aim("signs (0.90)", "", "", "", "missed by 0.1")]
    assert summary.missed_row(aims)[1:] == ("1 are missed: signs (0.90)", "1 of 2")
    assert summary.missed_row(aims[:1])[1:] == ("all are reached", "1 of 1")


def test_where_some_edges_are_known():
    rows = [
        {"network": network, "protocol": "pair", "dropout": "0", "metric": "average_precision",
         "method": method, "mean": mean}
        for network, means in (("HSC", (0.6, 0.5, 0.3)), ("mCAD", (0.7, 0.8, 0.6)))
        for method, mean in zip(("gat-finetuned", "gat-zeroshot", "gat"), means, strict=True)
    ]  # fmt: skip
    what, measured, good = summary.start_row(rows)
    assert (what, good) == ("Where some edges are known: HSC, mCAD", "yes, not on mCAD")
    assert "0.60, 0.70 fine-tuned; 0.50, 0.80 without any label; 0.30, 0.60 trained" in measured


def compared(method: str, kind: str, value: float, verdict: str) -> dict:
    return {
        "network": "HSC", "protocol": "pair", "dropout": "0", "metric": "auroc", "method": method,
        "kind": kind, "model_value": "0.6", "value": value, "verdict": verdict,
    }  # fmt: skip


def test_trained_on_labels_is_good_only_above_controls_and_zero_shot():
    rows = [
        compared("random", "control", 0.9, "worse"),
        compared("degree-sum", "control", 0.5, "better"),
        compared("gat-zeroshot-pseudotime", "method", 0.5, "better"),
    ]
    assert summary.label_row(rows)[1:] == (
        "AUROC 0.60; best control 0.50 (better); zero-shot with pseudotime 0.50", "yes"
    )  # fmt: skip
    for k in (1, 2):
        changed = [*rows[:k], rows[k] | {"verdict": "no difference"}, *rows[k + 1 :]]
        assert summary.label_row(changed)[2] == "no"


def of_cells(method: str, z: float, ratio: float) -> dict:
    return {
        "kind": "scRNA-seq", "method": method, "method_kind": "method",
        "relabelling_z": str(z), "average_precision_ratio": str(ratio),
    }  # fmt: skip


def test_measured_cells_are_good_only_above_simple_methods():
    rows = [of_cells("gat-zeroshot", 4, 1.5), of_cells("spearman", 2, 1.2)]
    rows += [of_cells("consensus", 5, 1.6), of_cells("gat-zeroshot-pseudotime", 9, 9)]
    _, measured, good = summary.real_row(rows)
    assert measured.endswith(
        "GATv2 zero-shot on 1 of 1 (1.50 times chance); the best simple method: Consensus on 1 of "
        "1 (1.60 times chance)"
    )
    assert "**not above simple methods**" in good and "`consensus`" in good
    assert summary.real_row(rows[:2])[2] == "yes"


def test_the_readme_has_the_table(repository):
    assert summary.render_summary() in (repository / "README.md").read_text()
    assert set(readme.PAGES["README.md"]) == {"summary"}


def test_hub_row():
    hubs = [
        {"network": "HSC", "source": "reference", "measure": "degree", "gene": g, "rank": str(rank)}
        for rank, g in enumerate(["Gata1", "Pu1", "Scl"], start=1)
    ]

    def knocked_out(begin: str, **values) -> list[dict]:
        return [
            {
                "network": "HSC", "begin": begin, "kind": "knock-out", "perturbed": gene,
                "replicate": str(replicate), "consequence": str(value),
            }
            for gene, own in values.items()
            for replicate, value in enumerate([0.5, *own])
        ]  # fmt: skip

    rows = knocked_out("start", Gata1=[0.3, 0.3], Pu1=[0.4, 0.2], Scl=[0.0, 0.0])
    late = knocked_out("differentiated", Gata1=[0.3, 0.3], Pu1=[0.1, 0.1], Scl=[0.0, 0.0])
    worth = [
        {
            "kind": "random", "source": source, "measure": measure, "consequence": "consequence",
            "rho": rho, "low": low, "high": "0.9", "networks": "500",
        }
        for source, measure, rho, low in (
            ("reference", "out_degree", "0.8", "0.7"),
            ("method-clr", "degree", "0.6", "0.55"),
        )
    ]  # fmt: skip
    what, measured, good = summary.hub_row(hubs, rows + late, worth)
    assert "Gata1" in what and measured.startswith(
        "number 1 by degree; of all knock-outs number 1 ["
    )
    assert "number 1 [1–1] in differentiated cells. Over 500 networks" in measured
    assert measured.endswith(
        "rho 0.80 [0.70, 0.90] where the network is known (out-degree), 0.60 [0.55, 0.90] where it "
        "is inferred"
    )
    assert good == "yes"
    worth[1] |= {"low": "0.1"}
    assert (
        summary.hub_row(hubs, rows + late, worth)[2]
        == "yes; inferred hubs say little of knock-outs"
    )
    better = knocked_out("start", Gata1=[0.3, 0.3], Pu1=[0.4, 0.4], Scl=[0.0, 0.0])
    _, measured, good = summary.hub_row(hubs, better + late, worth)
    assert "number 2 [2–2] from the start (first: Pu1)" in measured
    assert good.startswith("a hub, but not the gene that matters most; ")
