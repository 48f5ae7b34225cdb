"""What was measured of the detectors as Markdown tables, and the page that carries them."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.validation.forward_returns import ANY, HORIZON, LEAST
from analysis.validation.ground_truth import wilson
from analysis.validation.other_tables import other_tables

BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
CALLED = {"1d": "daily", "1h": "hourly"}
Row = tuple[str, str, Mapping[str, Any]]


def tables(measured: Mapping[str, Any]) -> str:
    """Return all tables: drawn shapes that were found, and by timeframe rates, outcomes and what became of forming."""
    parts = [_truth(measured)]
    for timeframe in measured["measured"]:
        rows = [(name, scale, row) for name, one, scale, row in measured["rates"] if one == timeframe]
        parts += [_rates(measured, timeframe, rows), _outcomes(timeframe, rows)]
    parts += [_forming(measured), *([_after(measured)] if "after" in measured else [])]
    return "\n".join([*parts, *([other_tables(measured)] if "others" in measured else [])])


def page(text: str, measured: Mapping[str, Any]) -> str:
    """Return the page with the tables between its marks; ValueError if it has none."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError("The page has no place for the tables.")
    return f"{before}{BEGIN}{tables(measured)}{END}{after}"


def _truth(measured: Mapping[str, Any]) -> str:
    lines = [
        "### Drawn shapes",
        "",
        f"Shapes drawn into random walks, one in every 300 bars, seed {measured['seed']}, chart patterns at",
        "scale swing, which they are drawn in; 95 % intervals by Wilson, for each is drawn by itself.",
        "",
        "| detector | noise | shapes | recall | interval | precision | interval |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, noise, shapes, found, true, false in measured["truth"]:
        recall, precision = _share(found, shapes), _share(true, true + false)
        lines.append(f"| {name} | {noise} | {shapes} | {recall} | {precision} |")
    return "\n".join(lines) + "\n"


def _rates(measured: Mapping[str, Any], timeframe: str, rows: list[Row]) -> str:
    found = measured["measured"][timeframe]
    bars = found["bars"]
    lines = [
        f"### Rates on {CALLED.get(timeframe, timeframe)} bars",
        "",
        f"Events per 1,000 bars: on the {bars['real']:,} bars of {', '.join(found['series'])} ({found['quarters']}",
        f"quarters); on {bars['blocks']:,} bars drawn from each of them {measured['draws']} times in blocks of 20,",
        f"with its drift; and on {bars['gaussian']:,} bars of Gaussian paths. 95 % intervals draw quarters, and draws.",
        "",
        "| detector | scale | events | real | shuffled | Gaussian | real ÷ shuffled | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, scale, row in rows:
        cells = [_rate(row, series, bars[series]) for series in ("real", "blocks", "gaussian")]
        lines.append(f"| {name} | {scale or '–'} | {row['real']} | {' | '.join(cells)} | {_ratio(row, bars)} |")
    return "\n".join(lines) + "\n"


def _outcomes(timeframe: str, rows: list[Row]) -> str:
    lines = [
        f"### Outcomes on {CALLED.get(timeframe, timeframe)} bars",
        "",
        "The share of events whose first target was met before the stop, within the event's life, entered at the open",
        "after the confirming bar; the same on shuffled bars; and what a random walk without drift would give.",
        "",
        "| detector | scale | events | target | shuffled | walk | stop | mean R | bars to target | apart | verdict |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [f"| {name} | {scale or '–'} | {' | '.join(_outcome(row))} |" for name, scale, row in rows if _has(row)]
    return "\n".join(lines) + "\n"


def _outcome(row: Mapping[str, Any]) -> Iterator[str]:
    one = row["outcomes"]
    yield str(one["events"])
    yield f"{one['target']:.2f} {_ends(one['interval'])}"
    yield "–" if one["noise"] is None else f"{one['noise']['target']:.2f}"
    yield f"{one['walk']['target']:.2f}"
    yield f"{one['stop']:.2f}"
    yield f"{one['mean_r']:+.2f} {_ends(one['mean_r_interval'])}"
    yield "–" if one["bars_to_target"] is None else f"{one['bars_to_target']:g}"
    yield ", ".join(f"{reason.replace('_', ' ')} {count}" for reason, count in one["apart"].items()) or "–"
    yield one["verdict"] or "–"


def _forming(measured: Mapping[str, Any]) -> str:
    lines = [
        "### What became of forming ones",
        "",
        "Different patterns that were forming after one of the last bars of each daily series, and how many of them",
        "became events.",
        "",
        "| detector | forming | became events | share | interval |",
        "|---|---|---|---|---|",
    ]
    for name, (told, became) in sorted(measured["forming"].items()):
        lines.append(f"| {name} | {told} | {became} | {_share(became, told)} |")
    return "\n".join(lines) + "\n"


def _after(measured: Mapping[str, Any]) -> str:
    lines = [
        "### What came after Dow's trend and Wyckoff's events",
        "",
        f"The mean return in percent (100 times the logarithm) from the next open to the close {HORIZON} bars",
        "after, on the daily series: of any bar, of the bars of each state, and of those that confirm an event.",
        "`beyond any bar` is the interval of the distance from the first row. 95 % intervals draw quarters; of",
        f"fewer than {LEAST} there is none.",
        "",
        "| after | bars | mean return | interval | beyond any bar | verdict |",
        "|---|---|---|---|---|---|",
    ]
    for name, count, mean, ends, beyond, said in measured["after"]:
        few = "–" if name == ANY else f"fewer than {LEAST}" if count < LEAST else "–"
        shown = " | ".join(_ends(one) or "–" for one in (ends, beyond))
        lines.append(f"| {name} | {count} | {'–' if mean is None else f'{mean:+.2f}'} | {shown} | {said or few} |")
    return "\n".join(lines) + "\n"


def _has(row: Mapping[str, Any]) -> bool:
    return "outcomes" in row


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits / of:.2f} | {low:.2f}–{high:.2f}" if of else "– | –"


def _rate(row: Mapping[str, Any], series: str, bars: int) -> str:
    return f"{1_000 * row[series] / bars:.2f} {_ends(row['intervals'].get(series))}".strip()


def _ratio(row: Mapping[str, Any], bars: Mapping[str, int]) -> str:
    if "ratio" not in row:
        return "– | fewer than 20 events"
    ratio = (row["real"] / bars["real"]) / (row["blocks"] / bars["blocks"])
    return f"{ratio:.2f} {_ends(row['ratio']['interval'])} | {row['ratio']['verdict'] or '–'}"


def _ends(interval: list[float] | None) -> str:
    return "" if interval is None else f"({interval[0]:.2f} to {interval[1]:.2f})"
