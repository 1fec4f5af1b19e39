"""Names of methods for readers: GATv2, its controls, and the methods by their own titles."""

import pandas as pd

from grn_gat.algorithms._registry import ANY, Method, load_method, method_names, stated
from grn_gat.core.row_names import IN_DEGREE, PRODUCT
from grn_gat.data.evidence_names import WORDS

# In the order of tables and legends; methods come between the GATv2 and these.
TITLES = {
    "gat": "GATv2",
    "gat-finetuned": "GATv2 zero-shot, fine-tuned",
    "gat-shuffled": "GATv2, expression shuffled",
    "gat-noise": "GATv2, noise as expression",
    "gat-one-hot": "GATv2, one-hot genes",
    "naive-bayes": "naive Bayes on labels",
    "degree-product": "degree product",
    "degree-sum": "degree sum",
    "reverse-edge": "reverse edge known",
    "pair-lookup": "pair lookup",
    "constant-logit": "constant logit 4.6",
    "out-degree-oracle": "out-degree in the reference itself (oracle)",
    "random": "random score",
    "constant": "constant score",
    # In BEELINE's published values only.
    "grisli": "GRISLI",
    "grnvbem": "GRNVBEM",
    "scribe": "Scribe",
    "singe": "SINGE",
}
# In another reference network, whose name follows.
_OF_ANOTHER = {PRODUCT: "degree product", IN_DEGREE: "in-degree"}


def method_title(method: str) -> str:
    """Title of a method; an unknown name as it is."""
    if method in TITLES:
        return TITLES[method]
    for prefix, title in _OF_ANOTHER.items():
        if method.startswith(prefix):
            return f"{title} of {method.removeprefix(prefix)}"
    # As the file states it: one of a user may need packages that are not where pages are made.
    return str(stated(method).get("title", method)) if method in method_names() else method


def needs(method: Method) -> str:
    """What a method needs beside expression; empty where it needs nothing."""
    if method.needs_evidence:
        return "any evidence" if method.needs_evidence == ANY else WORDS[method.needs_evidence]
    return "pseudotime" if method.needs_pseudotime else ""


def methods_table() -> pd.DataFrame:
    """Return the methods, one row each.

    Columns name, title, needs (expression, pseudotime or evidence), signed, directed (yes or no)
    and source.
    """
    found = {name: load_method(name) for name in method_names()}
    rows = [
        {
            "name": name,
            "title": record.title,
            "needs": needs(record) or "expression",
            "signed": "yes" if record.signed else "no",
            "directed": "yes" if record.directed else "no",
            "source": record.citation,
        }
        for name, record in found.items()
    ]
    return pd.DataFrame(rows)
