"""Reading lists of candidate regulators."""

import pytest

from data_texts import (
    CELLS,
    GENES,
    put,
    refuses,
)
from grn_gat.data.regulators import read_regulators


@pytest.mark.parametrize(
    "text", ["B\nA\n", "TF\nB\nA\n", "\n\nRegulator\r\nB\r\nA\r\nB", '"tf"\n"B"\n"A"\n']
)
def test_regulators_with_and_without_header(tmp_path, text):
    assert read_regulators(put(tmp_path, "r.csv", text), GENES) == ["B", "A"]


def test_header_tf_is_a_header_even_where_a_gene_has_that_name(tmp_path):
    assert read_regulators(put(tmp_path, "r.csv", "TF\nA\n"), ["TF", "A"]) == ["A"]
    assert read_regulators(put(tmp_path, "r.csv", "TF\nA\nTF\n"), ["TF", "A"]) == ["A", "TF"]


def test_bad_regulators(tmp_path):
    with refuses("r.txt", "1 of 2 regulators", "Zzz", "only genes of the matrix"):
        read_regulators(put(tmp_path, "r.txt", "A\nZzz\n"), GENES)
    with refuses("r.txt", "1 of 2", "upper and lower case differ: b there, B here"):
        read_regulators(put(tmp_path, "r.txt", "A\nb\n"), GENES)
    with refuses("r.txt", "2 of 2", "looks transposed", "genes in rows"):
        read_regulators(put(tmp_path, "r.txt", "A\nB\n"), CELLS, GENES)
    with refuses("r.txt", "line 1 has 2 fields", "one name per line"):
        read_regulators(put(tmp_path, "r.txt", "A\tB\n"), GENES)
    with refuses("r.txt", "no regulator", "one gene name per line"):
        read_regulators(put(tmp_path, "r.txt", "TF\n"), GENES)
    with refuses("r.txt", "line 2 has 2 fields", "one name per line"):
        read_regulators(put(tmp_path, "r.txt", "TF\nA,B\n"), GENES)
    with refuses("r.txt", "no such file"):
        read_regulators(tmp_path / "none" / "r.txt", GENES)
