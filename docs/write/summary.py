"""The one table of the README: what the workflow is good at, and what not."""

from collections.abc import Mapping, Sequence

from grn_gat.core.markdown import markdown_table
from grn_gat.report.method_titles import method_title
from grn_gat.report.style import MEASURE_TITLES
from write import aims, any_data, real, zeroshot
from write.knock_outs import Rows, best_measures, gene_ranks, rho
from write.results import medians
from write.sources import result


def held_out_row(scores: Rows) -> tuple[str, str, str]:
    """Simulated networks that were not trained on."""
    lowest = min(float(r["factor"]) for r in scores if r["method"] == any_data.MODEL)
    return (
        "Simulated networks that it has not seen, as expression and as counts",
        any_data.network_sentence(scores),
        "yes" if lowest >= 1 else "yes, not everywhere",
    )


def real_row(kinds: Rows) -> tuple[str, str, str]:
    """Real cells: on how many networks methods are above chance, and by how much."""
    table: dict[str, tuple[int, int, float]] = {}
    for method in dict.fromkeys(r["method"] for r in kinds if r["method_kind"] == "method"):
        own = real.of_method(kinds, method, real.CELLS)
        above = sum(float(r["relabelling_z"]) >= real.ABOVE_CHANCE for r in own)
        table[method] = above, len(own), real.mean_ratio(own)
    others = [method for method in table if not method.startswith("gat-")]
    best = max(others, key=lambda method: table[method][2])
    ours = table[any_data.OURS]

    def said(method: str) -> str:
        above, number, ratio = table[method]
        return f"{method_title(method)} on {above} of {number} ({ratio:.2f} times chance)"

    return (
        "Measured cells: BEELINE's scRNA-seq sets with their reference networks",
        f"order of the edges above chance: {said(any_data.OURS)}; the best simple method: "
        f"{said(best)}",
        "yes"
        if ours[2] > table[best][2]
        else "above chance, **not above simple methods**: read "
        f"it beside `{best}`, which `infer` runs too",
    )


def rival_row(comparison: Sequence[Mapping]) -> tuple[str, str, str]:
    """The curated networks, beside the other methods."""
    found = aims.rivals(comparison, "average_precision")
    cells = found.values()
    above = sum(all(float(r["difference"]) > 0 for r in rows) for rows in cells)
    sure = sum(all(float(r["low"]) > 0 for r in rows) for rows in cells)
    below = [
        network
        for (network, _), rows in found.items()
        if not all(float(r["difference"]) > 0 for r in rows)
    ]
    return (
        "BEELINE's four curated networks at three dropout levels",
        f"average precision above that of every other method in {above} of {len(cells)}, for sure "
        f"in {sure}",
        f"not on {', '.join(dict.fromkeys(below))}"
        if below
        else "yes"
        if sure == len(cells)
        else "yes, not for sure everywhere",
    )


def published_row(found: Sequence[zeroshot.Medians]) -> tuple[str, str, str]:
    """The curated networks, beside the best published medians."""
    parts = [f"{m.network} {m.own - m.best:+.2f}" for m in found]
    lower = [f"{m.network} ({m.best_method})" for m in found if m.own < m.best]
    return (
        "The same beside the best median AUPRC that BEELINE published",
        f"difference {', '.join(parts)}",
        f"not on {', '.join(lower)}" if lower else "yes",
    )


def missed_row(found: Sequence[aims.Aim]) -> tuple[str, str, str]:
    """Aims that were set before the training and are missed, by name."""
    missed = [aim.name for aim in found if aim.verdict != "reached"]
    return (
        f"The {len(found)} aims that were set before its training",
        f"{len(missed)} are missed: {'; '.join(missed)}" if missed else "all are reached",
        f"{len(found) - len(missed)} of {len(found)}",
    )


def start_row(summary: Sequence[Mapping]) -> tuple[str, str, str]:
    """Where some edges are known: fine-tuned beside not trained and trained from scratch."""
    precision: dict[tuple[str, str], float] = {
        (r["network"], r["method"]): float(r["mean"])
        for r in summary
        if (r["protocol"], r["dropout"], r["metric"]) == ("pair", "0", "average_precision")
    }
    networks = list(dict.fromkeys(network for network, _ in precision))

    def all_of(method: str) -> str:
        return ", ".join(f"{precision[network, method]:.2f}" for network in networks)

    lower = [n for n in networks if precision[n, "gat-finetuned"] < precision[n, "gat-zeroshot"]]
    return (
        f"Where some edges are known: {', '.join(networks)}",
        f"average precision on the others {all_of('gat-finetuned')} fine-tuned; "
        f"{all_of('gat-zeroshot')} without any label; {all_of('gat')} trained from scratch",
        f"yes, not on {', '.join(lower)}" if lower else "yes",
    )


