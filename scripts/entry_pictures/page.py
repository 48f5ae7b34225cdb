"""docs/patterns/pictures.md: all patterns on one page."""

from analysis.catalog import registry
from analysis.catalog.entry import Entry

HEADINGS = {
    "chart_patterns": ("Chart patterns", 2),
    "harmonic": ("Harmonics", 2),
    "elliott": ("Elliott waves", 2),
    "divergence": ("Divergences", 2),
    "wyckoff": ("Wyckoff's events", 2),
    "levels": ("Levels, gaps and structure", 2),
    "candlesticks": ("Candlesticks", 3),
}
INTRODUCTION = """\
# Pictures of patterns

Each is an event that its detector finds with its defaults, in one of the series that ship with the project, or, where
the heading says `drawn`, in bars that were drawn for it: harmonics, whose real ones take a year, and what none of these
series has; drawn shapes are as large as `scale=swing` asks for. The dotted upright line is where it was known; entry,
targets and stop are drawn from there on. [../patterns.md](../patterns.md) has the rules, and what comes of them.

Written by `make pictures`.
"""


def page() -> str:
    """Return the page."""
    found: dict[str, list[Entry]] = {category: [] for category in HEADINGS}
    for entry in registry.catalog():
        if entry.kind == "pattern":
            found[entry.category].append(entry)
    return INTRODUCTION + "".join(_group(category, entries) for category, entries in found.items())


def _group(category: str, entries: list[Entry]) -> str:
    heading, across = HEADINGS[category]
    lines = ["", f"## {heading}", "", "| " * across + "|", "|---" * across + "|"]
    for place in range(0, len(entries), across):
        row = entries[place : place + across]
        cells = [_cell(entry) for entry in row] + [""] * (across - len(row))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(entry: Entry) -> str:
    return f'<a id="{entry.name}"></a>`{entry.name}`<br>![{entry.title}](pictures/{entry.name}.svg)'
