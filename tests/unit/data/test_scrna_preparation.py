"""BEELINE's scRNA-seq sets: which genes are chosen, and what is left of a reference network."""

import csv
import gzip
import math
import re
from types import SimpleNamespace

import pytest

import prepare_scrna
import restrict_reference as cut
from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.dataset_files import find_files
from grn_gat.data.remark_table import read_remarks
from grn_gat.data.scrna_preparation import (
    OrderedGene,
    choose_genes,
    match_names,
    read_ordering,
    read_tfs,
    restrict_reference,
)
from grn_gat.study.paths import PREPARED, PREPARED_REFERENCE
from grn_gat.study.preparation import is_made

TEN = [f"g{i}" for i in range(10)]


def ordered(**p_values: float) -> list[OrderedGene]:
    """Genes with these p-values (others of the ten: 1), variances 0.0, 1.0, ... in their order."""
    return [OrderedGene(gene, p_values.get(gene, 1.0), float(i)) for i, gene in enumerate(TEN)]


def chosen(ordering, tfs, varying, genes=TEN, remarks=None):
    remarks = Remarks() if remarks is None else remarks
    return choose_genes(ordering, genes, tfs, varying, "GeneOrdering.csv", remarks)


# -------------------------------------------------------------------------------- which genes


def test_a_gene_at_the_limit_of_the_corrected_p_value_does_not_pass():
    limit = 0.01 / 10  # Bonferroni: ten genes were tested
    below = math.nextafter(limit, 0)
    ordering = ordered(g0=below, g1=limit, g2=math.nextafter(limit, 1), g3=below, g4=limit)
    choice = chosen(ordering, ["g0", "g1"], 10)
    assert choice.tfs == ["g0"]  # of two TFs that below the limit, not that at it
    assert choice.varying == ["g3"] and choice.genes == ["g0", "g3"]
    assert (choice.tested, choice.passing) == (10, 2)


def test_the_correction_counts_the_genes_of_the_matrix_that_were_tested():
    """As BEELINE's script: genes without a p-value count, those that the matrix lacks do not."""
    remarks = Remarks()
    ordering = ordered(g0=0.0, g1=0.01 / 9 - 1e-9, g2=math.nan)
    choice = chosen(ordering, ["g0"], 5, genes=TEN[:9], remarks=remarks)
    assert choice.tested == 9 and choice.varying == ["g1"]
    texts = [remark.text for remark in remarks]
    assert texts[:2] == ["1 genes that the matrix lacks: g9", "1 genes without a p-value: g2"]
    # With all ten in the matrix the same p-value is above the limit.
    assert chosen(ordering, ["g0"], 5).varying == []


def test_those_of_largest_variance_are_taken_beside_the_tfs():
    choice = chosen(ordered(**dict.fromkeys(TEN, 0.0)), ["g9", "g0", "not there"], 3)
    assert choice.tfs == ["g0", "g9"]  # whatever their variance, and beside the three others
    assert choice.varying == ["g8", "g7", "g6"]
    assert chosen(ordered(**dict.fromkeys(TEN, 0.0)), ["g0"], 0).genes == ["g0"]


def test_ties_in_variance_come_in_the_order_of_the_file():
    variances = {"g5": 1.0, "g3": 2.0, "g8": 1.0, "g1": 1.0, "g4": math.nan, "g0": 9.0}
    ordering = [OrderedGene(gene, 0.0, variance) for gene, variance in variances.items()]
    assert chosen(ordering, ["g0"], 3).varying == ["g3", "g5", "g8"]
    assert chosen(ordering[::-1], ["g0"], 3).varying == ["g3", "g1", "g8"]
    assert chosen(ordering, ["g0"], 9).varying[-1] == "g4"  # without a variance: the last


def test_fewer_varying_genes_than_asked_for_is_a_remark():
    remarks = Remarks()
    ordering = ordered(g0=0.0, g1=0.0, g2=0.0)
    assert chosen(ordering, ["g0"], 2, remarks=remarks).varying == ["g2", "g1"]
    assert not remarks.made
    assert chosen(ordering, ["g0"], 500, remarks=remarks).varying == ["g2", "g1"]
    assert [str(remark) for remark in remarks] == [
        "GeneOrdering.csv: 498 of the 500 varying genes that were asked for: only 2 that are no "
        "transcription factors have a corrected p-value below 0.01"
    ]


def test_nothing_to_choose_is_refused():
    with pytest.raises(InputError, match=r"none of the 1 transcription factors .* 0\.01 / 10"):
        chosen(ordered(g1=0.0), ["g0"], 5)
    with pytest.raises(
        InputError, match=r"none of its 10 genes is in the expression matrix \(g0, "
    ):
        chosen(ordered(), ["g0"], 5, genes=["A", "B"])


# ----------------------------------------------------------------------------- what is read


