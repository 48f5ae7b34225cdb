"""What was measured of the detectors as Markdown tables, and the page that carries them."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.records.baselines import poisson
from analysis.validation.ground_truth import wilson

BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def tables(measured: Mapping[str, Any]) -> str:
    """Return both tables: shapes that were drawn and found, and events on noise and on real series."""
    return f"{_truth(measured)}\n{_rates(measured)}"


def page(text: str, measured: Mapping[str, Any]) -> str:
    """Return the page with the tables between its marks; ValueError if it has none."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError("The page has no place for the tables.")
    return f"{before}{BEGIN}{tables(measured)}{END}{after}"


def _truth(measured: Mapping[str, Any]) -> str:
    lines = [
        f"Shapes drawn into random walks, one in every 300 bars, seed {measured['seed']}, chart patterns at",
        "scale swing, which they are drawn in; 95 % intervals by Wilson.",
        "",
        "| detector | noise | shapes | recall | interval | precision | interval |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, noise, shapes, found, true, false in measured["truth"]:
        recall, precision = _share(found, shapes), _share(true, true + false)
        lines.append(f"| {name} | {noise} | {shapes} | {recall} | {precision} |")
    return "\n".join(lines) + "\n"


def _rates(measured: Mapping[str, Any]) -> str:
    bars = measured["bars"]
    lines = [
        f"Events per 1,000 bars at defaults: on the {bars['real']:,} daily bars of {', '.join(measured['series'])};",
        f"on {bars['blocks']:,} bars drawn from them in blocks of 20 without their drift; and on {bars['gaussian']:,}",
        "bars of a Gaussian path. 95 % Poisson intervals in brackets.",
        "",
        "| detector | real | shuffled | Gaussian | real ÷ shuffled |",
        "|---|---|---|---|---|",
    ]
    for name, counts in sorted(measured["rates"].items()):
        ratio = (counts["real"] / bars["real"]) / (counts["blocks"] / bars["blocks"]) if counts["blocks"] else None
        cells = [_per_1000(counts[series], bars[series]) for series in ("real", "blocks", "gaussian")]
        lines.append(f"| {name} | {' | '.join(cells)} | {'–' if ratio is None else f'{ratio:.2f}'} |")
    return "\n".join(lines) + "\n"


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits / of:.2f} | {low:.2f}–{high:.2f}" if of else "– | –"


def _per_1000(events: int, bars: int) -> str:
    ends: Sequence[float] = [1_000 * end / bars for end in poisson(events)]
    return f"{1_000 * events / bars:.2f} ({ends[0]:.2f}–{ends[1]:.2f})"
