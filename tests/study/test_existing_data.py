"""Existing data goes through the same stages: BEELINE folders, AnnData, BEELINE's release."""

import hashlib
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest

SHORT = {
    "methods": ["pidc"],
    "model_controls": ["gat-shuffled"],
    "dropout": [0],
    "seeds": [1],
    "training": {"epochs": 5, "patience": 5},
}


def scored(one_process, network: str) -> pd.DataFrame:
    metrics = pd.read_csv(one_process.folder / "results/tables/metrics.tsv", sep="\t")
    return metrics[metrics["network"] == network].pivot_table(
        index="method", columns=["protocol", "metric"], values="value"
    )


def test_published_mcad(one_process, shared):
    folder = shared / "data/mCAD-2000-1"
    config = SHORT | {
        "networks": {"mCAD": {"folders": [str(folder)]}},
        "dropout": [0, 50],
        "cross_validation": {"folds": 3},
    }
    one_process.succeed(*one_process.configure(config))
    source = pd.read_csv(folder / "ExpressionData.csv.gz", index_col=0)
    read = pd.read_csv(
        one_process.folder / "results/expression/mCAD/rep-1/drop-000/ExpressionData.csv",
        index_col=0,
    )
    assert (read == source.sort_index()).all().all() and read.shape == (5, 2000)
    values = scored(one_process, "mCAD")
    assert values.loc["gat", ("pair", "prevalence")] == pytest.approx(13 / 20)
    assert values["pair"].loc["gat", "average_precision"] > 0
    # BEELINE's own value for PIDC on this file
    metrics = pd.read_csv(one_process.folder / "results/tables/metrics.tsv", sep="\t")
    pidc = metrics.query("method == 'pidc' and metric == 'auprc_beeline' and dropout == 0")
    assert set(pidc["protocol"]) == {"unsupervised", "pooled", "pair", "gene"}
    assert pidc["value"].to_numpy() == pytest.approx(0.5169, abs=5e-5)
    assert (one_process.folder / "results/figures/mCAD/network.png").stat().st_size > 20_000


def test_real_cells_of_821_genes(one_process, shared):
    """mDC, STRING network, candidate regulators: one protocol, few epochs."""
    config = SHORT | {
        "networks": {
            "mDC": {
                "folders": [str(shared / "data/mDC_TFs500")],
                "edges": "refNetwork_STRING.csv",
                "regulators": "TFs.csv",
            }
        },
        "protocols": ["pair"],
        "model_controls": [],
        "cross_validation": {"folds": 2},
        "training": {"epochs": 12, "patience": 12},
    }
    one_process.succeed(*one_process.configure(config))
    values = scored(one_process, "mDC")["pair"]
    # Counting degrees in training edges is a strong control here; random scores are at chance.
    assert values.loc["degree-product", "auroc"] > 0.8
    assert values.loc["random", "auroc"] == pytest.approx(0.5, abs=0.03)
    assert values.loc["gat", "auroc"] > 0.6
    hubs = pd.read_csv(one_process.folder / "results/tables/hubs.tsv", sep="\t")
    assert hubs["gene"].nunique() == 821


def test_anndata(one_process):
    anndata = pytest.importorskip("anndata")
    rng = np.random.default_rng(3)
    genes = [f"g{i}" for i in range(6)]
    cells = [f"cell{i}" for i in range(80)]
    values = rng.random((80, 6)).astype(np.float32)
    data = anndata.AnnData(
        values,
        obs=pd.DataFrame({"dpt": np.linspace(0, 1, 80)}, index=cells),
        var=pd.DataFrame(index=genes),
    )
    data.write_h5ad(one_process.folder / "mine.h5ad")
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (0, 3), (2, 5)]
    edges = "Gene1,Gene2,Type\n" + "".join(f"g{a},g{b},+\n" for a, b in pairs)
    (one_process.folder / "edges.csv").write_text(edges)
    entry = {"h5ad": "mine.h5ad", "edges": "edges.csv", "pseudotime": ["dpt"]}
    config = SHORT | {
        "networks": {"mine": entry},
        "protocols": ["pair", "pooled"],
        "cross_validation": {"folds": 2},
    }
    one_process.succeed(*one_process.configure(config))
    folder = one_process.folder / "results/expression/mine/rep-1/drop-000"
    read = pd.read_csv(folder / "ExpressionData.csv", index_col=0)
    assert np.allclose(read.to_numpy(), values.T) and list(read.columns) == cells
    times = pd.read_csv(folder / "PseudoTime.csv", index_col=0)
    assert np.allclose(times.iloc[:, 0], np.linspace(0, 1, 80))
    assert scored(one_process, "mine").loc["gat", ("pair", "prevalence")] == pytest.approx(8 / 30)


def test_beeline_release(one_process):
    """Download, verify, and use a data set of a small archive laid out like BEELINE's."""
    inside = "BEELINE-data/inputs/Curated/T/T-1"
    content = {
        f"{inside}/ExpressionData.csv": ",c1,c2,c3\nA,1,2,3\nB,3,1,2\nC,0,1,0\n",
        f"{inside}/refNetwork.csv": "Gene1,Gene2,Type\nA,B,+\nB,C,-\n",
    }
    archive = one_process.folder / "release.zip"
    with zipfile.ZipFile(archive, "w") as package:
        for name, text in content.items():
            package.writestr(name, text)
    rows = ["path\tsha256\tsize"]
    for name, text in content.items():
        rows.append(f"{name}\t{hashlib.sha256(text.encode()).hexdigest()}\t{len(text)}")
    (one_process.folder / "sums.tsv").write_text("\n".join(rows) + "\n")
    config = one_process.configure(
        {
            "networks": {"T": {"folders": [f"resources/beeline/{inside}"]}},
            "beeline_release": {"url": archive.as_uri(), "checksums": "sums.tsv"},
        }
    )
    target = "results/expression/T/rep-1/drop-000/ExpressionData.csv"
    one_process.succeed(target, *config)
    read = pd.read_csv(one_process.folder / target, index_col=0)
    assert read.loc["B"].tolist() == [3, 1, 2]

    shutil.rmtree(one_process.folder / "resources")
    (one_process.folder / "sums.tsv").write_text(
        "\n".join(rows).replace(rows[1][-80:-10], "0" * 70)
    )
    done = one_process.run("beeline_release", *config)
    assert done.returncode != 0
    assert not (one_process.folder / "resources/beeline/BEELINE-data").exists()
