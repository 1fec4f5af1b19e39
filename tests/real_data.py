"""Real data sets in the folders that configs name: real.yaml, hematopoiesis.yaml, realism.yaml."""

from pathlib import Path

# Folder of the configs: folder in ../shared/data, and names that differ there.
_OF_BEELINE = {"refNetwork-ChIP.csv": "refNetwork.csv"}
_FOLDERS = {
    "mDC-TFs500": (
        "mDC_TFs500",
        {"TFs.txt": "TFs.csv"}
        | {f"refNetwork-{r}.csv": f"refNetwork_{r}.csv" for r in ("STRING", "NonSpecific", "ChIP")},
    ),
    "mESC-TFs500": ("real/beeline-mESC-TFs500", _OF_BEELINE),
    "hHep-TFs500": ("real/beeline-hHEP-TFs500", _OF_BEELINE),
    "mHSC-GM-TFs500": ("real/beeline-mHSC-GM-TFs500", _OF_BEELINE),
    "moignard2015": (
        "real/moignard2015-embryonic-blood-qpcr",
        {"refNetwork-Boolean.csv": "refNetwork.csv"},
    ),
    "paul2015-TFs500": (
        "real/paul2015-myeloid-TFs500",
        {"refNetwork-mHSC-ChIP.csv": "refNetwork.csv"},
    ),
} | {
    name: (f"real/{name}", {})
    for name in (
        "dream4-multifactorial100-1",
        "dream4-multifactorial100-2",
        "dream4-size100-1",
        "dream4-size100-2",
        "dream4-size10-1",
        "dream4-size10-2",
        "dream4-size10-3",
        "sparc2021-hesc-rna-protein",
        "papalexi2021-thp1-eccite-ko",
        "hscboolean-paul2015",
        "hscboolean-moignard2015",
    )
}


def lay_out(shared: Path, folder: Path) -> None:
    """Make `real-data` in a folder, whose files are links to those that are shared."""
    for name, (source, renamed) in _FOLDERS.items():
        target = folder / "real-data" / name
        target.mkdir(parents=True)
        there = shared / "data" / source
        files = {file.name: file for file in there.iterdir()}
        files = {n: f for n, f in files.items() if n not in renamed.values()} | {
            new: there / old for new, old in renamed.items()
        }
        for new, file in files.items():
            (target / new).symlink_to(file)
