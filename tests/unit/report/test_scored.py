"""What of each reference is scored, and what references share."""

from grn_gat.report.scored import scored_facts


def test_counts_and_overlaps(tmp_path):
    texts = {
        "mine.A": ("Gene1,Gene2,Type\na,b,\na,NA,+\nb,b,\nNA,a,\n", "TF\na\nb\nx\n"),
        "mine.B": ("Gene1,Gene2,Type\na,b,-\n", "TF\na\n"),
        "other": ("Gene1,Gene2,Type\na,b,\n", "TF\na\n"),
    }
    files = {}
    for name, (edges, regulators) in texts.items():
        paths = [tmp_path / f"{name}.{what}.csv" for what in ("edges", "tfs")]
        for path, text in zip(paths, (edges, regulators), strict=True):
            path.write_text(text)
        files[name] = tuple(map(str, paths))
    entries = {name: {"data_set": name.split(".")[0]} for name in texts}
    found = scored_facts(entries, files)
    # candidate regulators a and b x the two others of a, b and NA; the edge from NA is not scored
    assert found["mine.A"] == {
        "regulators": 2, "genes": 3, "pairs": 4, "edges": 2, "overlaps": {"B": 1 / 3},
    }  # fmt: skip
    assert found["mine.B"]["overlaps"] == {"A": 1.0} and found["other"]["overlaps"] == {}
