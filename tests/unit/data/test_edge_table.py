"""Drawn edges as a workbook: what is read back is what was written, as text."""

import time

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from grn_gat.core.errors import InputError
from grn_gat.data.edge_table import COLUMNS, MEANINGS, edge_table, write_workbook

NAMES = ["SEPT2", "=HYPERLINK(A1)", "1-Mar", "+A", "007", "NA", "a" * 300]


def edges(names=NAMES) -> pd.DataFrame:
    number = len(names)
    return pd.DataFrame(
        {
            "regulator": names,
            "target": names[::-1],
            "weight": [1 / (k + 1) for k in range(number)],
            "score": [(-1) ** k / (k + 1) for k in range(number)],
            "rank": range(1, number + 1),
            "directed": True,
            "sign": ["+", "-", "unknown", *"+" * (number - 3)],
            "sign_source": "method",
            "stability": [0.5, np.nan, *[1.0] * (number - 2)],
            "donors": [np.nan, 0.5, *[1.0] * (number - 2)],
            "expected_false": np.nan,
            "evidence": ["", "prior", *[""] * (number - 2)],
            "drawn": [False, *[True] * (number - 1)],
        }
    )


def test_signs_are_words(tmp_path):
    table = edge_table(edges())
    assert tuple(table.columns) == COLUMNS == tuple(MEANINGS)
    assert table["sign"].tolist()[:4] == ["activation", "repression", "unknown", "activation"]


def test_what_looks_like_a_date_or_a_formula_is_text(tmp_path):
    table = edge_table(edges())
    write_workbook(tmp_path / "edges.xlsx", table, ["GATv2", "=1+1"])
    book = load_workbook(tmp_path / "edges.xlsx")
    assert book.sheetnames == ["edges", "about"]
    head, *rows = book["edges"].iter_rows()
    assert [cell.value for cell in head] == list(COLUMNS)
    assert len(rows) == len(table)
    for cells, wanted in zip(rows, table.itertuples(index=False), strict=True):
        assert [cell.value for cell in cells[:4]] == list(wanted[:4])
        assert [cell.value for cell in cells[4:6]] == pytest.approx(list(wanted[4:6]))
        for number in (6, 7, 8):
            missing = np.isnan(wanted[number])
            assert cells[number].value == (None if missing else wanted[number])
        assert (cells[9].value or "") == wanted[9] and cells[10].value == wanted[10]
        for cell in (*cells[:4], cells[10], *([cells[9]] if wanted[9] else [])):
            assert (cell.data_type, cell.number_format) == ("s", "@") and cell.quotePrefix
        assert {cell.data_type for cell in cells[4:9]} == {"n"}
    assert book["about"]["A2"].value == "=1+1" and book["about"]["A2"].data_type == "s"
    assert book["edges"].freeze_panes == "A2"
    assert book["edges"].auto_filter.ref == f"A1:K{len(table) + 1}"


def test_the_same_table_gives_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        write_workbook(tmp_path / f"{name}.xlsx", edge_table(edges()), ["GATv2"])
        time.sleep(1.1)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()


def test_a_network_without_edges_is_a_header(tmp_path):
    write_workbook(tmp_path / "edges.xlsx", edge_table(edges()[:0]), [])
    assert load_workbook(tmp_path / "edges.xlsx")["edges"].max_row == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("A\x01", "control character"), ("a" * 40_000, "a cell of a workbook holds 32,767")],
)
def test_names_that_no_cell_can_hold(tmp_path, name, sentence):
    table = edge_table(edges([name, "B", "C"]))
    with pytest.raises(InputError, match=sentence):
        write_workbook(tmp_path / "edges.xlsx", table, [])
    assert list(tmp_path.iterdir()) == []
