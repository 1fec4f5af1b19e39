"""What a report opens with."""

from docutils.core import publish_parts

from grn_gat.report.landing import render_landing

INTRODUCTION = "A study\n=======\n\nHow {{ it }} was done.\n"


def part(name: str, *sentences: str) -> dict:
    return {"name": name, "first": {"dropout": "50", "sentences": list(sentences)}}


def test_results_come_first_and_are_text():
    parts = [part("HSC", "A *b* {{ c }} is `d_`.", "So."), {"name": "x"}]
    said = render_landing(INTRODUCTION, parts, 2, "1 Overview")
    assert said.index("What came out") < said.index("How it was found") < said.index("{{ it }}")
    assert "{% raw %}\n- **HSC**, at 50 % dropout: " in said
    body = said.replace("{% raw %}", "").replace("{% endraw %}", "")
    html = publish_parts(body, writer_name="html", settings_overrides={"report_level": 1})["body"]
    assert "A *b* {{ c }} is `d_`. So." in html and "<strong>HSC</strong>" in html
    assert "showCategory('1%20Overview')" in html
    assert "system-message" not in html and ">x<" not in html


def test_the_level_is_said_where_there_are_several_and_without_methods_nothing():
    assert "dropout" not in render_landing(INTRODUCTION, [part("HSC", "So.")], 1, "")
    for parts in ([], [part("HSC")], [{"name": "HSC"}]):
        assert render_landing(INTRODUCTION, parts, 2, "") == INTRODUCTION
