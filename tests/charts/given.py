"""Bars and events for the tests of pictures, and what a picture says."""

from typing import Any
from xml.etree import ElementTree

import numpy as np

from analysis import Bars

SVG = "{http://www.w3.org/2000/svg}"
DAY_MS = 86_400_000
WAVE = [100 + 8 * float(np.sin(bar / 4)) for bar in range(60)]


def bars_of(close: list[float], volume: list[float] | None = None) -> Bars:
    price = np.array(close, dtype=np.float64)
    time = DAY_MS * 1_000_000 * np.arange(len(price), dtype=np.int64)
    prices = {"open": price, "high": price * 1.01, "low": price * 0.99, "close": price}
    return Bars(time=time, **prices, volume=volume, timeframe="1d", symbol="X")


def event(*, at: int = 22, points: tuple[int, ...] = (2, 8, 12, 16, 20), **changes: Any) -> dict[str, Any]:
    """Return a gartley with points at these bars, confirmed at another."""
    made = {
        "id": f"e{at}",
        "name": "gartley",
        "kind": "harmonic",
        "side": "bullish",
        "score": 0.8,
        "bar": at,
        "formed_at": (points[-1] if points else at) * DAY_MS,
        "confirmed_at": at * DAY_MS,
        "of": None,
        "points": [
            {"label": label, "bar": bar, "time": bar * DAY_MS, "price": price, "confirmed_at": 0}
            for label, bar, price in zip("XABCD", points, (100.0, 107.0, 104.0, 106.0, 101.0), strict=False)
        ],
        "ratios": {"AB_XA": 0.6},
        "levels": {"xd": 101.0},
        "prz": [100.5, 101.5],
        "targets": [104.0],
        "stop": 99.0,
        "entry_reference": 102.0,
        "history": [{"status": "confirmed", "bar": at, "at": at * DAY_MS}],
    }
    return {**made, **changes}


def candlestick(at: int, name: str = "hammer", side: str = "bullish") -> dict[str, Any]:
    moment = at * DAY_MS
    facts = {"id": f"{name}{at}", "name": name, "kind": "candlestick", "side": side, "score": 1.0, "bar": at}
    return {**facts, "formed_at": moment, "confirmed_at": moment}


def parsed(svg: str) -> ElementTree.Element:
    """Return the picture, which has no element that could run or load anything, and nothing that is not a number."""
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "desc", "style", "rect", "path", "circle", "text"}
    for element in root.iter():
        for name in ("d", "x", "y", "cx", "cy", "width", "height"):
            assert not {"nan", "inf"} & set(element.get(name, "").replace("-", " ").split())
            assert "nan" not in element.get(name, "")
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def label_boxes(root: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the labels, by the width of a wide font: left, top, right, bottom."""
    boxes = []
    for element in root.iter(f"{SVG}text"):
        if element.get("text-anchor") == "middle" and element.get("aria-hidden"):
            size, x, y = (float(element.get(name, "")) for name in ("font-size", "x", "y"))
            half = len(element.text or "") * size * 0.62 / 2
            boxes.append((x - half, y - size, x + half, y + 3))
    return boxes


def overlapping(boxes: list[tuple[float, float, float, float]]) -> list[tuple[int, int]]:
    """Return the pairs of boxes that share some of the plane."""
    return [
        (place, other)
        for place, one in enumerate(boxes)
        for other, two in enumerate(boxes[:place])
        if one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
    ]