def test_the_ordering_of_the_release(tmp_path):
    path = tmp_path / "GeneOrdering.csv"
    path.write_text(',VGAMpValue,Variance\n"B",0,2.5\nNA,NA,1\nA,1e-300,\n')
    b, na, a = read_ordering(path)
    assert b == OrderedGene("B", 0.0, 2.5) and (na.name, na.variance) == ("NA", 1.0)
    assert math.isnan(na.p_value) and a.p_value == 1e-300 and math.isnan(a.variance)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (",VGAMpValue\nA,0\n", "has 2 columns"),
        (",VGAMpValue,Variance\nA,x,1\n", r"line 2: 'x' is no number"),
        (",Variance,VGAMpValue\nA,3.5,0\n", r"line 2: 3\.5 is no p-value"),  # exchanged
        (",VGAMpValue,Variance\nA,0,1\nA,0,2\n", "gene A occurs more than once"),
    ],
)
def test_a_wrong_ordering_is_refused(tmp_path, text, message):
    path = tmp_path / "GeneOrdering.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as error:
        read_ordering(path)
    assert str(path) in str(error.value) and len(str(error.value).splitlines()) == 1


def test_lists_of_tfs(tmp_path):
    """BEELINE's mouse-tfs.csv has a second column with sources, which others have not."""
    (tmp_path / "mouse-tfs.csv").write_text("TF,Source\nGATA1,a|b\nSPI1,a\nGATA1,c\n")
    (tmp_path / "plain.txt").write_text("SPI1\nGATA1\n")
    (tmp_path / "empty.txt").write_text("TF\n")
    assert read_tfs(tmp_path / "mouse-tfs.csv") == ["GATA1", "SPI1"]
    assert read_tfs(tmp_path / "plain.txt") == ["SPI1", "GATA1"]
    with pytest.raises(InputError, match="no transcription factor"):
        read_tfs(tmp_path / "empty.txt")


# ------------------------------------------------------------------------------------ names


def test_names_are_taken_as_they_are():
    remarks = Remarks()
    genes = ["GATA1", "SPI1", "C11orf1"]
    assert match_names(["SPI1", "GATA1", "X"], genes, "f", remarks) == {
        "SPI1": "SPI1", "GATA1": "GATA1"
    }  # fmt: skip
    assert not remarks.made
    # One name in another case among others that are written alike: said, not changed.
    assert set(match_names(["GATA1", "SPI1", "C11ORF1"], genes, "f", remarks)) == {"GATA1", "SPI1"}
    assert [remark.kind for remark in remarks] == ["doubtful"]
    assert "C11ORF1 there, C11orf1 here" in remarks.made[0].text


def test_a_file_in_another_case_is_matched_in_upper_case():
    """BEELINE's networks are in upper case, its mouse cells are not all of them."""
    remarks = Remarks()
    genes = ["Gata1", "Spi1", "AA467197", "Abc", "ABC"]
    found = match_names(["GATA1", "SPI1", "AA467197", "aBc"], genes, "f", remarks)
    # The last one could be two genes, so it is none.
    assert found == {"GATA1": "Gata1", "SPI1": "Spi1", "AA467197": "AA467197"}
    assert [str(remark) for remark in remarks] == [
        "f: 2 names are genes in another case, and were taken for them: GATA1 there, Gata1 here, "
        "SPI1 there, Spi1 here"
    ]


def test_names_of_no_gene_are_refused():
    with pytest.raises(InputError, match=r"f: none of its 2 names \(x, y\) .*same organism"):
        match_names(["x", "y"], ["A", "B"], "f", Remarks())
    with pytest.raises(InputError, match=r"the version .* differs"):
        match_names(["ENSG01.5"], ["ENSG01"], "f", Remarks())


# ------------------------------------------------------------------------------- references


def network(tmp_path, text: str):
    path = tmp_path / "net.csv"
    path.write_text(text)
    return path


def test_a_reference_keeps_edges_from_a_tf_to_a_chosen_gene(tmp_path):
    text = (
        "Gene1,Score,Gene2\nT,1,a\nT,2,a\nT,3,T\nb,4,a\nT,5,other\nother,6,a\nT,7,U\nU,8,T\nT,9,a\n"
    )
    remarks = Remarks()
    found = restrict_reference(network(tmp_path, text), ["a", "b", "T", "U"], ["T", "U"], remarks)
    assert found.header == ["Gene1", "Gene2"]  # the score is none of the layout
    assert found.edges == [("T", "a"), ("T", "U"), ("U", "T")]
    assert [remark.text for remark in remarks] == [
        "6 of 9 edges: 2 with a gene that was not chosen, 1 of a gene with itself, 1 from a gene "
        "that is no transcription factor, 2 that were there before"
    ]


