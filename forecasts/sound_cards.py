"""What answers read of a card is what it should be: found when a model is read, and not in the middle of an answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from analysis.validation.quarters import CHANCE, DIFFERENT
from ml.base_rates import TOO_FEW
from ml.errors import ModelRefused
from ml.evaluation import LIFT, WORSE
from ml.family import PATTERNS
from ml.features import NAMES
from ml.prediction import NO_LIFT
from ml.ranges import HORIZONS, QUANTILES, WAYS

Card = Mapping[str, Any]
YEARS = range(1700, 2262)  # that nanoseconds can tell
MOST = 1e15  # of any figure; more is no number of events, and an int of more bits than an answer can have
FURTHEST = 1_000.0  # deviations that a price goes


def demand_answerable(card: Card) -> None:
    """Raise ModelRefused for the first of CHECKED that answers could not be made with.

    A card that nobody has vouched for may have anything in it, so a check may raise what reading such a thing does.
    """
    for name, is_sound in CHECKED.items():
        if not is_sound(card):
            raise ModelRefused("card", f"What the card says of {name} is nothing that answers can be made with.")


def _has_date(card: Card) -> bool:
    text = card["usable_from"]
    found = date.fromisoformat(text)
    return found.isoformat() == text and found.year in YEARS


def _has_ranges(card: Card) -> bool:
    """Return whether ranges can be told; only the model of patterns is asked for them."""
    if card["name"] != PATTERNS.name:
        return True
    given = card["ranges"]
    is_of_these = (given["quantiles"], given["horizons"]) == (list(QUANTILES), list(HORIZONS))
    return is_of_these and all(
        _is_table(given[way], -FURTHEST, FURTHEST) and _is_table(given["coverage"][way], 0, 1) for way in WAYS
    )


def _has_base_rates(card: Card) -> bool:
    return all(
        {type(row["name"]), type(row["side"])} == {str}
        and row["verdict"] in (TOO_FEW, DIFFERENT, CHANCE)
        and all(_is_figure(one) for one in (row["events"], row["target"], row["chance"]))
        and _are_figures(row["interval"], 2)
        for row in card.get("base_rates", ())
    )


def _has_reference(card: Card) -> bool:
    return all(
        name in NAMES and _are_figures(one["edges"]) and _are_figures(one["shares"], len(one["edges"]) + 2)
        for name, one in card.get("reference", {}).items()
    )


def _is_table(rows: Sequence[Sequence[float]], low: float, high: float) -> bool:
    """Return whether there is a row for each horizon, of an ascending figure for each quantile."""
    return len(rows) == len(HORIZONS) and all(
        _are_figures(row, len(QUANTILES)) and sorted(row) == row and low <= row[0] and row[-1] <= high for row in rows
    )


def _are_figures(given: Any, count: int | None = None) -> bool:
    is_list = isinstance(given, list) and count in (None, len(given))
    return is_list and all(_is_figure(one) for one in given)


def _is_figure(given: Any) -> bool:
    return type(given) in (int, float) and abs(given) <= MOST


CHECKED: dict[str, Callable[[Card], bool]] = {
    "usable_from": _has_date,
    "timeframes": lambda card: isinstance(card["timeframes"], list) and {*map(type, card["timeframes"])} <= {str},
    "lift_status": lambda card: card["lift_status"] in (LIFT, NO_LIFT, WORSE),
    "ranges": _has_ranges,
    "base_rates": _has_base_rates,
    "resolution_days": lambda card: _are_figures([*card.get("resolution_days", {}).values()]),
    "reference": _has_reference,
}
