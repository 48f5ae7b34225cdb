"""The picture of the last hour's jobs: a column a minute, by what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jobs.overview import Minute
from jobs.states import State

WIDTH, HEIGHT = 720, 120
# From the bottom up, each with the class that colours it.
KINDS = (
    ("succeeded", (State.SUCCEEDED,)),
    ("partial", (State.PARTIAL,)),
    ("failed", (State.FAILED,)),
    ("cancelled", (State.CANCELLED, State.CANCELLING)),
    ("open", (State.ACCEPTED, State.QUEUED, State.RUNNING)),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a column, in the picture's own units."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class HourChart:
    """The boxes, how many jobs the highest column and all of them are, and how wide and high the picture is."""

    boxes: Sequence[Box]
    highest: int
    totals: dict[str, int]
    begins_at: datetime
    width: int = WIDTH
    height: int = HEIGHT


def hour_chart(minutes: Sequence[Minute]) -> HourChart:
    """Return the picture of these minutes, of which there is one at least."""
    counted = [
        (minute.begins_at, {kind: sum(minute.counts.get(state, 0) for state in states) for kind, states in KINDS})
        for minute in minutes
    ]
    highest = max(sum(counts.values()) for _, counts in counted)
    step = WIDTH / len(counted)
    boxes = []
    for place, (at, counts) in enumerate(counted):
        x, below = round(place * step), 0
        for kind, _ in KINDS:
            if counts[kind]:
                # Tops are rounded, not heights, so that the parts of a column leave no gap.
                bottom, top = (HEIGHT - round(HEIGHT * n / highest) for n in (below, below + counts[kind]))
                below += counts[kind]
                width = max(1, round((place + 1) * step) - x - 2)
                # What is there is seen, however much more there is of another kind.
                boxes.append(Box(kind, x, max(0, min(top, bottom - 1)), width, max(1, bottom - top), counts[kind], at))
    totals = {kind: sum(counts[kind] for _, counts in counted) for kind, _ in KINDS}
    return HourChart(boxes, highest, totals, counted[0][0])
