"""Which pairs a model may learn from: the protocols, as one table of roles per seed.

A row of the table is a scored item: an ordered gene pair, for protocols that treat the replicate
copies of a pair as separate items also its replicate. Columns: `replicate` (0 = all replicates),
`Gene1`, `Gene2`, `edge` (1/0, the label) and one column `fold_<i>` per fold with the item's role
in it: `train`, `validation` or `test`.

| protocol    | held out together                     | what training sees of a test pair          |
|-------------|---------------------------------------|--------------------------------------------|
| `gene`      | all pairs of a gene                   | no label of the gene                       |
| `regulator` | all pairs of a regulator (`Gene1`)    | labels of the other regulators' pairs,     |
|             |                                       | the regulator as their target included     |
| `pair`      | a gene pair, both directions, in all  | labels of the two genes' other pairs       |
|             | replicates                            |                                            |
| `pooled`    | one replicate's copy of an ordered    | its label, in the other replicates (leaky  |
|             | pair                                  | on purpose)                                |
| `paper` | as `pooled`, over the paper's pairs   | everything; but labels are not used at all |
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.protocols import COPY_PROTOCOLS, PAPER, REGULATOR

TRAIN, VALIDATION, TEST = "train", "validation", "test"
_DRAWS = 200  # draws of a split until each fold holds a training edge and a validation edge
MIN_REGULATORS = 3  # of protocol regulator: one each to train on, to validate on and to test
_ITEM = ["replicate", "Gene1", "Gene2", "edge"]
# arXiv 2409.13664 trains on 49 distinct pairs of a network with 30 edges.
_PUBLISHED_PAIRS_PER_EDGE = 49 / 30


class NotFeasibleError(InputError):
    """A protocol cannot be carried out on a network; the rest of a study goes on without it."""


def candidate_pairs(edges: pd.DataFrame, regulators: Sequence[str]) -> pd.DataFrame:
    """List the ordered pairs that are scored, with their labels.

    Args:
        edges: reference network, columns Gene1 (regulator), Gene2 (target), Type.
        regulators: genes that may be regulators.

    Returns:
        Columns Gene1, Gene2, edge (0/1), sign (+1, -1, 0), sorted by Gene1, Gene2: all pairs of
        different genes of the reference network (self-loop rows count for membership, as in
        BEELINE) whose first gene is a candidate regulator.

    Raises:
        InputError: no pair is an edge, or every pair is one.
    """
    universe = sorted(set(edges["Gene1"]) | set(edges["Gene2"]))
    sources = np.array(sorted(set(universe) & set(regulators)), dtype=object)
    targets = np.array(universe, dtype=object)
    first, second = (a.ravel() for a in np.meshgrid(sources, targets, indexing="ij"))
    pairs = pd.DataFrame({"Gene1": first, "Gene2": second})[first != second]
    signs = edges.drop_duplicates(["Gene1", "Gene2"]).assign(
        edge=1, sign=lambda t: t["Type"].map({"+": 1, "-": -1}).fillna(0).astype(int)
    )
    pairs = pairs.merge(
        signs[["Gene1", "Gene2", "edge", "sign"]], on=["Gene1", "Gene2"], how="left"
    ).fillna({"edge": 0, "sign": 0})
    pairs = pairs.astype({"edge": int, "sign": int})
    positives = int(pairs["edge"].sum())
    if positives == 0 or positives == len(pairs):
        raise InputError(
            f"reference network: {positives} of {len(pairs)} candidate pairs are edges; "
            "a score needs pairs with and pairs without an edge"
        )
    return pairs.reset_index(drop=True)


def candidate_counts(edges: pd.DataFrame, regulators: Sequence[str]) -> dict[str, int]:
    """Count what `candidate_pairs` lists: regulators, genes, pairs, and edges among them."""
    universe = set(edges["Gene1"]) | set(edges["Gene2"])
    sources = universe & set(regulators)
    own = edges[(edges["Gene1"] != edges["Gene2"]) & edges["Gene1"].isin(sources)]
    return {
        "regulators": len(sources),
        "genes": len(universe),
        "pairs": len(sources) * (len(universe) - 1),
        "edges": len(own.drop_duplicates(["Gene1", "Gene2"])),
    }


def paper_pairs(
    genes: Sequence[str], edges: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the pairs of the paper's protocol: activating edges, and pairs without an edge.

    Repressive edges are dropped, self-loops kept, as in the paper's notebook. The number of pairs
    relative to the reference edges is the paper's (49 to 30), where the network has that many.
    (Over ten replicates this makes 490 graphs; the notebook has 481.) Returns Gene1, Gene2, edge.
    """
    links = edges[edges["Type"] != "-"].drop_duplicates(["Gene1", "Gene2"])
    linked = set(zip(edges["Gene1"], edges["Gene2"], strict=True))
    free = [(a, b) for a in sorted(genes) for b in sorted(genes) if (a, b) not in linked]
    wanted = round(_PUBLISHED_PAIRS_PER_EDGE * len(linked)) - len(links)
    chosen = rng.permutation(len(free))[: max(wanted, 0)]
    rows = [(a, b, 1) for a, b in zip(links["Gene1"], links["Gene2"], strict=True)]
    rows += [(*free[i], 0) for i in sorted(chosen)]
    pairs = pd.DataFrame(rows, columns=["Gene1", "Gene2", "edge"])
    return pairs.sort_values(["Gene1", "Gene2"], ignore_index=True)


