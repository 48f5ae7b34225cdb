"""Every entry against sources that are not ours. A case is one line in the family's file (test_trend.py, …):

    case("rsi", skender("rsi", value="rsi"), period=14),
    case("atr", lean("spy_atr_wilder.txt.gz", value="Average True Range 14"), period=14),
    case("tema", tulip("atoz", "tema 5", "value"), period=5),
    case("adx", talipp("ADX", 14, 14, value="adx"), period=14, after=150, why="talipp seeds with one value"),

that is: the entry, a source from `sources.py` that names its column for each of our outputs, the parameters. Beside
them `after` leaves out the first bars and `absolute` widens the tolerance; both need a `why`. `source="volume"` is the
series worked on. A hand-worked fixture is `worked(second source, bars, value=[…])`. The family's file ends with

    @pytest.mark.parametrize("one", CASES, ids=str)
    def test_trend_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
        oracle(one)

and the session prints what was compared. `GRAVITY_ORACLE_RECORD=file` also puts it into a file of JSON (record.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.catalog import registry
from analysis.catalog.params import Value
from analysis.validation import entry_checks

SHARED = "../shared/"


@dataclass(frozen=True)
class Expected:
    """Bars and what a source says of them, aligned to the last bar; NaN where it says nothing."""

    bars: Bars
    columns: Mapping[str, Floats]
    relative: float = 1e-9
    absolute: float = 0.0  # what its printed decimals hide
    benchmark: Bars | None = None  # the second series, where it is not the made one


@dataclass(frozen=True)
class Source:
    """Where expected columns come from: its name, how to load it, and the folder that it is loaded from.

    The folder is seen from the repository: in tests/golden or in ../shared; empty where nothing is stored.
    """

    name: str
    load: Callable[[Path], Expected]
    folder: str = ""
    is_independent: bool = True


@dataclass(frozen=True)
class Case:
    """One entry, with its parameters, against one source."""

    entry: str
    values: Mapping[str, Value]
    source: Source
    series: str | None = None
    after: int = 0
    absolute: float = 0.0
    relative: float = 0.0
    why: str = ""

    def __str__(self) -> str:
        return f"{self.entry}-{self.source.name}"


def case(
    entry: str,
    held_against: Source,
    *,
    source: str | None = None,
    after: int = 0,
    absolute: float = 0.0,
    relative: float = 0.0,
    why: str = "",
    **values: Value,
) -> Case:
    """Return the case of an entry; what is more lenient than the source's own decimals needs a why."""
    if (after or absolute or relative) and not why:
        raise ValueError(f"{entry}: say why the comparison is loosened.")
    return Case(entry, values, held_against, source, after, absolute, relative, why)


def compare(one: Case, folder: Path) -> float:
    """Return the largest relative difference; raise AssertionError if it is beyond the tolerance.

    The difference is relative to the expected value, or to the mean size of the column where that is larger.
    """
    entry = registry.get(one.entry)
    expected = one.source.load(folder)
    values = {**entry.defaults(), **one.values}
    got = entry_checks.columns_of(entry, expected.bars, values, one.series, expected.benchmark)
    ours = dict(zip((output.name for output in entry.outputs), got, strict=True))
    largest = 0.0
    for name, theirs in expected.columns.items():
        column = ours[name][-len(theirs) :]
        both = ~np.isnan(column) & ~np.isnan(theirs)
        both[: max(0, one.after - (len(ours[name]) - len(theirs)))] = False
        assert np.count_nonzero(both) >= 3, f"{name}: fewer than three values to compare"
        size = np.maximum(np.abs(theirs[both]), np.abs(theirs[both]).mean())
        apart = np.abs(column[both] - theirs[both])
        relative, absolute = max(expected.relative, one.relative), max(expected.absolute, one.absolute)
        worst = int(np.argmax(apart - absolute - relative * size))
        assert apart[worst] <= absolute + relative * size[worst], (
            f"{one}: {name} is {column[both][worst]!r}, {theirs[both][worst]!r} expected: "
            f"{apart[worst] / size[worst]:.3g} relative, at bar {int(np.flatnonzero(both)[worst])}"
        )
        largest = max(largest, float((apart / np.where(size > 0, size, 1)).max()))
    return largest
