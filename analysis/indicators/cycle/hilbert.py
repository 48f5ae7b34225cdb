"""Ehlers' Hilbert transform of the price: period, phase, phasor, sine and mode."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.registry import entry
from analysis.kernels.hilbert import IN_PHASE, PERIOD, PHASE, QUADRATURE, TREND, cycle, sine_table
from analysis.kernels.jit import jit
from analysis.kernels.run_cache import shared
from analysis.kernels.scaling import unit

SOURCE = "Ehlers, Rocket Science for Traders (2001), with the settling of TA-Lib."
NOTES = "Path-dependent: computed from the first stored bar on."


TABLE = sine_table()
NO_TABLE = np.empty((0, 0, 0))


@shared
def _quick(source: Floats) -> Floats:
    """Return the cycle from bar 12 on, as far as it needs no phase. The unit changes no digit."""
    found = jit[cycle](source * unit(source), 9, NO_TABLE)
    found[:, :32] = np.nan
    return found


@shared
def _settled(source: Floats) -> Floats:
    """Return the cycle with its phase and mode, from bar 37 on."""
    found = jit[cycle](source * unit(source), 34, TABLE)
    found[:, :63] = np.nan
    return found


@entry(
    "hilbert_dominant_period",
    title="Hilbert transform: dominant cycle period",
    category="cycle",
    aliases=("ht_dcperiod",),
    outputs=(Output("value", "ratio", constant_value=None, settled_value=None),),
    warmup=lambda _: 32,
    history="path",
    source=SOURCE,
    notes=NOTES,
    cost_us=15,
)
def hilbert_dominant_period(source: Floats, /) -> Floats:
    """Return the dominant cycle's length in bars."""
    return _quick(source)[PERIOD]


@entry(
    "hilbert_phasor",
    title="Hilbert transform: phasor",
    category="cycle",
    aliases=("ht_phasor",),
    outputs=(
        Output("in_phase", "source", constant_value=None, settled_value=None),
        Output("quadrature", "source", constant_value=None, settled_value=None),
    ),
    warmup=lambda _: 32,
    history="path",
    source=SOURCE,
    notes=NOTES,
    cost_us=15,
)
def hilbert_phasor(source: Floats, /) -> tuple[Floats, Floats]:
    """Return the in-phase and quadrature components of the detrended price."""
    factor, found = unit(source), _quick(source)
    return found[IN_PHASE] / factor, found[QUADRATURE] / factor


@entry(
    "hilbert_phase",
    title="Hilbert transform: phase of the dominant cycle",
    category="cycle",
    aliases=("ht_dcphase",),
    outputs=(Output("value", "points", constant_value=None, settled_value=None),),
    warmup=lambda _: 63,
    history="path",
    source=SOURCE,
    notes="In degrees, −45 to 315. " + NOTES,
    cost_us=30,
)
def hilbert_phase(source: Floats, /) -> Floats:
    """Return the phase of the dominant cycle in degrees."""
    return _settled(source)[PHASE]


@entry(
    "hilbert_sine",
    title="Hilbert transform: sine wave",
    category="cycle",
    aliases=("ht_sine",),
    outputs=(
        Output("sine", "ratio", -1, 1, constant_value=None, settled_value=None),
        Output("lead", "ratio", -1, 1, constant_value=None, settled_value=None),
    ),
    warmup=lambda _: 63,
    history="path",
    source=SOURCE,
    notes=NOTES,
    cost_us=40,
)
def hilbert_sine(source: Floats, /) -> tuple[Floats, Floats]:
    """Return the sine of the dominant cycle's phase and the one an eighth of a cycle ahead."""
    phase = _settled(source)[PHASE]
    return np.sin(np.radians(phase)), np.sin(np.radians(phase + 45))


@entry(
    "hilbert_trend_mode",
    title="Hilbert transform: trend or cycle",
    category="cycle",
    aliases=("ht_trendmode",),
    outputs=(Output("value", "direction", 0, 1, constant_value=None, settled_value=None),),
    warmup=lambda _: 63,
    history="path",
    source=SOURCE,
    notes="1 in a trend, 0 in a cycle. " + NOTES,
    cost_us=30,
)
def hilbert_trend_mode(source: Floats, /) -> Floats:
    """Return 1 where the market trends and 0 where it cycles."""
    return _settled(source)[TREND]
