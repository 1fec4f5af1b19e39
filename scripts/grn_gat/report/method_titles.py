"""Names of methods for readers: GATv2, its controls, and the methods by their own titles."""

from grn_gat.methods._registry import load_method, method_names

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
    "random": "random score",
    "constant": "constant score",
    # In BEELINE's published values only.
    "grisli": "GRISLI",
    "grnvbem": "GRNVBEM",
    "scribe": "Scribe",
    "singe": "SINGE",
}


def method_title(method: str) -> str:
    """Title of a method; an unknown name as it is."""
    if method in TITLES:
        return TITLES[method]
    return load_method(method).title if method in method_names() else method
