"""Labels: inside of the plot, none over another, off what is drawn where they can be, and counted where they cannot."""

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import charts
from analysis import Plan
from analysis.catalog import registry
from charts.ink import BARS, CELL, Box, Ink
from charts.labels import Label, Labels, Placed
from charts.layout import HEADING, LEFT, RIGHT
from tests.charts.given import SVG, WAVE, bars_of, candlestick, event, label_boxes, overlapping, parsed, texts

PLOT = (10.0, 20.0, 410.0, 220.0)


def label(x: float, y: float, words: str = "a label", **changes: Any) -> Label:
    return Label(
        **{"x": x, "y": y, "words": words, "css": "text", "size": 11, "above": True, "reach": 400.0, **changes}
    )


def placed(*asked: Label, plot: Box = PLOT) -> tuple[list[Placed], int]:
    found = Labels(plot)
    for one in asked:
        found.add(one, rank=0)
    return found.placed(), found.left_out


def left_out(root: ElementTree.Element) -> int:
    (note,) = [words for words in texts(root) if "left out for want of room" in words] or ["0"]
    return int(note.split()[0])


def test_a_thousand_labels_of_one_spot_fill_the_plot_and_the_others_are_counted() -> None:
    found, without = placed(*[label(200.0, 120.0)] * 1_000)
    assert len(found) + without == 1_000
    assert len(found) > 30
    boxes = [one.box for one in found]
    assert overlapping(boxes) == []
    for left, top, right, bottom in boxes:
        assert PLOT[0] <= left < right <= PLOT[2]
        assert PLOT[1] <= top < bottom <= PLOT[3]


@pytest.mark.parametrize("spot", [(10.0, 20.0), (410.0, 20.0), (10.0, 220.0), (410.0, 220.0)])
def test_in_a_corner_a_label_is_beside_its_spot_and_inside(spot: tuple[float, float]) -> None:
    (one,), without = placed(label(*spot))
    assert (without, one.leader) == (0, None)
    assert one.box[0] >= PLOT[0]
    assert one.box[3] <= PLOT[3]


def test_a_spot_outside_of_the_picture_has_no_label() -> None:
    assert placed(label(200.0, 400.0), label(-4_000.0, 100.0), label(float("nan"), 100.0)) == ([], 3)


def test_words_wider_than_the_plot_are_cut() -> None:
    (one,), _ = placed(label(200.0, 120.0, "w" * 500))
    assert one.words.endswith("…")
    assert one.box[2] <= PLOT[2]


def test_a_plot_without_room_has_none() -> None:
    assert placed(label(12.0, 22.0), plot=(10.0, 20.0, 14.0, 24.0)) == ([], 1)


def test_a_label_goes_where_nothing_is_drawn_and_a_line_leads_to_it() -> None:
    found = Labels(PLOT)
    found.ink.rectangles(np.array([[100.0, 60.0, 300.0, 180.0]]), BARS)
    found.add(label(200.0, 120.0), rank=0)
    (one,) = found.placed()
    assert one.box[3] <= 60.0
    assert one.leader is not None
    assert one.leader[0] == (200.0, 120.0)


def test_a_label_that_may_not_go_so_far_stays() -> None:
    found = Labels(PLOT)
    found.ink.rectangles(np.array([[100.0, 60.0, 300.0, 180.0]]), BARS)
    found.add(label(200.0, 120.0, reach=20.0), rank=0)
    (one,) = found.placed()
    assert 95 < one.box[1] < one.box[3] < 145


def test_ink_is_counted_where_it_is() -> None:
    grid = Ink((0.0, 0.0, 100.0, 100.0))
    grid.rectangles(np.array([[0.0, 0.0, 49.0, 99.0], [np.nan, 0.0, 9.0, 9.0], [-1e9, 200.0, 1e9, 1e300]]), BARS)
    grid.line([(80.0, -1e300), (80.0, 1e300)], BARS)
    grid.curve(np.array([60.0, 64.0, 68.0]), np.array([10.0, np.inf, 12.0]), BARS)
    grid.dry()
    boxes = np.array([[0.0, 0.0, 40.0, 40.0], [52.0, 50.0, 70.0, 90.0], [80.0, 0.0, 80.0 + CELL / 2, 99.0]])
    assert grid.share(boxes).tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("size", [{}, {"width": 320}, {"width": 320, "height": 280}, {"width": 2_400, "height": 2_400}])
