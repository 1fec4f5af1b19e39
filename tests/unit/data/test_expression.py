"""Reading expression matrices, whole or their names only, and what is refused of such a file."""

import gzip
import io
import tracemalloc

import numpy as np
import pytest

from data_texts import (
    EXPRESSION,
    GENES,
    put,
    refuses,
)
from grn_gat.core.errors import InputError
from grn_gat.data import expression, text_rows
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression, read_names
from grn_gat.data.pseudotime import read_pseudotime


def test_gzip_is_read_like_plain_text(tmp_path):
    plain = read_expression(put(tmp_path, "E.csv", EXPRESSION))
    packed = read_expression(put(tmp_path, "E.csv.gz", gzip.compress(EXPRESSION.encode())))
    assert packed[:2] == plain[:2]
    np.testing.assert_array_equal(packed[2], plain[2])


def test_quotes_blanks_windows_lines_and_byte_order_mark_are_read(tmp_path):
    text = '\ufeff"","c1"," c2","c3"\r\n"A,1",1,2,3\r\n\r\n B ,4,5,6'
    genes, cells, values = read_expression(put(tmp_path, "E.csv", text))
    assert (genes, cells) == (["A,1", "B"], ["c1", "c2", "c3"])
    np.testing.assert_array_equal(values, [[1, 2, 3], [4, 5, 6]])


def test_genes_named_like_missing_values_or_numbers_stay_text(tmp_path):
    genes, cells, _ = read_expression(
        put(tmp_path, "E.csv", ",1,2,NA\nNA,1,2,3\nnan,1,2,3\n1,1,2,3")
    )
    assert (genes, cells) == (["NA", "nan", "1"], ["1", "2", "NA"])
    edges = read_edges(put(tmp_path, "r.csv", "Gene1,Gene2\nNA,nan\n"), genes)
    assert edges.values.tolist() == [["NA", "nan", ""]]


def test_missing_file_folder_and_empty_file(tmp_path):
    with refuses("nowhere.csv", "no such file"):
        read_expression(tmp_path / "nowhere.csv")
    with refuses(tmp_path.name, "is a folder"):
        read_expression(tmp_path)
    with refuses("E.csv", "empty"):
        read_expression(put(tmp_path, "E.csv", ""))
    with refuses("E.csv", "empty", "genes in rows"):
        read_expression(put(tmp_path, "E.csv", "\n\n"))


