"""How long recursive averages remember their first value."""

from math import ceil, log

NEGLIGIBLE = 1e-6
# Chained averages forget more slowly than one: their weights are polynomials times the same decay.
CHAIN_MARGIN = 1.6


def ema_converged(period: int, times: int = 1) -> int:
    """Return after how many bars the seed of `times` chained exponential averages weighs less than 1e-6."""
    if period < 2:
        return times
    return _converged(period, 1 - 2 / (period + 1), times)


def wilder_converged(period: int, times: int = 1) -> int:
    """Return after how many bars the seed of `times` chained Wilder averages weighs less than 1e-6."""
    if period < 2:
        return times
    return _converged(period, 1 - 1 / period, times)


def _converged(period: int, decay: float, times: int) -> int:
    return times * period + ceil(CHAIN_MARGIN * times * log(NEGLIGIBLE) / log(decay))
