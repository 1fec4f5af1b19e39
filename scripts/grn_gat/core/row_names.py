"""Names of rows of the tables that are no inference method: models on labels, and controls.

What else stands in a table is a method: of the package, of a user, or predictions of a user. So a
name that is one of these is refused for those.
"""

GAT = "gat"
FINE_TUNED = "gat-finetuned"
MODEL_CONTROLS = ("gat-shuffled", "gat-noise", "gat-one-hot")
CONTROLS = (
    "naive-bayes",
    "degree-product",
    "degree-sum",
    "reverse-edge",
    "pair-lookup",
    "constant-logit",
    "random",
    "constant",
)
ORACLE = "out-degree-oracle"
# Degrees in another reference network, whose name follows.
PRODUCT, IN_DEGREE = "degree-product-of-", "in-degree-of-"


def is_taken(name: str) -> bool:
    """Whether a name is that of a row that is no method."""
    taken = (GAT, FINE_TUNED, *MODEL_CONTROLS, *CONTROLS, ORACLE)
    return name in taken or name.startswith((PRODUCT, IN_DEGREE))
