"""Scores of all pairs in one file: what comes back is what ranked edges would give."""

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from grn_gat.core.errors import InputError
from grn_gat.data.ranked_edges import COLUMNS, read_ranked_edges, write_ranked_edges
from grn_gat.data.score_file import read_scores, write_scores


def pairs(weights) -> pd.DataFrame:
    genes = ["NA", "b", "a", "SEPT2", "é"]
    names = [(u, v) for u in genes[:3] for v in genes if u != v]
    table = pd.DataFrame(names, columns=["Gene1", "Gene2"], dtype=object)
    return table.assign(EdgeWeight=weights)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_table_as_of_ranked_edges(tmp_path, seed):
    rng = np.random.default_rng(seed)
    weights = np.round(rng.normal(size=12), 1) + rng.choice([0, 1e-12], 12)  # many ties
    ranked = pairs(weights).sample(frac=1, random_state=seed)
    write_ranked_edges(tmp_path / "ranked", *(ranked[column] for column in COLUMNS))
    write_scores(tmp_path / "scores.safetensors", ranked)
    found = read_scores(tmp_path / "scores.safetensors")
    pd.testing.assert_frame_equal(found, read_ranked_edges(tmp_path / "ranked"))
    write_scores(tmp_path / "again.safetensors", pairs(weights))
    assert (tmp_path / "again.safetensors").read_bytes() == (
        tmp_path / "scores.safetensors"
    ).read_bytes()


def test_a_method_that_failed(tmp_path):
    write_scores(tmp_path / "scores.safetensors", pairs(np.ones(12))[:0])
    assert read_scores(tmp_path / "scores.safetensors").empty


@pytest.mark.parametrize("weight", [np.nan, np.inf])
def test_a_score_that_is_no_number_is_refused(tmp_path, weight):
    with pytest.raises(InputError, match="pair NA -> b has weight"):
        write_scores(tmp_path / "scores.safetensors", pairs([weight, *np.ones(11)]))
    assert not list(tmp_path.iterdir())


def test_what_is_no_such_file_is_one_sentence(tmp_path):
    (tmp_path / "scores.safetensors").write_bytes(b"no")
    with pytest.raises(InputError, match="holds no scores of pairs"):
        read_scores(tmp_path / "scores.safetensors")
    save_file({"others": np.ones(3)}, tmp_path / "scores.safetensors")
    with pytest.raises(InputError, match="holds no scores of pairs"):
        read_scores(tmp_path / "scores.safetensors")
