"""Where things go in the picture, and the words of SVG that put them there."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np

from analysis.arrays import Floats
from charts import ink
from charts.labels import Label, Labels, Point
from charts.style import attributes

# What labels keep off, by look.
INKS = dict.fromkeys(("leg", "pole", "edge", "entry", "target", "stop", "last"), ink.LINE)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_of(words: str) -> str:
    """Return words as the text of an element: no markup, and no character that XML does not have."""
    return escape(NOT_XML.sub("\ufffd", words))


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
class Canvas:
    """The picture's parts in the order they are laid on one another, labels last, and the looks that they have."""

    width: float
    labels: Labels
    parts: list[str] = field(default_factory=list)
    looks: set[str] = field(default_factory=set)

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
            self.parts.append(f'<path {self.look(css)} d="{steps.lstrip()}"{end}')

    def line(self, points: Sequence[Point], css: str) -> None:
        """Add a line through points."""
        if css in INKS:
            self.labels.ink.line(points, INKS[css])
        if len(points) > 1:
            self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), css)

    def area(self, points: Sequence[Point], css: str) -> None:
        """Add a filled shape with these corners."""
        self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z", css)

    def box(self, x: float, y: float, width: float, height: float, css: str) -> None:
        """Add a rectangle."""
        size = f'width="{width:.1f}" height="{height:.1f}"'
        self.parts.append(f'<rect {self.look(css)} x="{x:.1f}" y="{y:.1f}" {size}/>')

    def dots(self, points: Sequence[Point], css: str) -> None:
        """Add a dot at every point."""
        self.labels.ink.dots(points, ink.DOT)
        self.parts += [f'<circle {self.look(css)} cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points]

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
            self.parts.append(f'<text {self.look("halo")} {rest} aria-hidden="true">{text_of(words)}</text>')
        self.parts.append(f"<text {self.look(css)} {rest}>{text_of(words)}</text>")

    def reserve(self, x: float, y: float, width: float, height: float) -> None:
        """Keep labels out of a rectangle."""
        self.labels.taken.append((x, y, x + width, y + height))

    def label(
        self, x: float, y: float, words: str, css: str, *, above: bool, rank: int, size: float = 11, reach: float = 60
    ) -> None:
        """Add text for the spot x, y, rather over or under it: written at the end, the lowest rank first.

        Where there is no room within `reach` pixels it is left out, and counted.
        """
        self.labels.add(Label(x, y, words, css, size, above, reach), rank)

    def write_labels(self) -> None:
        """Write the labels that wait, each on a halo of the paper's colour, after the lines that lead to them."""
        placed = self.labels.placed()
        for one in placed:
            self.line(one.leader or (), "leader")
        for one in placed:
            left, _, right, bottom = one.box
            label = one.label
            self.write((left + right) / 2, bottom - 3, one.words, label.css, label.size, "middle", halo=True)

    def look(self, css: str) -> str:
        """Return a class with its light look as SVG attributes."""
        self.looks.add(css)
        return attributes(css)

    def text(self) -> str:
        """Return the parts as SVG."""
        return "".join(self.parts)
