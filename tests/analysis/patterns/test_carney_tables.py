"""The printed ratios of the harmonics, typed in here a second time: whatever number is altered, a test says so.

From Carney, The Harmonic Trader (1999) and Harmonic Trading, vol. 1-2 (2010); the cypher's are Oglesbee's. Single
numbers of the books are ends that are equal. Legs are drawn at every end, a hair inside and a hair outside.
"""

from itertools import product
from math import inf, isnan

import numpy as np
import pytest

from analysis import Plan, run
from analysis.kernels.harmonic import drives, equal_legs, matches
from analysis.kernels.jit import jit
from analysis.patterns import abcd_and_three_drives as legs
from analysis.patterns import harmonic_ratios as ratios
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic.harmonics import outline
from analysis.validation.synthetic.paths import bars_of, drawn, walk

# Of the legs, in the order of the engine's columns: what we call AB/XA, BC/AB, CD/BC, AD/XA, XC/XA and CD/XC.
AB_XA, BC_AB, CD_BC, AD_XA, XC_XA, CD_XC = ratios.MEASURES
USUAL = (0.382, 0.886)
TABLE = {
    "gartley": {AB_XA: (0.618, 0.618), BC_AB: USUAL, CD_BC: (1.13, 1.618), AD_XA: (0.786, 0.786)},
    "bat": {AB_XA: (0.382, 0.5), BC_AB: USUAL, CD_BC: (1.618, 2.618), AD_XA: (0.886, 0.886)},
    "alt_bat": {AB_XA: (0.382, 0.382), BC_AB: USUAL, CD_BC: (2.0, 3.618), AD_XA: (1.13, 1.13)},
    "butterfly": {AB_XA: (0.786, 0.786), BC_AB: USUAL, CD_BC: (1.618, 2.24), AD_XA: (1.27, 1.414)},
    "crab": {AB_XA: (0.382, 0.618), BC_AB: USUAL, CD_BC: (2.24, 3.618), AD_XA: (1.618, 1.618)},
    "deep_crab": {AB_XA: (0.886, 0.886), BC_AB: USUAL, CD_BC: (2.0, 3.618), AD_XA: (1.618, 1.618)},
    "cypher": {AB_XA: (0.382, 0.618), XC_XA: (1.13, 1.414), CD_BC: (1.27, 2.0), CD_XC: (0.786, 0.786)},
    # The books give the shark's B no ratio: anywhere between X and A.
    "shark": {AB_XA: (0.0, 1.0), BC_AB: (1.13, 1.618), CD_BC: (1.618, 2.24), AD_XA: (0.886, 1.13)},
    "five_zero": {AB_XA: (1.13, 1.618), BC_AB: (1.618, 2.24), CD_BC: (0.5, 0.5)},
}
# Targets are these parts of the last leg: AD, or CD.
TARGETS = (0.382, 0.618)
OF_CD = {"cypher", "shark", "five_zero"}
# Where the stop goes: X, or the next of these ratios beyond D's own.
NEXT = {AD_XA: (0.886, 1.13, 1.27, 1.414, 1.618, 2.0, 2.24, 2.618), CD_BC: (0.618, 0.786, 1.0)}
STOPS = {"gartley": "X", "bat": "X", "cypher": "X", "five_zero": 0.618, "shark": 1.27, "alt_bat": 1.27} | {
    "butterfly": 1.618,
    "crab": 2.0,
    "deep_crab": 2.0,
}
# One consistent shape of each: XA is 1, then AB, BC and CD.
SHAPES = {
    "gartley": (0.618, 0.309, 0.477),
    "bat": (0.45, 0.3, 0.736),
    "alt_bat": (0.382, 0.3, 1.048),
    "butterfly": (0.786, 0.6, 1.084),
    "crab": (0.5, 0.4, 1.518),
    "deep_crab": (0.886, 0.4, 1.132),
    "cypher": (0.5, 0.75, 0.9825),
    "shark": (0.5, 0.7, 1.2),
    "five_zero": (1.3, 2.5, 1.25),
}
# AB=CD: C's range, and CD/AB. Where C is at 0.382, CD may be 2.24 BC instead.
EQUAL = [(*USUAL, 1.0), (*USUAL, 1.27), (*USUAL, 1.618), (0.382, 0.382, 0.85568)]
EXTENSIONS = (1.27, 1.618, 2.0, 2.618)
# Three drives: a correction is a part of the drive before it, a drive one of these multiples of the correction.
CORRECTION, DRIVE = (0.618, 0.786), (1.27, 1.618)
HAIR = 1e-6
FAMILIES = [family.name for family in ratios.FAMILIES]
ANY = np.full(10, 1e-9)  # ranges so small that every leg is high enough


