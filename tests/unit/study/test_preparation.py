"""Folders that are made of BEELINE's sets: which they are, and what is said of mistakes."""

import os

import pytest
import yaml

from grn_gat.core.errors import InputError
from grn_gat.study.place import Place
from grn_gat.study.preparation import is_made
from grn_gat.study.study import Study

ENTRY = {"set": "mDC", "tfs": "mouse-tfs.csv", "references": {"STRING": "string.csv"}}
NETWORK = {
    "folders": ["real-data/mDC"],
    "regulators": "TFs.txt",
    "references": {
        "STRING": "refNetwork-STRING.csv",
        "measured": {"edges": "refNetwork-STRING.csv", "regulators": "measured"},
    },
}


@pytest.fixture
def read(repository, tmp_path, monkeypatch):
    """A function that reads a study of one folder, in a folder with the files of the user."""
    schema = yaml.safe_load((repository / "workflow/schemas/study.schema.yaml").read_text())
    monkeypatch.chdir(tmp_path)
    for name in ("mouse-tfs.csv", "string.csv"):
        (tmp_path / name).write_text("x\n")

    def make(preparation=None, network=NETWORK, prefix=None) -> Study:
        place = Place(repository)
        if prefix is not None:
            place = Place(repository, lambda path: path if os.path.isabs(path) else prefix + path)
        preparation = {"real-data/mDC": ENTRY} if preparation is None else preparation
        config = {"networks": {"mDC": network}, "preparation": preparation, "protocols": []}
        return Study.described(config, schema, place)

    return make


def files_of_the_user(tmp_path) -> None:
    folder = tmp_path / "real-data/mDC"
    folder.mkdir(parents=True)
    for name in ("ExpressionData.csv", "PseudoTime.csv", "TFs.txt", "refNetwork-STRING.csv"):
        (folder / name).touch()


def test_a_folder_that_is_not_there_is_made(read):
    study = read()
    assert study.prepared == {"real-data/mDC": {**ENTRY, "varying_genes": 500}}
    assert study.source_files("mDC", 1) == [
        "real-data/mDC/ExpressionData.csv.gz", "real-data/mDC/PseudoTime.csv",
        "real-data/mDC/TFs.txt",
    ]  # fmt: skip
    assert study.prepared_from("real-data/mDC", "STRING") == "string.csv"
    with pytest.raises(InputError, match=r"mDC\.references has no ChIP, but STRING$"):
        study.prepared_from("real-data/mDC", "ChIP")
    remarks = study.remarks()
    assert remarks[:2] == ["real-data/mDC/remarks.tsv", "real-data/mDC/remarks-STRING.tsv"]
    assert "results/expression/mDC/rep-1/drop-000/remarks.tsv" in remarks
    folder = "networks.mDC.folders.1"
    of_the_user = "networks.mDC.preparation.real-data/mDC"
    assert study.all_made_from() == {
        f"{folder}.ExpressionData.csv.gz": "real-data/mDC/ExpressionData.csv.gz",
        f"{folder}.PseudoTime.csv": "real-data/mDC/PseudoTime.csv",
        f"{folder}.TFs.txt": "real-data/mDC/TFs.txt",
        f"{folder}.refNetwork-STRING.csv": "real-data/mDC/refNetwork-STRING.csv",
        f"{of_the_user}.tfs": "mouse-tfs.csv",
        f"{of_the_user}.references.STRING": "string.csv",
    }
    assert study.not_default()["preparation.real-data/mDC.set"] == "mDC"


def test_a_folder_in_another_spelling_is_the_same(read):
    study = read({"./real-data/mDC/": ENTRY}, NETWORK | {"folders": ["real-data//mDC"]})
    assert [*study.prepared] == ["real-data/mDC"]
    assert study.source_entry("mDC", 1)["folder"] == "real-data/mDC"


def test_a_folder_of_the_user_is_read_as_it_is(read, tmp_path):
    """Who has the files needs no release, nor what they are made from."""
    files_of_the_user(tmp_path)
    for name in ("mouse-tfs.csv", "string.csv"):
        (tmp_path / name).unlink()
    study = read()
    assert study.prepared == {}
    assert study.source_files("mDC", 1)[0] == "real-data/mDC/ExpressionData.csv"
    assert set(study.all_made_from().values()) == {
        f"real-data/mDC/{name}"
        for name in ("ExpressionData.csv", "PseudoTime.csv", "TFs.txt", "refNetwork-STRING.csv")
    }


