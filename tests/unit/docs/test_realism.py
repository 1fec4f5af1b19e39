"""What the page on pretraining says of real files, from tables of two."""

from write import realism


def row(file: str, cloud: str, inside: int, verdict: str) -> dict[str, str]:
    found = {"file": file, "genes": "40", "cloud": cloud, "statistics": "33"}
    found |= {
        "inside": str(inside),
        "distance": "2.345",
        "lonelier": "0.25",
        "odder": "0.5",
        "verdict": verdict,
    }
    return found


SUMMARY = [
    row("A", "before", 20, "outside"),
    row("A", "after", 32, "inside"),
    row("B", "before", 33, "inside"),
    row("B", "after", 33, "inside"),
]
STATISTICS = [
    {"file": "A", "cloud": "before", "statistic": "first_1", "inside": "no"},
    {"file": "A", "cloud": "after", "statistic": "first_1", "inside": "yes"},
    {"file": "A", "cloud": "after", "statistic": "floor", "inside": "no"},
    {"file": "B", "cloud": "after", "statistic": "floor", "inside": "yes"},
]


def test_a_row_per_file():
    lines = realism.file_table(SUMMARY).splitlines()
    assert len(lines) == 4
    assert lines[2] == (
        "| A (40 genes) | 20 of 33 (0.50) | 2.3 (0.25) | outside | 32 of 33 (0.50) | 2.3 (0.25) "
        "| inside |"
    )


def test_what_is_outside_is_named():
    text = realism.verdict_sentence(SUMMARY, STATISTICS)
    assert text == (
        "All together, 1 of 2 files are inside before and 2 after. Statistics that are outside "
        "after: A (`floor`)."
    )
    inside = [found | {"inside": "yes"} for found in STATISTICS]
    assert realism.verdict_sentence(SUMMARY, inside).endswith("is outside after.")
