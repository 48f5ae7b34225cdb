"""Draw every entry of the catalogue into docs, to be looked at before it is committed.

make pictures
python -m scripts.entry_pictures rsi gartley
"""

import sys
from pathlib import Path

from analysis.catalog import registry
from analysis.catalog.entry import Entry
from scripts.entry_pictures import indicators, patterns
from scripts.entry_pictures.page import page

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDERS = {"indicator": DOCS / "indicators" / "pictures", "pattern": DOCS / "patterns" / "pictures"}
PAGE = DOCS / "patterns" / "pictures.md"


def file_of(entry: Entry) -> Path:
    """Return where the picture of an entry is."""
    return FOLDERS[entry.kind] / f"{entry.name}.svg"


def picture(entry: Entry) -> str:
    """Return the SVG of an entry."""
    return patterns.picture(entry.name) if entry.kind == "pattern" else indicators.picture(entry.name)


def main(names: list[str]) -> None:
    """Write the pictures of these entries, or of all and the page of the patterns, and take out those of no entry."""
    entries = [registry.get(name) for name in names] or registry.catalog()
    for folder in FOLDERS.values():
        folder.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        file_of(entry).write_text(picture(entry))
    if not names:
        known = {file_of(entry) for entry in entries}
        for path in (path for folder in FOLDERS.values() for path in folder.glob("*.svg")):
            if path not in known:
                path.unlink()
    PAGE.write_text(page())


if __name__ == "__main__":
    main(sys.argv[1:])
