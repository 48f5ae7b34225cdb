"""Ehlers' Hilbert transform of the price: period, phase, phasor, sine and mode, by TA-Lib."""

from analysis.kernels.scaling import unit
from analysis.kernels.talib import ta
from analysis.registry import entry
from analysis.spec import Floats, Output

SOURCE = "Ehlers, Rocket Science for Traders (2001); TA-Lib {}."
NOTES = "Path-dependent: computed from the first stored bar on."


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
