"""How cells are measured, as numbers: one frozen set of settings, platforms, and random draws.

`measurement.measure` does what is set here. Platforms are those of SERGIO's supplement, as AVICI
trains with them; what is no sequencing (qPCR) is described below.

| platform   | outlier genes (share, log factor) | log library  | dropout: percentile, shape |
|------------|-----------------------------------|--------------|----------------------------|
| 10x        | .01, 3 +- 1                       | 6.0 +- .3    | 74, 8                      |
| 10x-sparse | .01, 3 +- 1                       | 6.0 +- .4    | 82, 8                      |
| 10x-shallow| .01, 5 +- 1                       | 4.5 +- .7    | 45, 8                      |
| drop-seq   | .01, 3 +- 1                       | 4.4 +- .8    | 85, 8                      |
| smart-seq  | .01, 4.5 +- 1                     | 10.8 +- .55  | 92, 2                      |
| illumina   | .01, .8 +- 1                      | 7.0 +- .4    | 80, 8                      |

Sources: Dibaeinia and Sinha, Cell Systems 2020 (supplement); Lorch et al., NeurIPS 2022,
`avici/synthetic/sergio/noise_config.yaml`. The library is that of 100 genes, as many as their
networks have; more genes have more counts in proportion, so that a gene's do not depend on them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from grn_gat.core.errors import InputError

if TYPE_CHECKING:  # the config of a study is checked with this, without numpy
    from numpy.random import Generator

RATES, COUNTS, CYCLES = "rates", "counts", "cycles"
MEDIAN = "median"
ALL, SEEN = "all", "seen"
PER_GENE = ("none", "sd", "z")
# What is made of counts, by name: the total of each cell, and whether log(1 + x) is taken of it.
NORMALISATIONS: Mapping[str, tuple[float | str | None, bool]] = {
    "raw": (None, False),
    "log1p": (None, True),
    "share": (1.0, False),
    "cp10k": (1e4, False),
    "cpm": (1e6, False),
    "median": (MEDIAN, False),
    "log1p_cp10k": (1e4, True),
    "log1p_cpm": (1e6, True),
    "log1p_median": (MEDIAN, True),
}
# Settings that are shares or chances.
_SHARES = (
    "outlier_share", "hidden", "capture", "empty_genes", "empty_cells", "low_quantile",
    "low_chance", "seen",
)  # fmt: skip
_NOT_NEGATIVE = (
    "gene_sd", "outlier_sd", "batch_sd", "batch_depth_sd", "library_sd", "shape", "dispersion",
    "dispersion_extra", "dispersion_sd", "additive_sd", "cycle_sd", "gap",
)  # fmt: skip


@dataclass(frozen=True)
class Measurement:
    """How cells are measured. The defaults do nothing: what is measured are the rates.

    Attributes:
        gene_sd: standard deviation of the logarithm of a gene's own factor (its abundance, and how
            well it is captured).
        outlier_share: chance of a gene to be an outlier: its rate is multiplied by a log-normal
            factor of `outlier_mean` and `outlier_sd` (natural logarithm).
        batches: number of batches; a cell is in each with the same chance.
        batch_sd: standard deviation of the logarithm of a gene's factor in a batch.
        batch_depth_sd: the same of the depth of a batch.
        library_mean: mean of the logarithm of what is counted in a cell, per 100 genes; None leaves
            rates in their unit.
        library_sd: its standard deviation between cells.
        fixed_totals: whether the library takes the place of the cell's own total (SERGIO, Splat);
            without it a cell with more mRNA than the mean has more counts in proportion.
        hidden: share of the mRNA that is of genes which were not simulated: nearly all of a
            transcriptome, where a network is a part of it.
        capture: share of the library that is seen.
        empty_genes, empty_cells: chance of a gene, or a cell, to be 0 throughout.
        percentile, shape: logistic dropout: a rate x is kept with chance
            1 / (1 + exp(-shape (log(1 + x) - m))), m the percentile of log(1 + x) over all values;
            None has no dropout.
        dispersion, dispersion_extra, dispersion_sd: a gene of mean count m has the dispersion
            (dispersion + dispersion_extra / m) exp(e), e normal with this standard deviation.
        additive_sd: standard deviation of normal noise that is added to rates, over the mean of all
            of them; what falls below 0 becomes 0 (of fluorescence; counts have none).
        values: what is written down: rates, counts, or cycles (of qPCR).
        limit: molecules at the limit of detection of qPCR.
        cycle_sd: standard deviation of the noise of a cycle number.
        gap: cycles by which a non-detect, coded 0, lies below the limit of detection.
        low_quantile, low_chance: BEELINE's dropout: values below the gene's quantile become 0 with
            this chance.
        seen: share of the genes that are in the file; the others are left out of it.
        library_of: whether cells are divided by the total of all genes, hidden ones too, or of
            those that are seen.
        total: what a cell is scaled to, `median` (of the totals of all cells), or None.
        log: whether log(1 + x) is taken.
        per_gene: `sd`: each gene is divided by its standard deviation; `z`: z-scores, shifted to a
            minimum of 0, because expression files hold no negative values.

    Raises InputError where a value is out of its range, or cycles are to be divided by totals.
    """

    gene_sd: float = 0.0
    outlier_share: float = 0.0
    outlier_mean: float = 0.0
    outlier_sd: float = 0.0
    batches: int = 1
    batch_sd: float = 0.0
    batch_depth_sd: float = 0.0
    library_mean: float | None = None
    library_sd: float = 0.0
    fixed_totals: bool = False
    hidden: float = 0.0
    capture: float = 1.0
    empty_genes: float = 0.0
    empty_cells: float = 0.0
    percentile: float | None = None
    shape: float = 8.0
    dispersion: float = 0.0
    dispersion_extra: float = 0.0
    dispersion_sd: float = 0.0
    additive_sd: float = 0.0
    values: str = RATES
    limit: float = 1.0
    cycle_sd: float = 0.0
    gap: float = 0.0
    low_quantile: float = 0.0
    low_chance: float = 0.0
    seen: float = 1.0
    library_of: str = ALL
    total: float | str | None = None
    log: bool = False
    per_gene: str = "none"

    def __post_init__(self) -> None:
        for name in _SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise _wrong(name, getattr(self, name), "0 to 1")
        for name in _NOT_NEGATIVE:
            if not getattr(self, name) >= 0:
                raise _wrong(name, getattr(self, name), "at least 0")
        if self.hidden == 1:
            raise _wrong("hidden", self.hidden, "less than 1")
        if self.batches < 1:
            raise _wrong("batches", self.batches, "at least 1")
        if self.limit <= 0:
            raise _wrong("limit", self.limit, "more than 0")
        if self.percentile is not None and not 0 <= self.percentile <= 100:
            raise _wrong("percentile", self.percentile, "0 to 100")
        for name, known in (
            ("values", (RATES, COUNTS, CYCLES)),
            ("library_of", (ALL, SEEN)),
            ("per_gene", PER_GENE),
        ):
            if getattr(self, name) not in known:
                raise _wrong(name, getattr(self, name), f"one of {', '.join(known)}")
        if isinstance(self.total, str):
            if self.total != MEDIAN:
                raise _wrong("total", self.total, f"a number above 0 or {MEDIAN}")
        elif self.total is not None and not self.total > 0:
            raise _wrong("total", self.total, f"a number above 0 or {MEDIAN}")
        if self.values == CYCLES and (self.total is not None or self.log):
            raise InputError(
                "measurement.normalise: qPCR gives cycles, which are logarithms already: raw is "
                "right for it"
            )


def _wrong(name: str, value: object, right: str) -> InputError:
    return InputError(f"measurement.{name}: {value} is out of range; expected {right}")


def dropout_setting(level: float) -> Measurement:
    """Return the setting that is BEELINE's dropout at a level in [0, 1], and nothing else."""
    return Measurement(low_quantile=level, low_chance=level)


