"""What of a study is written for other benchmarks: predictions, and references to judge them by."""

from itertools import product

from grn_gat.study import paths
from grn_gat.study.exported import Exported
from grn_gat.study.study import Study


def predictions(study: Study) -> list[Exported]:
    """Return what methods predict: on the data sets of the study, and on those of target infer."""
    found = [
        Exported(name, *axes)
        for name in study.data_sets
        for axes in product(study.scored_methods, study.replicates(name), study.dropouts)
    ]
    inferred = product(study.inferred, study.methods)
    return found + [Exported(name, method, 1, "000") for name, method in inferred]


def scored_with(study: Study) -> dict[str, str]:
    """Return the reference network of each network of the study, and of what cells they are."""
    return {name: study.data_set(name) for name in study.networks}


def references(study: Study) -> list[str]:
    """Return the reference network of each of `scored_with`, in the same order."""
    return study.over_networks(paths.single(paths.EDGES))
