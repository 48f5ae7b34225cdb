"""The contracts of every entry as functions; each raises AssertionError with what was broken.

`tests/analysis/test_contracts.py` runs them over the whole registry, `wrong.py` proves that they catch what they are
for, `certify.py` writes what the point-in-time check found.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.catalog.entry import HELD, PRICE, UNITS, Entry, Output
from analysis.catalog.params import Value
from analysis.engine import run
from analysis.errors import InsufficientHistory
from analysis.plan import Plan
from analysis.validation import series

Columns = tuple[Floats, ...]
Values = dict[str, Value]
WINDOW = 1e-9
CONVERGED = 1e-6
LATER_NS = 4_102_444_800_000_000_000  # 2100: every bar is closed


def columns_of(
    entry: Entry, bars: Bars, values: Values | None = None, source: str | None = None, benchmark: Bars | None = None
) -> Columns:
    """Return the entry's columns on these bars as a user gets them, all NaN where the bars are too few.

    An entry that needs a second series is given a made one unless there is another.
    """
    asked: list[Any] = [{"name": entry.name, "params": values or entry.defaults(), "as": "x"}]
    if source is not None:
        asked[0]["source"] = source
    if entry.kind == "pattern":  # by itself it answers events
        given = ", ".join(f"{name}={value}" for name, value in (values or entry.defaults()).items())
        asked = [f"x_{output.name} = {entry.name}({given}).{output.name}" for output in entry.outputs]
    try:
        second = benchmark or (series.companion(bars) if "benchmark" in entry.inputs else None)
        return tuple(run(Plan.parse(asked), bars, benchmark=second, now_ns=LATER_NS).columns.values())
    except InsufficientHistory:
        return tuple(np.full(len(bars), np.nan) for _ in entry.outputs)


def run_or_unknown(plan: Plan, bars: Bars) -> Floats:
    """Return the only column of a plan, all NaN where the bars are too few."""
    try:
        return next(iter(run(plan, bars, now_ns=LATER_NS).columns.values()))
    except InsufficientHistory:
        return np.full(len(bars), np.nan)


def events(entry: Entry, bars: Bars) -> list[dict[str, Any]]:
    """Return a pattern's events on these bars."""
    try:
        return [event.to_dict() for event in run(Plan.parse([entry.name]), bars, now_ns=LATER_NS).events]
    except InsufficientHistory:
        return []


def shape(entry: Entry, bars: Bars, values: Values) -> None:
    """Columns are float64, of the input's length, never infinite, in range, unknown for exactly `warmup` bars."""
    got = columns_of(entry, bars, values)
    warmup = entry.warmup(values)
    assert len(got) == len(entry.outputs), "as many columns as outputs"
    firsts = []
    for output, column in zip(entry.outputs, got, strict=True):
        assert isinstance(column, np.ndarray), f"{output.name} is an array"
        assert column.dtype == np.float64, f"{output.name} is float64, not {column.dtype}"
        assert column.shape == (len(bars),), f"{output.name} is as long as its input"
        assert not np.isinf(column).any(), f"{output.name} is never infinite"
        known = np.flatnonzero(~np.isnan(column))
        first = int(known[0]) if len(known) else len(bars)
        assert first >= warmup, f"{output.name} is unknown for {warmup} bars, not {first}"
        firsts.append(first)
        if not entry.undefined_when:
            assert first == min(warmup, len(bars)), f"{output.name} is unknown for {warmup} bars, not {first}"
            assert len(known) == max(0, len(bars) - warmup), f"{output.name} has gaps and declares no undefined_when"
        low = -np.inf if output.low is None else output.low
        high = np.inf if output.high is None else output.high
        inside = column[known]
        assert (inside >= low).all(), f"{output.name} falls below {low}"
        assert (inside <= high).all(), f"{output.name} rises above {high}"


def warmup(entry: Entry, values: Values) -> None:
    """On a smooth walk the first value comes at bar `warmup`, not before and not after."""
    lead = entry.warmup(values)
    got = columns_of(entry, series.walk(lead + 60), values)
    firsts = [int(some[0]) if len(some := np.flatnonzero(~np.isnan(column))) else None for column in got]
    known = [first for first in firsts if first is not None]
    # The smallest parameters may leave nothing defined, as a range of one bar does.
    if known or not entry.undefined_when or values == entry.defaults():
        found = min(known, default=lead)
        # Where the calendar decides, the first value may come later.
        assert found == lead or (("day" in entry.inputs or entry.warmup_is_minimum) and found > lead), (
            f"{firsts}, declared {lead}"
        )


def inputs_untouched(entry: Entry, values: Values) -> None:
    """Inputs are not written, and no output is an input in disguise."""
    bars = series.walk(entry.warmup(values) + 60)
    before = bars.fingerprint
    got = columns_of(entry, bars, values)
    again = series.changed(bars)
    assert again.fingerprint == before, "an input was written"
    for column in got:
        for name in ("open", "high", "low", "close", "volume"):
            assert not np.shares_memory(column, getattr(bars, name)), f"an output is the {name} column itself"