def test_unreadable_file(tmp_path, monkeypatch):
    path = put(tmp_path, "E.csv", EXPRESSION)

    def denied(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", denied)
    with refuses("E.csv", "cannot be read", "Permission denied"):
        read_expression(path)


def test_damaged_gzip(tmp_path):
    packed = gzip.compress(EXPRESSION.encode() * 50)
    with refuses("E.csv.gz", "truncated or damaged"):
        read_expression(put(tmp_path, "E.csv.gz", packed[:-20]))
    with refuses("E.csv.gz", "truncated or damaged"):
        read_expression(put(tmp_path, "E.csv.gz", packed[:20] + b"\xff" * 20 + packed[40:]))
    with refuses("E.csv.gz", "not an intact gzip file", "drop .gz"):
        read_expression(put(tmp_path, "E.csv.gz", EXPRESSION))


def test_gzip_that_holds_too_much(tmp_path, monkeypatch):
    """One endless line, and endlessly many."""
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a" * 3000))
    monkeypatch.setattr(text_rows, "MAXIMUM_LINE", 2000)
    with refuses("bomb.csv.gz", "larger than can be read", "2000 characters"):
        read_expression(path)
    path.write_bytes(gzip.compress(b"cell,t\n" + b"\n" * 4000))
    monkeypatch.setattr(text_rows, "MAXIMUM_TEXT", 3000)
    with refuses("bomb.csv.gz", "larger than can be read", "3000 in all"):
        read_pseudotime(path, ["g"])


def test_no_line_is_read_without_a_limit(tmp_path, monkeypatch):
    class Guarded(io.StringIO):
        def __next__(self):
            pytest.fail("a whole line was read")

    path = put(tmp_path, "x.csv.gz", "-")
    monkeypatch.setattr(gzip, "open", lambda *_, **__: Guarded(EXPRESSION))
    assert read_expression(path)[0] == GENES


def test_more_values_than_can_be_handled(tmp_path, monkeypatch):
    path = put(tmp_path, "big.csv", ",c1,c2,c3\na,1,2,3\nb,1,2,3\nc,1,2,x\n")
    monkeypatch.setattr(expression, "MAXIMUM_VALUES", 5)
    # At the second gene: what follows is not read any more.
    with refuses("big.csv", "2 genes x 3 cells are more than 5 values"):
        read_expression(path)


def test_not_text_and_not_csv(tmp_path):
    with refuses("E.csv", "not UTF-8", "ends in .gz"):
        read_expression(put(tmp_path, "E.csv", gzip.compress(EXPRESSION.encode())))
    with refuses("E.csv", "line 3", "not comma-separated"):
        read_expression(put(tmp_path, "E.csv", ',c1,c2,c3\nA,1,2,3\n"B,1,2,3\n'))
    with refuses("E.tsv", "line 3", "tab-separated"):
        read_expression(put(tmp_path, "E.tsv", '\tc1\tc2\tc3\nA\t1\t2\t3\n"B\t1\t2\t3\n'))
    with refuses("E.csv", "separated by semicolons", "comma-separated", "empty or any name"):
        read_expression(put(tmp_path, "E.csv", EXPRESSION.replace(",", ";")))


def test_rows_of_another_length(tmp_path):
    with refuses("E.csv", "line 4 has 2 fields", "5"):
        read_expression(put(tmp_path, "E.csv", EXPRESSION[: EXPRESSION.index("0.25") - 1]))
    with refuses("E.csv", "line 2 has 5 fields", "4", "header must name the first column"):
        read_expression(put(tmp_path, "E.csv", EXPRESSION[1:]))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("abc", "'abc' is not a number"),
        ("1_000", "'1_000' is not a number"),
        ("", "missing (empty field)"),
        ("NA", "missing (NA)"),
        ("nan", "missing (NaN)"),
        ("inf", "inf is not finite"),
        ("-inf", "-inf is not finite"),
        ("-0.5", "-0.5 is negative"),
    ],
)
def test_bad_values_name_the_first_gene_and_cell(tmp_path, value, reason):
    text = f",c1,c2,c3\nA,1,2,3\nB,4,{value},x\nC,-1,-1,-1\n"
    if value in {"nan", "inf", "-inf", "-0.5"}:
        text = text.replace("x", "-7")
    with refuses("E.csv", "gene B, cell c2", reason, "expected counts or log values >= 0"):
        read_expression(put(tmp_path, "E.csv", text))


