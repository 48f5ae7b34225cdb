"""docs/market-data.md has every format of files, and says what a bar may be."""

import re
from pathlib import Path

from market.bars_input import parse_bars
from market.importers import FORMATS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "market-data.md").read_text()


def test_every_format_is_on_the_page() -> None:
    section = PAGE.split("\n## Files\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(FORMATS)


def test_prices_of_zero_and_below_are_bars_as_the_page_says() -> None:
    section = PAGE.split("\n## What a bar is\n")[1].split("\n## ")[0]
    assert "Prices may be zero or below" in section
    assert "above 0" not in section
    bar = {"symbol": "CL1", "timeframe": "1d", "time": ["2020-04-20T00:00Z"], "open": [17]}
    assert parse_bars({**bar, "high": [18], "low": [-40], "close": [-37]}, max_bars=10).close[0] == -37
