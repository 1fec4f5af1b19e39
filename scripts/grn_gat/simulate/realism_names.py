"""Names of the kinds of data sets, and of the clouds, that real files are held against.

Apart from what draws them, because the workflow is read without numpy.
"""

BEFORE, AFTER, OTHER, REAL = "before", "after", "other", "real"
TRAINED_KINDS = ("boolean", "linear", "transcriptional")
OTHER_KINDS = ("bursty", "sergio")  # nothing is trained on them
KINDS = (*TRAINED_KINDS, *OTHER_KINDS)
CLOUDS = (BEFORE, AFTER)
