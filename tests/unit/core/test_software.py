"""Versions of the software that a study was made with."""

import numpy as np

from grn_gat.core.software import software_versions
from grn_gat.core.version import VERSION


def test_versions_of_what_is_installed():
    versions = software_versions()
    assert versions["grn-gat"] == VERSION and versions["numpy"] == np.__version__
    assert all(versions.values())