def _deal(n: int, parts: int, rng: np.random.Generator) -> np.ndarray:
    """Deal n items to `parts` parts at random, as evenly as possible."""
    return rng.permutation(np.arange(n) % parts)


def _stratified(strata: np.ndarray, parts: int, rng: np.random.Generator) -> np.ndarray:
    """Deal items to parts so that each stratum is spread evenly over the parts."""
    part = np.empty(len(strata), dtype=int)
    shift = 0
    for value in np.unique(strata):
        members = np.flatnonzero(strata == value)
        part[rng.permutation(members)] = (np.arange(len(members)) + shift) % parts
        shift += len(members)  # the remainder of one stratum goes on where the last one ended
    return part


def _held_out(strata: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Draw a share of each stratum, but at least one item of a stratum of several; indices."""
    held = [np.zeros(0, dtype=int)]
    for value in np.unique(strata):
        members = np.flatnonzero(strata == value)
        number = max(1, round(share * len(members))) if len(members) > 1 else 0
        held.append(rng.permutation(members)[:number])
    return np.concatenate(held)


def _unit_roles(
    unit: np.ndarray, edge: np.ndarray, folds: int, share: float, rng: np.random.Generator
) -> np.ndarray:
    """Roles (items, folds) where all items of a unit are held out together."""
    _, unit_of = np.unique(unit, return_inverse=True)
    strata = np.bincount(unit_of, weights=edge).astype(int)
    fold = _stratified(strata, folds, rng)
    roles = np.full((len(unit), folds), TRAIN, dtype=object)
    for i in range(folds):
        rest = np.flatnonzero(fold != i)
        if share > 0:
            held = rest[_held_out(strata[rest], share, rng)]
            roles[np.isin(unit_of, held), i] = VALIDATION
        roles[fold[unit_of] == i, i] = TEST
    return roles


def _gene_roles(
    first: np.ndarray,
    second: np.ndarray,
    genes: int,
    folds: int,
    share: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Roles (items, folds) where all pairs of a gene are held out together."""
    fold = _deal(genes, folds, rng)
    roles = np.full((len(first), folds), TRAIN, dtype=object)
    for i in range(folds):
        rest = rng.permutation(np.flatnonzero(fold != i))
        held = rest[: max(1, round(share * len(rest)))]
        roles[np.isin(first, held) | np.isin(second, held), i] = VALIDATION
        roles[(fold[first] == i) | (fold[second] == i), i] = TEST
    return roles


def _spread(size: np.ndarray, parts: int, rng: np.random.Generator) -> np.ndarray:
    """Deal units to parts so that each part gets as many, and of every size.

    From the largest unit to the smallest, units of one size in random order, each `parts` in a row
    go to all parts, at random.
    """
    order = rng.permutation(len(size))
    order = order[np.argsort(-size[order], kind="stable")]
    part = np.empty(len(size), dtype=int)
    for start in range(0, len(size), parts):
        members = order[start : start + parts]
        part[members] = rng.permutation(parts)[: len(members)]
    return part


def _regulator_roles(
    first: np.ndarray, edge: np.ndarray, folds: int, share: float, rng: np.random.Generator
) -> np.ndarray:
    """Roles (items, folds) where all pairs that start at a regulator are held out together."""
    _, unit = np.unique(first, return_inverse=True)
    targets = np.bincount(unit, weights=edge)
    fold = _spread(targets, folds, rng)
    roles = np.full((len(first), folds), TRAIN, dtype=object)
    for i in range(folds):
        rest = np.flatnonzero(fold != i)
        number = max(1, round(share * len(rest)))
        # One regulator of each `number`-th part of those that are left, the parts by size.
        rest = rng.permutation(rest)
        ordered = rest[np.argsort(-targets[rest], kind="stable")]
        held = [rng.choice(part) for part in np.array_split(ordered, number)]
        roles[np.isin(unit, held), i] = VALIDATION
        roles[fold[unit] == i, i] = TEST
    return roles


def _usable(roles: np.ndarray, edge: np.ndarray) -> bool:
    """Whether each fold tests, and trains and validates on pairs with and pairs without an edge."""
    return (roles == TEST).any(axis=0).all() and all(
        {0, 1} <= set(edge[roles[:, i] == role])
        for i in range(roles.shape[1])
        for role in (TRAIN, VALIDATION)
    )


def split_pairs(
    protocol: str,
    genes: Sequence[str],
    edges: pd.DataFrame,
    regulators: Sequence[str],
    replicates: Sequence[int],
    folds: int,
    validation_share: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Make the table of roles of one protocol and seed (columns: see the module).

    Every item is `test` in at least one fold (protocol `gene`: in one or two, those of its two
    genes). Folds and validation sets are stratified by the label, for `regulator` by the number of
    its edges; for these and `gene` they are redrawn until each fold trains and validates on both
    labels. Protocol `regulator` has a fold for each regulator where there are fewer than `folds`.

    Raises:
        NotFeasibleError: fewer genes in the reference network than folds (`regulator`: fewer than
            MIN_REGULATORS candidate regulators), or too few edges for the folds.
        InputError: `candidate_pairs` has no pair with, or none without, an edge.
    """
    members = len(set(edges["Gene1"]) | set(edges["Gene2"]))
    if members < folds and protocol != REGULATOR:
        raise NotFeasibleError(
            f"cross_validation.folds is {folds}, but the reference network has only {members} "
            f"genes: set it to {members} or less"
        )
    if protocol == PAPER:
        pairs = paper_pairs(genes, edges, rng)
    else:
        pairs = candidate_pairs(edges, regulators)[["Gene1", "Gene2", "edge"]]
    if protocol in COPY_PROTOCOLS:
        items = pd.concat([pairs.assign(replicate=r) for r in replicates], ignore_index=True)
    else:
        items = pairs.assign(replicate=0)
    edge = items["edge"].to_numpy()
    names = sorted(set(items["Gene1"]) | set(items["Gene2"]))
    position = {gene: i for i, gene in enumerate(names)}
    first, second = (items[c].map(position).to_numpy() for c in ("Gene1", "Gene2"))
    if protocol == REGULATOR:
        sources = len(np.unique(first))
        if sources < MIN_REGULATORS:
            raise NotFeasibleError(
                f"the reference network has {sources} candidate "
                f"{'regulator' if sources == 1 else 'regulators'}, and holding them out takes at "
                f"least {MIN_REGULATORS}"
            )
        folds = min(folds, sources)
    for _ in range(_DRAWS):
        if protocol == "gene":
            roles = _gene_roles(first, second, len(names), folds, validation_share, rng)
        elif protocol == REGULATOR:
            roles = _regulator_roles(first, edge, folds, validation_share, rng)
        elif protocol == "pair":
            unit = np.minimum(first, second) * len(names) + np.maximum(first, second)
            roles = _unit_roles(unit, edge, folds, validation_share, rng)
        else:
            share = 0.0 if protocol == PAPER else validation_share
            roles = _unit_roles(np.arange(len(items)), edge, folds, share, rng)
        if protocol == PAPER or _usable(roles, edge):
            break
    else:
        raise NotFeasibleError(
            f"{int(edge.sum())} edges among {len(names)} genes are too few "
            f"for {folds} folds with a validation set in each: lower cross_validation.folds, or "
            "leave the protocol out"
        )
    items = items[_ITEM]
    return items.assign(**{f"fold_{i + 1}": roles[:, i] for i in range(folds)})


def no_roles() -> pd.DataFrame:
    """Return the table of roles of a protocol that cannot be carried out: no row, and no fold."""
    return pd.DataFrame(columns=_ITEM)


def fewer_folds(table: pd.DataFrame, folds: int) -> str:
    """Return a sentence where a table of roles has fewer folds than were asked for, else nothing.

    `folds` is the key `cross_validation.folds`.
    """
    made = len(fold_columns(table))
    if made == folds:
        return ""
    return (
        f"{made} folds, one for each candidate regulator of the reference network, where "
        f"cross_validation.folds is {folds}"
    )


def fold_columns(table: pd.DataFrame) -> list[str]:
    """Return the names of the role columns, in order."""
    return [column for column in table if column.startswith("fold_")]
