"""What the weights of any data reach on networks of BEELINE and real cells: a block of the card."""

from write.real import kind_table
from write.sources import result

# Each look at anything that no generator of the training drew, in the order of their dates.
LOOKS = (
    "2026-11-30, the data sets of config/real.yaml (mCAD, VSC, HSC and GSD, three replicates each "
    "without dropout; DREAM4; Moignard2015; mDC, mESC, hHep and mHSC-GM), by "
    "config/real-any-data.yaml. The training, the agreement, its share and settings were as they "
    "are; what changed afterwards is a shift of all logits of a data set, which leaves every "
    "ranking, and so this table, as it was.",
)


def render_any_data() -> str:
    """Looks, and the table of the last one."""
    kinds = result("any_data/kinds.tsv")
    looks = "\n".join(f"{k}. {words}" for k, words in enumerate(LOOKS, start=1))
    return (
        "Average precision over the share of edges, geometric mean over networks; in brackets, on "
        "how many the relabelling z is 3 or more (`docs/results/any_data/kinds.tsv`):\n\n"
        f"{kind_table(kinds)}\n\n"
        "Nothing was trained, tuned or chosen by these data. Looks at them so "
        f"far:\n\n{looks}"
    )
