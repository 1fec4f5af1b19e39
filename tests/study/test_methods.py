"""Methods without training: comparison only, failures that end nothing, and target infer."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from documented import check_columns, tables
from factories import SIX_GENES, expression_table

EDGES = "Gene1,Gene2,Type\nG0,G1,+\nG1,G2,-\nG2,G3,+\nG0,G0,-\n"


def written(one_process, name: str, cells: int = 60, **options) -> pd.DataFrame:
    (one_process.folder / name).parent.mkdir(exist_ok=True)
    table = expression_table(cells)
    table.to_csv(one_process.folder / name, **options)
    return table


def read(one_process, path: str) -> pd.DataFrame:
    return pd.read_csv(one_process.folder / path, sep="\t", keep_default_na=False)


def test_a_method_that_fails_leaves_a_reason_and_the_rest(one_process):
    written(one_process, "mine/ExpressionData.csv", cells=5)  # fewer than genes, no pseudotime
    (one_process.folder / "mine/refNetwork.csv").write_text(EDGES)
    config = {
        "networks": {"mine": {"folders": ["mine"]}},
        "dropout": [0, 50],
        "protocols": [],
        "methods": ["ppcor", "pearson", "leap", "gat-zeroshot-pseudotime"],
        "report": {"bootstrap": 100},  # a config of before
    }
    arguments = one_process.configure(config)
    one_process.succeed(*arguments)
    failures = read(one_process, "results/tables/failures.tsv")
    reasons = failures.groupby("method")["reason"].first()
    assert set(zip(failures["method"], failures["dropout"], strict=True)) == {
        ("ppcor", 0), ("ppcor", 50), ("leap", 0), ("leap", 50),
        ("gat-zeroshot-pseudotime", 0), ("gat-zeroshot-pseudotime", 50),
    }  # fmt: skip
    assert "pseudotime" in reasons["leap"] and "cells" in reasons["ppcor"]
    title = "GATv2 zero-shot, with pseudotime"
    wanted = f"{title} needs a pseudotime, and the data set has none"
    assert reasons["gat-zeroshot-pseudotime"] == wanted
    log = one_process.folder / "results/logs/infer_network/leap/mine/rep-1/drop-000.log"
    assert reasons["leap"] in log.read_text()
    page = (one_process.folder / "results/tables/overview.html").read_text()
    assert reasons["leap"] in page and "LEAP: 2 data sets" in page
    summary = read(one_process, "results/tables/summary.tsv")
    assert set(summary["protocol"]) == {"unsupervised"}
    assert set(summary["method"]) == {"pearson", "random", "constant", "out-degree-oracle"}
    # without a protocol nothing is trained, and there is nothing to do a second time
    assert not (one_process.folder / "results/training").exists()
    assert one_process.planned(*arguments) == set()


def test_infer_from_one_file(one_process):
    written(one_process, "cells.csv.gz")
    (one_process.folder / "known.csv").write_text(EDGES)
    out = one_process.succeed(
        "infer", "--config", "expression=cells.csv.gz", "name=cells", "reference=known.csv",
        "methods=pidc,pearson,scode", "pairs=csv",
    )  # fmt: skip
    assert "warning: no network of SCODE: SCODE needs a pseudotime" in out
    folder = one_process.folder / "results/inferred/cells"
    methods = read(one_process, "results/inferred/cells/methods.tsv").set_index("method")
    assert methods["status"].to_dict() == {"pearson": "ok", "pidc": "ok", "scode": "failed"}
    graph = nx.read_graphml(folder / "pearson/network.graphml")
    # As many as the reference has, 3, and the other direction of the last pair.
    assert graph.is_directed() and graph.number_of_edges() == 4
    signs = {(u, v): d["sign"] for u, v, d in graph.edges(data=True)}
    assert signs["G0", "G1"] == "activation" and signs["G1", "G2"] == "repression"
    assert all(d["weight"] > 0 and d["sign_source"] == "method" for *_, d in graph.edges(data=True))
    metrics = read(one_process, "results/inferred/cells/pearson/metrics.tsv").set_index("metric")
    assert metrics.loc["edges", "value"] == 3 and metrics.loc["auroc", "constant"] == 0.5
    assert metrics.loc["auroc", "value"] > 0.6
    hubs = read(one_process, "results/inferred/cells/pidc/hubs.tsv")
    assert sorted(hubs["gene"]) == SIX_GENES
    ranked = read(one_process, "results/predictions/pidc/cells/rep-1/drop-000/rankedEdges.csv")
    assert list(ranked) == ["Gene1", "Gene2", "EdgeWeight"] and len(ranked) == 30
    page = (folder / "report.html").read_text()
    assert "SCODE needs a pseudotime" in page and "60" in page and "known.csv" in page
    assert page.count("data:image/png;base64,") == 5 and "http" not in page
    # the study of the config is not touched
    assert not (one_process.folder / "results/tables").exists()
    made = check_columns(one_process.folder, without=("PseudoTime<k>",))
    inferred = {name for name in tables() if name.startswith("results/inferred/")}
    # Those of groups and of donors, which nobody named: tests/snakemake/test_infer.py.
    apart = {name for name in inferred if "<grouped>" in name or name.endswith("/donors.tsv")}
    assert len(apart) == 8 and inferred - apart <= made


def test_infer_from_anndata_with_pseudotime_and_regulators(one_process):
    import anndata

    table = expression_table(80)
    data = anndata.AnnData(table.to_numpy().T, obs=pd.DataFrame(index=list(table.columns)))
    data.var_names = SIX_GENES
    data.obs["dpt"] = np.linspace(0, 1, 80)
    data.write_h5ad(one_process.folder / "cells.h5ad")
    (one_process.folder / "tfs.txt").write_text("G0\nG1\n")
    one_process.succeed(
        "infer", "--config", "expression=cells.h5ad", "name=atlas", "pseudotime=dpt",
        "regulators=tfs.txt", "methods=leap",
    )  # fmt: skip
    ranked = read(one_process, "results/predictions/leap/atlas/rep-1/drop-000/rankedEdges.csv")
    assert set(ranked["Gene1"]) == {"G0", "G1"} and len(ranked) == 2 * 5
    graph = nx.read_graphml(one_process.folder / "results/inferred/atlas/leap/network.graphml")
    assert 0 < graph.number_of_edges() <= 10  # 2 per gene at most
    assert not list(one_process.folder.glob("results/inferred/atlas/leap/metrics.tsv"))


def test_infer_with_the_zero_shot_model(one_process):
    torch = pytest.importorskip("torch")
    from grn_gat.zeroshot.ensemble import edge_probabilities, load_ensemble, save_ensemble
    from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT

    sizes = {"layers": 1, "width": 8, "heads": 2, "pair_width": 4, "path_width": 2}
    torch.manual_seed(1)
    members = [ZeroShotGAT(Architecture(**sizes, triple_layers=[])).state_dict()]
    calibration = {"temperature": 1.0, "shift": -1.0, "sign_temperature": 1.0}
    provenance = {"seed": 77, "commit": "0123456789ab"}
    place = one_process.folder / "weights.safetensors"
    save_ensemble(place, members, sizes | {"triple_layers": []}, calibration, provenance)
    config = {"method_settings": {"gat-zeroshot": {"weights": "weights.safetensors"}}}
    written(one_process, "cells.csv")
    arguments = one_process.configure(config)
    one_process.succeed("infer", *arguments, "--config", "expression=cells.csv", "name=x")
    ranked = read(one_process, "results/predictions/gat-zeroshot/x/rep-1/drop-000/rankedEdges.csv")
    assert list(ranked) == ["Gene1", "Gene2", "EdgeWeight"] and len(ranked) == 30
    assert ranked["EdgeWeight"].abs().between(0, 1).all()
    page = (one_process.folder / "results/inferred/x/report.html").read_text()
    assert "calibrated on simulated networks only" in " ".join(page.split())  # lines may break
    assert "seed 77, commit 0123456789ab" in page
    assert page.count("data:image/png;base64,") == 13  # 3 of each of four methods, a histogram
    # The same weights with pseudotime, with and without the other beside it.
    time = pd.DataFrame({"t": np.linspace(0, 1, 60)}, [f"c{i}" for i in range(60)])
    time.to_csv(one_process.folder / "time.csv")
    timed = "gat-zeroshot-pseudotime"
    for methods, pictures in ((timed, 5), (f"gat-zeroshot,{timed}", 10)):
        one_process.succeed(
            "infer", *arguments, "--config", "expression=cells.csv", "name=y",
            "pseudotime=time.csv", f"methods={methods}", "--forceall",
        )  # fmt: skip
        page = (one_process.folder / "results/inferred/y/report.html").read_text()
        assert page.count("data:image/png;base64,") == pictures
        assert page.count("A score is the probability that the edge exists") == pictures / 5
        assert page.count("seed 77, commit 0123456789ab") == 1
    first, second = (
        read(one_process, f"results/predictions/{method}/y/rep-1/drop-000/rankedEdges.csv")
        for method in ("gat-zeroshot", timed)
    )
    for ranked, shown in ((first, None), (second, time.to_numpy())):  # with these weights
        edge, _ = edge_probabilities(
            load_ensemble(place), expression_table(60).to_numpy(), shown, 0
        )
        wanted = np.sort(edge[~np.eye(6, dtype=bool)])[::-1]
        np.testing.assert_allclose(ranked["EdgeWeight"].abs(), wanted, atol=1e-5)
    assert not np.allclose(first["EdgeWeight"].abs(), second["EdgeWeight"].abs(), atol=1e-4)
    # Other weights concern both.
    save_ensemble(
        place, members, sizes | {"triple_layers": []}, calibration | {"shift": 1.0}, provenance
    )
    due = one_process.due(
        "infer", *arguments, "--config", "expression=cells.csv", "name=y",
        "pseudotime=time.csv", f"methods=gat-zeroshot,{timed}",
    )  # fmt: skip
    for method in ("gat-zeroshot", timed):
        assert f"results/predictions/{method}/y/rep-1/drop-000/rankedEdges.csv" in due


def test_infer_stops_where_every_method_fails(one_process):
    written(one_process, "cells.csv", cells=5)
    done = one_process.run(
        "infer", "--config", "expression=cells.csv", "name=few", "methods=scode,ppcor"
    )
    assert done.returncode != 0
    errors = [line for line in done.stdout.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1 and "SCODE" in errors[0] and "PPCOR" in errors[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "target infer needs --config expression=PATH name=NAME"),
        (["expression=cells.csv"], "without name"),
        (["name=x"], "without expression"),
        (["expression=nowhere.csv", "name=x"], "there is no file 'nowhere.csv'"),
        (["expression=cells.csv", "name=HSC"], "HSC is a network of the study"),
        (["expression=cells.csv", "name=../x"], "data set name '../x' may hold"),
        (["expression=cells.csv", "name=x", "methods=pidc,magic"], "there is no method 'magic'"),
        (["expression=cells.csv", "name=x", "layer=counts"], "layer is for .h5ad and .loom files"),
        (["expression=cells.csv", "name=x", "pseudotime=no.csv"], "there is no file 'no.csv'"),
        (
            [
                "expression=cells.csv",
                "name=x",
                "method_settings={gat-zeroshot: {weights: no.safetensors}}",
            ],
            "method_settings.gat-zeroshot.weights: there is no file 'no.safetensors'",
        ),
    ],
)
def test_mistakes_on_the_command_line_are_named_at_once(one_process, arguments, message):
    written(one_process, "cells.csv")
    config = ["--config", *arguments] if arguments else []
    done = one_process.run("infer", "--dry-run", *config)
    assert done.returncode != 0 and message in done.stdout and "Traceback (most" not in done.stdout


def test_infer_runs_in_the_folder_that_is_named(one_process, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    expression_table(40).to_csv(elsewhere / "cells.tsv", sep="\t")
    one_process.succeed(
        "infer", "--directory", elsewhere,
        "--config", "expression=cells.tsv", "name=mine", "methods=spearman",
    )  # fmt: skip
    assert (elsewhere / "results/inferred/mine/spearman/network.graphml").is_file()