def label_row(comparison: Sequence[Mapping], network: str = "HSC") -> tuple[str, str, str]:
    """The GATv2 trained on labels alone, beside its best control and the zero-shot model."""
    rows = [
        r
        for r in comparison
        if (r["network"], r["protocol"], r["dropout"], r["metric"])
        == (network, "pair", "0", "auroc")
    ]
    controls = [r for r in rows if r["kind"] in ("control", "model control")]
    best = max((r for r in controls if r["method"] != "random"), key=lambda r: float(r["value"]))
    zero = next(r for r in rows if r["method"] == "gat-zeroshot-pseudotime")
    return (
        f"A GATv2 trained on known edges from scratch, for unknown ones ({network})",
        f"AUROC {float(best['model_value']):.2f}; best control {float(best['value']):.2f} "
        f"({best['verdict']}); zero-shot with pseudotime {float(zero['value']):.2f}",
        "yes" if best["verdict"] == zero["verdict"] == "better" else "no",
    )


def paper_row(summary: Sequence[Mapping], network: str = "HSC") -> tuple[str, str, str]:
    """What the published scoring gives, to whom."""
    means = {
        (r["method"], r["metric"]): float(r["mean"])
        for r in summary
        if (r["network"], r["protocol"]) == (network, "paper")
    }
    return (
        "The published 96.09 % accuracy",
        f"run again, {100 * means['gat', 'label_free_accuracy']:.0f} % by its scoring, of a "
        f"constant {100 * means['constant-logit', 'label_free_accuracy']:.0f} %; against the "
        f"labels AUROC {means['gat', 'auroc']:.2f}",
        "measures nothing",
    )


def hub_row(
    hubs: Rows, consequences: Rows, worth: Rows, gene: str = "Gata1"
) -> tuple[str, str, str]:
    """The hub of the paper, what knocking it out does, and what hubs of many networks are worth."""
    degree, clauses, first = gene_ranks(gene, hubs, consequences)
    true, predicted, networks = best_measures(worth, "random")
    sure = float(predicted["low"]) >= 0.5
    return (
        f"The hub {gene} of the true HSC network, by what knocking it out does; hubs of random "
        "networks",
        f"number {degree} by degree; of all knock-outs {', '.join(clauses)}. Over {networks} "
        f"networks hubs and knock-outs agree with rho {rho(true)} where the network is known "
        f"({MEASURE_TITLES[true['measure']]}), {rho(predicted)} where it is inferred",
        ("yes" if first else "a hub, but not the gene that matters most")
        + ("" if sure else "; inferred hubs say little of knock-outs"),
    )


def cost_row(bench: Sequence[dict]) -> tuple[str, str, str]:
    """What inference takes."""
    hsc = next(r for r in bench if r["what"] == "infer HSC: gat-zeroshot")
    sizes = [r for r in bench if r["what"] == "gat-zeroshot, growth"]
    large = max(sizes, key=lambda r: (int(r["genes"]), -int(r["cells"])))
    return (
        "Time and memory on one core",
        f"{hsc['genes']} genes and {hsc['cells']} cells {float(hsc['cpu_s_median']):.2f} s; "
        f"{large['genes']} genes {float(large['cpu_s_median']):.0f} s and "
        f"{float(large['peak_memory_mb']) / 1000:.1f} GB",
        "yes",
    )


def render_summary() -> str:
    """The table; at most ten rows, so that it is read."""
    curated = result("curated/summary.tsv")
    rows = [
        real_row(result("any_data/kinds.tsv")),
        held_out_row(any_data.scores()),
        rival_row(result("curated/comparison.tsv")),
        published_row(medians()),
        missed_row(any_data.all_aims()),
        start_row(curated),
        label_row(result("comparison.tsv")),
        paper_row(result("summary.tsv")),
        hub_row(*map(result, ("hubs.tsv", "consequences.tsv", "hub_worth.tsv"))),
        cost_row(result("zeroshot.tsv")),
    ]
    return markdown_table(["what", "measured", "good?"], rows)
