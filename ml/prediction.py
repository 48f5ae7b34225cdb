"""What is said of one event: three probabilities beside those of chance, or why there are none."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

import numpy as np

from analysis.arrays import Floats
from analysis.outcomes import Outcome
from ml.reasons import HeadReasons

NO_LIFT = "no measurable lift"


class Odds(NamedTuple):
    """Probabilities of target first, stop first, and neither in time; and what they are worth.

    `expected_r` is in units of what is risked, after costs; time over counts as no gain.
    """

    target: float
    stop: float
    timeout: float
    expected_r: float

    @classmethod
    def of(cls, target: float, stop: float, reward: float, cost: float) -> Self:
        """Return the odds of an event whose target is `reward` times as far as its stop."""
        return cls(target, stop, 1.0 - target - stop, target * reward - stop - cost)


class Rate(NamedTuple):
    """How often events met their target: a shrunk share, of how many, and of what: the name, its family or all."""

    target: float
    events: int
    of: str


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What is said of the event of this id. Without odds there is a `reason`; there may be one beside them.

    `chance` are the driftless walk's odds. `in_sample`: the model has seen what became of events of that time.
    `reasons` are those of both heads, where they were asked for and a model's trees spoke.
    """

    event: str
    odds: Odds | None
    chance: Odds | None
    rate: Rate | None
    in_sample: bool
    lift_status: str
    model: str | None
    model_status: Literal["ready", "degraded"]
    reason: str | None
    reasons: tuple[HeadReasons, ...] | None = None


def reason_against(apart: int, to_target: float, to_stop: float, chance: Floats) -> str | None:
    """Return why nothing can be said of an event, or None."""
    if apart >= 0:
        return Outcome(apart).name.lower()
    if to_target <= 0:
        return "target_passed"
    if to_stop <= 0:
        return "stop_passed"
    return "unknown_volatility" if np.isnan(chance).any() else None
