"""The pages of results, as the site shows them, from the tables in docs/results."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from grn_gat.core.markdown import markdown_table
from write import (
    ablation,
    aims,
    any_data,
    costs,
    held_out,
    knock_outs,
    methods,
    real,
    supervised,
    zeroshot,
)
from write.sources import (
    BEELINE_VALUES,
    CURATED,
    DEFAULT,
    config,
    read,
    replicates,
    result,
)

# Of pages whose study was not made anew since the default weights are others.
_LEVELS = (
    "GATv2 zero-shot has the [weights of levels](../zeroshot.md#weights-of-levels) here, which "
    "were the default when this study was run."
)


class Page(NamedTuple):
    """A page: its title, what it answers, and its parts (paragraphs, tables, headings)."""

    title: str
    about: str
    parts: Callable[[], list[str]]

    def text(self) -> str:
        """The page in Markdown; links are relative to docs/results."""
        return "\n\n".join([f"# {self.title}", self.about, *self.parts()]) + "\n"


def medians() -> list[zeroshot.Medians]:
    """Of the curated networks."""
    networks = list(config(CURATED)["networks"])
    return zeroshot.medians(networks, result("curated/summary.tsv"), read(BEELINE_VALUES))


def protocol_parts() -> list[str]:
    """The default study: protocols, controls and hubs of HSC."""
    study, summary = config(DEFAULT), result("summary.tsv")
    return [
        supervised.introduction("HSC", len(study["seeds"]), replicates(summary)),
        supervised.protocol_table("HSC", summary, result("comparison.tsv")),
        "Verdicts come from differences paired by seed, replicate and pairs "
        "([`comparison.tsv`](comparison.tsv), columns `low` and `high`), not from the "
        "means: a larger mean may still be no difference.",
        "## The scoring of the paper",
        supervised.paper_sentence("HSC", summary)
        + " [Why that is so](../paper.md) takes no experiment.",
        "## Hubs",
        supervised.hub_sentence("HSC", "Gata1", result("hubs.tsv")),
    ]


def knock_out_parts() -> list[str]:
    """Knock-outs in HSC beside centrality, in papers, and over many networks."""
    hubs, consequences, worth = map(result, ("hubs.tsv", "consequences.tsv", "hub_worth.tsv"))
    return [
        knock_outs.gene_sentence("Gata1", hubs, consequences),
        "Ranks of the genes of HSC: by centrality in the true network, and by what knocking them "
        "out does to the expression of all others (in brackets the middle 95 % of the ranks in the "
        "replicates, in parentheses the mean shift; [`consequences.tsv`](consequences.tsv), cells "
        "by fate in [`fates.tsv`](fates.tsv)).",
        knock_outs.rank_table(hubs, consequences),
        "## What animals and patients say",
        knock_outs.published_sentence(),
        knock_outs.published_table(),
        "## Which measure tells?",
        "Spearman's correlation of a hub measure with the consequence of knocking a gene out, over "
        "the genes of a network: mean over networks with its 95 % interval, the best first; and "
        "the chance that the first gene by the measure is the one whose knock-out does most "
        "([`hub_worth.tsv`](hub_worth.tsv), all measures; ![what hub measures are "
        "worth](hub_worth.png)).",
        *(
            part
            for kind, title in (("models", "Ten models"), ("random", "Random networks"))
            if any(row["kind"] == kind for row in worth)
            for part in (
                f"### {title}",
                knock_outs.worth_sentence(worth, kind),
                knock_outs.worth_table(worth, kind),
            )
        ),
    ]


def method_parts() -> list[str]:
    """The curated study: every method on all pairs."""
    summary = result("curated/summary.tsv")
    networks = list(config(CURATED)["networks"])
    return [
        f"Mean average precision over {replicates(summary)} replicates without dropout / at the "
        "highest level. CPU time includes what a method has to load: of GATv2 zero-shot that is "
        "PyTorch, most of it.",
        methods.precision_table(networks, summary, result("curated/usage.tsv")),
        "## Do BEELINE's published values come back?",
        methods.agreement_sentence(result("curated/beeline.tsv")),
        "Where they do not, and why: [Methods](../methods.md#what-is-not-as-in-the-literature).",
    ]


def zeroshot_parts() -> list[str]:
    """The zero-shot model beside published values, the other methods and its aims."""
    summary, comparison = result("curated/summary.tsv"), result("curated/comparison.tsv")
    runs, found = replicates(summary), medians()
    return [
        "All networks of this page are simulated. What is known of measured cells is on the page "
        "of the [zero-shot model](../zeroshot.md#where-it-fails).",
        "## Networks of BEELINE",
        zeroshot.median_introduction(read(BEELINE_VALUES), runs),
        zeroshot.median_table(found),
        zeroshot.lower_sentence(found),
        "Where a constant score has a high median, this AUPRC says little: it joins points by "
        "straight lines, from which a constant score, one tie of all pairs, gains most. Average "
        "precision does not.",
        zeroshot.margin_introduction(runs),
        zeroshot.margin_table(comparison),
        aims.beside_random(comparison),
        "## Random networks that it has not seen",
        any_data.page_sentence(any_data.scores()),
        "## Aims that it misses",
        aims.missed_sentence(any_data.all_aims()),
    ]


def start_parts() -> list[str]:
    """Where some edges are known: from scratch, zero-shot, fine-tuned."""
    default, curated = config(DEFAULT), config(CURATED)
    summary = result("curated/summary.tsv")
    # The default study has both protocols, of HSC.
    wanted = [(summary, network, "pair") for network in curated["networks"]]
    wanted.append((result("summary.tsv"), "HSC", "gene"))
    folds = default["cross_validation"]["folds"]
    return [
        supervised.start_introduction(curated, default),
        supervised.start_table(wanted),
        supervised.fine_tuning_sentence(result("finetuning.tsv"), summary, folds),
    ]


def ablation_parts() -> list[str]:
    """What the parts of the zero-shot model are worth."""
    rows = result("ablation/summary.tsv")
    return [
        ablation.introduction(rows),
        "## Layers, heads and widths",
        "A cell is a mean over the widths.",
        ablation.grid_table(rows),
        ablation.grid_sentence(rows),
        "## Inputs and augmentation",
        ablation.feature_table(rows),
        ablation.feature_sentence(rows),
        "## Number of training networks",
        ablation.curve_table(rows),
        ablation.size_sentence(rows),
        "![Average precision by layers and heads, inputs, number of networks and size]"
        "(ablation/ablation.png)",
    ]


def real_parts() -> list[str]:
    """Real cells beside simulated ones."""
    kinds, leaders = result("real/kinds.tsv"), result("real/leaders.tsv")
    return [
        real.introduction(kinds),
        real.kind_table(kinds),
        real.home_and_abroad(kinds, "gat-zeroshot"),
        real.home_and_abroad(kinds, "consensus"),
        f"{_LEVELS} What the default weights reach on the same networks, beside the cheap methods:",
        real.kind_table(result("any_data/kinds.tsv")),
        "![Average precision ratio and relabelling z of every method on every network]"
        "(real/kinds.png)",
        "## Network by network",
        "\n".join(real.paragraphs(kinds, leaders, real.kind_names(kinds)[-2:])),
        "## Trained on a part of the reference",
        *real.held_out(result("real/comparison.tsv")),
        "## What it takes",
        "Mean of the real sets, one core each.",
        real.usage_table(result("real/usage.tsv"), kinds),
    ]


def blood_parts() -> list[str]:
    """Which network of blood development real blood cells show."""
    kinds, leaders = result("hematopoiesis/kinds.tsv"), result("hematopoiesis/leaders.tsv")
    return [
        real.where_above_chance(kinds),
        _LEVELS,
        real.introduction(kinds),
        real.kind_table(kinds),
        "![Average precision ratio and relabelling z of every method on every network]"
        "(hematopoiesis/kinds.png)",
        "## Network by network",
        "\n".join(real.paragraphs(kinds, leaders, real.kind_names(kinds))),
        "## Trained on a part of the reference",
        *real.held_out(result("hematopoiesis/comparison.tsv")),
    ]


def held_out_parts() -> list[str]:
    """What a training has to beat."""
    rows = result("held_out/held_out.tsv")
    return [
        "Spearman: geometric mean over networks of average precision over the share of edges. The "
        "two columns after it: of average precision over Spearman's on the same networks, with a "
        "95 % interval. No network was trained on. The best of the peers that were run on all "
        "networks is chosen by these very numbers; slow methods are in the figure.",
        held_out.failed(rows),
        held_out.where_above(rows),
        held_out.condition_table(rows),
        "![Each method by kind and measurement](held_out/held_out.png)",
        "## Are the probabilities true?",
        "![Mean probability against the share of edges](held_out/probabilities.png)",
    ]


def cost_parts() -> list[str]:
    """Seconds and memory of methods, studies, simulation and jobs on a cluster."""
    study = result("study.tsv")
    return [
        "## The zero-shot model",
        costs.zero_shot_sentence(result("zeroshot.tsv")),
        costs.growth_table(result("zeroshot.tsv")),
        "## Studies",
        costs.curated_sentence(result("curated/study.tsv")),
        costs.simulation_sentence(result("simulation.tsv"), study),
        "Jobs of the default study, the longest first:",
        costs.study_table(study),
        "## Reading files",
        "A sparse .h5ad of 3,000 genes x 20,000 cells and a .csv.gz of 1,000 x 5,000; `other` is "
        "commit aa326a4, measured in turn with this one:",
        markdown_table(*costs.as_shown(result("reading.tsv"))),
        "## Training data",
        costs.views_sentence(result("views.tsv"), costs.view_chunks(), result("views_whole.tsv")),
        markdown_table(*costs.as_shown(result("views.tsv"))),
        "Networks with their cells before they are measured, as they are drawn for held-out ones:",
        markdown_table(*costs.as_shown(result("transcriptional.tsv"))),
        "Measuring 1,000 cells of 100 genes; the last row is the mean over settings that are drawn "
        "from the config's ranges:",
        markdown_table(*costs.as_shown(result("measurement.tsv"))),
        "## Tree methods beside arboreto",
        costs.trees_sentence(result("methods.tsv")),
        "## Jobs on a cluster",
        "In the groups of the [Slurm profile](../clusters.md), and one by one:",
        markdown_table(*costs.as_shown(result("cluster.tsv"))),
    ]


# By the name of the page in the folder of results.
PAGES: Mapping[str, Page] = {
    "protocols.md": Page(
        "The default study: HSC under four protocols",
        "What a GATv2 learns from known edges of BEELINE's hematopoietic stem cell (HSC) network, "
        "by [what is held out together](../honesty.md#protocols).",
        protocol_parts,
    ),
    "knock_outs.md": Page(
        "What to knock out first",
        "Whether hubs matter: every gene knocked out, beside its centrality "
        "([how, and what follows](../knock_outs.md)).",
        knock_out_parts,
    ),
    "methods.md": Page(
        "Every method on four networks",
        "BEELINE's curated networks, every method on all pairs, no label used.",
        method_parts,
    ),
    "zeroshot.md": Page(
        "The zero-shot model",
        "A GATv2 that was trained on simulated random networks only, beside everything else.",
        zeroshot_parts,
    ),
    "known_edges.md": Page(
        "Where some edges are known",
        "Trained from scratch, not trained at all, or fine-tuned: on the same held-out pairs.",
        start_parts,
    ),
    "real.md": Page(
        "Real cells beside simulated ones",
        "Where does a method's order of edges mean something? The same scores and nulls from home "
        "(what the zero-shot model was trained on) to abroad ([how, and with what](../real.md)).",
        real_parts,
    ),
    "blood.md": Page(
        "Blood: which network do real cells show?",
        "The system of arXiv 2409.13664 in measured cells: edges of published Boolean models, of "
        "the literature and of binding ([how, and with what](../real.md)).",
        blood_parts,
    ),
    "held_out.md": Page(
        "Held-out networks: what a training has to beat",
        "Methods and the weights of levels on networks of kinds that were trained on and of "
        "others, measured as users' cells are ([how](../stages/pretraining.md#held-out-networks)).",
        held_out_parts,
    ),
    "ablation.md": Page(
        "What the parts of the zero-shot model are worth",
        "Variants of the model, each trained anew on fewer networks than the weights of levels: "
        "they compare with one another, not with these.",
        ablation_parts,
    ),
    "costs.md": Page(
        "Time and memory",
        "Measured on one machine; other machines differ, ratios less so.",
        cost_parts,
    ),
}
