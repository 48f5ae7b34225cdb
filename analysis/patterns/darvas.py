"""Darvas' boxes: a new high and a low after it that both have held, until a close above the high."""

from collections.abc import Mapping, Sequence

from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import integer
from analysis.events import Event
from analysis.kernels.darvas import darvas_boxes
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.detectors import detector
from analysis.patterns.marks import Mark, life_of
from analysis.patterns.shapes import shapes_of

DARVAS = "Darvas, How I Made $2,000,000 in the Stock Market (1960), ch. 5"


def boxes(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return boxes that price has left upwards."""
    bars, hold = given.bars, int(given.values["hold"])
    found = jit[darvas_boxes](bars.high, bars.low, bars.close, int(given.values["new_high"]), hold)
    candidates = []
    for bar, top, bottom in found.tolist():
        upper, lower = float(bars.high[top]), float(bars.low[bottom])
        marks = [Mark("top", top, upper, top + hold), Mark("bottom", bottom, lower, bottom + hold)]
        past = float(bars.close[bar]) - upper
        candidates.append(
            Candidate(
                name="darvas_box",
                direction=1,
                score=past / max(past, float(bars.high[bar] - bars.low[bar])),
                bar=bar,
                marks=marks,
                life=life_of([marks[0], Mark("break", bar, upper, bar)]),
                ratios={"height": upper / lower - 1.0} if lower > 0.0 else {},
                levels={"box_top": upper, "box_bottom": lower},
                stop=lower,
            )
        )
    return shapes_of(given, "chart_pattern", candidates)


detector(
    "darvas_box",
    boxes,
    category="chart_patterns",
    source=DARVAS,
    aliases=("darvas",),
    params=(
        integer("new_high", 250, 1, 2_000, "The bars before the top that it is above."),
        integer("hold", 3, 1, 50, "The bars that top and bottom have to hold."),
    ),
    notes="The top is a new high of 250 bars, the bottom the lowest low since, once it has held for three bars. Known "
    "at a close above the top. The stop is the bottom; Darvas named no target. `score` is how much of the bar's range "
    "its close is above the top.",
    cost_us=10,
)
