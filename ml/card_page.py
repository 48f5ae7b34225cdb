"""The card of a model as a page for people: what it found, first of all what it did not."""

from collections.abc import Mapping, Sequence
from typing import Any

from ml.family import CANDLESTICKS

SHOWN_FEATURES = 12
BEGIN, END = "<!-- found: begin -->\n", "<!-- found: end -->\n"
RANGES_BEGIN, RANGES_END = "<!-- ranges: begin -->\n", "<!-- ranges: end -->\n"
CANDLESTICKS_BEGIN, CANDLESTICKS_END = "<!-- candlesticks: begin -->\n", "<!-- candlesticks: end -->\n"


def page(card: Mapping[str, Any]) -> str:
    """Return the card as Markdown."""
    training = card["training"]
    files = [(one["name"], one["licence"], f"`{one['sha256']}`") for one in training["files"]]
    parts = [
        f"# {card['name']} {card['version']}\n",
        _found(card),
        "## Limitations\n\n" + "\n".join(f"* {one}" for one in card["limitations"]) + "\n",
        "## Trained on\n",
        f"{training['events']:,} events of {training['symbols']} symbols, {training['from']} to {training['to']}; "
        f"{len(training['held_out_symbols'])} symbols were held out. Usable from {card['usable_from']}: of events "
        "before, it has seen the outcome.\n",
        _table(("file", "licence", "sha256"), files),
        "What became of all events: " + ", ".join(f"{n:,} {name}" for name, n in training["outcomes"].items()) + ".\n",
        "## Log-loss\n",
        _losses(card["evaluation"]),
        "## Calibration of what is served\n",
        _calibration(card["evaluation"]),
        "P(target) in fifteen bins of as many events:\n",
        _table(("events", "forecast", "observed"), card["evaluation"]["reliability"]),
        "## Gates\n",
        _gates(card),
        "## Base rates\n",
        "Share that met the target first, 95 % by calendar quarters, beside the mean of chance.\n",
        _base_rates(card),
        "## Features that count most\n",
        "What the log-loss of held-out symbols loses when a feature is mixed up among events.\n",
        _features(card),
    ]
    return "\n".join(parts)


def summary(card: Mapping[str, Any]) -> str:
    """Return what a reader must see first: what was found, log-loss, calibration, gates and base rates."""
    told = card["evaluation"]
    return "\n".join((_found(card), _losses(told), _calibration(told), _gates(card), _base_rates(card)))


def ranges_summary(card: Mapping[str, Any]) -> str:
    """Return how well ranges held on other symbols and later."""
    told, quantiles = card["ranges"]["coverage"], card["ranges"]["quantiles"]
    rows = [*told["up"], *told["down"]]
    furthest = max(abs(share - asked) for row in rows for share, asked in zip(row, quantiles, strict=True))
    high, low, middle = ([row[2] for row in told["up"]], [row[2] for row in told["down"]], [row[1] for row in rows])
    return (
        f"They held to within {100 * furthest:.1f} points: the 90 % quantile of the high in {_ends(high)} of cases, "
        f"that of the low in {_ends(low)}, the medians in {_ends(middle)}.\n"
    )


def placed(text: str, card: Mapping[str, Any]) -> str:
    """Return a page with what is said of the card between the marks of its kind; ValueError if it has none."""
    said_of: tuple[tuple[str, str, str], ...] = (
        ((CANDLESTICKS_BEGIN, CANDLESTICKS_END, summary(card)),)
        if card["kind"] == CANDLESTICKS.kind
        else ((BEGIN, END, summary(card)), (RANGES_BEGIN, RANGES_END, ranges_summary(card)))
    )
    for begin, end, said in said_of:
        before, _, rest = text.partition(begin)
        _, mark, after = rest.partition(end)
        if not mark:
            raise ValueError("The page has no place for the summary.")
        text = f"{before}{begin}{said}{end}{after}"
    return text


def _ends(shares: Sequence[float]) -> str:
    return f"{min(shares):.3f} to {max(shares):.3f}"


def _losses(told: Mapping[str, Any]) -> str:
    lead = f"Nats an event, {told['from']} to {told['to']}, {told['folds']} folds, each by models of what was before.\n"
    rows = [(f"{part} ({told['events'][part]:,})", *losses.values()) for part, losses in told["log_loss"].items()]
    return f"{lead}\n{_table(('events', *told['log_loss']['all']), rows)}"


def _calibration(told: Mapping[str, Any]) -> str:
    rows = [
        (part, name, one["error"], f"{one['slope'][0]:.3f}", f"{one['slope'][1]:.3f} to {one['slope'][2]:.3f}")
        for part, outcomes in told["calibration"].items()
        for name, one in outcomes.items()
    ]
    return _table(("events", "outcome", "calibration error", "slope", "interval"), rows)


def _gates(card: Mapping[str, Any]) -> str:
    rows = [
        (one["code"], one["title"], one["figure"], one["goal"], "yes" if one["passed"] else "**no**")
        for one in card["gates"]
    ]
    return _table(("gate", "what", "figure", "goal", "held"), rows)


def _base_rates(card: Mapping[str, Any]) -> str:
    rows = [
        (
            *(one["name"], one["side"], one["events"], f"{one['target']:.3f}"),
            f"{one['interval'][0]:.3f} to {one['interval'][1]:.3f}",
            *(f"{one['chance']:.3f}", f"{one['mean_r']:+.2f}", one["verdict"]),
        )
        for one in card["base_rates"]
    ]
    return _table(("pattern", "side", "events", "target", "interval", "chance", "mean R", "verdict"), rows)


def _features(card: Mapping[str, Any]) -> str:
    shown = card["importances"][:SHOWN_FEATURES]
    rows = [(f"`{one['feature']}`", f"{one['mixed']:+.5f}", one["total_gain"]) for one in shown]
    return _table(("feature", "lost", "total gain"), rows)


def _found(card: Mapping[str, Any]) -> str:
    gain = card["evaluation"]["gain"]
    lines = [
        f"**{card['lift_status']}** over the best known without a model (`{card['evaluation']['best_baseline']}`): "
        f"{gain[0]:+.4f} nats an event, 95 % interval {gain[1]:+.4f} to {gain[2]:+.4f} by calendar quarters; "
        f"after {card['trials']} trials the lower end is {gain[3]:+.4f}.\n"
    ]
    for head, one in card["heads"].items():
        lines.append(
            f"* **{head}**: {one['status']}; its trees gain {one['gain'][0]:+.4f} "
            f"[{one['gain'][1]:+.4f}, {one['gain'][2]:+.4f}] and count {one['shrinkage']:g} of what they say."
        )
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join(lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]) + "\n"
