"""Where things go in the picture, and the words of SVG that put them there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

LINE_HEIGHT = 14
CHARACTER = 6.3  # width of one at the labels' size


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

    def x(self, bar: float) -> float:
        """Return the middle of a bar."""
        return self.left + (bar + 0.5) * self.step

    def y(self, value: float) -> float:
        """Return the height of a value; what is outside ends at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.top + (1 - min(1.0, max(0.0, share))) * self.height


@dataclass(slots=True)
class Canvas:
    """The picture's parts in the order they are laid on one another; labels last, none over another."""

    parts: list[str] = field(default_factory=list)
    waiting: list[tuple[float, float, str, str, bool]] = field(default_factory=list)
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def path(self, steps: str, css: str) -> None:
        """Add a path of SVG steps."""
        if steps:
            self.parts.append(f'<path class="{css}" d="{steps}"/>')

    def line(self, points: Sequence[tuple[float, float]], css: str) -> None:
        """Add a line through points."""
        if len(points) > 1:
            self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), css)

    def area(self, points: Sequence[tuple[float, float]], css: str) -> None:
        """Add a filled shape with these corners."""
        self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z", css)

    def dots(self, points: Iterable[tuple[float, float]], css: str) -> None:
        """Add a dot at every point."""
        self.parts += [f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points]

    def write(self, x: float, y: float, text: str, css: str) -> None:
        """Add text that begins at x (or, with the class `end`, ends there)."""
        self.parts.append(f'<text class={quoteattr(css)} x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>')

    def label(self, x: float, y: float, text: str, css: str, *, above: bool) -> None:
        """Add text around x, over or under y; written at the end, moved away from labels that are there."""
        self.waiting.append((x, y, text, css, above))

    def labels(self) -> None:
        """Write the labels that wait."""
        for x, y, text, css, above in self.waiting:
            half = len(text) * CHARACTER / 2
            base = y - 7 if above else y + 16
            for _ in range(12):
                box = (x - half, base - 11, x + half, base + 3)
                if not any(_overlap(box, other) for other in self.taken):
                    break
                base += -LINE_HEIGHT if above else LINE_HEIGHT
            self.taken.append((x - half, base - 11, x + half, base + 3))
            self.write(x, base, text, f"{css} middle")
        self.waiting.clear()

    def text(self) -> str:
        """Return the parts as SVG."""
        return "".join(self.parts)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
