"""Independent random walks: of direction there is nothing to be learnt, and a sound harness says so."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from analysis import Bars
from analysis.timeframe import DAY_NS
from ml.baselines import chance_margins
from ml.examples import STOP, TARGET, Examples
from ml.family import PATTERNS, Family
from ml.metrics import auc, auc_within, sigmoid
from ml.training import ROUNDS, fit, head_losses
from ml.training_set import of_series

STEPS = 30  # of a bar
VOLATILITY = 0.015
PERSISTENCE, SHOCK = 0.97, 0.12  # of the log of volatility from bar to bar, where it is not constant
BARS = 2_500


class Null(NamedTuple):
    """What was found on one seed: events, the AUC of direction, and the gain over chance in nats an event.

    The AUC of stated targets and stops is among events of about the same chance.
    """

    seed: int
    stochastic: bool
    events: int
    alike_auc: float
    stated_auc: float
    gain: float


def walks(seed: int, symbols: int, *, stochastic: bool) -> Iterator[Bars]:
    """Yield driftless walks without anything in common; `stochastic` lets their volatility wander."""
    rng = np.random.default_rng(seed)
    for number in range(symbols):
        shocks = rng.normal(0, SHOCK, BARS) if stochastic else np.zeros(BARS)
        level = np.zeros(BARS)
        for bar in range(1, BARS):
            level[bar] = PERSISTENCE * level[bar - 1] + shocks[bar]
        steps = rng.normal(0, VOLATILITY / STEPS**0.5, (BARS, STEPS)) * np.exp(level)[:, np.newaxis]
        steps -= steps.var() / 2  # the price, not its log, is without drift
        path = 100 * np.exp(np.cumsum(steps).reshape(BARS, STEPS))
        opens = np.concatenate(([100.0], path[:-1, -1]))
        yield Bars(
            time=DAY_NS * np.arange(BARS, dtype=np.int64),
            open=opens,
            high=np.maximum(path.max(axis=1), opens),
            low=np.minimum(path.min(axis=1), opens),
            close=path[:, -1],
            volume=rng.lognormal(10, 0.5, BARS),
            timeframe="1d",
            symbol=f"WALK{number}",
        )


def tried(seed: int, symbols: int, *, stochastic: bool, rounds: int = ROUNDS, family: Family = PATTERNS) -> Null:
    """Return what training on half of the symbols finds on the other half, both ways round."""
    made = of_series(walks(seed, symbols, stochastic=stochastic), family)
    stated, gain = _crossed(made.stated, rounds)
    alike = _crossed(made.alike, rounds)[0] if family.states_prices else stated
    return Null(seed, stochastic, len(made.stated), alike, stated, gain)


def _crossed(examples: Examples, rounds: int) -> tuple[float, float]:
    """Return the AUC of direction among events of like chance, and the gain of the whole model's direction."""
    half = np.array([int(symbol[4:]) % 2 for symbol in examples.symbol.tolist()], np.bool_)
    score, gains = np.zeros(len(examples)), np.zeros(len(examples))
    for part in (half, ~half):
        made, there = fit(examples.take(~part), rounds=rounds), examples.take(part)
        score[part] = made.margins(there)[:, 1]
        chance = head_losses(chance_margins(there.chance), there)[1]
        gains[part] = chance - head_losses(made.margins(there), there)[1]
    over = examples.label <= STOP
    given = sigmoid(chance_margins(examples.chance)[over, 1])
    hit = examples.label[over] == TARGET
    is_alike = np.ptp(given) < 1e-6
    found = auc(score[over], hit) if is_alike else auc_within(score[over], hit, given)
    return found, float(gains[over].mean())
