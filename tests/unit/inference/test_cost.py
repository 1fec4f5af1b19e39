import numpy as np
import pandas as pd
import pytest

from grn_gat.algorithms._registry import usual_methods
from grn_gat.data.cell_preparation import (
    MOST_CELLS,
    MOST_GENES,
    MOST_GENES_OF_ALL,
    MOST_REGULATORS,
)
from grn_gat.inference.cost import (
    ANY_DATA,
    expected_cost,
    expected_memory,
    measured_as,
    most_genes,
    read_costs,
)

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
    assert cost.disk_mb == pytest.approx(10 * 999 * 8 / 1e6)


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
    assert sorted(costs) == sorted([*usual_methods(), ANY_DATA, "regdiffusion"])
    for method, rows in costs.items():
        largest = rows.loc[rows["cpu_seconds"].idxmax()]
        cost = expected_cost(rows, *(int(largest[n]) for n in ("genes", "cells", "regulators")))
        assert 0.4 < cost.cpu_seconds / max(largest["cpu_seconds"], 0.01) < 2.5, method
        assert 0.5 < cost.memory_mb / largest["peak_memory_mb"] < 2, method


def test_cost_of_pairs_grows_with_regulators():
    """1 s, 0.1 ms a pair and 1 us a value; 100 MB, 1 kB a pair and 0.1 kB a value."""
    rows = [(500, 500, 50), (200, 1000, 200), (1000, 1000, 100), (1000, 4000, 100)]
    genes, cells, regulators = np.array(rows).T
    measured = pd.DataFrame({"genes": genes, "cells": cells, "regulators": regulators})
    measured["cpu_seconds"] = 1 + 1e-4 * genes * regulators + 1e-6 * genes * cells
    measured["peak_memory_mb"] = 100 + 1e-3 * genes * regulators + 1e-4 * genes * cells
    cost = expected_cost(measured, 3000, 5000, 500)
    assert cost.cpu_seconds == pytest.approx(1 + 150 + 15, rel=1e-6)
    assert cost.memory_mb == pytest.approx(100 + 1500 + 1500, rel=1e-6)


def test_weights_of_any_data_have_a_cost_of_their_own(repository):
    folder = repository / "workflow/resources/zeroshot"
    for file, name in (("levels", "gat-zeroshot"), ("any_data", ANY_DATA)):
        assert measured_as("gat-zeroshot", {"weights": str(folder / f"{file}.safetensors")}) == name
    assert measured_as("genie3", {"trees": 3}) == "genie3"


def test_the_budget_of_an_atlas_is_fifteen_minutes_on_two_cores_and_eight_gigabytes(repository):
    """With ten runs on subsamples of the cells, and as much again for all else."""
    rows = read_costs(repository / "workflow/resources/costs.tsv")[ANY_DATA]
    for genes, regulators in (
        (MOST_GENES, MOST_REGULATORS),
        (MOST_GENES_OF_ALL, MOST_GENES_OF_ALL),
    ):
        cost = expected_cost(rows, genes, MOST_CELLS, regulators)
        assert 11 * cost.cpu_seconds / 2 < 15 * 60
        assert 2 * cost.memory_mb < 8000  # two runs beside each other
