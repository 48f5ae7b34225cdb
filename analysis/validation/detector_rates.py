"""How often detectors fire, and what their events come to: on real series, beside the same from two kinds of noise.

Everything is summed by blocks that are drawn whole: real events by calendar quarters with all symbols in them, those on
noise by the draw that they are from.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.bars import Bars
from analysis.catalog.registry import ENTRIES
from analysis.engine import run
from analysis.outcomes import Outcome, by_chance, measured, stated
from analysis.patterns.sizes import SCALE, SIZES
from analysis.plan import Plan
from analysis.validation.ground_truth import LATER_NS
from analysis.validation.quarters import drawn, interval, quarter_numbers, verdict
from analysis.validation.surrogates import block_bootstrap, gaussian_walk

SEED = 20_240_601
DRAWS = 20  # of every series, in blocks
PATHS = 5  # Gaussian ones, for every series
LEAST = 20  # events, below which a ratio and an outcome are not stated
APART = (Outcome.TARGET_PASSED, Outcome.STOP_PASSED, Outcome.REACHED_BEFORE, Outcome.NO_TARGET, Outcome.NO_STOP)
Key = tuple[str, str]  # a detector and its scale, "" where it has none


@dataclass
class Tally:
    """Sums by block of one detector's events: how many, and of those whose outcome is known what came of them."""

    blocks: int
    events: Floats = field(init=False)
    outcomes: Floats = field(init=False)  # rows: measured, target, stop, chance of target, chance of stop, R
    apart: Counter[str] = field(default_factory=Counter)
    bars_to_target: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.events, self.outcomes = np.zeros(self.blocks), np.zeros((6, self.blocks))


class Count:
    """What was counted on several series: a tally for each detector and scale, and the bars of each block."""

    def __init__(self, blocks: int) -> None:
        self.bars = np.zeros(blocks)
        self.tallies: defaultdict[Key, Tally] = defaultdict(lambda: Tally(blocks))

    def add(self, bars: Bars, block: Ints) -> None:
        """Count all events on these bars; `block` is that of every bar."""
        self.bars += np.bincount(block, minlength=len(self.bars))
        for scale, plan in plans().items():
            places, shapes = run(plan, bars, now_ns=LATER_NS).events.bars_and_shapes()
            for name, where in places.items():
                key = name, scale if scale_of(name) else ""
                self.tallies[key].events += np.bincount(block[where], minlength=len(self.bars))
                if name in shapes:
                    _add_outcomes(self.tallies[key], shapes[name], bars, block)


def counted(real: Sequence[Bars], *, draws: int, paths: int, seed: int = SEED) -> dict[str, Count]:
    """Return what is counted on these series, on `draws` of each in blocks, and on `paths` Gaussian ones for each."""
    quarter = [quarter_numbers(bars.time) for bars in real]
    numbers = np.unique(np.concatenate(quarter))
    found = {"blocks": Count(draws), "gaussian": Count(paths), "real": Count(len(numbers))}
    for bars, mine in zip(real, quarter, strict=True):
        found["real"].add(bars, np.searchsorted(numbers, mine))
    for draw in range(draws):
        for place, bars in enumerate(real):
            noise = block_bootstrap(bars, np.random.default_rng((seed, draw, place)))
            found["blocks"].add(noise, np.full(len(bars), draw))
    for path in range(paths):
        for place, bars in enumerate(real):
            walk = gaussian_walk(len(bars), np.random.default_rng((seed, path, place, 1)))
            found["gaussian"].add(walk, np.full(len(bars), path))
    return found