def test_signs_of_edges_stay(tmp_path):
    path = network(tmp_path, "Gene1,Gene2,Type\nT,a,+\nT,a,-\nT,b,\nT,a,+\n")
    found = restrict_reference(path, ["a", "b", "T"], ["T"], Remarks())
    assert found.header == ["Gene1", "Gene2", "Type"]
    assert found.edges == [("T", "a", "+"), ("T", "a", "-"), ("T", "b", "")]


def test_edges_are_named_as_the_genes_are(tmp_path):
    path = network(tmp_path, "Gene1,Gene2\nTAL1,GATA1\nTAL1,Gata1\n")
    remarks = Remarks()
    found = restrict_reference(path, ["Gata1", "Tal1"], ["Tal1"], remarks)
    assert found.edges == [("Tal1", "Gata1")]
    assert [remark.kind for remark in remarks] == ["guessed", "left out"]


def test_nothing_is_said_of_a_reference_that_is_whole(tmp_path):
    remarks = Remarks()
    path = network(tmp_path, "Gene1,Gene2\nT,a\n")
    assert restrict_reference(path, ["a", "T"], ["T"], remarks).edges == [("T", "a")]
    assert not remarks.made


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Gene1,Gene2\na,T\nT,T\nT,x\n", r"none of its 3 edges goes from one of the 1 chosen tr"),
        ("Gene1,Gene2\nx,y\n", r"none of its 2 names \(x, y\) is one of the 2 genes"),
        ("Gene1,Gene2\n", "has no edge"),
        ("TF,Gene2\nT,a\n", "needs one column Gene1"),
    ],
)
def test_a_reference_of_which_nothing_is_left_is_refused(tmp_path, text, message):
    path = network(tmp_path, text)
    with pytest.raises(InputError, match=message) as error:
        restrict_reference(path, ["a", "T"], ["T"], Remarks())
    assert str(error.value).startswith(str(path)) and len(str(error.value).splitlines()) == 1


# ----------------------------------------------------------------------------- whole folders


def prepared(release, tfs, references, varying, folder):
    """Run the scripts as the rules do; returns what the rules' files are called."""
    out = {what: str(file).format(folder=folder) for what, file in PREPARED.items()}
    snakemake = SimpleNamespace(
        input=SimpleNamespace(release=str(release / "verified.tsv"), tfs=str(tfs)),
        output=SimpleNamespace(**out),
        params=SimpleNamespace(set="mDC", varying_genes=varying),
    )
    prepare_scrna.main(snakemake)
    for name, edges in references.items():
        of_one = {
            what: file.format(folder=folder, reference=name)
            for what, file in PREPARED_REFERENCE.items()
        }
        source = SimpleNamespace(expression=out["expression"], tfs=out["tfs"], edges=str(edges))
        cut.main(SimpleNamespace(input=source, output=SimpleNamespace(**of_one)))
    return out


def made_release(folder, expression: str, ordering: str, pseudotime: str):
    """A folder like that of the release, with one data set."""
    inside = folder / "BEELINE-data/inputs/scRNA-Seq/mDC"
    inside.mkdir(parents=True)
    (inside / "ExpressionData.csv").write_text(expression)
    (inside / "GeneOrdering.csv").write_text(ordering)
    (inside / "PseudoTime.csv").write_text(pseudotime)
    return folder


def test_files_of_a_prepared_folder(tmp_path):
    release = made_release(
        tmp_path / "release",
        ',c1,c2,c3\nB,1.50,0,2\n"T",0,1e-3,5\nU,1,1,1\nA,7,8,9\n',
        ",VGAMpValue,Variance\nA,0,1\nB,0,2\nT,0,0\nU,0.5,9\n",
        ",PseudoTime1,PseudoTime2\nc1,0.5,\nc2,,1\nc3,1,2\n",
    )
    (tmp_path / "tfs.txt").write_text("U\nT\n")
    edges = network(tmp_path, "Gene1,Gene2\nT,B\nT,A\nU,B\n")
    out = prepared(release, tmp_path / "tfs.txt", {"STRING": edges}, 1, tmp_path / "made")
    with gzip.open(out["expression"], "rt") as file:
        # The values as they are written, the genes in the order of the matrix.
        assert file.read() == ",c1,c2,c3\nB,1.50,0,2\nT,0,1e-3,5\n"
    made = tmp_path / "made"
    assert (made / "TFs.txt").read_text() == "T\n"
    assert (made / "refNetwork-STRING.csv").read_text() == "Gene1,Gene2\nT,B\n"
    assert (made / "PseudoTime.csv").read_text().splitlines()[1] == "c1,0.5,"
    assert (made / "prepared.tsv").read_text() == (
        "what\tnumber\ngenes tested\t4\ngenes with a corrected p-value below 0.01\t3\n"
        "transcription factors taken\t1\nother genes taken\t1\n"
    )
    assert not read_remarks([out["remarks"]])
    [remark] = read_remarks([made / "remarks-STRING.tsv"])
    assert remark.text == "2 of 3 edges: 2 with a gene that was not chosen"
    assert find_files(made, "refNetwork-STRING.csv", "TFs.txt").pseudotime is not None
    assert {path.name for path in made.iterdir()} == {
        "ExpressionData.csv.gz", "PseudoTime.csv", "TFs.txt", "prepared.tsv", "remarks.tsv",
        "refNetwork-STRING.csv", "remarks-STRING.tsv",
    }  # fmt: skip


