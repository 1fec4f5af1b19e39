"""Are hubs consequential? Rank correlation of hub measures with what knock-outs do.

Of each network one number per measure: Spearman's correlation, over its genes, of the measure with
the consequence of knocking the gene out. Networks are the cases: means and 95 % intervals are over
them. Knock-outs whose consequence is within the null tie at 0, as their order is chance. A measure
that is the same for all genes says nothing, and has no value on a network.
"""

import pandas as pd

from grn_gat.evaluate.consequence import MEASURES
from grn_gat.evaluate.hubs import rank
from grn_gat.evaluate.intervals import mean_interval
from grn_gat.simulate.perturbation_experiment import KNOCK_OUT

KEYS = ["source", "measure", "consequence"]


def beyond_chance(consequence: float, null: float) -> float:
    """Return a consequence, 0 where it is within the null: such genes tie, whatever chance says."""
    return consequence if consequence > null else 0.0


def with_ties(hubs: pd.DataFrame, consequences: pd.DataFrame) -> pd.DataFrame:
    """Return hubs of a network in which knock-outs that do nothing tie at 0.

    Args:
        hubs: as `agreements` takes them.
        consequences: columns begin, kind, perturbed, replicate, consequence, null.
    """
    over_all = consequences[(consequences["replicate"] == 0) & (consequences["kind"] == KNOCK_OUT)]
    nothing = {
        (MEASURES[row.begin], row.perturbed)
        for row in over_all.itertuples()
        if not beyond_chance(row.consequence, row.null)
    }
    within = [key in nothing for key in zip(hubs["measure"], hubs["gene"], strict=True)]
    return hubs.assign(value=hubs["value"].mask(within, 0.0))


def agreements(hubs: pd.DataFrame) -> pd.DataFrame:
    """Return how well each measure tells which knock-outs matter, of one network.

    Args:
        hubs: columns source, measure, gene, value, each gene once for each source and measure;
            source `reference` has what knock-outs do (`consequence.MEASURES`).

    Returns:
        Columns source, measure, consequence (which of them), rho (NaN where all genes tie) and
        first: the chance that a gene with the highest measure is one whose knock-out does most.
    """
    done = hubs["measure"].isin(MEASURES.values())
    found = []
    for name, truth in hubs[done].groupby("measure", sort=False):
        truth = truth.set_index("gene")["value"]
        most = rank(truth) == 1
        for (source, measure), values in hubs[~done].groupby(["source", "measure"], sort=False):
            values = values.set_index("gene")["value"].reindex(truth.index)
            top = rank(values) == 1
            varies = min(values.nunique(), truth.nunique()) > 1
            found.append(
                {
                    "source": source,
                    "measure": measure,
                    "consequence": name,
                    "rho": values.corr(truth, method="spearman") if varies else None,
                    "first": (top & most).sum() / top.sum(),
                }
            )
    return pd.DataFrame(found, columns=[*KEYS, "rho", "first"]).astype({"rho": float})


def summary(networks: pd.DataFrame) -> pd.DataFrame:
    """Return means over networks.

    Args:
        networks: rows of `agreements` of several networks, with the columns kind and network.

    Returns:
        Columns kind, source, measure, consequence, rho, low and high (95 % interval of its mean
        over networks), first, networks (those with a value); the highest rho of a kind and
        consequence first.
    """
    rows = []
    for names, group in networks.groupby(["kind", *KEYS], sort=False):
        known = group.dropna(subset="rho")
        low, high = mean_interval(known["rho"].to_numpy()[None, :])
        rows.append(
            {
                **dict(zip(["kind", *KEYS], names, strict=True)),
                "rho": known["rho"].mean(),
                # Skewness moves the ends of few networks; a mean of correlations is within 1.
                "low": max(float(low), -1.0),
                "high": min(float(high), 1.0),
                "first": known["first"].mean(),
                "networks": len(known),
            }
        )
    order = ["kind", "consequence", "rho", "source", "measure"]
    ascending = [True, True, False, True, True]
    return pd.DataFrame(rows).sort_values(order, ascending=ascending, ignore_index=True)