def rows(counts: Mapping[str, Count]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield for every detector and scale, the default first, what was measured of it."""
    weights = {series: drawn(len(count.bars)) for series, count in counts.items()}
    for entry in ENTRIES.values():
        if entry.kind == "pattern":
            for scale in plans() if scale_of(entry.name) else ("",):
                tallies = {series: count.tallies[entry.name, scale] for series, count in counts.items()}
                yield entry.name, scale, _row(tallies, counts, weights)


def plans() -> dict[str, Plan]:
    """Return a plan for every scale; that of the default finds the detectors without a scale as well."""
    sized = [entry.name for entry in ENTRIES.values() if scale_of(entry.name)]
    others = [scale for scale in SIZES if scale != SCALE.default]
    found = {str(SCALE.default): Plan.parse(["patterns"])}
    return found | {
        scale: Plan.parse([{"name": name, "params": {"scale": scale}} for name in sized]) for scale in others
    }


def scale_of(name: str) -> str:
    """Return the scale that a detector has by default, "" where it has none."""
    return str(SCALE.default) if SCALE in ENTRIES[name].params else ""


def _add_outcomes(tally: Tally, events: Sequence[Any], bars: Bars, block: Ints) -> None:
    setups = stated(events, bars)
    outcomes, (target, stop) = measured(setups, bars), by_chance(setups, bars)
    tally.apart.update(Outcome(end).name.lower() for end in outcomes.ends.tolist() if Outcome(end) in APART)
    # Of those still alive only the quick would be known.
    kept = np.flatnonzero(outcomes.is_measured & (setups.known + setups.life < len(bars)) & np.isfinite(target))
    if not len(kept):
        return
    where, ends = block[setups.known[kept]], outcomes.ends[kept]
    columns = (np.ones(len(kept)), ends == Outcome.TARGET, ends == Outcome.STOP, target[kept], stop[kept])
    for row, column in enumerate((*columns, outcomes.r[kept])):
        tally.outcomes[row] += np.bincount(where, np.asarray(column, np.float64), len(tally.events))
    hits = kept[ends == Outcome.TARGET]
    tally.bars_to_target += (outcomes.bars[hits] - setups.known[hits]).tolist()


def _row(tallies: Mapping[str, Tally], counts: Mapping[str, Count], weights: Mapping[str, Floats]) -> dict[str, Any]:
    found: dict[str, Any] = {series: int(tally.events.sum()) for series, tally in tallies.items()}
    rates = {
        series: 1_000 * (weights[series] @ tally.events) / (weights[series] @ counts[series].bars)
        for series, tally in tallies.items()
    }
    found["intervals"] = {series: _ends(rates[series]) for series in tallies if found[series] >= LEAST}
    if found["real"] >= LEAST and found["blocks"]:
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = _rounded(interval(rates["real"] / rates["blocks"]))
        # As it is shown: an end that is 1.00 holds 1.
        found["ratio"] = {"interval": ends, "verdict": verdict(ends, 1.0)}
    outcomes = _outcomes(tallies["real"], tallies["blocks"], weights)
    return found | ({} if outcomes is None else {"outcomes": outcomes})


def _outcomes(real: Tally, null: Tally, weights: Mapping[str, Floats]) -> dict[str, Any] | None:
    """Return what real events came to, beside those on noise and the random walk; None for a few."""
    n, target, stop, chance_target, chance_stop, r = real.outcomes.sum(axis=1).tolist()
    if n < LEAST:
        return None
    of_null = null.outcomes.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, other = _shares(real, 1, weights["real"]), _shares(null, 1, weights["blocks"])
        beyond = interval(share - other) if of_null[0] else None
        mean_r = _shares(real, 5, weights["real"])
    return {
        "events": int(n),
        "target": _three(target / n),
        "interval": _ends(share),
        "stop": _three(stop / n),
        "mean_r": _three(r / n),
        "mean_r_interval": _ends(mean_r),
        "walk": {"target": _three(chance_target / n), "stop": _three(chance_stop / n)},
        "noise": None
        if not of_null[0]
        else {
            "events": int(of_null[0]),
            "target": _three(of_null[1] / of_null[0]),
            "interval": _ends(other),
            "stop": _three(of_null[2] / of_null[0]),
            "walk": _three(of_null[3] / of_null[0]),
        },
        "verdict": verdict(beyond, 0.0),
        "bars_to_target": float(np.median(real.bars_to_target)) if real.bars_to_target else None,
        "apart": dict(sorted(real.apart.items())),
    }


def _shares(tally: Tally, row: int, weights: Floats) -> Floats:
    drawn_shares: Floats = (weights @ tally.outcomes[row]) / (weights @ tally.outcomes[0])
    return drawn_shares


def _ends(draws: Floats) -> list[float] | None:
    return _rounded(interval(draws))


def _rounded(ends: tuple[float, float] | None) -> list[float] | None:
    return None if ends is None else [_three(end) for end in ends]


def _three(value: float) -> float:
    return float(f"{value:.3g}")