def test_names_that_are_not_unique_or_empty(tmp_path):
    with refuses("E.csv", "gene A occurs more than once"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\nA,1,2,3\nA,4,5,6\n"))
    with refuses("E.csv", "cell c2 occurs more than once"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c2\nA,1,2,3\nB,4,5,6\n"))
    with refuses("E.csv", "gene number 2 has no name"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\nA,1,2,3\n,4,5,6\n"))
    with refuses("E.csv", "cell number 3 has no name"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,\nA,1,2,3\n"))


def test_too_small(tmp_path):
    with refuses("E.csv", "1 gene, at least 2"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\nA,1,2,3\n"))
    with refuses("E.csv", "0 genes, at least 2"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\n"))
    with refuses("E.csv", "2 cells, at least 3"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2\nA,1,2\nB,1,2\n"))
    assert read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\nA,1,2,3\nB,0,0,0\n"))[2].shape == (
        2,
        3,
    )


def test_a_matrix_without_names_of_genes_is_refused(tmp_path):
    path = tmp_path / "ExpressionData.csv"
    path.write_text("c0,c1,c2,c3\n0.5,1,2,3\n0.25,3,2,1\n0.1,3,2,1\n")
    with pytest.raises(InputError, match=r"gene names are numbers \(0\.5, 0\.25, \.\.\.\)"):
        read_expression(path)
    path.write_text("gene,c1,c2,c3\n7157,1,2,3\n672,3,2,1\n")  # Entrez
    assert read_expression(path)[0] == ["7157", "672"]
    path.write_text("gene,c1,c2,c3\n0.5,1,2,3\nnan,3,2,1\nGata1,3,2,1\n")
    assert read_expression(path)[0] == ["0.5", "nan", "Gata1"]


@pytest.mark.parametrize(
    "text",
    [
        EXPRESSION,
        EXPRESSION.replace(",", "\t"),
        EXPRESSION.replace("\n", "\r\n") + "\r\n",
        '\ufeff"","c1"," c2","c3"\r\n"A,1",1,2,3\r\n\r\n B ,4,"5",6',
        '\n,c1,c2,c3\n"a\nb",1,2,3\nNA,"4",5,6\n"say ""x""",7,8,9',
        "g,1,2,3\n17,1,2,3\n18,4,5,6\n",  # numbers of genes, as those of Entrez
    ],
)
def test_names_alone_are_those_of_the_matrix(tmp_path, text):
    plain, packed = put(tmp_path, "E.csv", text), tmp_path / "E.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    genes, cells, values = read_expression(plain)
    assert read_names(plain) == read_names(packed) == (genes, cells)
    assert values.shape == (len(genes), len(cells))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "c1;c2;c3\n",
        ",c1,c2,c1\na,1,2,3\nb,1,2,3\n",
        ",c1,,c3\na,1,2,3\nb,1,2,3\n",
        ",c1,c2,c3\na,1,2,3\n",
        ",c1,c2\na,1,2\nb,1,2\n",
        ",c1,c2,c3\na,1,2,3\na,1,2,3\n",
        ",c1,c2,c3\na,1,2,3\n,1,2,3\n",
        ",c1,c2,c3\n0.5,1,2,3\n1e-3,1,2,3\n",
        ",c1,c2,c3\na,1,2,3\nb,1,2\n",  # cut
        "c1,c2,c3\na,1,2,3\nb,1,2,3\n",
        ',c1,c2,c3\na,1,2,3\n"b",1,2\n',
        ',c1,c2,c3\na,1,2,3\n"b,1,2,3\n',
    ],
)
def test_names_alone_are_refused_as_with_the_values(tmp_path, text):
    path = put(tmp_path, "E.csv", text)
    with pytest.raises(InputError) as whole:
        read_expression(path)
    with pytest.raises(InputError) as names:
        read_names(path)
    assert str(names.value) == str(whole.value)


def test_names_alone_do_not_need_the_values(tmp_path):
    path = put(tmp_path, "E.csv", ",c1,c2,c3\na,1,2,x\nb,,-2,3\n")
    assert read_names(path) == (["a", "b"], ["c1", "c2", "c3"])
    with refuses("E.csv.gz", "truncated or damaged"):
        read_names(put(tmp_path, "E.csv.gz", gzip.compress(EXPRESSION.encode() * 50)[:-20]))
    with refuses("E.csv", "not UTF-8"):
        read_names(put(tmp_path, "E.csv", b",c1,c2,c3\n\xff,1,2,3\n"))


def test_the_matrix_is_in_memory_once(tmp_path):
    """300 x 4000 values are 9.6 MB; beside them are the fields of a line and their text."""
    lines = [",".join(["g" + str(k), *["12"] * 4000]) for k in range(300)]
    header = ",".join(["", *map(str, range(4000))])
    path = put(tmp_path, "E.csv", "\n".join([header, *lines]))
    tracemalloc.start()
    try:
        _, _, values = read_expression(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert values.shape == (300, 4000) and (values == 12).all()
    assert values.flags.c_contiguous and values.flags.writeable
    assert values.nbytes <= peak < 1.25 * values.nbytes
