"""Where labels go: inside of the plot, none over another, over as little as can be of what is drawn.

One that is not beside what it names has a line to it. Those without room are counted, for the picture to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.arrays import Floats
from charts.ink import Box, Ink

Point = tuple[float, float]
WIDE = 0.62  # width of a character in sizes of its font: that of a wide font, so that no label is cut
GAP = 4.0  # pixels between a label and what it names
STEP = 7.5  # pixels between two places that are tried: half of a label of 11 and the pixel around it
LEADER = 13.0  # pixels from which on a label has a line to what it names
SHIFTS = (0.0, -0.3, 0.3, -0.6, 0.6, -1.0, 1.0, -2.1, 2.1, -3.2, 3.2)  # to the side, in halves of a label's width
APART = np.array((-1.0, -1.0, 1.0, 1.0))  # pixels around a label that are kept free
# What a place costs, in pixels of distance.
COVERING, CROSSING, OTHER_SIDE, BESIDE, SHIFTED = 900.0, 60.0, 10.0, 8.0, 0.25
ALONG = np.array([0.2, 0.4, 0.6, 0.8, 1.0])  # parts of a line to a label that are held against other labels


def width_of(words: str, size: float) -> float:
    """Return about how wide words are."""
    return len(words) * size * WIDE


def cut(words: str, size: float, room: float) -> str:
    """Return words, or as many of their characters as there is room for."""
    most = int(room / (size * WIDE))
    return words if len(words) <= most else words[: max(0, most - 1)] + "…"


@dataclass(frozen=True, slots=True)
class Label:
    """Words for the spot x, y, rather over or under it, and no more than `reach` pixels away."""

    x: float
    y: float
    words: str
    css: str
    size: float
    above: bool
    reach: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A label's words, the box they are in, and the line from there to what they name, if they are far from it."""

    label: Label
    words: str
    box: Box
    leader: tuple[Point, Point] | None


@dataclass(slots=True)
class Labels:
    """The labels that wait for what they might cover, and the boxes that are taken."""

    plot: Box
    ink: Ink = field(init=False)
    waiting: dict[int, list[Label]] = field(default_factory=dict)
    taken: list[Box] = field(default_factory=list)
    left_out: int = 0

    def __post_init__(self) -> None:
        """Begin with a clean sheet."""
        self.ink = Ink(self.plot)

    def add(self, label: Label, rank: int) -> None:
        """Let a label wait; the lowest rank is placed first."""
        self.waiting.setdefault(rank, []).append(label)

    def placed(self) -> list[Placed]:
        """Return the labels that wait, each in the best place that is left, and count those that have none."""
        self.ink.dry()
        found = []
        for rank in sorted(self.waiting):
            for label in self.waiting[rank]:
                one = self._place(label)
                if one is None:
                    self.left_out += 1
                else:
                    self.taken.append(one.box)
                    found.append(one)
        self.waiting.clear()
        return found

    def _place(self, label: Label) -> Placed | None:
        left, top, right, bottom = self.plot
        words = cut(label.words, label.size, right - left - 8)
        if not (left <= label.x <= right and top <= label.y <= bottom):
            return None  # what it names is not in the picture
        wide, tall = width_of(words, label.size), label.size + 3
        middles, centres, extra = _tried(label, wide / 2, tall / 2)
        middles = np.clip(middles, left + wide / 2, right - wide / 2)
        boxes = np.column_stack((middles - wide / 2, centres - tall / 2, middles + wide / 2, centres + tall / 2))
        nearest = np.clip((label.x, label.y), boxes[:, :2], boxes[:, 2:])
        away = np.hypot(nearest[:, 0] - label.x, nearest[:, 1] - label.y)
        fits = (boxes[:, 1] >= top) & (boxes[:, 3] <= bottom) & (away >= GAP - 0.5) & (away <= label.reach)
        if self.taken:
            fits &= ~_overlaps(boxes + APART, np.array(self.taken)).any(axis=1)
        places = np.flatnonzero(fits)
        if not len(places):
            return None
        cost = away[places] + extra[places] + SHIFTED * np.abs(middles[places] - label.x)
        cost += COVERING * self.ink.share(boxes[places])
        cost += CROSSING * self._crossed(label, nearest[places]) * (away[places] > LEADER)
        best = int(places[np.argmin(np.round(cost, 3))])
        end = (float(nearest[best, 0]), float(nearest[best, 1]))
        leader = ((label.x, label.y), end) if away[best] > LEADER else None
        return Placed(label, words, _box(boxes[best]), leader)

    def _crossed(self, label: Label, ends: Floats) -> Floats:
        """Return for each line from the label's spot to one of the ends whether it crosses what is taken."""
        if not self.taken:
            return np.zeros(len(ends))
        spot = np.array((label.x, label.y))
        points = (spot + ALONG[:, None, None] * (ends - spot)).reshape(-1, 2)
        inside = _overlaps(np.concatenate((points, points), axis=1), np.array(self.taken)).any(axis=1)
        return np.asarray(inside.reshape(len(ALONG), -1).any(axis=0), dtype=np.float64)


def _tried(label: Label, half: float, low: float) -> tuple[Floats, Floats, Floats]:
    """Return middles, centres and what they cost besides: over and under the spot, and at both sides of it."""
    rows = np.arange(0.0, max(label.reach - GAP, 0.0) + 1, STEP)
    shifts = half * np.array(SHIFTS)
    up = np.repeat(label.y - GAP - low - rows, len(shifts))
    down = np.repeat(label.y + GAP + low + rows, len(shifts))
    over = np.tile(label.x + shifts, len(rows))
    beside = np.concatenate((label.x + half + GAP + 2 + rows, label.x - half - GAP - 2 - rows))
    middles = np.concatenate((over, over, beside))
    centres = np.concatenate((up, down, np.full(len(beside), label.y)))
    turned = [0.0 if label.above else OTHER_SIDE, OTHER_SIDE if label.above else 0.0]
    return middles, centres, np.concatenate((np.repeat(turned, len(up)), np.full(len(beside), BESIDE)))


def _overlaps(boxes: Floats, others: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return for each box and each of the others whether they share some of the plane."""
    one, other = boxes[:, None, :], others[None, :, :]
    across = (one[..., 0] < other[..., 2]) & (other[..., 0] < one[..., 2])
    return np.asarray(across & (one[..., 1] < other[..., 3]) & (other[..., 1] < one[..., 3]))


def _box(row: Sequence[float] | Floats) -> Box:
    left, top, right, bottom = (float(edge) for edge in row)
    return left, top, right, bottom