def deterministic(entry: Entry, values: Values) -> None:
    """The same bars give the same bits."""
    bars = series.rough(entry.warmup(values) + 120)
    for one, two in zip(columns_of(entry, bars, values), columns_of(entry, bars, values), strict=True):
        assert one.tobytes() == two.tobytes(), "two runs differ"


def point_in_time(entry: Entry, bars: Bars, values: Values, cuts: Iterable[int]) -> None:
    """No value known at a bar changes when later bars arrive."""
    tolerance = getattr(entry, "tolerance", 0.0)
    full = columns_of(entry, bars, values)
    scales = [_largest(column) for column in full]
    for cut in cuts:
        part = columns_of(entry, bars.slice(None, cut), values)
        for output, whole, column, scale in zip(entry.outputs, full, part, scales, strict=True):
            same = np.isclose(column, whole[:cut], rtol=tolerance, atol=tolerance * scale, equal_nan=True)
            assert same.all(), f"{output.name} at bar {int(np.flatnonzero(~same)[0])} changes after bar {cut - 1}"


def cuts(lead: int, count: int, seed: int = 0, dense: int = 12, sampled: int = 12) -> list[int]:
    """Return where to cut: every bar about the end of the warm-up, then a seeded sample, and the last but one."""
    near = range(max(1, lead - 2), min(count, lead + dense))
    beyond = np.random.default_rng(seed).integers(min(lead + dense, count - 1), count, sampled)
    return sorted({*near, *(int(cut) for cut in beyond), count - 1} - {0})


def unknown_stays_unknown(entry: Entry, values: Values) -> None:
    """A NaN in an input is NaN there and afterwards, until a new warm-up has passed; never a number made of it."""
    lead = entry.warmup(values)
    hole = lead + 15
    bars = series.walk(2 * lead + 60)
    volume = np.array(bars.volume)
    volume[hole] = np.nan
    if "volume" in entry.inputs:
        _unknown_around(entry, columns_of(entry, series.changed(bars, volume=volume), values), bars, values, hole)
    if entry.takes_source:
        got = columns_of(entry, series.changed(bars, volume=volume), values, "sma(volume, 1)")
        after = columns_of(entry, bars.slice(hole + 1, None), values, "volume")
        for one, two in zip(got, after, strict=True):
            assert np.isnan(one[hole : hole + 1 + lead]).all(), "an unknown source became a number"
            _resumes(entry, one[hole + 1 :], two)


def _unknown_around(entry: Entry, got: Columns, bars: Bars, values: Values, hole: int) -> None:
    full, after = columns_of(entry, bars, values), columns_of(entry, bars.slice(hole + 1, None), values)
    for one, whole, rest in zip(got, full, after, strict=True):
        assert np.array_equal(one[:hole], whole[:hole], equal_nan=True), "a later NaN changed earlier values"
        assert np.isnan(one[hole : hole + 1 + entry.warmup(values)]).all(), "a NaN became a number"
        _resumes(entry, one[hole + 1 :], rest)


def _resumes(entry: Entry, after: Floats, again: Floats) -> None:
    """After a hole a running total is unknown for ever, anything else begins again."""
    if entry.history == "cumulative":
        assert np.isnan(after).all(), "a total went on after a hole"
    else:
        assert np.array_equal(after, again, equal_nan=True), "a hole left a trace"


def no_volume(entry: Entry) -> None:
    """Without volume an entry that needs it is unknown, and says so; any other does not notice."""
    bars = series.walk(entry.warmup(entry.defaults()) + 40)
    without = columns_of(entry, series.changed(bars, volume=None))
    for one, two in zip(without, columns_of(entry, bars), strict=True):
        if "volume" in entry.inputs or (entry.takes_source and entry.default_source == "volume"):
            assert np.isnan(one).all()
        elif "volume_if_any" in entry.inputs:
            assert np.array_equal(np.isnan(one), np.isnan(two)), "volume is not needed"
        else:
            assert np.array_equal(one, two, equal_nan=True)


def flat_series(entry: Entry, values: Values) -> None:
    """On bars of one price, volume going on, every value after the warm-up is the declared one."""
    lead, price = entry.warmup(values), 50.0
    for output, column in zip(entry.outputs, columns_of(entry, series.flat(lead + 50, price), values), strict=True):
        # How many of something there are may depend on how many bars there were.
        may_vary = entry.history in ("path", "cumulative") or output.unit == "count" or entry.depends_on_price_digits
        # A second series and the volume go on.
        may_vary = may_vary or "benchmark" in entry.inputs or output.unit == "volume"
        assert output.constant_value is not None or may_vary, f"{output.name}: state the flat value"
        _declared(output, "flat", column[lead:], output.constant_value, price, 1e-9)


