"""High tight flags: a pause after a price has nearly doubled, measured in percent alone."""

from collections.abc import Mapping, Sequence

from analysis.catalog.entry import DetectionContext
from analysis.catalog.params import integer, number
from analysis.events import Event
from analysis.kernels.high_tight_flag import high_tight_flags
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.continuations import ONEIL
from analysis.patterns.detectors import detector
from analysis.patterns.marks import Mark, life_of
from analysis.patterns.overlap import first_confirmed
from analysis.patterns.reversals import BULKOWSKI
from analysis.patterns.shapes import shapes_of

HALF = 0.5  # of the pole, that price is measured to go on by


def flags(given: DetectionContext) -> Mapping[str, Sequence[Event]]:
    """Return high tight flags."""
    bars, values = given.bars, given.values
    asked = float(values["rise"]), int(values["pole_bars"]), int(values["least_pause"]), int(values["pause_bars"])
    most = float(values["given_back"])
    found = jit[high_tight_flags](bars.high, bars.low, bars.close, *asked, most)
    candidates = []
    for bar, start, top, deepest in found.tolist():
        foot, tip, sunk = float(bars.low[start]), float(bars.high[top]), float(bars.low[deepest])
        back = 1.0 - sunk / tip
        candidates.append(
            Candidate(
                name="high_tight_flag",
                direction=1,
                score=1.0 - 0.5 * back / most,
                bar=bar,
                marks=[Mark("pole_start", start, foot, top), Mark("pole_end", top, tip, bar)],
                life=life_of([Mark("pole_start", start, foot, top), Mark("breakout", bar, tip, bar)]),
                ratios={"rise": tip / foot - 1.0, "given_back": back, "pause_bars": float(bar - top - 1)},
                levels={"breakout": tip, "flag_low": sunk},
                targets=(sunk + HALF * (tip - foot),),
                stop=sunk,
            )
        )
    return shapes_of(given, "chart_pattern", first_confirmed(candidates))


detector(
    "high_tight_flag",
    flags,
    category="chart_patterns",
    source=f"{BULKOWSKI}, High and tight flags; {ONEIL}",
    aliases=("htf",),
    params=(
        number("rise", 0.9, 0.2, 5.0, "The least rise of the pole, as a part of its low."),
        integer("pole_bars", 42, 5, 250, "The most bars of the pole."),
        integer("least_pause", 3, 1, 50, "The least bars of the pause."),
        integer("pause_bars", 25, 1, 250, "The most bars of the pause."),
        number("given_back", 0.25, 0.01, 0.9, "The most that the pause gives back, as a part of the pole's high."),
    ),
    notes="Known at a close above the pole's high. Measured in percent, so it has no scale. The target is half of the "
    "pole above the flag's low, the stop that low.",
    cost_us=10,
)
