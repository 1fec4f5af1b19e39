"""Parts of README, model card and pages (`PAGES`), from tables of rules and benchmarks.

The pages of results need none of this: they are made when the site is (docs/site_pages.py).

python docs/readme.py                   check that they say what docs/results says
python docs/readme.py --update          rewrite them from docs/results
python docs/readme.py --copy --update   first copy the tables of the last runs to docs/results
"""

import argparse
import sys
from collections.abc import Callable, Mapping

from write import infer_files, sources
from write.any_data import render_any_data
from write.card import render_card
from write.coverage import render_coverage
from write.predicted_knock_outs import render_predicted
from write.realism import render_realism
from write.regdiffusion import render_regdiffusion
from write.summary import render_summary
from write.trust import render_trust

# What stands between the markers <!-- name:begin --> and <!-- name:end --> of a page.
PAGES: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "README.md": {"summary": render_summary},
    "docs/zeroshot.md": {"trust": lambda: render_trust(sources.result("trust.tsv"))},
    "docs/stages/pretraining.md": {
        "realism": lambda: render_realism(
            sources.result("realism/summary.tsv"), sources.result("realism/realism.tsv")
        )
    },
    "docs/methods.md": {
        "regdiffusion": lambda: render_regdiffusion(sources.result("regdiffusion.tsv"))
    },
    "docs/infer.md": {"atlas": infer_files.render},
    "docs/knock_outs.md": {
        "predicted": lambda: render_predicted(sources.result("knock_outs/knock_outs.tsv"))
    },
    sources.LEVELS_CARD: {"curated": render_card},
    sources.CARD: {"measured": render_any_data},
    "docs/honesty.md": {"coverage": render_coverage},
}


def with_block(text: str, name: str, block: str) -> str:
    """The text with another block between the markers of this name."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->\n"
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    return f"{head}{begin}\n{block}\n\n{end}{tail}"


def updated(page: str, text: str) -> str:
    """The text of a page with its blocks rendered anew."""
    for name, render in PAGES[page].items():
        text = with_block(text, name, render())
    return text


def main() -> int:
    """Check or update; 1 if a page differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--copy", action="store_true")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    if options.copy:
        sources.copy_results()
    wrong = 0
    for page in PAGES:
        path = sources.REPOSITORY / page
        before = path.read_text(encoding="utf-8")
        after = updated(page, before)
        if options.update:
            path.write_text(after, encoding="utf-8")
        elif after != before:
            print(f"error: {page} does not say what docs/results says: run make readme")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
