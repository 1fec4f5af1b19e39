"""Ranked edges as files, and the way from such files to every BEELINE metric by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.data.edges import read_edges
from grn_gat.data.ranked_edges import read_ranked_edges, scores_of_pairs, write_ranked_edges
from grn_gat.evaluate import metrics
from grn_gat.evaluate.splits import candidate_pairs

HEADER = "Gene1\tGene2\tEdgeWeight\n"


def ranked_file(folder, rows: str, header: str = HEADER, name: str = "rankedEdges.csv"):
    """Write rows given as "A B 0.5, B A 0.1"."""
    path = folder / name
    lines = ["\t".join(row.split()) for row in rows.split(",")] if rows else []
    path.write_text(header + "".join(f"{line}\n" for line in lines))
    return path


def rows(table: pd.DataFrame) -> list[tuple]:
    return list(table.itertuples(index=False, name=None))


# ------------------------------------------------------------------------------------- the files


def test_written_file_is_exactly_this(tmp_path):
    path = tmp_path / "deep" / "rankedEdges.csv"
    genes1, genes2 = ["B", "A", "A", "C", "D"], ["A", "C", "B", "A", "A"]
    write_ranked_edges(path, genes1, genes2, [0.5, -0.5, 1 / 3, 1e-12, -0.0])
    expected = "A\tC\t-0.5\nB\tA\t0.5\nA\tB\t0.333333333\nC\tA\t1e-12\nD\tA\t0\n"
    assert path.read_bytes() == (HEADER + expected).encode()
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_ties_are_sorted_by_both_genes(tmp_path):
    write_ranked_edges(tmp_path / "r", list("BABA"), list("DDCC"), pd.Series([1, -1, 1, 1]))
    pairs = [line.split("\t")[:2] for line in (tmp_path / "r").read_text().splitlines()[1:]]
    assert pairs == [["A", "C"], ["A", "D"], ["B", "C"], ["B", "D"]]


@pytest.mark.parametrize("weight", [math.nan, math.inf])
def test_weights_that_are_no_numbers_are_not_written(tmp_path, weight):
    with pytest.raises(InputError, match=r"r: pair A -> B has weight"):
        write_ranked_edges(tmp_path / "r", ["A", "B"], ["B", "A"], [weight, 1])
    assert not list(tmp_path.iterdir())


def test_columns_of_different_length_are_not_written(tmp_path):
    for arguments in (("A", "B", [1, 2]), ("AB", "B", [1]), ("A", "BC", [1])):
        with pytest.raises(InputError, match="one of each per pair"):
            write_ranked_edges(tmp_path / "r", *arguments)


def test_round_trip(tmp_path):
    genes = ["NA", "nan", "1", 'quo"te', '"x"', "gène", "None"]
    pairs = [(a, b) for a in genes for b in genes if a != b]
    weights = np.random.default_rng(0).normal(size=len(pairs)).astype(np.float32)
    write_ranked_edges(tmp_path / "r", *zip(*pairs, strict=True), weights)
    ranked = read_ranked_edges(tmp_path / "r")
    assert list(ranked.columns) == ["Gene1", "Gene2", "EdgeWeight"]
    assert ranked["EdgeWeight"].abs().is_monotonic_decreasing
    table = pd.DataFrame(pairs, columns=["Gene1", "Gene2"])
    # nine digits tell any two numbers of single precision apart
    assert (scores_of_pairs(ranked, table).astype(np.float32) == weights).all()


def test_self_loops_go_and_of_duplicates_the_largest_stays(tmp_path):
    text = "A A 9,A B 0.2,B A -0.5,A B -0.8,A B 0.7,C A 0.5,C B 0.5,C A -0.5"
    ranked = read_ranked_edges(ranked_file(tmp_path, text))
    expected = [("A", "B", -0.8), ("B", "A", -0.5), ("C", "A", 0.5), ("C", "B", 0.5)]
    assert rows(ranked) == expected
    assert ranked["EdgeWeight"].dtype == np.float64
    # a pair is where its kept row is
    ranked = read_ranked_edges(ranked_file(tmp_path, "A B 0.1,B A 0.5,A B 0.5"))
    assert rows(ranked) == [("B", "A", 0.5), ("A", "B", 0.5)]


def test_columns_in_another_order_blanks_and_windows_line_ends(tmp_path):
    path = tmp_path / "r"
    path.write_bytes(
        b"\xef\xbb\xbfEdgeWeight\tNote\tGene2\tGene1\r\n1e-3\tx\t B\tA \r\n\r\n-2\t\tA\tB\r\n"
    )
    assert rows(read_ranked_edges(path)) == [("B", "A", -2), ("A", "B", 0.001)]


def test_a_file_without_rows_predicts_nothing(tmp_path):
    ranked = read_ranked_edges(ranked_file(tmp_path, ""))
    assert ranked.empty and list(ranked.columns) == ["Gene1", "Gene2", "EdgeWeight"]
    pairs = pd.DataFrame({"Gene1": ["A", "B"], "Gene2": ["B", "A"]})
    assert scores_of_pairs(ranked, pairs).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("Gene1,Gene2,EdgeWeight\nA,B,1\n", "line 1 is separated by commas; expected tab"),
        ("Gene1\tGene2\nA\tB\n", "line 1 has no column EdgeWeight; expected tab"),
        ("Gene2\tEdgeWeight\nB\t1\n", "line 1 has no column Gene1"),
        ("A\tB\t1\n", "line 1 has no column Gene1"),
        ("Gene1\tGene2\tEdgeWeight\tGene1\n", "line 1 has more than one column Gene1"),
        (HEADER + "A\tB\t1\nB\tA\tbig\n", "line 3: EdgeWeight 'big' is not a number"),
        (HEADER + "A\tB\t\n", "line 2: EdgeWeight '' is not a number"),
        (HEADER + "A\tB\t1_0\n", "line 2: EdgeWeight '1_0' is not a number"),
        (HEADER + "\nA\tB\tnan\n", "line 3: EdgeWeight is nan"),
        (HEADER + "A\tA\tNaN\n", "line 2: EdgeWeight is NaN"),
        (HEADER + "A\tB\t-inf\n", "line 2: EdgeWeight is -inf"),
        (HEADER + "A\tB\n", "line 2 has 2 fields, the header has 3"),
        (HEADER + "A\tB\t1\t2\n", "line 2 has 4 fields, the header has 3"),
        (HEADER + "\tB\t1\n", "line 2 lacks a gene name"),
        (HEADER + "A\t \t1\n", "line 2 lacks a gene name"),
        (HEADER + 'A\t"B\t1\n', "line 2 is damaged"),
    ],
)
def test_malformed_files_are_refused(tmp_path, content, message):
    path = tmp_path / "rankedEdges.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=r"rankedEdges\.csv") as error:
        read_ranked_edges(path)
    assert message in str(error.value)


def test_missing_and_binary_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_ranked_edges(tmp_path / "absent.csv")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        read_ranked_edges(tmp_path / "binary")


def test_scores_follow_the_pairs(tmp_path):
    ranked = read_ranked_edges(ranked_file(tmp_path, "A B 2,B A -3,A X 5,C A 1"))
    pairs = pd.DataFrame({"Gene1": list("CBA"), "Gene2": list("BAB")}, index=[5, 5, 1])
    scores = scores_of_pairs(ranked, pairs)
    assert scores.tolist() == [0, -3, 2] and scores.dtype == np.float64


def test_scores_refuse_tables_that_are_none(tmp_path):
    ranked = read_ranked_edges(ranked_file(tmp_path, "A B 2"))
    with pytest.raises(InputError, match="pairs lacks the column Gene2"):
        scores_of_pairs(ranked, pd.DataFrame({"Gene1": ["A"]}))
    with pytest.raises(InputError, match="ranked lacks the column EdgeWeight"):
        scores_of_pairs(ranked[["Gene1", "Gene2"]], ranked)
    with pytest.raises(InputError, match="more than once"):
        scores_of_pairs(pd.concat([ranked, ranked]), ranked)


# ----------------------------------------------------------------- from files to BEELINE's metrics

# Four genes (D through its self-loop only), so 12 pairs; four edges, one of them listed twice.
NETWORK = "Gene1,Gene2,Type\nA,B,+\nB,C,-\nC,A,+\nA,B,+\nD,D,+\nA,C,-\n"

# |score|: A B 0.8 (edge); 0.5: B C (edge), B A, C A (edge), D B; D A 0.1; 0: six, with A C (edge)
RUN_1 = "D D 9,A B 0.2,B C 0.5,A B -0.8,B A 0.5,A A 1,C A 0.5,D A -0.1,D B 0.5,C B 0"
RUN_2 = "A B 0.3,C D 0.2,A C -0.4"
RUN_3 = "A B 3,A B 1,C D 2,A C -4,B B 7"


@pytest.fixture
def pairs(tmp_path) -> pd.DataFrame:
    (tmp_path / "refNetwork.csv").write_text(NETWORK)
    genes = list("ABCDE")
    return candidate_pairs(read_edges(tmp_path / "refNetwork.csv", genes), genes)


@pytest.fixture
def runs(tmp_path, pairs) -> np.ndarray:
    """Signed weights (3 runs, 12 pairs), read from files."""
    files = [ranked_file(tmp_path, text, name=text[:5]) for text in (RUN_1, RUN_2, RUN_3)]
    return np.array([scores_of_pairs(read_ranked_edges(file), pairs) for file in files])


def test_ranking_metrics_by_hand_from_files(pairs, runs):
    assert (len(pairs), pairs["edge"].sum()) == (12, 4)
    # hits of calls down the list: 1 of 1, 3 of 5, 3 of 6, 4 of 12
    assert metrics.ranking_metrics(pairs["edge"], np.abs(runs[0])) == pytest.approx(
        {
            "average_precision": 19 / 30,  # (1 * 1 + 2 * 3/5 + 1 * 4/12) / 4
            "average_precision_ratio": 19 / 10,
            "auroc": 49 / 64,  # other pairs 2 at 0.5: 2 edges each; 1 at 0.1: 3; 5 at 0: 3.5
            # (0,1) (1/4,1) (3/4,3/5) (3/4,1/2) (1,1/3): 1/4 + 1/2 * 4/5 + 1/4 * 5/12
            "auprc_beeline": 181 / 240,
            "auprc_ratio": 181 / 80,
            "early_precision": 3 / 5,  # rank 4 has 0.5: five are selected
            "early_precision_ratio": 9 / 5,
        }
    )
    # three scores are not 0, two of them edges
    assert metrics.early_precision(pairs["edge"], np.abs(runs[1])) == pytest.approx(2 / 3)


def test_signed_early_precision_by_hand_from_files(pairs, runs):
    case = pairs["edge"], pairs["sign"], runs[0]
    # without B C and A C rank 2 has 0.5: A B, B A, C A, D B
    assert metrics.beeline_signed_early_precision_ratio(*case, 1) == pytest.approx(2 / 4 / (2 / 12))
    assert metrics.signed_early_precision_ratio(*case, 1) == pytest.approx(2 / 4 / (2 / 10))
    # without A B and C A rank 2 has 0.5: B C, B A, D B
    assert metrics.beeline_signed_early_precision_ratio(*case, -1) == pytest.approx(
        1 / 3 / (2 / 12)
    )
    assert metrics.signed_early_precision_ratio(*case, -1) == pytest.approx(1 / 3 / (2 / 10))


@pytest.mark.parametrize("k", [4, 5])  # BEELINE counts the duplicated row: 5
def test_jaccard_by_hand_from_files(runs, k):
    # A B, B C, B A, C A, D B and twice A B, C D, A C: overlaps 1/7, 1/7, 1, mean 3/7
    selections = [metrics.selected_edges(k, np.abs(run)) for run in runs]
    assert metrics.jaccard_stability(selections) == pytest.approx((1 / 7, 8 / 21))


def test_spearman_by_hand_from_files(runs):
    # Signed ranks minus their mean 6.5. Run 1: A B -5.5, D A -4.5, six zeros -1, four +4.
    # Run 2: A C -5.5, nine zeros -0.5, C D 4.5, A B 5.5. Products: A B -30.25, A C 5.5, C D -4.5,
    # the nine others -0.5 * 7.5.
    rho = -33 / math.sqrt(120.5 * 83)
    assert metrics.spearman_stability(runs[:2])[0] == pytest.approx(rho)
    # runs 2 and 3 rank alike: rho, rho, 1 deviate from their mean by (1 - rho) / 3 twice, and 2/3
    assert metrics.spearman_stability(runs) == pytest.approx((rho, 4 / 9 * (1 - rho)))


def test_motifs_by_hand_from_files(tmp_path, pairs):
    genes = list("ABCD")

    def adjacency(edges: pd.DataFrame) -> np.ndarray:
        matrix = np.zeros((4, 4), dtype=bool)
        matrix[edges["Gene1"].map(genes.index), edges["Gene2"].map(genes.index)] = True
        return matrix

    # top four: A B, B C, B A, C A, with the loop A B C, one feed-forward loop and one mutual pair
    top = read_ranked_edges(ranked_file(tmp_path, RUN_1)).head(4)
    # reference: A B, B C, C A, A C, with as many of each
    got = metrics.motif_ratios(adjacency(top), adjacency(pairs[pairs["edge"] == 1]))
    assert got == {"feedback_loops": 1, "feed_forward_loops": 1, "mutual_pairs": 1}
    # top three: A C, A B, C D
    top = read_ranked_edges(ranked_file(tmp_path, RUN_2)).head(4)
    got = metrics.motif_ratios(adjacency(top), adjacency(pairs[pairs["edge"] == 1]))
    assert got == {"feedback_loops": 0, "feed_forward_loops": 0, "mutual_pairs": 0}