def families(measure: str, value: float) -> set[str]:
    """Return what the engine calls five points at which one ratio is `value` and no other matters."""
    ab, bc, cd = 0.5, 0.5, 1.5
    ab = value if measure == AB_XA else ab
    bc = value if measure == BC_AB else (value - 1 + ab) / ab if measure == XC_XA else bc
    b = 1 - ab
    c = b + bc * ab
    cd = value if measure == CD_BC else cd
    d = 1 - value if measure == AD_XA else c - value * c if measure == CD_XC else c - cd * (c - b)
    place = ratios.MEASURES.index(measure)
    allowed = np.full((len(FAMILIES), 6), 1e6)
    allowed[:, place] = 1e-12
    ends = ratios.table()
    ends[:, :place] = ends[:, place + 1 :] = np.nan
    prices = np.array([0.0, 1.0, b, c, d])
    rows, *_ = jit[matches](prices, np.arange(5), ANY, ends, allowed, 1.0)
    return {FAMILIES[row] for row in rows}


def test_the_families_and_their_ratios_are_these() -> None:
    assert sorted(FAMILIES) == sorted(TABLE)
    shown = dict(zip(FAMILIES, ratios.table().tolist(), strict=True))
    for name, row in TABLE.items():
        stated = {key: tuple(ends) for key, ends in zip(ratios.MEASURES, shown[name], strict=True)}
        assert {key: ends for key, ends in stated.items() if not isnan(ends[0])} == row, name


@pytest.mark.parametrize(("name", "measure"), [(name, measure) for name, row in TABLE.items() for measure in row])
def test_a_ratio_fits_up_to_its_ends_and_no_further(name: str, measure: str) -> None:
    low, high = TABLE[name][measure]
    assert low == 0.0 or name in families(measure, low), "the low end"  # B at A is no leg
    assert name in families(measure, high), "the high end"
    assert name in families(measure, (low + high) / 2)
    assert name not in families(measure, low - HAIR), "below it"
    assert name not in families(measure, high + HAIR), "above it"


@pytest.mark.parametrize("name", TABLE)
def test_a_pattern_has_its_targets_and_its_stop(name: str) -> None:
    rng = np.random.default_rng(3)
    before = walk(rng, 40, 0.0)
    shape, turns = drawn(rng, outline(name, [40.0, *(40.0 * leg for leg in SHAPES[name])], 1), float(before[-1, 3]))
    bars = bars_of([before, shape])
    x, a, b, c, d = ((bars.low, bars.high)[place % 2][40 + turn] for place, turn in enumerate(turns[:5]))
    (event,) = [
        event
        for event in run(Plan.parse([name]), bars, now_ns=LATER_NS).events
        if [point.bar for point in event.points] == [40 + turn for turn in turns[:5]]
    ]
    leg = (c if name in OF_CD else a) - d
    assert event.targets == pytest.approx([d + part * leg for part in TARGETS], rel=1e-12)
    following = STOPS[name]
    level = c - following * (c - b) if name == "five_zero" else x if following == "X" else a - following * (a - x)
    assert event.stop is not None
    # A quarter of a bar's range beyond the level.
    assert level - 0.5 < event.stop < level


def test_the_ratios_that_stops_go_on_to_are_these() -> None:
    assert {AD_XA: ratios.NEXT_AD_XA, CD_BC: ratios.NEXT_CD_BC} == NEXT
    assert legs.EXTENSIONS == EXTENSIONS


def abcd(bc: float, cd: float) -> bool:
    """Return whether legs of 1, `bc` and `cd` are an AB=CD to the engine."""
    prices = np.cumsum([10.0, 1.0, -bc, cd])
    places, *_ = jit[equal_legs](prices, np.arange(4), ANY, legs.EQUAL, 1e-9, 1e-9, 1.0)
    return len(places) == 1


