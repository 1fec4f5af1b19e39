import pytest

from grn_gat.core.errors import InputError
from grn_gat.inference.folder import STATE, ResultFolder

DATA = {"expression": "cells.csv", "sha256": "1", "name": "x", "seed": 1}


@pytest.fixture
def used(tmp_path):
    """A folder in which one method has ended."""
    folder = ResultFolder.claim(tmp_path / "out", DATA, overwrite=False)
    for file in (folder.scores("pidc"), folder.beside("pidc", "null")):
        file.parent.mkdir(parents=True)
    folder.scores("pidc").write_text("edges")
    folder.end("pidc", "settings", "", {})
    return folder


def test_what_has_ended_is_known_to_the_next_command(used):
    again = ResultFolder.claim(used.path, DATA, overwrite=False)
    assert again.ended("pidc") and again.ended("pidc", "settings")
    assert not again.ended("pidc", "others") and not again.ended("clr")
    again.scores("pidc").write_text("cut")
    assert not again.ended("pidc")
    again.scores("pidc").unlink()
    assert not again.ended("pidc", "settings")


def test_a_null_is_known_until_its_method_or_its_file_is_another(used):
    used.beside("pidc", "null").write_text("null")
    assert not used.beside_ended("pidc", "null", "edges")
    used.end_beside("pidc", "null", "edges")
    again = ResultFolder.claim(used.path, DATA, overwrite=False)
    assert again.beside_ended("pidc", "null", "edges") and not again.beside_ended(
        "pidc", "null", "others"
    )
    assert again.ended("pidc", "settings")
    again.beside("pidc", "null").write_text("cut")
    assert not again.beside_ended("pidc", "null", "edges")
    used.end("pidc", "others", "", {})
    assert not used.beside_ended("pidc", "null", "edges")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sha256": "2"}, "a result of cells.csv as it was before it changed"),
        ({"sha256": "2", "expression": "b.csv"}, r"a result of another file \(cells.csv\)"),
        ({"seed": 2}, "a result of the same file, read with another value of seed"),
        ({"layer": "counts"}, "a result of the same file, read with another value of layer"),
    ],
)
def test_the_result_of_other_data_is_not_overwritten_without_a_word(used, changed, words):
    with pytest.raises(InputError, match=f"holds {words}.*--output, or add --overwrite"):
        ResultFolder.claim(used.path, DATA | changed, overwrite=False)
    assert ResultFolder.claim(used.path, DATA | changed, overwrite=True).methods == {}


def test_the_same_data_from_another_place_are_the_same(used):
    moved = DATA | {"expression": "elsewhere/cells.csv"}
    assert ResultFolder.claim(used.path, moved, overwrite=False).ended("pidc")


def test_files_of_somebody_else_are_not_mixed_with_results(tmp_path):
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(InputError, match="is not empty, and no earlier result"):
        ResultFolder.claim(tmp_path, DATA, overwrite=False)
    assert ResultFolder.claim(tmp_path, DATA, overwrite=True).path == tmp_path
    with pytest.raises(InputError, match="is no folder"):
        ResultFolder.claim(tmp_path / "thesis.txt", DATA, overwrite=True)


def test_a_damaged_state_is_no_result(used):
    (used.path / STATE).write_text("{")
    with pytest.raises(InputError, match="a result that cannot be read"):
        ResultFolder.claim(used.path, DATA, overwrite=False)


def test_networks_of_other_genes_and_cells_of_the_file_are_forgotten(used):
    used.choose("these")  # of a result that does not say which they were
    used.save()
    again = ResultFolder.claim(used.path, DATA, overwrite=False)
    again.choose("these")
    assert again.ended("pidc", "settings")
    again.choose("others")
    assert not again.ended("pidc", "settings")
