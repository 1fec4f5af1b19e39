"""The numbers in the README are those of the tables in docs/results."""

import subprocess
import sys


def test_readme_says_what_the_tables_say(repository):
    done = subprocess.run(
        [sys.executable, "bench/readme.py"], cwd=repository, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_changed_number_is_noticed(repository, monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(repository / "bench"))
    import readme

    text = (repository / "README.md").read_text()
    start = text.index(readme.BEGIN)
    number = next(c for c in text[start + len(readme.BEGIN) + 900 :] if c.isdigit())
    place = text.index(number, start + len(readme.BEGIN) + 900)
    changed = text[:place] + str((int(number) + 1) % 10) + text[place + 1 :]
    assert readme.updated(changed) == text != changed
