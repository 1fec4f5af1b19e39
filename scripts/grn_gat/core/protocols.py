"""The protocols: what is held out together, in the order of tables and figures."""

PAPER = "paper"  # the objective and the pairs of arXiv 2409.13664: no label is used
PROTOCOLS = (PAPER, "pooled", "pair", "regulator", "gene")
REGULATOR = "regulator"  # all pairs of a candidate regulator: a new transcription factor
COPY_PROTOCOLS = (PAPER, "pooled")  # replicate copies of a pair are separate items
UNSUPERVISED = "unsupervised"  # methods on all pairs: no label used, no pair held out


def stream_name(protocol: str) -> str:
    """Return the name of a protocol in random streams (`seeds.generator`).

    The paper's protocol keeps the one it had first: another name draws other numbers.
    """
    return "published" if protocol == PAPER else protocol
