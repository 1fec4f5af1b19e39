"""Words of results that had another name up to commit aa326a4, and old results in today's words.

A number is never changed, no row moved: what a mapped file and today's differ in is a difference of
the results.
"""

# Keys of configs; the config check says the new name of an old one.
KEYS = {"peers": "method_settings", "model.dropout": "model.neuron_dropout"}
PROTOCOLS = {"published": "paper"}
TABLES = {"published.tsv": "beeline.tsv"}
COLUMNS = {
    "published_median": "beeline_median",
    "published_low": "beeline_low",
    "published_high": "beeline_high",
}
# Values of columns.
VALUES = {
    "protocol": PROTOCOLS,
    "kind": {"peer": "method"},
    "source": {
        f"{what}-{old}": f"{what}-{new}"
        for what in ("predicted", "attention", "untrained")
        for old, new in PROTOCOLS.items()
    },
}


def new_path(path: str) -> str:
    """Path below results/ that a file has today: folders of a protocol, names of tables."""
    *folders, name = path.split("/")
    folders = [PROTOCOLS.get(folder, folder) for folder in folders]
    return "/".join([*folders, TABLES.get(name, name)])


def new_table(content: bytes) -> bytes:
    """Table, tab-separated with one line of column names, in today's words."""
    lines = content.split(b"\n")
    old = lines[0].decode().split("\t")
    places = [(k, VALUES[name]) for k, name in enumerate(old) if name in VALUES]
    lines[0] = "\t".join(COLUMNS.get(name, name) for name in old).encode()
    for number, line in enumerate(lines[1:], start=1):
        if places and line:
            cells = line.decode().split("\t")
            for k, words in places:
                cells[k] = words.get(cells[k], cells[k])
            lines[number] = "\t".join(cells).encode()
    return b"\n".join(lines)