def _sequenced(
    outlier_mean: float, library: tuple[float, float], percentile: float, shape: float = 8.0
) -> Measurement:
    return Measurement(
        outlier_share=0.01,
        outlier_mean=outlier_mean,
        outlier_sd=1.0,
        library_mean=library[0],
        library_sd=library[1],
        percentile=percentile,
        shape=shape,
        values=COUNTS,
    )


PLATFORMS: Mapping[str, Measurement] = {
    "10x": _sequenced(3.0, (6.0, 0.3), 74),
    "10x-sparse": _sequenced(3.0, (6.0, 0.4), 82),
    "10x-shallow": _sequenced(5.0, (4.5, 0.7), 45),
    "drop-seq": _sequenced(3.0, (4.4, 0.8), 85),
    "smart-seq": _sequenced(4.5, (10.8, 0.55), 92, shape=2.0),
    "illumina": _sequenced(0.8, (7.0, 0.4), 80),
    # Copies of cDNA, known to a quarter of a cycle; one copy is seen. Non-detects are coded at the
    # limit (Livak et al., Methods 2013: log2Ex = LOD - Ct, 0 where that is negative); others put
    # them some cycles below it (`gap`). The depth is ours: 7 copies of a gene on average.
    "qpcr": Measurement(library_mean=6.5, library_sd=0.3, values=CYCLES, limit=1.0, cycle_sd=0.25),
    # Bulk-like or denoised values: no counting, a depth of each cell's own.
    "continuous": Measurement(library_sd=0.3),
}