def halted_series(entry: Entry, values: Values) -> None:
    """When a moving series has stood still, without volume, for the entry's history, the values are the declared."""
    moving = span(entry, values) + 60
    still = span(entry, values) + (40 if entry.history in ("window", "converging") else 600)
    loose = WINDOW if entry.history == "window" else 10 * CONVERGED
    for seed in (1, 2):
        bars = series.halted(moving, still, seed)
        price = float(bars.close[-1])
        for output, column in zip(entry.outputs, columns_of(entry, bars, values), strict=True):
            _declared(output, "halted", column[-20:], output.settled_value, price, loose)


def span(entry: Entry, values: Values) -> int:
    """Return after how many bars the entry has forgotten where its series began, as it declares."""
    return max(entry.warmup(values), entry.converged_after(values) if entry.converged_after else 0)


def _declared(output: Output, what: str, got: Floats, says: float | str | None, price: float, loose: float) -> None:
    if says is None:
        return
    if isinstance(says, float) and np.isnan(says):
        assert np.isnan(got).all(), f"{output.name} is declared unknown when {what}, but is {got[~np.isnan(got)][:3]}"
        return
    expected = price if says == PRICE else float(got[0]) if says == HELD else float(says)
    unit = price if UNITS[output.unit][0] else max(1.0, abs(expected))
    assert np.allclose(got, expected, rtol=0, atol=loose * unit), f"{output.name} when {what}: {got[:3]}, says {says}"


def history(entry: Entry, bars: Bars, values: Values, starts: Iterable[int]) -> None:
    """Where the series begins matters as little as the entry declares."""
    if entry.history not in ("window", "converging"):
        return
    assert (entry.history == "converging") == (entry.converged_after is not None), "converging states converged_after"
    allowed = WINDOW if entry.history == "window" else CONVERGED
    full, skip = columns_of(entry, bars, values), span(entry, values)
    for start in starts:
        part = columns_of(entry, bars.slice(start, None), values)
        for output, whole, column in zip(entry.outputs, full, part, strict=True):
            one, two = whole[start + skip :], column[skip:]
            assert np.array_equal(np.isnan(one), np.isnan(two)), f"{output.name} is unknown elsewhere from bar {start}"
            far = _largest(one - two) / _unit(output, whole, bars)
            assert far <= allowed, f"{output.name} from bar {start}: {far:.3g} apart, {allowed:g} allowed"


def apart(output: Output, one: Floats, two: Floats, bars: Bars) -> float:
    """Return the largest difference between two columns of an output, in its own unit."""
    return _largest(one - two) / _unit(output, two, bars)


def _unit(output: Output, column: Floats, bars: Bars) -> float:
    if output.low is not None and output.high is not None:
        return output.high - output.low
    # What should be zero is a residue: price has its own size, percent and points have one of their own.
    least = {(1, 0): float(np.ptp(bars.close)), (0, 0): 1e-3}.get(UNITS[output.unit], 0.0)
    return max(_largest(column), least)


def _largest(column: Floats) -> float:
    known = column[~np.isnan(column)]
    return max(1e-300, float(np.abs(known).max(initial=0.0)))


def scale(entry: Entry, values: Values, price: float, volume: float) -> None:
    """In another currency, or counted in lots, a column is the same but for its unit."""
    bars = series.rough(span(entry, values) + 150)
    plain, other = columns_of(entry, bars, values), columns_of(entry, series.scaled(bars, price, volume), values)
    for output, one, two in zip(entry.outputs, plain, other, strict=True):
        assert output.unit in UNITS, f"{output.name}: {output.unit!r} is no unit of analysis.catalog.entry.UNITS"
        by_price, by_volume = UNITS[output.unit]
        expected = one * price**by_price * volume**by_volume
        assert np.array_equal(np.isnan(expected), np.isnan(two)), f"{output.name} is unknown elsewhere"
        limit = 1e-6 * _largest(expected)
        assert np.allclose(two, expected, rtol=1e-6, atol=limit, equal_nan=True), (
            f"{output.name} is not a {output.unit}"
        )


def events_point_in_time(entry: Entry, bars: Bars, cuts: Iterable[int]) -> None:
    """A run on a prefix gives exactly the events confirmed in it, with what had happened to them by then."""
    full = events(entry, bars)
    for event in full:
        assert event["formed_at"] <= event["confirmed_at"]
        assert all(point["confirmed_at"] <= event["confirmed_at"] for point in event.get("points", ()))
    assert len({event["id"] for event in full}) == len(full), "two events have one id"
    for cut in cuts:
        known_ms = int(bars.time[cut - 1]) // 1_000_000
        known = [_as_of(event, known_ms) for event in full if event["confirmed_at"] <= known_ms]
        assert events(entry, bars.slice(None, cut)) == known, f"events change after bar {cut - 1}"


def _as_of(event: dict[str, Any], known_ms: int) -> dict[str, Any]:
    if "history" not in event:
        return event
    entry = None if event["confirmed_at"] == known_ms else event["entry"]  # the open of the bar after
    return {**event, "entry": entry, "history": [entry for entry in event["history"] if entry["at"] <= known_ms]}
