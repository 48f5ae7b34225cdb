"""What was found: gains over what is known without a model, calibration, and what of the trees is served.

Every figure is of forecasts that nothing of their future went into; `held out` are those of symbols never trained on.
"""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Floats
from ml.baselines import forecast
from ml.examples import STOP, TARGET, Examples
from ml.family import PATTERNS
from ml.intervals import Interval, of_mean, of_slope
from ml.metrics import auc, auc_within, calibration_error, log_loss
from ml.prediction import NO_LIFT
from ml.training import ROUNDS, SHRINKAGES, head_losses
from ml.walk_forward import Forecasts, forecasts

LIFT, WORSE = "lift", "worse"
BASELINES = ("blend", "chance", "rate")


@dataclass(frozen=True)
class Evaluation:
    """Forecasts of the events as stated, what they gain over the best baseline, and what is served for it."""

    tried: Forecasts
    best: str
    gain: Interval
    head_gains: tuple[Interval, Interval]
    statuses: tuple[str, str]
    shrinkage: tuple[float, float]
    served: Floats  # P(target), P(stop), P(timeout)

    @property
    def status(self) -> str:
        """Return whether the served forecasts are better than the best that is known without a model."""
        return status_of(self.gain)


def evaluate(examples: Examples, *, rounds: int = ROUNDS, trials: int = PATTERNS.trials) -> Evaluation:
    """Return what walking forward over these events finds, `trials` being what was held against them so far.

    Raises TooFewEvents.
    """
    tried = forecasts(examples, rounds=rounds)
    label, block = tried.examples.label, tried.block
    model, blend = head_losses(tried.model, tried.examples), head_losses(tried.blend, tried.examples)
    over = label <= STOP
    head_gains = (
        of_mean(blend[0] - model[0], block, trials),
        of_mean((blend[1] - model[1])[over], block[over], trials),
    )
    statuses = status_of(head_gains[0]), status_of(head_gains[1])
    counts = np.array([one == LIFT for one in statuses])
    served = forecast(np.where(counts, tried.model, tried.blend))
    told = tried.probabilities()
    best = min(BASELINES, key=lambda name: float(log_loss(told[name], label).mean()))
    gain = of_mean(log_loss(told[best], label) - log_loss(served, label), block, trials)
    middle = np.median(np.array(tried.shrinkage), axis=0) * counts
    shrinkage = nearest(float(middle[0])), nearest(float(middle[1]))
    return Evaluation(tried, best, gain, head_gains, statuses, shrinkage, served)


def status_of(gain: Interval) -> str:
    """Return `lift` only where the interval, widened for all trials, is above zero; `worse` where it is below."""
    return LIFT if gain.deflated_low > 0 else WORSE if gain.high < 0 else NO_LIFT


def nearest(share: float) -> float:
    """Return the shrinkage of the grid that is next to this one, the smaller of two."""
    return min(SHRINKAGES, key=lambda one: (abs(one - share), one))


def calibration(found: Evaluation, rows: Bools | None = None) -> dict[str, tuple[float, Interval]]:
    """Return for target, stop and resolved the calibration error and slope of what is served."""
    chosen = np.ones(len(found.served), np.bool_) if rows is None else rows
    label, told, block = found.tried.examples.label[chosen], found.served[chosen], found.tried.block[chosen]
    outcomes = {
        "target": (told[:, TARGET], label == TARGET),
        "stop": (told[:, STOP], label == STOP),
        "resolved": (told[:, TARGET] + told[:, STOP], label <= STOP),
    }
    return {
        name: (calibration_error(of, hit), of_slope(of, hit, np.unique(block, return_inverse=True)[1]))
        for name, (of, hit) in outcomes.items()
    }


def direction_auc(tried: Forecasts, *, within_chance: bool) -> float:
    """Return the AUC of the model's direction among resolved events, of all or of those with about the same chance.

    With targets and stops of unlike distance the first is gambler's ruin and no skill.
    """
    over = tried.examples.label <= STOP
    score, hit = tried.model[over, 1], tried.examples.label[over] == TARGET
    return auc_within(score, hit, tried.chance[over, 1]) if within_chance else auc(score, hit)
