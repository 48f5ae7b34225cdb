"""Where things go in the picture, and the words of SVG that put them there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np

from analysis.arrays import Floats
from charts.style import attributes

Point = tuple[float, float]
Box = tuple[float, float, float, float]
WIDE = 0.62  # width of a character in sizes of its font: that of a wide font, so that no label is cut
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_of(words: str) -> str:
    """Return words as the text of an element: no markup, and no character that XML does not have."""
    return escape(NOT_XML.sub("\ufffd", words))


def width_of(words: str, size: float) -> float:
    """Return about how wide words are."""
    return len(words) * size * WIDE


def cut(words: str, size: float, room: float) -> str:
    """Return words, or as many of their characters as there is room for."""
    most = int(room / (size * WIDE))
    return words if len(words) <= most else words[: max(0, most - 1)] + "…"


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the picture with bars along it and values up it."""

    left: float
    top: float
    width: float
    height: float
    bars: int
    low: float
    high: float

    @property
    def step(self) -> float:
        """Return the width of a bar."""
        return self.width / self.bars

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.top + self.height

    @property
    def middles(self) -> Floats:
        """Return the middle of every bar."""
        return np.asarray(self.left + (np.arange(self.bars) + 0.5) * self.step, dtype=np.float64)

    def x(self, bar: float) -> float:
        """Return the middle of a bar."""
        return self.left + (bar + 0.5) * self.step

    def y(self, value: float) -> float:
        """Return the height of a value, which may be outside."""
        return self.top + (self.high - value) / (self.high - self.low) * self.height

    def ys(self, values: Floats) -> Floats:
        """Return the heights of values, NaN where one is unknown or infinite."""
        known = np.where(np.isfinite(values), values, np.nan)
        return self.top + (self.high - known) / (self.high - self.low) * self.height

    def has(self, value: float) -> bool:
        """Tell whether a value is inside."""
        return self.low <= value <= self.high


@dataclass(slots=True)
class Label:
    """Text around x, over or under y, written when all that it might cover is drawn."""

    x: float
    y: float
    words: str
    css: str
    size: float
    above: bool
    tries: int


@dataclass(slots=True)
class Canvas:
    """The picture's parts in the order they are laid on one another; labels last, none over another or outside."""

    width: float
    height: float
    floor: float  # labels end above it
    parts: list[str] = field(default_factory=list)
    waiting: dict[int, list[Label]] = field(default_factory=dict)
    taken: list[Box] = field(default_factory=list)

    @contextmanager
    def clipped(self, frame: Frame) -> Iterator[None]:
        """Cut what is drawn in here at the frame."""
        box = f"{frame.left:.1f} {frame.top:.1f} {frame.width:.1f} {frame.height:.1f}"
        x, y, width, height = box.split()
        self.parts.append(f'<svg x="{x}" y="{y}" width="{width}" height="{height}" viewBox="{box}">')
        yield
        self.parts.append("</svg>")

    def path(self, steps: str, css: str, title: str = "") -> None:
        """Add a path of SVG steps, with what to say when pointed at."""
        if steps:
            end = f"><title>{text_of(title)}</title></path>" if title else "/>"
            self.parts.append(f'<path {attributes(css)} d="{steps.lstrip()}"{end}')

    def line(self, points: Sequence[Point], css: str) -> None:
        """Add a line through points."""
        if len(points) > 1:
            self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), css)

    def area(self, points: Sequence[Point], css: str) -> None:
        """Add a filled shape with these corners."""
        self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z", css)

    def box(self, x: float, y: float, width: float, height: float, css: str) -> None:
        """Add a rectangle."""
        size = f'width="{width:.1f}" height="{height:.1f}"'
        self.parts.append(f'<rect {attributes(css)} x="{x:.1f}" y="{y:.1f}" {size}/>')

    def dots(self, points: Iterable[Point], css: str) -> None:
        """Add a dot at every point."""
        self.parts += [f'<circle {attributes(css)} cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points]

    def write(
        self,
        x: float,
        y: float,
        words: str,
        css: str,
        size: float = 11,
        anchor: str = "start",
        *,
        halo: bool = False,
    ) -> None:
        """Add text that begins at x, has it in its middle, or ends there; over lines with a halo."""
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        rest = f'font-size="{size:g}" x="{x:.1f}" y="{y:.1f}"{where}'
        if halo:
            self.parts.append(f'<text {attributes("halo")} {rest} aria-hidden="true">{text_of(words)}</text>')
        self.parts.append(f"<text {attributes(css)} {rest}>{text_of(words)}</text>")

    def reserve(self, x: float, y: float, width: float, height: float) -> None:
        """Keep labels out of a rectangle."""
        self.taken.append((x, y, x + width, y + height))

    def label(
        self, x: float, y: float, words: str, css: str, *, above: bool, rank: int, size: float = 11, tries: int = 14
    ) -> None:
        """Add text around x, over or under y: written at the end, the lowest rank first, moved to where there is room.

        Where `tries` places are taken it is left out.
        """
        self.waiting.setdefault(rank, []).append(Label(x, y, words, css, size, above, tries))

    def labels(self) -> None:
        """Write the labels that wait, each on a halo of the paper's colour."""
        for rank in sorted(self.waiting):
            for one in self.waiting[rank]:
                self._place(one)
        self.waiting.clear()

    def _place(self, one: Label) -> None:
        words = cut(one.words, one.size, self.width - 8)
        half, tall = width_of(words, one.size) / 2, one.size + 3
        x = min(max(one.x, half + 2), self.width - half - 2)
        up, down = one.y - 6, one.y + one.size + 4
        for turn in range(one.tries):
            is_up = one.above == (turn % 2 == 0)
            base = up - turn // 2 * tall if is_up else down + turn // 2 * tall
            box = (x - half, base - one.size, x + half, base + 3)
            if box[1] < 2 or box[3] > self.floor or any(_overlap(box, other) for other in self.taken):
                continue
            self.taken.append(box)
            self.write(x, base, words, one.css, one.size, "middle", halo=True)
            return

    def text(self) -> str:
        """Return the parts as SVG."""
        return "".join(self.parts)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
