"""What the site has beside the pages of docs/: a hook of mkdocs, named in mkdocs.yml.

- Files of the repository that are pages too, the README as the first one (docs/write/links.py).
- The pages of results, made from the tables in docs/results (docs/write/results.py).
- Notebooks of docs/tutorials, run, with what their cells gave (docs/write/notebooks.py).

All pages link as files of a clone do. Here such links are turned into those of the site; of a link
to a file that the site does not have, a module or a schema, the words are left.
"""

from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from write import links, notebooks, results

REPOSITORY = Path(__file__).resolve().parents[1]
RESULTS = "results/README.md"
# Without a side bar, which would have nothing to show there, or takes the room of wide tables.
WITHOUT = {
    "index.md": "navigation",
    "levels.md": "toc",
    "any_data.md": "toc",
    **{f"results/{name}": "toc" for name in results.PAGES},
}

_LOG = get_plugin_logger("site_pages")


def _made(config: MkDocsConfig) -> Iterator[File]:
    """Files that docs/ does not hold."""
    for place, source in links.OUTSIDE.items():
        yield File.generated(config, place, abs_src_path=str(REPOSITORY / source))
    for name, page in results.PAGES.items():
        yield File.generated(config, f"results/{name}", content=page.text())
    for path in notebooks.paths():
        notebook = notebooks.read(path)
        notebooks.run(notebook)
        text, pictures = notebooks.as_page(notebook, path.stem)
        yield File.generated(config, f"tutorials/{path.stem}.md", content=text)
        for name, content in pictures.items():
            yield File.generated(config, f"tutorials/{name}", content=content)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files that docs/ does not hold."""
    for file in _made(config):
        files.append(file)
    return files


def _place(file: File, files: Files) -> str:
    """Where a link to a file leads: of a notebook, to its page."""
    page = file.src_uri.removesuffix(".ipynb") + ".md"
    return page if file.src_uri.endswith(".ipynb") and page in files.src_uris else file.src_uri


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn the links of a page into those of the site; name the pages of results.

    A link to a file that the repository does not have is a warning, which ends a strict build.
    """
    place = page.file.src_uri
    if place in WITHOUT:
        page.meta["hide"] = [WITHOUT[place]]
    if place == RESULTS:
        named = [f"- [{p.title}]({name}): {p.about}" for name, p in results.PAGES.items()]
        markdown = markdown.replace("<!-- pages -->", "\n".join(named))
    places = {links.source_of(f.src_uri): _place(f, files) for f in files}
    for link in links.links(markdown, links.source_of(place)):
        if link.path and link.path not in places and not (REPOSITORY / link.path).exists():
            _LOG.warning("%s links to %s, which is not there", place, link.path)
    return links.of_the_site(markdown, place, places)
