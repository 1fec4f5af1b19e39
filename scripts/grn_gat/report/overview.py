"""The overview page: picks the numbers for its sentences and tables from the report tables."""

from collections.abc import Mapping, Sequence

import pandas as pd

from grn_gat.algorithms._registry import ZERO_SHOT, method_names, stated
from grn_gat.core.citation import LICENCE, citation
from grn_gat.core.protocols import PAPER, UNSUPERVISED
from grn_gat.core.remarks import Remark
from grn_gat.core.version import VERSION
from grn_gat.evaluate.consequence import MEASURES
from grn_gat.evaluate.score_tables import over_seeds
from grn_gat.report.first_paragraph import first_paragraph, listed
from grn_gat.report.focus import focus_sentences, focus_table
from grn_gat.report.hub_tables import ALL, METHOD
from grn_gat.report.method_titles import method_title
from grn_gat.report.pictures import Picture
from grn_gat.report.sortable_tables import sortable_tables
from grn_gat.report.tables import kind_of
from grn_gat.report.usage import ELAPSED

TOP_GENES = 5
_METRIC_WORDS = {"auroc": "AUROC", "average_precision": "average precision"}
_CALLS = ["accuracy", "precision", "recall", "f1"]
_LABEL_FREE = [f"label_free_{name}" for name in _CALLS]
_WORDS = {
    "better": "beats",
    "worse": "is worse than",
    "no difference": "cannot be told from",
    "not determined": "cannot be judged (too few seeds, replicates or regulators) against",
}


def _number(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.3f}"


def _interval(row: pd.Series) -> str:
    if pd.isna(row["low"]):
        return _number(row["mean"])
    return f"{row['mean']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"


def method_table(
    summary: pd.DataFrame,
    metrics: Mapping[str, str],
    methods: Sequence[str] | None = None,
    focus: str | None = None,
) -> dict:
    """Table of one network and protocol: one row per method, a column per metric and dropout.

    The GATv2 comes first, then its controls; methods come before other controls where there is no
    GATv2. Within a kind the best comes first; before all of them the focus.

    Args:
        summary: columns dropout, method, metric, mean, median, low, high.
        metrics: what to show of each metric: `interval` (mean and interval), `mean` or `median`.
        methods: methods to show, all by default.
        focus: the method that the study is about, if it is about one.

    Returns:
        `dropouts` and `rows`, each with method, title, kind and cells.
    """
    shown = summary[summary["metric"].isin(metrics)]
    if methods is not None:
        shown = shown[shown["method"].isin(methods)]
    dropouts = sorted(shown["dropout"].unique(), key=int)
    kinds = ["GATv2", "fine-tuned", "model control", "control", "method", "oracle"]
    if not (shown["method"] == "gat").any():
        kinds = ["method", "control", "oracle"]
    first = shown[shown["metric"] == next(iter(metrics))].groupby("method")["mean"].mean()
    order = sorted(first.index, key=lambda m: (m != focus, kinds.index(kind_of(m)), -first[m], m))
    values = {key: row for key, row in shown.set_index(["method", "metric", "dropout"]).iterrows()}
    rows = []
    for method in order:
        cells = []
        for metric, form in metrics.items():
            for dropout in dropouts:
                row = values.get((method, metric, dropout))
                if row is None:
                    cells.append("–")
                else:
                    cells.append(_interval(row) if form == "interval" else _number(row[form]))
        rows.append(
            {
                "method": method,
                "title": method_title(method),
                "kind": kind_of(method),
                "cells": cells,
            }
        )
    return {"dropouts": dropouts, "rows": rows}


def _best(comparison: pd.DataFrame, kinds: Sequence[str], metric: str) -> pd.Series | None:
    """Row of the best method among these kinds by a metric, at one dropout level.

    Of those with values for most replicates: one that failed on hard data is not better for it.
    """
    chosen = comparison[(comparison["metric"] == metric) & comparison["kind"].isin(kinds)]
    chosen = chosen[chosen["n"] == chosen["n"].max()]
    # Not the random score: the luck of its draw is no achievement to be compared with.
    chosen = chosen[chosen["method"] != "random"]
    return None if chosen.empty else chosen.loc[chosen["value"].idxmax()]