def test_many_events_at_one_bar_have_labels_that_do_not_touch(size: dict[str, int]) -> None:
    crowd = [event(at=30, id=f"e{n}", name="inverse_head_and_shoulders") for n in range(6)]
    signs = [
        candlestick(30, f"rising_falling_three_methods_{n}", side) for n in range(9) for side in ("bullish", "bearish")
    ]
    signs += [candlestick(at, "gap_side_by_side_white_lines") for at in range(31, 42)]
    root = parsed(charts.draw(charts.compose(bars_of(WAVE), events=[*crowd, *signs]), **size))
    width, height = (float(root.get(name, "")) for name in ("width", "height"))
    boxes = label_boxes(root)
    assert boxes
    assert overlapping(boxes) == []
    for left, top, right, bottom in boxes:
        assert left >= LEFT - 0.1
        assert right <= width - RIGHT + 0.1
        assert HEADING - 0.1 <= top < bottom <= height
    names = 6 + 2 + 11
    plans, letters = 6 * 3, 6 * 5
    assert len(boxes) + left_out(root) == names + plans + letters


def test_levels_at_one_price_have_names_that_do_not_touch_and_the_others_are_counted() -> None:
    outputs = [output.name for output in registry.get("pivots_traditional").outputs]
    columns = {f"pivots_traditional.{name}": np.full(60, 101.0) for name in outputs}
    times = (bars_of(WAVE).time // 1_000_000).tolist()
    chart = charts.compose(bars_of(WAVE), plan=Plan.parse(["pivots_traditional"]), columns=columns, times_ms=times)
    root = parsed(charts.draw(chart))
    boxes = label_boxes(root)
    assert overlapping(boxes) == []
    assert 0 < len(boxes) < len(outputs)
    assert len(boxes) + left_out(root) == len(outputs)


def test_levels_of_many_events_at_one_price_are_named_apart() -> None:
    levels = {"level": 103.0, "low": 102.0, "high": 104.0}
    crowd = [
        event(at=20 + n, id=f"s{n}", name="support", kind="levels", levels=levels, prz=None, targets=[], stop=99.0)
        for n in range(6)
    ]
    root = parsed(charts.draw(charts.compose(bars_of(WAVE), events=crowd)))
    names = [words for words in texts(root) if words.startswith("▲ support 103")]
    assert len(names) == 2 * 6  # each with its halo
    assert overlapping(label_boxes(root)) == []
    assert [element for element in root.iter(f"{SVG}path") if element.get("class") == "leader"]


def test_what_is_left_out_is_said_inside_of_the_height_asked_for() -> None:
    crowd = [event(at=30, id=f"e{n}") for n in range(6)]
    signs = [candlestick(at, "gap_side_by_side_white_lines") for at in range(22, 52)]
    chart = charts.compose(bars_of(WAVE), events=[*crowd, *signs])
    root = parsed(charts.draw(chart, width=320, height=260))
    (y,) = [float(e.get("y", "")) for e in root.iter(f"{SVG}text") if "left out" in (e.text or "")]
    assert y < 260
    assert root.get("height") == "260"


def test_a_picture_with_room_for_all_labels_says_nothing_of_them_and_has_no_empty_line() -> None:
    plain = parsed(charts.draw(charts.compose(bars_of(WAVE))))
    labelled = parsed(charts.draw(charts.compose(bars_of(WAVE), events=[candlestick(40)])))
    assert left_out(labelled) == 0
    assert labelled.get("height") == plain.get("height")


def test_dark_readers_have_the_looks_of_this_picture_alone() -> None:
    svg = charts.draw(charts.compose(bars_of(WAVE)))
    assert ".gravity-chart .paper{" in svg
    assert ".leader{" not in svg