def test_whose_a_folder_is(tmp_path):
    folder = tmp_path / "mDC"
    assert is_made(str(folder))
    folder.mkdir()
    (folder / "TFs.txt").touch()
    assert is_made(str(folder))  # a run was interrupted: the expression is written last
    for name in ("ExpressionData.csv", "ExpressionData.csv.gz"):
        (folder / name).touch()
        assert not is_made(str(folder))
        (folder / "prepared.tsv").touch()
        assert is_made(str(folder))
        (folder / "prepared.tsv").unlink()
        (folder / name).unlink()


def test_files_in_a_module_with_a_prefix(read, tmp_path):
    study = read(prefix="grn/")
    assert study.prepared["real-data/mDC"]["tfs"] == str(tmp_path / "mouse-tfs.csv")
    # Snakemake puts the prefix before what rules make, the study before params.
    assert study.source_files("mDC", 1)[0] == "real-data/mDC/ExpressionData.csv.gz"
    assert study.source_entry("mDC", 1)["folder"] == "grn/real-data/mDC"
    # Below the prefix is the folder that is made; the same one of the user would be another.
    files_of_the_user(tmp_path)
    assert read(prefix="grn/").prepared


@pytest.mark.parametrize(
    ("preparation", "message"),
    [
        ({"real-data/mDC": ENTRY | {"set": "mdc"}}, r"mDC\.set: 'mdc' is not one of .*hESC"),
        ({"real-data/mDC": ENTRY | {"tfs": "no.csv"}}, r"mDC\.tfs: there is no file 'no\.csv'"),
        ({"real-data/mDC": ENTRY | {"varying": 5}}, r"unknown key .*mDC\.varying .*varying_genes"),
        ({"real-data/mDC": {"set": "mDC", "tfs": "mouse-tfs.csv"}}, "lacks the key references"),
        (
            {"real-data/mDC": ENTRY | {"references": {"STRING": "no.csv"}}},
            r"mDC\.references\.STRING: there is no file 'no\.csv'",
        ),
        (
            {"real-data/mDC": ENTRY, "real-data/mESC": ENTRY},
            r"preparation\.real-data/mESC: no network has this folder",
        ),
        ({"real-data/mDC": ENTRY, "real-data/mDC/": ENTRY}, "there twice, in two spellings"),
        ({"/data/mDC": ENTRY}, r"preparation\./data/mDC: must be a folder of its own below"),
        ({5: ENTRY}, r"preparation: 5 is not text: put it in quotes"),
        ({"real-data/mDC": ENTRY | {"references": {"a.b": "string.csv"}}}, "does not match"),
        ({"../mDC": ENTRY}, "must be a folder of its own"),
        ({".": ENTRY}, "must be a folder of its own"),
        ({"resources/beeline/mDC": ENTRY}, "must be a folder of its own"),
    ],
)  # fmt: skip
def test_mistakes_in_a_preparation(read, preparation, message):
    with pytest.raises(InputError, match=message) as error:
        read(preparation)
    assert str(error.value).startswith("config: ") and len(str(error.value).splitlines()) == 1


def test_sources_do_not_lie_where_files_are_made(read, tmp_path):
    (tmp_path / "real-data/mDC").mkdir(parents=True)
    (tmp_path / "real-data/mDC/refNetwork-STRING.csv").touch()
    entry = ENTRY | {"references": {"STRING": "real-data/mDC/refNetwork-STRING.csv"}}
    with pytest.raises(InputError, match=r"STRING: .* lies in a folder that is made anew"):
        read({"real-data/mDC": entry})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"regulators": "TFs.csv"},
            r"networks\.mDC\.regulators: TFs\.csv is none of the files that",
        ),
        (
            {"references": {"ChIP": "refNetwork-ChIP.csv"}},
            r"mDC\.references\.ChIP\.edges: refNetwork-ChIP\.csv is none of the files that "
            r"preparation\.real-data/mDC makes: TFs\.txt, refNetwork-STRING\.csv",
        ),
        (
            {"references": {"ChIP": "/no.csv"}},
            r"references\.ChIP\.edges: there is no file '/no\.csv'",
        ),
        ({"batches": {"column": "donor", "values": ["1"]}}, r"networks\.mDC\.batches: .* makes no"),
    ],
)
def test_mistakes_in_what_a_network_takes_from_the_folder(read, change, message):
    with pytest.raises(InputError, match=message) as error:
        read(network=NETWORK | change)
    assert len(str(error.value).splitlines()) == 1


def test_one_network_needs_one_of_the_references(read):
    one = {"folders": ["real-data/mDC"], "edges": "refNetwork-STRING.csv"}
    files = read(network=one).source_files("mDC", 1)
    assert files[-1] == "real-data/mDC/refNetwork-STRING.csv"
    del one["edges"]
    with pytest.raises(InputError, match=r"mDC\.edges: refNetwork\.csv is none of the files"):
        read(network=one)
