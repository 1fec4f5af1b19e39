import numpy as np
import pandas as pd
import pytest

from grn_gat.algorithms._registry import usual_methods
from grn_gat.inference.cost import expected_cost, expected_memory, most_genes, read_costs

SIZES = [(50, 100), (50, 500), (100, 500), (200, 500), (100, 2000), (400, 500)]


def test_cost_grows_as_it_was_measured():
    genes, cells = np.array(SIZES).T
    measured = pd.DataFrame(
        {
            "genes": genes,
            "cells": cells,
            "cpu_seconds": 1e-5 * genes**2 * cells**0.5,
            "peak_memory_mb": 100 + 1e-3 * genes**2 + 1e-4 * genes * cells,
        }
    )
    cost = expected_cost(measured, 1000, 4000, 10)
    assert cost.cpu_seconds == pytest.approx(1e-5 * 1000**2 * 4000**0.5, rel=0.01)
    assert cost.memory_mb == pytest.approx(100 + 1000 + 400, rel=0.01)
    assert cost.disk_mb == pytest.approx(10 * 999 * 30 / 1e6)


def test_what_more_cells_save_in_a_measurement_is_chance():
    rows = [(50, 100, 0.5, 80), (50, 2000, 0.1, 80), (100, 500, 1.0, 80)]
    columns = ["genes", "cells", "cpu_seconds", "peak_memory_mb"]
    measured = pd.DataFrame(rows, columns=columns)
    small, large = (expected_cost(measured, 100, n, 1).cpu_seconds for n in (100, 10**6))
    assert small == pytest.approx(large)


def test_the_genes_that_fit_take_the_memory_that_there_is(repository):
    costs = read_costs(repository / "workflow/resources/costs.tsv")
    for method, rows in costs.items():
        for cells, memory in ((100, 2000), (5000, 16_000)):
            genes = most_genes(rows, cells, memory)
            assert expected_memory(rows, genes, cells) <= memory, method
            if genes < 10**6:  # some methods take next to nothing per gene
                assert expected_memory(rows, genes + 1, cells) > memory * 0.999, method
        assert most_genes(rows, 100, 10) == 0  # less than the libraries take


def test_memory_by_hand():
    """100 MB, 1 kB per squared gene and 0.1 kB per value: 400 genes x 1000 cells are 300 MB."""
    genes, cells = np.array(SIZES).T
    memory = 100 + 1e-3 * genes**2 + 1e-4 * genes * cells
    measured = pd.DataFrame({"genes": genes, "cells": cells, "peak_memory_mb": memory})
    assert expected_memory(measured, 400, 1000) == pytest.approx(300)
    assert most_genes(measured, 1000, 300.5) == 400 and most_genes(measured, 1000, 299.5) == 399
    alone = measured.assign(peak_memory_mb=100.0)
    assert most_genes(alone, 1000, 101) > 10**9 and most_genes(alone, 1000, 99) == 0


def test_every_method_without_evidence_was_measured_and_its_measurements_come_back(repository):
    costs = read_costs(repository / "workflow/resources/costs.tsv")
    assert sorted(costs) == usual_methods()
    for method, rows in costs.items():
        largest = rows.loc[rows["cpu_seconds"].idxmax()]
        cost = expected_cost(rows, int(largest["genes"]), int(largest["cells"]), 1)
        assert 0.4 < cost.cpu_seconds / max(largest["cpu_seconds"], 0.01) < 2.5, method
        assert 0.5 < cost.memory_mb / largest["peak_memory_mb"] < 2, method
