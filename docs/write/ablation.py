"""The ablation of the zero-shot model in words and tables, from docs/results/ablation."""

import math

from grn_gat.core.markdown import markdown_table

TITLES = {
    "default": "all of it",
    "without-pair-statistics": "without statistics of pairs",
    "without-triples": "without triples of genes",
    "never-pseudotime": "never trained with pseudotime",
    "always-pseudotime": "always trained with pseudotime",
    "without-dropout-augmentation": "never trained with dropouts",
}


def _number(row: dict, key: str = "average_precision") -> float:
    return float(row[key])


def _select(rows: list[dict], **wanted: str) -> list[dict]:
    """Rows of all sizes, no dropout and no pseudotime, but for what is wanted."""
    chosen = {"dropout": "0", "pseudotime": "False", "genes": "all"} | wanted
    return [r for r in rows if all(r[key] == value for key, value in chosen.items())]


def _value(rows: list[dict], **wanted: str) -> str:
    """Average precision of the one row, with the range where there are several seeds."""
    (row,) = _select(rows, **wanted)
    text = f"{_number(row):.3f}"
    if int(row["seeds"]) > 1:
        text += f" ({_number(row, 'lowest'):.3f}-{_number(row, 'highest'):.3f})"
    return text


def _mean(rows: list[dict]) -> float:
    return sum(map(_number, rows)) / len(rows)


def _learning_curve(rows: list[dict]) -> list[dict]:
    points = [r for r in _select(rows) if r["kind"] == "learning curve"]
    return sorted(points, key=lambda r: int(r["networks"]))


def grid_table(rows: list[dict]) -> str:
    """Layers x heads, each the mean over the widths."""
    grid = [r for r in _select(rows) if r["kind"] == "grid"]
    layers, heads = (sorted({int(r[key]) for r in grid}) for key in ("layers", "heads"))

    def line(title: object, of_line: list[dict]) -> list[object]:
        cells = [_mean([r for r in of_line if int(r["heads"]) == h]) for h in heads]
        return [title, *(f"{value:.3f}" for value in [*cells, _mean(of_line)])]

    lines = [line(n, [r for r in grid if int(r["layers"]) == n]) for n in layers]
    return markdown_table(["layers \\ heads", *heads, "mean"], [*lines, line("mean", grid)])


def grid_sentence(rows: list[dict]) -> str:
    """What layers, heads and widths change, as ranges of the means over the other two."""
    grid = [r for r in _select(rows) if r["kind"] == "grid"]
    parts, changes = [], []
    for key in ("layers", "heads", "width"):
        means = {
            level: _mean([r for r in grid if int(r[key]) == level])
            for level in sorted({int(r[key]) for r in grid})
        }
        listed = ", ".join(f"{level}: {value:.3f}" for level, value in means.items())
        parts.append(f"{key} {listed}")
        (first, low), *_, (last, high) = means.items()
        changes.append(f"{high - low:+.3f} from {first} to {last} for {key}")
    text = f"Means over the other two: {'; '.join(parts)}. That is {', '.join(changes)}."
    if int(grid[0]["seeds"]) > 1:
        ranges = [_number(r, "highest") - _number(r, "lowest") for r in grid]
        text += f" Of one cell, seeds differ by {sum(ranges) / len(ranges):.3f} on average."
    else:
        text += (
            " One seed each: what the three do not explain of the single cells has a standard "
            f"deviation of {_unexplained(grid):.3f}. All cells share that seed, so another one may "
            "move them together."
        )
    return text + (
        " More layers also bring attention over context genes: none of the models with 1 layer has "
        "it, those with 2 and 3 in one layer, those with 4 in two."
    )


def _unexplained(grid: list[dict]) -> float:
    """Standard deviation of the cells of a grid around the sum of the effects of its axes."""
    mean, explained, free = _mean(grid), [0.0] * len(grid), len(grid) - 1
    for key in ("layers", "heads", "width"):
        levels = {r[key] for r in grid}
        effects = {v: _mean([r for r in grid if r[key] == v]) - mean for v in levels}
        explained = [e + effects[r[key]] for e, r in zip(explained, grid, strict=True)]
        free -= len(levels) - 1
    squares = sum((_number(r) - mean - e) ** 2 for e, r in zip(explained, grid, strict=True))
    return math.sqrt(squares / max(free, 1))


def feature_table(rows: list[dict]) -> str:
    """What the inputs and the augmentation are worth."""
    names = [n for n in TITLES if any(r["variant"] == n for r in rows)]
    dropout = max({r["dropout"] for r in rows}, key=int)
    conditions: list[dict[str, str]] = [{}, {"pseudotime": "True"}, {"dropout": dropout}]
    titles = ["expression alone", "with pseudotime", f"expression alone, dropout {dropout} %"]
    lines = [
        [TITLES[name], *(_value(rows, variant=name, **wanted) for wanted in conditions)]
        for name in names
    ]
    return markdown_table(["model", *titles], lines)


