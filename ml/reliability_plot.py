"""Reliability as a picture: what was forecast against what came of it, with what sampling alone would do to it."""

from collections.abc import Mapping
from typing import Any

SIZE, EDGE = 420, 52
# Every rule is of this picture alone, for it may stand in a page that has rules of its own.
STYLE = (
    ".reliability{--paper:#fff;--grid:#d0d7de;--even:#6b7280;--bin:#2f5bd0;--ink:#1b1f24;"
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:12px}"
    "@media (prefers-color-scheme:dark){"
    ".reliability{--paper:#0f1419;--grid:#30363d;--even:#98a2b3;--bin:#7aa2ff;--ink:#e6e9ee}}"
    ".reliability .paper{fill:var(--paper)}.reliability .grid{stroke:var(--grid)}"
    ".reliability .even{stroke:var(--even);stroke-dasharray:4 4}"
    ".reliability .reach{stroke:var(--bin)}.reliability .bin{fill:var(--bin)}.reliability text{fill:var(--ink)}"
)


def plot(card: Mapping[str, Any]) -> str:
    """Return an SVG of P(target) as served: a dot a bin, its 95 % sampling interval, and the line of perfect ones."""
    title = f"{card['name']} {card['version']}: P(target) as served, against what came of it"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
        'role="img" class="reliability">',
        f"<title>{title}</title><style>{STYLE}</style>",
        f'<rect class="paper" width="{SIZE}" height="{SIZE}"/>',
    ]
    for tenth in range(0, 11, 2):
        at, x, y = tenth / 10, _x(tenth / 10), _y(tenth / 10)
        parts.append(f'<path class="grid" d="M{x} {_y(0)}V{_y(1)}M{_x(0)} {y}H{_x(1)}"/>')
        parts.append(f'<text x="{x}" y="{_y(0) + 18}" text-anchor="middle">{at:g}</text>')
        parts.append(f'<text x="{_x(0) - 8}" y="{y + 4}" text-anchor="end">{at:g}</text>')
    parts.append(f'<path class="even" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>')
    for events, forecast, observed in card["evaluation"]["reliability"]:
        reach = 1.96 * (max(observed * (1 - observed), 1e-9) / events) ** 0.5
        low, high = max(0.0, observed - reach), min(1.0, observed + reach)
        parts.append(f'<path class="reach" d="M{_x(forecast)} {_y(low)}V{_y(high)}"/>')
        parts.append(f'<circle class="bin" cx="{_x(forecast)}" cy="{_y(observed)}" r="3"/>')
    parts.append(
        f'<text x="{SIZE / 2:g}" y="{SIZE - 12}" text-anchor="middle">forecast probability of the target</text>'
    )
    parts.append(
        f'<text transform="translate(14 {SIZE / 2:g}) rotate(-90)" text-anchor="middle">share that met it</text>'
    )
    parts.append("</svg>\n")
    return "\n".join(parts)


def _x(share: float) -> float:
    return round(EDGE + share * (SIZE - EDGE - 20), 1)


def _y(share: float) -> float:
    return round(SIZE - EDGE - share * (SIZE - EDGE - 20), 1)
