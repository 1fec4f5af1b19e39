"""The Slurm profile: which rules it groups, and how many jobs the full study submits."""

import re

import yaml

from workflows import REPOSITORY

PROFILE = REPOSITORY / "workflow/profiles/slurm/config.yaml"
INFER = REPOSITORY / "workflow/profiles/slurm-infer/config.yaml"
# Not of a study: downloads, and models whose training takes hours.
ALONE = {"ablate", "broad", "held_out", "hub_worth", "knock_outs", "pretrain", "realism", "trust"}
ALONE |= {"views"}
DOWNLOADS = {"download_beeline", "extract_beeline"}


def profile() -> dict:
    return yaml.safe_load(PROFILE.read_text())


def rules_of_studies() -> set[str]:
    """Rules whose scripts are submitted, but for those that the profile leaves as they are."""
    found = set()
    for path in (REPOSITORY / "workflow/rules").glob("*.smk"):
        blocks = re.split(r"^rule (\w+):", path.read_text(), flags=re.M)[1:]
        rules = dict(zip(blocks[::2], blocks[1::2], strict=True))
        if path.stem not in ALONE:
            found |= {
                name
                for name, text in rules.items()
                if "script:" in text and "localrule:" not in text
            }
    return found - DOWNLOADS


def test_every_rule_of_a_study_is_in_a_group():
    assert set(profile()["groups"]) == rules_of_studies()
    assert set(profile()["groups"].values()) == set(profile()["group-components"])


def test_the_profile_of_target_infer_groups_its_short_rules():
    profile = yaml.safe_load(INFER.read_text())
    text = (REPOSITORY / "workflow/rules/infer.smk").read_text()
    rules = {*re.findall(r"^rule (\w+):", text, flags=re.M)} - {"infer"}
    rules |= {"import_expression", "import_evidence", "infer_network", "judge_scores"}
    long = {"infer_network", "infer_null", "infer_stability", "infer_donors", "compare_groups"}
    assert set(profile["groups"]) == rules - long
    assert set(profile["groups"].values()) == set(profile["group-components"])
    assert set(profile["set-resources"]) <= set(profile["groups"])
    assert profile["cores"] == 8 and profile["retries"] > 0


def test_run_times_grow_with_each_attempt():
    given = profile()["set-resources"]
    assert set(given) <= rules_of_studies() and profile()["retries"] > 0
    for rule, resources in given.items():
        assert re.fullmatch(r"\d+ \* 2 \*\* \(attempt - 1\)", str(resources["runtime"])), rule


def test_every_entry_says_why_it_is_there():
    before, *blocks = re.split(r"^(?=[a-z])", PROFILE.read_text(), flags=re.M)
    for block in blocks:
        comment_above = before.rstrip("\n").rpartition("\n")[2].startswith("#")
        entry = re.split(r"\n(?=\n|#)", block)[0]  # without what stands above the next one
        assert comment_above or "#" in entry, entry
        before = block


def test_full_study_submits_few_jobs(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(REPOSITORY / "bench"))
    import cluster

    submitted, of_rules = cluster.planned_jobs(folder=tmp_path)
    assert of_rules > 400  # each method on each data set is one
    assert submitted == 19
    page = (REPOSITORY / "docs/clusters.md").read_text()
    assert f"{submitted} submitted jobs instead of {of_rules}" in page
