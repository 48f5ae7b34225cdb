"""The demo's table: what a person reads off it."""

from typing import Any

from gravity.local.table import render

DAY = 86_400_000
TIME = [1_700_006_400_000 + n * DAY for n in range(3)]  # 2023-11-15 … 17


def item(symbol: str, **changes: Any) -> dict[str, Any]:
    columns = {
        "price": [1.0, 2.0, 189.69],
        "rsi": [None, 50.0, 71.234],
        "macd.histogram": [0.1, 0.2, -0.12345],
        "natr": [2.0, 2.0, 1.987],
    }
    return {"symbol": symbol, "time": TIME, "columns": columns, "events": [], **changes}


def event(name: str, side: str, bar: int, score: float = 0.5) -> dict[str, Any]:
    return {"name": name, "side": side, "confirmed_at": TIME[bar], "score": score}


def test_every_symbol_has_a_line_with_its_last_values() -> None:
    heading, rule, first, second = render([item("AAPL"), item("A")]).splitlines()
    assert heading.split()[:3] == ["Symbol", "Last", "bar"]
    assert set(rule) == {"─", " "}
    assert first.split() == ["AAPL", "2023-11-17", "189.69", "71.2", "-0.123", "1.99", "none"]
    assert second.split()[0] == "A"
    assert first.index("2023") == second.index("2023") == heading.index("Last bar")


def test_numbers_stand_right_under_their_heading() -> None:
    small = item("B", columns={"price": [1.5], "rsi": [5.0], "macd.histogram": [0.0], "natr": [1.0]})
    heading, _, first, second = render([item("AAPL"), small]).splitlines()
    assert first.index("189.69") + 6 == second.index("1.50") + 4 == heading.index("Close") + 5


def test_what_is_unknown_is_a_dash_and_never_zero() -> None:
    unknown = item("NEW", columns={"rsi": [None], "macd.histogram": [None]}, time=[], events=[])
    assert render([unknown]).splitlines()[2].split() == ["NEW", "–", "–", "–", "–", "–", "none"]


def test_hits_are_latest_first_with_side_and_age() -> None:
    hits = [event("hammer", "bullish", 0), event("doji", "neutral", 2), event("engulfing", "bearish", 1)]
    assert render([item("A", events=hits)]).endswith("· doji, ▼ engulfing −1, ▲ hammer −2")


def test_of_one_bars_hits_the_strongest_come_first() -> None:
    hits = [event("doji", "neutral", 2), event("kicking", "bullish", 2, score=1.0)]
    assert render([item("A", events=hits)]).endswith("▲ kicking, · doji")


def test_many_hits_are_counted_not_spread() -> None:
    hits = [event(f"name_{n}", "bullish", 2) for n in range(7)]
    assert render([item("A", events=hits)]).endswith("▲ name_2, +4 more")
