import numpy as np
import pandas as pd
import pytest

from grn_gat.algorithms._registry import method_names
from grn_gat.inference.cost import expected_cost, read_costs

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


def test_every_method_was_measured_and_its_measurements_come_back(repository):
    costs = read_costs(repository / "workflow/resources/costs.tsv")
    assert sorted(costs) == method_names()
    for method, rows in costs.items():
        largest = rows.loc[rows["cpu_seconds"].idxmax()]
        cost = expected_cost(rows, int(largest["genes"]), int(largest["cells"]), 1)
        assert 0.4 < cost.cpu_seconds / max(largest["cpu_seconds"], 0.01) < 2.5, method
        assert 0.5 < cost.memory_mb / largest["peak_memory_mb"] < 2, method
