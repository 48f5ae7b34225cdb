"""What was measured on other generators and in other years, as Markdown tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.patterns.sizes import SIZES
from analysis.validation.ground_truth import wilson

CALLED = {
    "garch": "GARCH",
    "fat": "fat tails",
    "sessions": "sessions",
    "shares": "shares 2019–23",
    "coins": "coins 2021–23",
}
JUDGED = {"rate": "rates", "outcome": "outcomes", "mean_r": "mean R", "after": "what came after"}


def other_tables(measured: Mapping[str, Any]) -> str:
    """Return how often verdicts differ from chance, events per 1,000 bars, and the shapes found in other walks."""
    others = measured["others"]
    return "\n".join([_verdicts(others), _events(others, measured["other_events"]), _truth(measured["other_truth"])])


def _verdicts(others: Mapping[str, Any]) -> str:
    lines = [
        "### Without a pattern, and in other years",
        "",
        "How many verdicts say `differs from chance`, of how many that are stated: rates and outcomes held against",
        "shuffled bars, the mean R against 0, returns after events and states against those of any bar. On the first",
        "three there is nothing to find, but that shuffling GARCH and sessions takes their quiet and wild times away.",
        "",
        f"| series | timeframe | bars | series, quarters | {' | '.join(JUDGED.values())} | no event changes in |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, one in others.items():
        cells = [f"{differ} of {stated}" for differ, stated in (one["differ"][key] for key in JUDGED)]
        dense = f"{one['prefixes']} prefixes" if one.get("prefixes") and not one["changed"] else "–"
        several = f"{one['series']}, {one['quarters']}"
        shown = " | ".join(cells)
        lines.append(f"| {CALLED[name]} | {one['timeframe']} | {one['bars']:,} | {several} | {shown} | {dense} |")
    return "\n".join(lines) + "\n"


def _events(others: Mapping[str, Any], events: list[tuple[str, str, Mapping[str, int]]]) -> str:
    lines = [
        "### Rates on these",
        "",
        "Events per 1,000 bars of the detectors of turning points, and of all candlesticks together.",
        "",
        f"| detector | scale | {' | '.join(CALLED[name] for name in others)} |",
        f"|---|---|{'---|' * len(others)}",
    ]
    for scale in (*SIZES, ""):
        mine = [counts for _, one, counts in events if one == scale]
        summed = {name: sum(counts[name] for counts in mine) for name in others}
        lines.append(f"| all together | {scale or '–'} | {_rates(others, summed)} |")
    lines.append(
        f"| candlesticks | – | {_rates(others, {name: one['candlesticks'] for name, one in others.items()})} |"
    )
    lines += [f"| {name} | {scale or '–'} | {_rates(others, counts)} |" for name, scale, counts in events]
    return "\n".join(lines) + "\n"


def _rates(others: Mapping[str, Any], counts: Mapping[str, int]) -> str:
    return " | ".join(f"{1_000 * counts[name] / one['bars']:.2f}" for name, one in others.items())


def _truth(rows: list[tuple[Any, ...]]) -> str:
    kinds = list(dict.fromkeys(row[0] for row in rows))
    heads = " | ".join(f"recall, {CALLED[kind]} | interval | precision | interval" for kind in kinds)
    lines = [
        "### Drawn shapes between other walks",
        "",
        "Shapes as above, at the most noise, of lines those with six touches; what lies between them is no Gaussian",
        "walk, and its bars are as wide on average.",
        "",
        f"| detector | noise | shapes | {heads} |",
        f"|---|---|---|{'---|---|---|---|' * len(kinds)}",
    ]
    for name, noise, shapes in dict.fromkeys(tuple(row[1:4]) for row in rows):
        mine = {row[0]: row[4:] for row in rows if tuple(row[1:4]) == (name, noise, shapes)}
        cells = " | ".join(cell for kind in kinds for cell in _shares(shapes, *mine[kind]))
        lines.append(f"| {name} | {noise} | {shapes} | {cells} |")
    return "\n".join(lines) + "\n"


def _shares(shapes: int, found: int, true: int, false: int) -> Iterator[str]:
    for hits, of in ((found, shapes), (true, true + false)):
        low, high = wilson(hits, of)
        yield f"{hits / of:.2f} | {low:.2f}–{high:.2f}" if of else "– | –"
