"""How high the parts of a picture are."""

from dataclasses import dataclass
from textwrap import wrap

from charts import lanes
from charts.description import Chart
from charts.labels import WIDE

WIDTH, MIN_WIDTH, MAX_WIDTH = 960, 320, 2_400
MIN_HEIGHT, MAX_HEIGHT = 240, 2_400
PRICE, LEAST_PRICE, PANE, LEAST_PANE = 420.0, 120.0, 100.0, 36.0
GOOD_PANE = 72.0  # of a low picture, where the price can have twice as much
LEFT, RIGHT, TOP, AXIS, GAP, NOTE = 12.0, 78.0, 36.0, 24.0, 10.0, 14.0
NOTE_SIZE = 10.0
HEADING = 27.0  # labels begin below it


class TooSmall(ValueError):
    """The height asked for does not have room for what is to be drawn."""

    def __init__(self, least: int) -> None:
        super().__init__(f"This picture takes a height of {least} or more; choose what is drawn with columns=")
        self.least = least


@dataclass(frozen=True, slots=True)
class Layout:
    """The heights of the parts, from the top: heading, price, lanes, panes, dates, notes.

    One more line is there for labels that are left out; without it the picture is `trimmed` high.
    """

    width: float
    height: float
    trimmed: float
    price: float
    pane: float
    notes: tuple[str, ...]

    @property
    def plot_width(self) -> float:
        """Return how wide the bars are in all."""
        return self.width - LEFT - RIGHT


def lay_out(chart: Chart, width: int, height: int | None) -> Layout:
    """Return the heights of a picture, those that are usual if none is asked for; raise TooSmall for too low a one."""
    chars = max(20, int((width - LEFT - 8) / (NOTE_SIZE * WIDE)))
    notes = tuple(line for note in chart.notes for line in wrap(note, chars))
    lines = len(notes) + has_labels(chart)
    below = len(chart.lanes) * lanes.HEIGHT + len(chart.panes) * GAP
    fixed = TOP + below + AXIS + _high(lines)
    if height is None:
        whole = round(fixed + PRICE + len(chart.panes) * PANE)
        return Layout(width, whole, whole - _high(lines) + _high(len(notes)), PRICE, PANE, notes)
    least = fixed + LEAST_PRICE + len(chart.panes) * LEAST_PANE
    if height < least:
        raise TooSmall(int(least + 1))
    room = height - fixed
    count = len(chart.panes)
    usual = max(room / (count + 4.2), min(GOOD_PANE, room / (count + 2.6)))
    pane = max(LEAST_PANE, min(usual, (room - LEAST_PRICE) / max(1, count)))
    return Layout(width, height, height, room - pane * len(chart.panes), pane, notes)


def has_labels(chart: Chart) -> bool:
    """Return whether something in the picture has a label, for which there may be no room."""
    return bool(chart.shapes or chart.candlesticks) or any(study.is_levels for study in chart.overlays)


def _high(lines: int) -> float:
    return lines * NOTE + (6 if lines else 0)
