"""Tables of a page that sort, search and can be downloaded, in a browser without a network.

DataTables (datatables.net, MIT licence), in the bundle that the package itables brings. A table of
the page that has the class `data` becomes such a one; where scripts are not run it stays as it is.
"""

import base64
from pathlib import Path

_SCRIPT = """
<script type="module">
const text = encoded => new TextDecoder().decode(
  Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0)));
const style = document.createElement("style");
style.textContent = text("{style}");
document.head.prepend(style);
const place = URL.createObjectURL(new Blob([text("{code}")], {{type: "text/javascript"}}));
const {{default: DataTable}} = await import(place);
URL.revokeObjectURL(place);
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark", dark.matches);
dark.addEventListener("change", follow);
follow();
for (const table of document.querySelectorAll("table.data")) {{
  const title = table.dataset.name;
  new DataTable(table, {{
    order: [], pageLength: 10, lengthMenu: [10, 25, 100, -1], scrollX: true, autoWidth: false,
    language: {{lengthMenu: "_MENU_ rows", search: "", searchPlaceholder: "search"}},
    layout: {{
      topStart: "search",
      topEnd: {{buttons: [
        {{extend: "copyHtml5", title: null}}, {{extend: "csvHtml5", filename: title}}]}},
      bottomStart: ["info", "pageLength"], bottomEnd: "paging",
    }},
  }});
}}
document.documentElement.dataset.tables = "ready";
</script>
"""


def sortable_tables() -> str:
    """Return the script that a page ends with; it holds all that it needs."""
    import itables

    bundle = Path(itables.__file__).parent / "html"
    code, style = (
        base64.b64encode((bundle / f"dt_bundle.{end}").read_bytes()).decode("ascii")
        for end in ("js", "css")
    )
    return _SCRIPT.format(code=code, style=style)
