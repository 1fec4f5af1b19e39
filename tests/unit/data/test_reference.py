"""The reference network of a data set is that of all its replicates."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.data.reference import read_reference, reference_signs
from grn_gat.simulate.boolean_model import functional_edges, read_model, reference_edges

EDGES = "Gene1,Gene2,Type\nb,a,+\na,c,-\nc,c,+\nb,c,\n"


@pytest.fixture
def files(tmp_path) -> dict[str, list[Path]]:
    """Two replicates: same network, regulators and genes, other cells and values."""
    found = {"edges": [], "regulators": [], "expression": []}
    for replicate in (1, 2):
        texts = {"edges": EDGES, "regulators": "a\nb\n"}
        header = ",".join(f"cell{i}" for i in range(2 + replicate))
        values = np.random.default_rng(replicate).random((3, 2 + replicate)).round(3)
        rows = [",".join([gene, *map(str, row)]) for gene, row in zip("bac", values, strict=True)]
        texts["expression"] = "\n".join([f",{header}", *rows]) + "\n"
        for name, text in texts.items():
            path = tmp_path / f"{name}-{replicate}.csv"
            found[name].append(path)
            path.write_text(text)
    # three cells at least
    text = found["expression"][0].read_text()
    assert text.startswith(",cell0,cell1,cell2\nb,")
    return found


def test_genes_edges_and_regulators(files):
    genes, edges, regulators = read_reference(**files)
    assert genes == ["b", "a", "c"] and regulators == ["a", "b"]
    assert edges[["Gene1", "Gene2", "Type"]].to_numpy().tolist() == [
        ["b", "a", "+"],
        ["a", "c", "-"],
        ["c", "c", "+"],
        ["b", "c", ""],
    ]
    one = {name: paths[:1] for name, paths in files.items()}
    again = read_reference(**one)
    assert (again[0], again[2]) == (genes, regulators)
    pd.testing.assert_frame_equal(again[1], edges)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("edges", "a,c,-", "a,c,+", "share one reference network; list them as different"),
        ("edges", "b,c,\n", "", "share one reference network; list them as different"),
        ("regulators", "b\n", "", "share their genes and candidate regulators"),
        ("regulators", "b\n", "c\n", "share their genes and candidate regulators"),
        ("expression", "\na,", "\nx,", "share their genes; list them as different networks"),
    ],
)
def test_a_replicate_that_differs(files, name, old, new, message):
    path = files[name][1]
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(InputError) as error:
        read_reference(**files)
    assert str(error.value).startswith(str(path)) and message in str(error.value)
    assert str(files[name][0]) in str(error.value)


def test_genes_in_another_order_differ(files):
    path = files["expression"][1]
    header, first, second, third = path.read_text().splitlines()
    path.write_text("\n".join([header, second, first, third]) + "\n")
    with pytest.raises(InputError, match="has other genes than"):
        read_reference(**files)


def test_every_replicate_is_looked_at(files):
    third = {name: [paths[0], *paths] for name, paths in files.items()}
    assert read_reference(**third)[0] == ["b", "a", "c"]
    files["edges"][1].write_text(EDGES + "a,b,+\n")
    third["edges"] = [files["edges"][0]] * 2 + [files["edges"][1]]
    with pytest.raises(InputError, match=r"edges-2\.csv differs"):
        read_reference(**third)


def test_signs_of_edges(files):
    _, edges, _ = read_reference(**files)
    assert reference_signs(edges) == {("b", "a"): 1, ("a", "c"): -1, ("c", "c"): 1, ("b", "c"): 0}
    assert reference_signs(edges.iloc[:0]) == {}


@pytest.fixture
def model(repository):
    """A function that returns the path of a bundled model and its edges."""

    def read(name) -> tuple[str, pd.DataFrame]:
        path = repository / f"workflow/resources/models/{name}.tsv"
        edges = reference_edges(read_model(path))
        return str(path), pd.DataFrame(edges, columns=["Gene1", "Gene2", "Type"])

    return read


def test_functional_edges(model):
    path, edges = model("GSD")
    got = functional_edges(edges, path)
    listed = set(zip(edges["Gene1"], edges["Gene2"], strict=True))
    assert isinstance(got, frozenset) and got < listed
    assert [len({e for e in found if e[0] != e[1]}) for found in (listed, got)] == [76, 72]
    # the edges that are listed decide, not all that the model has
    some = edges[[pair in got for pair in zip(edges["Gene1"], edges["Gene2"], strict=True)]]
    assert functional_edges(some, path) is None


def test_all_edges_are_functional_or_there_is_no_model(model):
    path, edges = model("HSC")
    assert functional_edges(edges, path) is None
    _, edges = model("GSD")
    for nothing in (None, "", []):
        assert functional_edges(edges, nothing) is None
