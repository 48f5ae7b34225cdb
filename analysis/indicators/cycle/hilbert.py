"""Ehlers' Hilbert transform of the price: period, phase, phasor, sine and mode, by TA-Lib."""

import numpy as np

from analysis.kernels.scaling import unit
from analysis.kernels.sharing import shared
from analysis.kernels.talib import ta
from analysis.registry import entry
from analysis.spec import Floats, Output

SOURCE = "Ehlers, Rocket Science for Traders (2001); TA-Lib {}."
NOTES = "Path-dependent: computed from the first stored bar on."


@shared
def _phase(source: Floats) -> Floats:
    return ta.HT_DCPHASE(source * unit(source))


@entry(
    "hilbert_dominant_period",
    title="Hilbert transform: dominant cycle period",
    category="cycle",
    aliases=("ht_dcperiod",),
    outputs=(Output("value", "ratio", flat=None, halted=None),),
    warmup=lambda _: 32,
    history="path",
    source=SOURCE.format("HT_DCPERIOD"),
    notes=NOTES,
    cost_us=45,
)
def hilbert_dominant_period(source: Floats, /) -> Floats:
    """Return the dominant cycle's length in bars."""
    return ta.HT_DCPERIOD(source * unit(source))


@entry(
    "hilbert_phasor",
    title="Hilbert transform: phasor",
    category="cycle",
    aliases=("ht_phasor",),
    outputs=(
        Output("in_phase", "source", flat=None, halted=None),
        Output("quadrature", "source", flat=None, halted=None),
    ),
    warmup=lambda _: 32,
    history="path",
    source=SOURCE.format("HT_PHASOR"),
    notes=NOTES,
    cost_us=45,
)
def hilbert_phasor(source: Floats, /) -> tuple[Floats, Floats]:
    """Return the in-phase and quadrature components of the detrended price."""
    factor = unit(source)
    in_phase, quadrature = ta.HT_PHASOR(source * factor)
    return in_phase / factor, quadrature / factor


@entry(
    "hilbert_phase",
    title="Hilbert transform: phase of the dominant cycle",
    category="cycle",
    aliases=("ht_dcphase",),
    outputs=(Output("value", "points", flat=None, halted=None),),
    warmup=lambda _: 63,
    history="path",
    source=SOURCE.format("HT_DCPHASE"),
    notes="In degrees, −45 to 315. " + NOTES,
    cost_us=90,
)
def hilbert_phase(source: Floats, /) -> Floats:
    """Return the phase of the dominant cycle in degrees."""
    return _phase(source)


@entry(
    "hilbert_sine",
    title="Hilbert transform: sine wave",
    category="cycle",
    aliases=("ht_sine",),
    outputs=(
        Output("sine", "ratio", -1, 1, flat=None, halted=None),
        Output("lead", "ratio", -1, 1, flat=None, halted=None),
    ),
    warmup=lambda _: 63,
    history="path",
    source=SOURCE.format("HT_SINE"),
    notes=NOTES,
    cost_us=95,
)
def hilbert_sine(source: Floats, /) -> tuple[Floats, Floats]:
    """Return the sine of the dominant cycle's phase and the one an eighth of a cycle ahead."""
    phase = _phase(source)
    return np.sin(np.radians(phase)), np.sin(np.radians(phase + 45))


@entry(
    "hilbert_trend_mode",
    title="Hilbert transform: trend or cycle",
    category="cycle",
    aliases=("ht_trendmode",),
    outputs=(Output("value", "direction", 0, 1, flat=None, halted=None),),
    warmup=lambda _: 63,
    history="path",
    source=SOURCE.format("HT_TRENDMODE"),
    notes="1 in a trend, 0 in a cycle. " + NOTES,
    cost_us=100,
)
def hilbert_trend_mode(source: Floats, /) -> Floats:
    """Return 1 where the market trends and 0 where it cycles."""
    values = ta.HT_TRENDMODE(source * unit(source)).astype(np.float64)
    values[:63] = np.nan
    return values
