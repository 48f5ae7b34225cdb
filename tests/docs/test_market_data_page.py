"""docs/market-data.md has every format of files."""

import re
from pathlib import Path

from market.importers import FORMATS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "market-data.md").read_text()


def test_every_format_is_on_the_page() -> None:
    section = PAGE.split("\n## Files\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(FORMATS)