def settings_of(block: Mapping[str, Any]) -> Measurement:
    """Return the settings that a block `measurement` of a study's config describes.

    Args:
        block: `platform`, `normalise` (a name of `NORMALISATIONS`), and any other field of
            `Measurement` that is to differ from the platform's.

    Raises:
        InputError: there is no such platform, normalisation or key, or a value is out of range.
    """
    given = dict(block)
    start = Measurement()
    for key, known in (("platform", PLATFORMS), ("normalise", NORMALISATIONS)):
        if key in given and given[key] not in known:
            raise InputError(f"measurement.{key}: {given[key]} is none of {', '.join(known)}")
    if "platform" in given:
        start = PLATFORMS[given.pop("platform")]
    if given.get("percentile") == "none":
        given["percentile"] = None
    if "normalise" in given:
        given["total"], given["log"] = NORMALISATIONS[given.pop("normalise")]
    names = [field.name for field in fields(Measurement)]
    for key in given:
        if key not in names:
            raise InputError(
                f"measurement: unknown key {key}; known: platform, normalise, {', '.join(names)}"
            )
    return replace(start, **given)


def draw_settings(ranges: Mapping[str, Any], kind: str, rng: "Generator") -> Measurement:
    """Draw how a training data set is measured.

    Args:
        ranges: block `measurement` of the pretraining config.
        kind: of the networks, one of its `simulated_share`.
        rng: source of every draw.

    What a data set has only by chance (`..._share`) is off otherwise. Cycles are neither divided
    nor logarithms of; dispersion, hidden genes and logistic dropout are of counts.
    """
    if rng.random() < ranges["simulated_share"][kind]:
        if rng.random() >= ranges["low_share"]:
            return Measurement()
        return dropout_setting(rng.uniform(*ranges["low"]))
    platform = PLATFORMS[_weighted(rng, ranges["platforms"])]
    drawn: dict[str, Any] = {
        "gene_sd": rng.uniform(*ranges["gene_sd"]),
        "outlier_share": rng.uniform(*ranges["outlier_share"]),
        "per_gene": _weighted(rng, ranges["per_gene"]),
    }
    if rng.random() < ranges["empty_share"]:
        drawn["empty_genes"] = rng.uniform(*ranges["empty_genes"])
        drawn["empty_cells"] = rng.uniform(*ranges["empty_cells"])
    if rng.random() < ranges["batches_share"]:
        low, high = ranges["batches"]
        drawn["batches"] = int(rng.integers(low, high + 1))
        drawn["batch_sd"] = rng.uniform(*ranges["batch_sd"])
        drawn["batch_depth_sd"] = rng.uniform(*ranges["batch_depth_sd"])
    drawn["library_sd"] = platform.library_sd * rng.uniform(*ranges["library_sd_factor"])
    if rng.random() < ranges["seen_share"]:
        drawn["seen"] = rng.uniform(*ranges["seen"])
    if platform.library_mean is not None:
        drawn["library_mean"] = platform.library_mean + rng.uniform(*ranges["library_shift"])
        drawn["fixed_totals"] = bool(rng.random() < ranges["fixed_totals_share"])
    if platform.values == CYCLES:
        drawn["cycle_sd"] = rng.uniform(*ranges["cycle_sd"])
        drawn["gap"] = rng.uniform(*ranges["gap"])
        return replace(platform, **drawn)
    if platform.values == COUNTS:
        if rng.random() >= ranges["dropout_share"]:
            drawn["percentile"] = None
        if rng.random() < ranges["dispersion_share"]:
            low, high = map(math.log, ranges["dispersion"])
            drawn["dispersion"] = math.exp(rng.uniform(low, high))
            drawn["dispersion_extra"] = rng.uniform(*ranges["dispersion_extra"])
            drawn["dispersion_sd"] = rng.uniform(*ranges["dispersion_sd"])
    else:
        drawn["additive_sd"] = rng.uniform(*ranges["additive_sd"])
    if rng.random() < ranges["hidden_share"]:
        drawn["hidden"] = rng.uniform(*ranges["hidden"])
    if rng.random() < ranges["library_of_seen_share"]:
        drawn["library_of"] = SEEN
    drawn["total"], drawn["log"] = NORMALISATIONS[_weighted(rng, ranges["normalise"])]
    return replace(platform, **drawn)


def _weighted(rng: "Generator", weights: Mapping[str, float]) -> str:
    """Draw a name, with a chance in proportion to its weight."""
    total = sum(weights.values())
    return str(rng.choice(list(weights), p=[weight / total for weight in weights.values()]))
