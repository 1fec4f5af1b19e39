"""A method is one file: dropped into the folder of the methods, it is in tables and figures."""

from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import grn_gat.algorithms
from grn_gat.algorithms import _registry

METHOD = '''"""Covariance of two genes over the cells."""

import numpy as np

from grn_gat.algorithms._registry import Method


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the covariance of all pairs."""
    return np.cov(expression)


METHOD = Method(
    title="Covariance", citation="nobody, nowhere 2026", infer=infer, signed=True, directed=False
)
'''
STUDY = {
    "networks": {
        "HSC": {"model": "workflow/resources/models/HSC.tsv", "replicates": 1, "cells": 60}
    },
    "dropout": [0],
    "protocols": [],
    "methods": ["pearson", "my-covariance"],
}


@pytest.fixture
def dropped(tmp_path_factory, monkeypatch) -> None:
    """The folder of the methods, with one more; the repository's own stays as it is."""
    folder = tmp_path_factory.mktemp("methods")
    for module in (_registry.module_path(name) for name in _registry.method_names()):
        (folder / module.name).symlink_to(module)
    (folder / "my_covariance.py").write_text(METHOD)
    monkeypatch.setattr(_registry, "__file__", str(folder / "_registry.py"))
    monkeypatch.setattr(grn_gat.algorithms, "__path__", [*grn_gat.algorithms.__path__, str(folder)])


@pytest.fixture
def drawn(monkeypatch) -> dict[str, set[str]]:
    """Texts of every figure that is saved from now on, by the name of its folder and file."""
    texts, save = {}, Figure.savefig

    def savefig(figure, path, *arguments, **options):
        path = Path(path)  # of a temporary file, .name.png.rest
        texts[f"{path.parent.name}/{path.name.split('.')[1]}"] = {
            text.get_text() for text in figure.findobj(Text)
        }
        return save(figure, path, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", savefig)
    return texts


def test_a_new_file_is_a_method_of_every_table_and_figure(dropped, drawn, one_process):
    arguments = one_process.configure(STUDY)
    one_process.succeed(*arguments)
    tables = one_process.folder / "results/tables"
    for name in ("summary", "metrics", "usage", "time"):
        table = pd.read_csv(tables / f"{name}.tsv", sep="\t")
        assert "my-covariance" in set(table["what" if name == "time" else "method"]), name
    assert "Covariance" in (tables / "overview.html").read_text()
    for name in ("HSC/methods", "method_summary/drop-000"):
        assert any("Covariance" in word for word in drawn[name]), name
    # In a study that names no method it is one of all.
    everything = {key: value for key, value in STUDY.items() if key != "methods"}
    due = one_process.due(*one_process.configure(everything, "all.yaml"), "--forceall")
    assert "results/predictions/my-covariance/HSC/rep-1/drop-000/rankedEdges.csv" in due
