"""Reading pseudotime: what is refused."""

import pytest

from data_texts import (
    CELLS,
    GENES,
    PSEUDOTIME,
    put,
    refuses,
)
from grn_gat.data.pseudotime import read_pseudotime


def test_pseudotime_of_other_cells(tmp_path):
    with refuses(
        "P.csv", "1 of 4 cells", "not in the expression matrix", "x9", "exactly the cells"
    ):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("c3", "x9")), CELLS)
    with refuses("P.csv", "1 of 4 cells", "missing", "c3", "empty fields"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("c3,,0.1\n", "")), CELLS)
    with refuses("P.csv", "upper and lower case differ", "C3", "c3"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("c3", "C3")), CELLS)
    with refuses("P.csv", "4 of 4", "c2, c1, c4, ...", "looks transposed"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME), GENES, CELLS)
    with refuses("P.csv", "cell c2 occurs more than once (line 6)"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME + "c2,1,1\n"), CELLS)


@pytest.mark.parametrize("value", ["early", "inf", "1_0"])
def test_pseudotime_that_is_no_number(tmp_path, value):
    text = PSEUDOTIME.replace("0.75", value)
    with refuses("P.csv", "cell c4, column PseudoTime2", f"'{value}'", "not a finite number"):
        read_pseudotime(put(tmp_path, "P.csv", text), CELLS)


def test_pseudotime_columns(tmp_path):
    with refuses("P.csv", "column PseudoTime1 occurs more than once"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("Time2", "Time1")), CELLS)
    with refuses("P.csv", "column number 2 has no name"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("PseudoTime2", "")), CELLS)
    with refuses("P.csv", "column T has no value"):
        read_pseudotime(put(tmp_path, "P.csv", ",T\nc1,\nc2,\nc3,NA\nc4,\n"), CELLS)
    with refuses("P.csv", "Time and Experiment", "BoolODE"):
        read_pseudotime(
            put(tmp_path, "P.csv", "Cell ID,PseudoTime,Time,Experiment\nc1,0,0,1\n"), CELLS
        )
