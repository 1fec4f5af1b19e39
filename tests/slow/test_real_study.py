"""Part of the study of real cells: mDC of config/real.yaml, five methods, held-out regulators.

The values were measured before, by other code (average precision over the share of edges; the
relabelling z of STRING): what is scored must be the same pairs, beside the same null.
"""

import pandas as pd
import pytest
import yaml

from real_data import lay_out
from workflows import REPOSITORY, in_one_process

METHODS = ["pidc", "clr", "pearson", "spearman", "gat-zeroshot"]
RATIOS = {
    "STRING": [1.57, 1.35, 1.09, 1.20, 1.13],
    "NonSpecific": [1.62, 1.34, 0.97, 1.05, 1.18],
    "ChIP": [1.02, 1.04, 1.08, 1.06, 0.93],
}
Z = {"pidc": 16.5, "spearman": 6.7}


@pytest.fixture(scope="module")
def finished(tmp_path_factory, shared):
    """The tables of the study."""
    study = in_one_process(tmp_path_factory.mktemp("real"))
    lay_out(shared, study.folder)
    config = yaml.safe_load((REPOSITORY / "config/real.yaml").read_text())
    config["networks"] = {"mDC": config["networks"]["mDC"]}
    config["preparation"] = {
        folder: made for folder, made in config["preparation"].items() if "mDC" in folder
    }
    config |= {"methods": METHODS, "protocols": ["regulator"], "seeds": [1]}
    study.succeed(*study.configure(config))
    return study.folder / "results/tables"


def read(path, *names) -> pd.DataFrame:
    return pd.read_csv(path.joinpath(*names), sep="\t")


@pytest.fixture(scope="module")
def summary(finished) -> pd.DataFrame:
    """Means by network, protocol, method and metric."""
    keys = ["network", "protocol", "method", "metric"]
    return read(finished, "summary.tsv").set_index(keys)["mean"]


@pytest.mark.parametrize("reference", RATIOS)
def test_average_precision_is_what_was_measured_before(summary, reference):
    values = summary[f"mDC.{reference}", "unsupervised"].unstack()
    found = values.loc[METHODS, "average_precision_ratio"].to_list()
    assert found == pytest.approx(RATIOS[reference], abs=0.02)


def test_relabelling_z_is_what_was_measured_before(summary):
    z = summary["mDC.STRING", "unsupervised"].unstack()["relabelling_z"]
    for method, value in Z.items():
        assert z[method] == pytest.approx(value, rel=0.2)
    assert -2 < z["gat-zeroshot"] < 0
    assert abs(z["random"]) < 2
    # Of a handful of regulators nothing is above chance.
    of_chip = summary["mDC.ChIP", "unsupervised"].unstack()["relabelling_z"]
    assert of_chip[METHODS].max() < 3


def test_held_out_regulators_beside_their_controls(summary):
    ratio = summary["mDC.STRING", "regulator"].unstack()["average_precision_ratio"]
    assert {"gat", "gat-shuffled", "degree-sum", "naive-bayes"} <= set(ratio.index)
    assert "in-degree-of-NonSpecific" in ratio.index
    assert ratio["degree-product"] == pytest.approx(1)  # no edge of a held-out regulator is known
    assert ratio["degree-sum"] > 1.5 and ratio["random"] == pytest.approx(1, abs=0.05)


def test_the_page_says_what_came_out(finished):
    page = (finished / "overview.html").read_text()
    assert page.count('class="first"') == 3
    assert "Nothing is above chance: of 5 methods none has a relabelling z" in page
    assert "Nothing is above degrees" in page
    leaders = read(finished, "leaders.tsv")
    assert set(leaders["over"]) == {"regulators"}
