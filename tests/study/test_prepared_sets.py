"""BEELINE's scRNA-seq sets from a release to tables, and who has prepared folders needs none."""

import hashlib
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest

GENES = [f"Gene{i}" for i in range(30)]  # the networks of the user are in upper case
TFS = GENES[::4]
MADE = {"download_beeline", "extract_beeline", "prepare_scrna", "restrict_reference"}
PREPARATION = {
    "set": "mDC",
    "varying_genes": 8,
    "tfs": "mouse-tfs.csv",
    "references": {"STRING": "string.csv", "ChIP": "chip.csv"},
}
CONFIG = {
    "networks": {
        "mDC": {
            "folders": ["real-data/mDC"],
            "regulators": "TFs.txt",
            "references": {
                "STRING": "refNetwork-STRING.csv",
                "ChIP": {"edges": "refNetwork-ChIP.csv", "regulators": "measured"},
            },
        }
    },
    "preparation": {"real-data/mDC": PREPARATION},
    "beeline_release": {"url": "file:///nowhere/release.zip", "checksums": "sums.tsv"},
    "dropout": [0],
    "protocols": [],
    "methods": ["pearson"],
}


@pytest.fixture
def user(one_process):
    """A folder with a made release, a list of TFs and two networks; 20 of 30 genes vary."""
    folder = one_process.folder
    rng = np.random.default_rng(5)
    inside = "BEELINE-data/inputs/scRNA-Seq/mDC"
    cells = [f"cell{i}" for i in range(40)]
    ordering = {"VGAMpValue": np.where(np.arange(30) < 20, 1e-9, 0.5), "Variance": np.arange(30)}
    content = {
        "ExpressionData": pd.DataFrame(rng.random((30, 40)).round(4), GENES, cells),
        "GeneOrdering": pd.DataFrame(ordering, GENES),
        "PseudoTime": pd.DataFrame({"PseudoTime": np.linspace(0, 1, 40).round(4)}, cells),
    }
    sums = ["path\tsha256\tsize"]
    with zipfile.ZipFile(folder / "release.zip", "w") as package:
        for name, table in content.items():
            text = table.to_csv()
            package.writestr(f"{inside}/{name}.csv", text)
            digest = hashlib.sha256(text.encode()).hexdigest()
            sums.append(f"{inside}/{name}.csv\t{digest}\t{len(text)}")
    (folder / "sums.tsv").write_text("\n".join(sums) + "\n")
    (folder / "mouse-tfs.csv").write_text("TF,Source\n" + "".join(f"{g.upper()},x\n" for g in TFS))
    for name, regulators in (("string", GENES), ("chip", TFS[:2])):
        pairs = [(a, b) for a in regulators for b in GENES if rng.random() < 0.4]
        lines = [f"{a.upper()},{b.upper()}\n" for a, b in pairs]
        (folder / f"{name}.csv").write_text("Gene1,Gene2\n" + "".join(lines))
    return one_process


def configure(user, **preparation) -> list[str]:
    release = CONFIG["beeline_release"] | {"url": (user.folder / "release.zip").as_uri()}
    changed = {"real-data/mDC": PREPARATION | preparation}
    return user.configure(CONFIG | {"beeline_release": release, "preparation": changed})


def test_from_the_release_to_tables(user):
    config = configure(user)
    assert user.planned("tables", *config) >= MADE
    user.succeed("tables", *config)
    folder = user.folder / "real-data/mDC"
    read = pd.read_csv(folder / "ExpressionData.csv.gz", index_col=0)
    passing = [gene for gene in TFS if gene in GENES[:20]]
    varying = [gene for gene in GENES[:20] if gene not in TFS][-8:]  # variances grow
    assert list(read.index) == sorted([*passing, *varying], key=GENES.index)
    assert (folder / "TFs.txt").read_text().split() == passing
    imported = pd.read_csv(
        user.folder / "results/expression/mDC/rep-1/drop-000/ExpressionData.csv", index_col=0
    )
    assert (imported == read.sort_index()).all().all()
    for name in ("STRING", "ChIP"):
        made = pd.read_csv(folder / f"refNetwork-{name}.csv")
        used = pd.read_csv(
            user.folder / f"results/expression/mDC.{name}/rep-1/drop-000/refNetwork.csv"
        )
        assert set(zip(made["Gene1"], made["Gene2"], strict=True)) == set(
            zip(used["Gene1"], used["Gene2"], strict=True)
        )
        assert set(made["Gene1"]) <= set(passing)
    metrics = pd.read_csv(user.folder / "results/tables/metrics.tsv", sep="\t")
    assert set(metrics["network"]) == {"mDC.STRING", "mDC.ChIP"}
    remarks = pd.read_csv(user.folder / "results/tables/remarks.tsv", sep="\t")
    assert {"mouse-tfs.csv", "string.csv", "chip.csv"} <= set(remarks["about"])
    assert not user.planned("tables", *config) & MADE


def test_who_has_the_files_needs_no_release(user):
    config = configure(user)
    user.succeed(
        "real-data/mDC/refNetwork-STRING.csv", "real-data/mDC/refNetwork-ChIP.csv", *config
    )
    (user.folder / "real-data/mDC/prepared.tsv").unlink()  # as a folder from elsewhere
    shutil.rmtree(user.folder / "resources")
    for name in ("mouse-tfs.csv", "string.csv", "chip.csv", "release.zip"):
        (user.folder / name).unlink()
    assert not user.planned("tables", *config) & MADE
    user.succeed("results/expression/mDC.STRING/rep-1/drop-000/refNetwork.csv", *config)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tfs": "no.csv"}, "config: preparation.real-data/mDC.tfs: there is no file 'no.csv'"),
        ({"set": "mHSC"}, "config: preparation.real-data/mDC.set: 'mHSC' is not one of"),
        (
            {"references": {"STRING": "string.csv"}},
            "config: networks.mDC.references.ChIP.edges: refNetwork-ChIP.csv is none of the files",
        ),
    ],
)
def test_mistakes_are_said_before_anything_is_fetched(user, change, message):
    done = user.run("tables", *configure(user, **change))
    assert done.returncode != 0 and message in done.stdout
    assert not (user.folder / "resources").exists()


def test_a_reference_without_an_edge_left_is_one_sentence(user):
    (user.folder / "chip.csv").write_text("Gene1,Gene2\nGENE0,GENE29\nGENE1,GENE0\n")
    done = user.run("real-data/mDC/refNetwork-ChIP.csv", *configure(user))
    assert done.returncode != 0
    assert "error: chip.csv: none of its 2 edges goes from one of the 5 chosen" in done.stdout