def feature_sentence(rows: list[dict]) -> str:
    """What to keep in mind of the table of features."""
    names = {row["variant"] for row in rows}
    if not {"never-pseudotime", "always-pseudotime"} <= names:
        return "Each is scored on what it was trained for and on what it was not."
    return (
        "The model that was never trained with pseudotime has not seen it before it is scored with "
        "it, and the one that was always trained with it not its absence: inputs far from those of "
        "their training."
    )


def curve_table(rows: list[dict]) -> str:
    """Number of different training networks, at the same number of steps."""
    lines = [
        [
            row["networks"],
            row["epochs"],
            f"{_number(row, 'train_loss'):.3f}",
            _value(rows, variant=row["variant"]),
        ]
        for row in _learning_curve(rows)
    ]
    return markdown_table(["networks", "epochs", "training loss", "average precision"], lines)


def size_sentence(rows: list[dict]) -> str:
    """Network size against accuracy, of the longest training on the most networks."""
    largest = _learning_curve(rows)[-1]["variant"]
    classes = dict.fromkeys(r["genes"] for r in rows if r["genes"] != "all")
    parts = []
    for genes in classes:
        (row,) = _select(rows, variant=largest, genes=genes)
        parts.append(f"{genes} genes {_number(row):.3f} ({_number(row, 'share_of_edges'):.3f})")
    listed = ", ".join(parts)
    networks = int(_learning_curve(rows)[-1]["networks"])
    return (
        f"By size of the network, after training on {networks} (in parentheses what a random "
        f"score gives): {listed}. The figure shows the sizes for the default instead; its heat "
        "maps are means over dropout levels, with and without pseudotime."
    )


def introduction(rows: list[dict]) -> str:
    """What was trained and what it was scored on."""
    (row,) = _select(rows, variant="default")
    seeds = int(row["seeds"])
    trainings = (
        f"mean (and range) over {seeds} trainings" if seeds > 1 else "one training (`seeds: [1]`)"
    )
    return (
        f"Average precision on {row['held_out']} held-out random networks ({row['cells']} cells, "
        f"no dropout; a random score gives {_number(row, 'share_of_edges'):.3f}), {trainings} of "
        f"each variant on {row['networks']} networks for {row['epochs']} epochs."
    )


def _views(row: dict) -> int:
    """Networks x epochs."""
    return int(row["networks"]) * int(row["epochs"])


def gain_per_tenfold(rows: list[dict], shipped: float, views: int) -> float:
    """Average precision that ten times as many views add, from the learning curve's to `views`."""
    last = _learning_curve(rows)[-1]
    return (shipped - _number(last)) / math.log10(views / _views(last))


def curve_sentence(rows: list[dict], shipped: float, views: int, networks: int, others: int) -> str:
    """What more networks and longer training add.

    Args:
        rows: of the summary.
        shipped: average precision of the shipped weights on networks like those of the ablation.
        views: networks x epochs that each of their models saw, of networks like these.
        networks: different ones among them.
        others: networks x epochs of the other kind that it saw besides.
    """
    first, *_, before, last = _learning_curve(rows)
    (default,) = _select(rows, variant="default")
    early = (_number(last) - _number(default)) / math.log10(_views(last) / _views(default))
    return (
        f"**Learning curve** (`docs/results/ablation`, the random networks of the first table, "
        "models trained on their kind only). At "
        f"{_views(last):,} views (networks x epochs) {first['networks']} different networks give "
        f"{_number(first):.3f}, {before['networks']} {_number(before):.3f} and {last['networks']} "
        f"{_number(last):.3f}: the last step adds {_number(last) - _number(before):+.3f}. Longer "
        f"training: {_number(default):.3f} at {_views(default):,} views and {_number(last):.3f} at "
        f"{_views(last):,}, {early:+.3f} for ten times as many. The shipped weights reach "
        f"{shipped:.3f} with {views:,} views of {networks:,} networks of this kind in each model, "
        f"{gain_per_tenfold(rows, shipped, views):+.3f} for ten times as many; that step also has "
        f"what averaging the models adds and what {others:,} views of linear networks in each "
        "change, which were not measured apart."
    )


def outlook(missing: dict[str, float], per_tenfold: float) -> str:
    """What the learning curve predicts for aims that were missed, by network."""
    if not missing:
        return "No aim was missed."
    if per_tenfold <= 0:
        return "The learning curve promises nothing for the aims that were missed."
    times = ", ".join(
        f"{name}: {10 ** min(value / per_tenfold, 9):,.0f}" for name, value in missing.items()
    )
    return (
        "If these networks gained from a longer training what the random ones gained in that last "
        "step, which nobody has shown, the aims that are missed would take so many times as much "
        f"of it: {times}. Read it as an order of magnitude at most. For signs, early precision and "
        "the width of intervals there is no such curve."
    )
