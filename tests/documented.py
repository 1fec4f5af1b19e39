"""Compare the columns of result files with those that docs/stages states."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs/stages"
UNDOCUMENTED = ("logs", "benchmarks")  # docs/stages/README.md says what they are


def _pattern(text: str) -> re.Pattern:
    """Regular expression of a path or column in which <...> stands for anything."""
    parts = re.split(r"<[^>]+>", text)
    return re.compile("[^/]+".join(map(re.escape, parts)))


def tables() -> dict[str, list[str]]:
    """Documented columns of every file, by its path with placeholders."""
    found = {}
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for section in re.finditer(r"^### `(.+?)`\n(.*?)(?=^#|\Z)", text, re.M | re.S):
            rows = re.search(r"^\| column \| unit \|.*\n\|.*\n((?:\|.*\n)*)", section[2], re.M)
            # The rest of a column's cell is free: `called` or (first).
            columns = re.findall(r"^\| `?(.+?)`? \| \S", rows[1] if rows else "", re.M)
            assert section[1] not in found and (columns or "The columns of" in section[2])
            found[section[1]] = columns
    variant = "results/pretraining/ablation/variants/<variant>/seed-<s>.tsv"
    found[variant] = found["results/pretraining/ablation/ablation.tsv"]
    for part in ("networks/<network>", "kinds/<kind>"):
        found[f"results/trust/{part}.tsv"] = found["results/tables/trust.tsv"]
    part = "results/hub_worth/random/part-<part>.tsv"
    found[part] = found["results/hub_worth/networks.tsv"]
    bins = "results/held_out/bins/<kind>/<measurement>/<method>.tsv"
    found[bins] = found["results/held_out/calibration.tsv"]
    held_out = "results/held_out/scores/<kind>/<measurement>/<method>.tsv"
    broad = "results/pretraining/broad"
    found[f"{broad}/scores/<scorer>/<kind>.tsv"] = found[held_out]
    found[f"{broad}/bins/<scorer>/<kind>.tsv"] = found[bins]
    found[f"{broad}/variants.tsv"] = [*found["results/held_out/held_out.tsv"], "left_out"]
    found["results/realism/files/<file>.tsv"] = found["results/realism/kinds/<kind>.tsv"]
    return found


def header(path: Path) -> list[str]:
    """Columns of a file; an unnamed first one is called (first)."""
    line = path.read_text(encoding="utf-8").partition("\n")[0]
    names = [name.strip('"') for name in line.split("\t" if "\t" in line else ",")]
    return [name or "(first)" for name in names]


def check_columns(folder: Path, without: tuple[str, ...] = ()) -> set[str]:
    """Fail where a table below results/ has other columns than the documentation says.

    Args:
        folder: working directory of a run.
        without: documented columns that no file of this run has.

    Returns:
        The documented paths, with placeholders, of which the run made a file.
    """
    documented, made = tables(), {}
    for path in sorted([*folder.glob("results/**/*.tsv"), *folder.glob("results/**/*.csv")]):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[1] in UNDOCUMENTED:
            continue
        match = [d for d in documented if _pattern(d).fullmatch(name)]
        assert len(match) == 1, f"{name} is in {len(match)} places of docs/stages: {match}"
        made.setdefault(match[0], {})[name] = header(path)
    for name, files in made.items():
        columns = documented[name]
        for path, names in files.items():
            stray = [n for n in names if not any(_pattern(c).fullmatch(n) for c in columns)]
            assert not stray, f"{path} has columns that docs/stages does not name: {stray}"
        everything = {n for names in files.values() for n in names}
        absent = {c for c in columns if not any(_pattern(c).fullmatch(n) for n in everything)}
        assert absent <= set(without), f"{name}: no file has the columns {absent} of docs/stages"
    return set(made)


def metrics() -> set[str]:
    """Names of the documented metrics."""
    text = (DOCS / "scores.md").read_text(encoding="utf-8").partition("| metric | unit |")[2]
    return set(re.findall(r"^\| `(\w+)` \|", text.partition("\n\n")[0], re.M))
