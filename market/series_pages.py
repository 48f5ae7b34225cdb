"""What the admin shows of a series: its newest bars as a picture, and what is unusual about it."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

import charts
from market.loading import load_bars
from market.models import BarSeries
from market.quality import quality_report

NAMES = {
    "gaps": "gaps",
    "flat": "bars whose four prices are equal",
    "jumps": "closes that changed by more than 40 %",
    "unusual_range": "bars more than ten times as wide as usual",
    "zero_volume": "bars of no volume",
    "null_volume": "bars of unknown volume",
}
FIRST = 3


def picture(series: BarSeries) -> str:
    """Return an SVG of the series' newest bars."""
    return charts.draw(charts.compose(load_bars(series), title=series.instrument.symbol))


def quality(series: BarSeries) -> SafeString:
    """Return the findings that there are, with the first times of each."""
    findings = quality_report(load_bars(series))["findings"]
    lines = ((NAMES[name], f"{one['count']:,}", _first(one)) for name, one in findings.items() if one["count"])
    return format_html_join("", "<p>{}: <b>{}</b> ({})</p>", lines) or format_html("<p>{}</p>", "nothing unusual")


def in_short(series: BarSeries) -> str:
    """Return how many findings of each kind there are."""
    findings = quality_report(load_bars(series))["findings"]
    counts = [f"{one['count']:,} {name.replace('_', ' ')}" for name, one in findings.items() if one["count"]]
    return ", ".join(counts) or "nothing unusual"


def _first(finding: dict[str, Any]) -> str:
    times = [str(one.get("time") or one.get("after"))[:16].replace("T", " ") for one in finding["first"][:FIRST]]
    more = "" if finding["count"] <= FIRST else ", …"
    return ", ".join(times) + more