def test_a_job_that_ends_early_leaves_no_folder_of_a_user(tmp_path, monkeypatch):
    """The expression is the last file: a folder with it and without counts is the user's."""
    release = made_release(
        tmp_path / "release", ",c1,c2,c3\nT,0,1,5\nA,7,8,9\n",
        ",VGAMpValue,Variance\nA,0,1\nT,0,0\n", ",PseudoTime\nc1,0.5\n",
    )  # fmt: skip
    (tmp_path / "tfs.txt").write_text("T\n")
    made = tmp_path / "made"

    def killed(*_):
        assert {path.name for path in made.iterdir()} == {
            "PseudoTime.csv", "TFs.txt", "prepared.tsv", "remarks.tsv"
        }  # fmt: skip
        raise KeyboardInterrupt

    monkeypatch.setattr(prepare_scrna, "write_rows_of_genes", killed)
    with pytest.raises(KeyboardInterrupt):
        prepared(release, tmp_path / "tfs.txt", {}, 1, made)
    assert is_made(str(made))


def rows(path) -> list[list[str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", ["hHEP", "mESC", "mHSC-GM"])
def test_layout_is_that_of_sets_which_others_have_prepared(shared, tmp_path, name):
    """A release of which those very genes are chosen gives the files that are there."""
    theirs = shared / f"data/real/beeline-{name}-TFs500"
    if not theirs.is_dir():
        pytest.skip(f"no {theirs}")
    table = rows(theirs / "ExpressionData.csv.gz")
    genes = [row[0] for row in table[1:]]
    tfs = (theirs / "TFs.txt").read_text().split()
    references = {name: theirs / f"refNetwork-{name}.csv" for name in ("STRING", "NonSpecific")}
    # A gene more in the matrix, every edge twice, and edges of other genes.
    more = [["Another", *table[1][1:]]]
    ordering = [["", "VGAMpValue", "Variance"], ["Another", "0", "0"]]
    ordering += [[gene, "0", str(1 + i)] for i, gene in enumerate(genes)]
    text = ["\n".join(",".join(row) for row in part) + "\n" for part in (table + more, ordering)]
    release = made_release(tmp_path / "release", *text, ",PseudoTime\n")
    doubled = {}
    for reference, path in references.items():
        header, *edges = path.read_text().splitlines()
        doubled[reference] = tmp_path / f"{reference}.csv"
        outside = ["Another,Another2", f"{tfs[0]},Another", f"{tfs[0]},{tfs[0]}"]
        doubled[reference].write_text("\n".join([header, *outside, *edges, *edges]) + "\n")
    varying = len(genes) - len(tfs)
    made = tmp_path / "made"
    prepared(release, theirs / "TFs.txt", doubled, varying, made)

    ours = rows(made / "ExpressionData.csv.gz")
    assert ours == table  # header, orientation, genes, cells, values
    assert sorted((made / "TFs.txt").read_text().split()) == sorted(tfs)
    for reference, path in references.items():
        assert rows(made / f"refNetwork-{reference}.csv") == rows(path)
    [remark] = read_remarks([made / "remarks-STRING.tsv"])
    assert re.match(r"\d+ of \d+ edges: 2 with a gene that was not chosen, 1 of", remark.text)


def test_counts_that_a_user_of_beelines_script_reports(shared, tmp_path):
    """hHep, STRING: issue 65 of BEELINE says 409 TFs, 656 genes and, with every line twice, 15046.

    They come from the script on the whole release, the set here from others who ran it.
    """
    theirs = shared / "data/real/beeline-hHEP-TFs500"
    if not theirs.is_dir():
        pytest.skip(f"no {theirs}")
    header, *edges = (theirs / "refNetwork-STRING.csv").read_text().splitlines()
    path = network(tmp_path, "\n".join([header, *edges, *edges]) + "\n")
    genes = [row[0] for row in rows(theirs / "ExpressionData.csv.gz")[1:]]
    found = restrict_reference(path, genes, read_tfs(theirs / "TFs.txt"), Remarks()).edges
    assert len(found) == 15046 / 2
    assert len({edge[0] for edge in found}) == 409
    assert len({gene for edge in found for gene in edge}) == 656