def verdict(
    comparison: pd.DataFrame,
    kinds: Sequence[str],
    what: str,
    model: str = "The GATv2",
    metric: str = "auroc",
) -> str:
    """One sentence: does the GATv2 beat the best of these kinds?

    Levels at which it is the same are said together; the scores themselves are in the tables.

    Args:
        comparison: rows of one network and protocol (`tables.compare_with_others`).
        kinds: kinds of methods (`tables.kind_of`).
        what: how they are called, e.g. "its best control".
        model: how the GATv2, or what is compared in its place, is called.
        metric: by which it is judged, of `_METRIC_WORDS`.

    Returns:
        The sentence, empty where there is none of these kinds.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for dropout, group in comparison.groupby("dropout", sort=False):
        best = _best(group, kinds, metric)
        if best is None:
            continue
        text = f"{best['difference']:+.3f}"
        if not pd.isna(best["low"]):
            text += f" [{best['low']:+.3f}, {best['high']:+.3f}]"
        found.setdefault((best["verdict"], best["method"]), {})[str(dropout)] = text
    clauses = [
        f"{_WORDS[said]} {what}, {method_title(method)}, at {listed(list(levels))} % dropout "
        f"(difference in {_METRIC_WORDS[metric]} {', '.join(levels.values())})"
        for (said, method), levels in found.items()
    ]
    return f"{model} {'; it '.join(clauses)}." if clauses else ""


def hub_table(hubs: pd.DataFrame) -> list[dict]:
    """Top genes per source and measure over all dropout levels, with the spread of their ranks."""
    rows = []
    shown = hubs[(hubs["dropout"] == ALL) & ~hubs["source"].str.startswith(METHOD)]
    wanted = {"degree", "closeness", "betweenness", "eigenvector", "hits", "attention_given"}
    wanted |= set(MEASURES.values())
    for (source, measure), group in shown.groupby(["source", "measure"], sort=False):
        if measure not in wanted:
            continue
        top = group.nsmallest(TOP_GENES, "rank", keep="first")
        genes = []
        for _, row in top.iterrows():
            spread = f" [{row['rank_low']:.0f}–{row['rank_high']:.0f}]" if row["n"] > 1 else ""
            genes.append(f"{row['gene']} ({row['value']:.3g}){spread}")
        rows.append({"source": source, "measure": measure.replace("_", " "), "genes": genes})
    return sorted(rows, key=lambda r: (r["source"] != "reference", r["source"], r["measure"]))


def failure_list(failures: pd.DataFrame) -> list[str]:
    """One text per method and reason, with the number of data sets."""
    counts = failures.groupby(["method", "reason"], sort=True).size()
    return [
        f"{method_title(method)}: {number} data set{'s' * (number > 1)}: {reason}"
        for (method, reason), number in counts.items()
    ]


def usage_table(usage: pd.DataFrame) -> list[dict]:
    """Methods of one network, the slowest first."""
    rows = usage.sort_values("cpu_seconds", ascending=False, na_position="last")
    return [
        {
            "title": method_title(row["method"]),
            "cells": [
                str(row["datasets"]),
                str(row["failed"]),
                *("–" if pd.isna(row[c]) else f"{row[c]:.3g}" for c in _USAGE),
            ],
        }
        for _, row in rows.iterrows()
    ]


_USAGE = ("cpu_seconds", "wall_seconds", "peak_memory_mb")


def time_table(time: pd.DataFrame) -> dict:
    """Rules and methods with their share of the wall seconds of all jobs, and the two totals."""
    totals = time.set_index("what")["wall_seconds"]
    rows = time[~time["what"].isin(["all jobs", ELAPSED])]
    return {
        "rows": [
            {
                "what": method_title(row["what"]).replace("_", " "),
                "cells": [
                    str(row["jobs"]), f"{row['wall_seconds']:.0f}", f"{100 * row['share']:.1f}",
                ],
            }
            for _, row in rows.iterrows()
        ],
        "all": totals["all jobs"] / 60,
        "elapsed": totals[ELAPSED] / 60,
    }  # fmt: skip


def _protocol(own: pd.DataFrame, compared: pd.DataFrame, model: str, focus: str | None) -> dict:
    """What the page shows of one network and protocol, whose GATv2 is called `model`."""
    about = _is_about(compared, focus)
    if about:
        title = method_title(str(focus))
        verdicts = [
            verdict(compared, ["GATv2"], "the model that is trained on labels", title),
            verdict(compared, ["fine-tuned"], "the pretrained model, trained on labels", title),
            verdict(compared, ["control", "model control"], "the best control", title),
            verdict(compared, ["method"], "the best other method that needs no label", title),
        ]
    else:
        verdicts = [
            verdict(compared, ["control", "model control"], "its best control", model),
            verdict(compared, ["method"], "the best method that needs no label", model),
            verdict(compared, ["fine-tuned"], "the same from the pretrained start", model),
        ]
    ranking = {"auroc": "interval", "average_precision": "interval"}
    calls = own[own["metric"].isin(_CALLS)]["method"].unique()
    return {
        "prevalence": own.loc[own["metric"] == "prevalence", "mean"].iloc[0],
        "ranking": method_table(own, ranking, focus=focus),
        "calls": method_table(own, dict.fromkeys(_CALLS, "mean"), calls),
        "label_free": method_table(own, dict.fromkeys(_LABEL_FREE, "mean")),
        "verdicts": verdicts,
        "focus": focus_table(compared, "auroc") if about else None,
    }


def _members(members: Sequence[str], failures: pd.DataFrame) -> str:
    """Titles of the members of a combination; of those that failed, on how many data sets."""
    failed = failures["method"].value_counts()
    return ", ".join(
        method_title(name)
        + (f" (which failed on {failed[name]} data sets)" if name in failed else "")
        for name in members
    )


def _is_about(compared: pd.DataFrame, focus: str | None) -> bool:
    """Whether the rows of a comparison are those of the method in focus, which may have failed."""
    return focus is not None and bool((compared["model"] == focus).any())


def variants(model: str) -> list[str]:
    """Return a method and those that share its settings: the same model, given other data."""
    return [model, *(name for name in method_names() if stated(name).get("settings") == model)]


def _methods(
    own: Mapping[str, pd.DataFrame],
    summary: pd.DataFrame,
    facts: Mapping,
    focus: str | None = None,
) -> dict[str, object]:
    """What the page shows of the methods on one network.

    Args:
        own: the tables' rows of the network.
        summary: of these, the means on all candidate pairs.
        facts: what is scored (`scored.scored_facts`).
        focus: the method that the study is about, if it is about one.
    """
    compared = own["comparison"]
    compared = compared[compared["protocol"] == UNSUPERVISED]
    about = _is_about(compared, focus)
    model = focus if focus is not None and about else ZERO_SHOT
    title = method_title(model) if about else f"The {method_title(model)}"
    own_model = compared["method"].isin(variants(model))  # compared apart
    level = min(summary["dropout"], key=int)
    of_level = summary[summary["dropout"] == level]
    said = []
    if focus is not None:
        rows = compared[compared["dropout"] == level] if about else compared.iloc[:0]
        why = own["failures"].loc[own["failures"]["method"] == focus, "reason"].unique()
        said = focus_sentences(of_level, rows, focus, why)
    failed = own["failures"]
    shown = {
        "average_precision": "interval",
        "early_precision_ratio": "mean",
        "auprc_beeline": "median",
    }
    return {
        "first": {
            "dropout": level,
            "sentences": said
            + first_paragraph(
                of_level,
                own["leaders"][own["leaders"]["dropout"] == level],
                facts.get("overlaps"),
            ),
        },
        "methods": method_table(summary, shown, focus=focus),
        "focus": focus_table(compared, "average_precision") if about else None,
        "verdicts": [
            verdict(rows, kinds, what, title, "average_precision")
            for rows, kinds, what in (
                (compared[~own_model], ["method"], "the best other method"),
                (compared[own_model], ["method"], "the same with pseudotime"),
                (compared, ["control"], "the best control"),
            )
        ],
        "usage": usage_table(own["usage"]),
        "failures": failure_list(failed[failed["method"] != "gat"]),
        "prevalence": summary.loc[summary["metric"] == "prevalence", "mean"].iloc[0],
    }


def network_parts(
    tables: Mapping[str, pd.DataFrame],
    networks: pd.DataFrame,
    config: Mapping,
    splits: pd.DataFrame | None = None,
    facts: Mapping[str, Mapping] | None = None,
    doubts: Mapping[str, Sequence[str]] | None = None,
    figures: Sequence[Picture] = (),
) -> list[dict]:
    """Return what the page says of each network; arguments as of `render_overview`."""
    facts, focus = facts or {}, config.get("focus")
    notes: dict[tuple[str, str], list[str]] = {}
    if splits is not None:
        for row in over_seeds(splits).itertuples():
            notes.setdefault((row.network, row.protocol), []).append(row.reason)
    content = []
    for network, entry in config["networks"].items():
        own = {
            # What was inferred is of the data set, which may have several references.
            name: table[table["network"] == (entry["data_set"] if name == "usage" else network)]
            for name, table in tables.items()
            if "network" in table
        }
        summary = own["summary"]
        by_protocol = dict(list(summary.groupby("protocol", sort=False)))
        part = {
            "name": network,
            "entry": entry,
            "replicates": entry["replicates"],
            "scored": facts.get(network),
            "doubts": (doubts or {}).get(entry["data_set"], []),
            "protocols": {},
            "figures": {each.name: each for each in figures if each.network == network},
        }
        for protocol in entry["protocols"]:
            compared = own["comparison"]
            compared = compared[compared["protocol"] == protocol]
            model = "The GATv2"
            if protocol == PAPER:  # reads no expression: the same at every dropout level
                model = "The paper's model"
                compared = compared[compared["dropout"].isin(compared["dropout"][:1])]
            said = notes.get((network, protocol), [])
            part["protocols"][protocol] = {"notes": said} | (
                _protocol(by_protocol[protocol], compared, model, focus)
                if protocol in by_protocol
                else {}
            )
        if entry["protocols"]:
            sizes = networks[(networks["network"] == network) & (networks["source"] == "reference")]
            part |= {"reference": sizes.iloc[0].to_dict(), "hubs": hub_table(own["hubs"])}
        if config["methods"]:
            part |= _methods(own, by_protocol[UNSUPERVISED], facts.get(network, {}), focus)
        content.append(part)
    return content


def render_overview(
    template: str,
    tables: Mapping[str, pd.DataFrame],
    networks: pd.DataFrame,
    config: Mapping,
    versions: Mapping[str, str] | None = None,
    remarks: Sequence[Remark] = (),
    splits: pd.DataFrame | None = None,
    facts: Mapping[str, Mapping] | None = None,
    doubts: Mapping[str, Sequence[str]] | None = None,
    figures: Sequence[Picture] = (),
) -> str:
    """Fill the template (workflow/report/overview.html.j2) with the numbers of the tables.

    Args:
        template: text of the template.
        tables: the report tables by name; hubs only where there are protocols, usage, time
            and beeline only where there are methods.
        networks: sizes of the reference networks (`hub_tables.HubTables.networks`).
        config: networks (`Study.network_entries`), protocols, dropout, seeds, methods, parameters,
            method_settings; where there are some, predictions, combinations and focus.
        versions: what the study was made with (`software.software_versions`), at least grn-gat.
        remarks: on the files of users that were read.
        splits: what is to be said of each split (`score_tables.over_seeds`), where there are some.
        facts: of each network, what is scored (`scored.scored_facts`).
        doubts: of each data set that was read, why scores should not be trusted.
        figures: that the page shows; what is of no network comes first of all.
    """
    from jinja2 import Environment, StrictUndefined

    content = network_parts(tables, networks, config, splits, facts, doubts, figures)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    beeline = tables["beeline"].to_dict("records") if config["methods"] else []
    time = time_table(tables["time"]) if config["methods"] else None
    for row in beeline:
        row["method"] = method_title(row["method"])
    combinations = {
        name: _members(members, tables["failures"])
        for name, members in (config.get("combinations") or {}).items()
    }
    return environment.from_string(template).render(
        networks=content,
        study_figures=[each for each in figures if each.network is None],
        config=config,
        focus_title=method_title(str(config.get("focus"))),
        combinations=combinations,
        beeline=beeline,
        time=time,
        versions=versions or {"grn-gat": VERSION},
        citation=citation(),
        licence=LICENCE,
        tables=sortable_tables(),
        remarks=remarks,
    )
