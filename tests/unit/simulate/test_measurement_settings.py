"""Settings of a measurement: from a study's config, drawn for training, and what is refused."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import yaml

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import (
    NORMALISATIONS,
    PLATFORMS,
    Measurement,
    draw_settings,
    dropout_setting,
    settings_of,
)


@pytest.fixture(scope="module")
def ranges(repository) -> dict:
    text = (repository / "config/measurement.yaml").read_text()
    return yaml.safe_load(text)["pretraining"]["measurement"]


def test_settings_of_a_config():
    assert settings_of({}) == Measurement()
    given = {"platform": "10x", "normalise": "log1p_cp10k", "hidden": 0.9, "percentile": "none"}
    expected = replace(PLATFORMS["10x"], total=1e4, log=True, hidden=0.9, percentile=None)
    assert settings_of(given) == expected


def test_platforms_are_those_of_sergio():
    """Outliers, library and dropout of AVICI's noise_config.yaml, by its names."""
    published = {
        "10x-chromium": [(3, 6.0, 0.3, 8, 74), (3, 6.0, 0.4, 8, 82), (5, 4.5, 0.7, 8, 45)],
        "illumina": [(0.8, 7.0, 0.4, 8, 80)],
        "drop-seq": [(3, 4.4, 0.8, 8, 85)],
        "smart-seq": [(4.5, 10.8, 0.55, 2, 92)],
    }
    ours = {
        (p.outlier_mean, p.library_mean, p.library_sd, p.shape, p.percentile)
        for p in PLATFORMS.values()
        if p.values == "counts"
    }
    assert ours == {values for rows in published.values() for values in rows}
    sequenced = [p for p in PLATFORMS.values() if p.values == "counts"]
    assert all((p.outlier_share, p.outlier_sd) == (0.01, 1) for p in sequenced)


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ({"platform": "11x"}, "measurement.platform: 11x is none of 10x, "),
        ({"normalise": "tpm"}, "measurement.normalise: tpm is none of raw, "),
        ({"depth": 3}, "unknown key depth; known: platform, normalise, gene_sd"),
        ({"hidden": 1.0}, "measurement.hidden: 1.0 is out of range; expected less than 1"),
        ({"capture": 1.5}, "measurement.capture: 1.5 is out of range; expected 0 to 1"),
        ({"gap": -1}, "measurement.gap: -1 is out of range; expected at least 0"),
        ({"percentile": 101}, "measurement.percentile: 101 is out of range; expected 0 to 100"),
        ({"batches": 0}, "measurement.batches: 0 is out of range; expected at least 1"),
        ({"limit": 0}, "measurement.limit: 0 is out of range; expected more than 0"),
        ({"values": "reads"}, "measurement.values: reads is out of range; expected one of rates"),
        ({"total": "mean"}, "measurement.total: mean .* a number above 0 or median"),
        ({"total": 0}, "measurement.total: 0 .* a number above 0 or median"),
        ({"platform": "qpcr", "normalise": "log1p"}, "cycles, .* raw is right for it"),
        ({"gene_sd": float("nan")}, "measurement.gene_sd: nan is out of range"),
    ],
)
def test_what_is_wrong_is_one_sentence(block, sentence):
    with pytest.raises(InputError, match=sentence):
        settings_of(block)


def test_draws_lie_in_their_ranges_and_measure(ranges):
    rates = generator(1).lognormal(0, 1, (30, 200))
    rates[0], rates[:, 0] = 0, 0
    drawn = [draw_settings(ranges, "linear", generator(3, k)) for k in range(300)]
    assert drawn == [draw_settings(ranges, "linear", generator(3, k)) for k in range(300)]
    for k, settings in enumerate(drawn):
        measured = measure(rates, settings, generator(4, k))
        assert np.isfinite(measured.values).all() and (measured.values >= 0).all()
        assert len(measured.values) == len(measured.genes) >= 9
        assert settings.values != "cycles" or (settings.total, settings.log) == (None, False)
        assert settings.dispersion == 0 or 0.02 <= settings.dispersion <= 1
        assert settings.hidden == 0 or 0.3 <= settings.hidden <= 0.99
        assert settings.gap <= 14 and settings.batches <= 4
        assert settings.additive_sd == 0 or settings.values == "rates"
    simulated = [s for s in drawn if s == dropout_setting(s.low_quantile)]
    assert len(simulated) / 300 == pytest.approx(ranges["simulated_share"]["linear"], abs=0.06)
    levels = [s.low_quantile for s in simulated if s.low_quantile]
    assert len(levels) / len(simulated) == pytest.approx(ranges["low_share"], abs=0.2)
    assert min(levels) >= 0.1 and max(levels) <= 0.8
    others = [s for s in drawn if s not in simulated]
    empty = np.mean([s.empty_genes > 0 or s.empty_cells > 0 for s in others])
    assert empty == pytest.approx(ranges["empty_share"], abs=0.08)
    assert len(set(others)) == len(others)


def test_weights_are_chances(ranges):
    always = ranges | {"simulated_share": {"linear": 0}}
    drawn = [draw_settings(always, "linear", generator(5, k)) for k in range(3000)]
    weights = ranges["platforms"]
    cycles = np.mean([s.values == "cycles" for s in drawn])
    assert cycles == pytest.approx(weights["qpcr"] / sum(weights.values()), abs=0.025)
    others = [(s.total, s.log) for s in drawn if s.values != "cycles"]
    names, total = ranges["normalise"], sum(ranges["normalise"].values())
    assert set(names) == set(NORMALISATIONS)
    for name, weight in names.items():
        found = Counter(others)[NORMALISATIONS[name]] / len(others)
        assert found == pytest.approx(weight / total, abs=0.035), name
    counted = [s for s in drawn if s.values == "counts"]
    share = np.mean([s.percentile is not None for s in counted])
    assert share == pytest.approx(ranges["dropout_share"], abs=0.05)


def test_the_ranges_are_what_the_schema_describes(repository):
    from grn_gat.study.config import check_pretraining
    from grn_gat.study.place import schema

    both = {}
    for name in ("pretraining", "measurement"):
        text = (repository / f"config/{name}.yaml").read_text()
        both |= yaml.safe_load(text)["pretraining"]
    assert check_pretraining(both, schema("pretraining"))["measurement"] == both["measurement"]
    wrong = {**both, "measurement": {**both["measurement"], "normalise": {"tpm": 1}}}
    with pytest.raises(InputError, match=r"pretraining\.measurement\.normalise"):
        check_pretraining(wrong, schema("pretraining"))
