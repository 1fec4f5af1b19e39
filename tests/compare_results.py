"""Are the results of two runs the same, byte for byte, but for the words of renamed_words.py?

    python tests/compare_results.py OLD/results NEW/results [PATTERN ...]

OLD may be of commit aa326a4 or later. Without patterns: all tables but those of times and versions,
all hubs, all ranked lists. Says which files differ and ends with status 1 if any does, or if there
is none to compare.
"""

import sys
from pathlib import Path

from renamed_words import new_path, new_table

PATTERNS = ("tables/*.tsv", "hubs/**/*.tsv", "predictions/**/rankedEdges.csv")
# Times, memory, and versions of software.
MEASURED = {"tables/usage.tsv", "tables/time.tsv", "tables/versions.tsv"}


def files(results: Path, patterns: tuple[str, ...]) -> dict[str, Path]:
    """Files below a folder of results, by the path that they have today."""
    found = {}
    for path in (path for pattern in patterns for path in results.glob(pattern)):
        name = new_path(path.relative_to(results).as_posix())
        if path.is_file() and name not in MEASURED:
            found[name] = path
    return dict(sorted(found.items()))


def in_new_words(path: Path) -> bytes:
    """Content of a file, a table in today's words."""
    content = path.read_bytes()
    return new_table(content) if path.suffix == ".tsv" else content


def differences(old: Path, new: Path, patterns: tuple[str, ...] = PATTERNS) -> list[str]:
    """Sentences on files of which there is one only, and on files that differ."""
    before, after = files(old, patterns), files(new, patterns)
    wrong = [f"{name}: only in {old}" for name in before.keys() - after.keys()]
    wrong += [f"{name}: only in {new}" for name in after.keys() - before.keys()]
    for name in before.keys() & after.keys():
        one, two = in_new_words(before[name]), after[name].read_bytes()
        if one != two:
            moved = sorted(one.split(b"\n")) == sorted(two.split(b"\n"))
            wrong.append(f"{name}: {'the same lines in another order' if moved else 'differs'}")
    return sorted(wrong)


def main(old: str, new: str, *patterns: str) -> int:
    """Compare and tell; return the status."""
    chosen = patterns or PATTERNS
    number = len(files(Path(new), chosen))
    wrong = differences(Path(old), Path(new), chosen)
    for sentence in wrong:
        print(sentence)
    print(f"{number} files compared, {len(wrong)} differ")
    return int(bool(wrong) or not number)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
