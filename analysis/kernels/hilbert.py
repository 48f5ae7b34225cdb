"""Ehlers' Hilbert transform of a smoothed price: the dominant cycle's period, its phase, and whether there is a trend.

The recursions as Ehlers gives them, written for numba. A wave is only what it was at the last bars, so no more than
LONGEST of them are kept, and the sines that a phase is measured with come from a table: a row for each whole period.
"""

import numpy as np

from analysis.arrays import Floats

OUTER, INNER = 0.0962, 0.5769  # the weights of the transform
SHORTEST, LONGEST = 6, 50  # bars of a cycle
PERIOD, IN_PHASE, QUADRATURE, PHASE, TREND = range(5)
DEGREES = 180.0 / np.pi
FEW = 0.015  # how far price may be from the trend line in a cycle, as a share of it


def sine_table() -> Floats:
    """Return the sines, then the cosines, of a whole cycle of 0 to 51 bars in rows."""
    table = np.zeros((2, LONGEST + 2, LONGEST + 2))
    for period in range(1, LONGEST + 2):
        angles = 2.0 * np.pi * np.arange(period) / period
        table[0, period, :period], table[1, period, :period] = np.sin(angles), np.cos(angles)
    return table


def cycle(source: Floats, settling: int, waves: Floats) -> Floats:
    """Return rows of period, in-phase and quadrature component, phase (degrees) and trend, from bar 3 + `settling` on.

    `waves` is the sine table; without any (an empty one) phase and trend are left out.
    """
    count = len(source)
    found = np.full((5, count), np.nan)
    smooth = np.zeros(count)
    for at in range(3, count):
        smooth[at] = (4.0 * source[at] + 3.0 * source[at - 1] + 2.0 * source[at - 2] + source[at - 3]) / 10.0
    # The transform of one bar looks back at 2, 4 and 6 bars of its input; before the first all were zero.
    detrended, early, late = np.zeros(count), np.zeros(count), np.zeros(count)  # late is in quadrature with early
    first = 3 + settling
    smooth[:first] = 0.0
    period = steady = real = imaginary = before_i = before_q = phase = 0.0
    sine = lead = mean_1 = mean_2 = mean_3 = days = 0.0
    for at in range(first, count):
        scale = 0.075 * period + 0.54
        detrended[at] = transformed(smooth, at, first) * scale
        late[at] = transformed(detrended, at, first) * scale
        early[at] = detrended[at - 3] if at - 3 >= first else 0.0
        ahead_i, ahead_q = transformed(early, at, first) * scale, transformed(late, at, first) * scale
        now_i = 0.2 * (early[at] - ahead_q) + 0.8 * before_i
        now_q = 0.2 * (late[at] + ahead_i) + 0.8 * before_q
        real = 0.2 * (now_i * before_i + now_q * before_q) + 0.8 * real
        imaginary = 0.2 * (now_i * before_q - now_q * before_i) + 0.8 * imaginary
        before_i, before_q = now_i, now_q
        last = period
        if real != 0.0 and imaginary != 0.0:
            period = 360.0 / (np.arctan(imaginary / real) * DEGREES)
        period = min(max(min(period, 1.5 * last), 0.67 * last), float(LONGEST))
        period = 0.2 * max(period, float(SHORTEST)) + 0.8 * last
        steady = 0.33 * period + 0.67 * steady
        found[PERIOD, at], found[IN_PHASE, at], found[QUADRATURE, at] = steady, early[at], late[at]
        if waves.size == 0:
            continue
        whole = int(steady + 0.5)
        before, phase = phase, turned(smooth, at, whole, steady, phase, waves)
        found[PHASE, at] = phase
        old_sine, old_lead = sine, lead
        sine, lead = np.sin(phase / DEGREES), np.sin((phase + 45.0) / DEGREES)
        mean = 0.0
        for back in range(whole):
            mean += source[at - back]
        mean = mean / whole if whole > 0 else 0.0
        line = (4.0 * mean + 3.0 * mean_1 + 2.0 * mean_2 + mean_3) / 10.0
        mean_1, mean_2, mean_3 = mean, mean_1, mean_2
        crossed = (sine > lead and old_sine <= old_lead) or (sine < lead and old_sine >= old_lead)
        days = 1.0 if crossed else days + 1.0
        trends = not crossed and days >= 0.5 * steady
        step = phase - before
        if steady != 0.0 and 0.67 * 360.0 / steady < step < 1.5 * 360.0 / steady:
            trends = False
        if line != 0.0 and abs((smooth[at] - line) / line) >= FEW:
            trends = True
        found[TREND, at] = 1.0 if trends else 0.0
    return found


def transformed(values: Floats, at: int, first: int) -> float:
    """Return the Hilbert transform of the values at a bar, not yet scaled to the period."""
    two = values[at - 2] if at - 2 >= first else 0.0
    four = values[at - 4] if at - 4 >= first else 0.0
    six = values[at - 6] if at - 6 >= first else 0.0
    found: float = OUTER * values[at] + INNER * two - INNER * four - OUTER * six
    return found


def turned(smooth: Floats, at: int, whole: int, steady: float, before: float, waves: Floats) -> float:
    """Return the phase of the dominant cycle in degrees, −45 to 315."""
    real = imaginary = 0.0
    for back in range(whole):
        real += waves[0, whole, back] * smooth[at - back]
        imaginary += waves[1, whole, back] * smooth[at - back]
    phase = before
    if abs(imaginary) > 0.0:
        phase = np.arctan(real / imaginary) * DEGREES
    elif real != 0.0:
        phase += 90.0 if real > 0.0 else -90.0
    phase += 90.0 + 360.0 / steady
    if imaginary < 0.0:
        phase += 180.0
    return phase - 360.0 if phase > 315.0 else phase