def test_an_abcd_is_of_these_ratios() -> None:
    assert legs.EQUAL.tolist() == [pytest.approx(row, rel=1e-12) for row in EQUAL]
    for low, high, cd in EQUAL:
        assert abcd(low, cd)
        assert abcd(high, cd)
        assert not abcd(low - HAIR, cd)
        assert not abcd(high + HAIR, cd)
        assert not abcd(low, cd - HAIR)
        assert not abcd(low, cd + HAIR)


def test_an_abcd_has_its_levels_targets_and_stop() -> None:
    rng = np.random.default_rng(3)
    before = walk(rng, 40, 0.0)
    shape, turns = drawn(rng, outline("abcd", [40.0, 24.0, 40.0], -1), float(before[-1, 3]))
    bars = bars_of([before, shape])
    a, b, c, d = ((bars.high, bars.low)[place % 2][40 + turn] for place, turn in enumerate(turns[:4]))
    event = run(Plan.parse(["abcd"]), bars, now_ns=LATER_NS).events[-1]
    assert [point.bar for point in event.points] == [40 + turn for turn in turns[:4]]
    assert event.levels == pytest.approx({f"cd_{part:g}": c - part * (a - b) for part in (1.0, 1.27, 1.618)})
    assert event.targets == pytest.approx([d + part * (a - d) for part in TARGETS], rel=1e-12)
    assert event.stop is not None
    assert c - 1.27 * (a - b) - 0.5 < event.stop < c - 1.27 * (a - b)


def three(*parts: float, tolerance: float = 1e-9) -> list[list[float]]:
    """Return the errors of legs, each this part of the one before, where the engine takes them for three drives."""
    lengths = np.cumprod([1.0, *parts])
    prices = np.cumsum([10.0, *(length * (-1) ** place for place, length in enumerate(lengths))])
    _, _, errors = jit[drives](prices, np.arange(6), ANY, tolerance, 1e-9, inf, 1e-9)
    return errors.tolist()


@pytest.mark.parametrize("leg", range(4))
def test_three_drives_are_of_these_ratios(leg: int) -> None:
    ends = CORRECTION if leg % 2 == 0 else DRIVE
    for rest in product(CORRECTION, DRIVE, CORRECTION, DRIVE):
        for end in ends:
            assert three(*rest[:leg], end, *rest[leg + 1 :])
        outside = (ends[0] - HAIR, ends[1] + HAIR) + ((ends[0] + HAIR, ends[1] - HAIR) if leg % 2 else ())
        for end in outside:
            assert not three(*rest[:leg], end, *rest[leg + 1 :])
    assert leg % 2 or three(*(0.7 if place == leg else one for place, one in enumerate((0.618, 1.27, 0.618, 1.27))))


def test_a_drive_is_held_against_the_nearer_of_its_two_ratios() -> None:
    low, high = DRIVE
    middle = 2 / (1 / low + 1 / high)
    for drive, nearer in ((middle - HAIR, low), (middle + HAIR, high)):
        (errors,) = three(0.7, drive, 0.7, drive, tolerance=0.25)
        assert errors == pytest.approx([0.0, drive / nearer - 1, 0.0, drive / nearer - 1], abs=1e-9)


def test_three_drives_have_their_levels_targets_and_stop() -> None:
    rng = np.random.default_rng(3)
    before = walk(rng, 40, 0.0)
    lengths = 30.0 * np.cumprod([1.0, 0.7, 1.27, 0.7, 1.27])
    shape, turns = drawn(rng, outline("three_drives", lengths.tolist(), -1), float(before[-1, 3]))
    bars = bars_of([before, shape])
    prices = [(bars.high, bars.low)[place % 2][40 + turn] for place, turn in enumerate(turns[:6])]
    event = run(Plan.parse(["three_drives"]), bars, now_ns=LATER_NS).events[-1]
    assert [point.bar for point in event.points] == [40 + turn for turn in turns[:6]]
    correction, whole = prices[4] - prices[3], prices[0] - prices[5]
    assert event.levels == pytest.approx({f"drive_{part:g}": prices[4] - part * correction for part in DRIVE})
    assert event.targets == pytest.approx([prices[5] + part * whole for part in TARGETS], rel=1e-12)
    assert event.stop is not None
    following = prices[4] - 1.618 * correction
    assert following - 0.5 < event.stop < following
