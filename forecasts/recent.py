"""How a model's predictions came out of late: log-loss beside chance over the last 90 days."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from forecasts.models import Fallback, KeptPrediction, Result
from forecasts.scorecard import LEAST_EVENTS, MEASURED, probabilities
from ml.intervals import four_weeks, of_mean
from ml.metrics import log_loss

DAYS = 90
LEAST_BLOCKS = 4  # of 28 days
TOO_FEW, WORSE, NO_WORSE = "too_few", "worse", "no_worse"


def recent(sha256: str, now: datetime) -> dict[str, Any]:
    """Return the gain on chance of what was scored in the last 90 days, in nats an event, with an interval by blocks of
    28 days; `worse` only if that is wholly below zero.

    An event belongs to the day on which its life was over, not to that of its confirmation: of the last weeks only the
    short lives would be known. What was scored before a fallback was lifted is not held against the model again.
    """
    lifted = Fallback.objects.filter(sha256=sha256).exclude(lifted_at=None).order_by("-lifted_at").first()
    since = max(filter(None, (now - timedelta(days=DAYS), None if lifted is None else lifted.lifted_at)))
    fields = "result", "bar_ns", "p_target", "p_stop", "chance_target", "chance_stop"
    scored = KeptPrediction.objects.filter(sha256=sha256, result__in=MEASURED, scored_at__gt=since, scored_at__lte=now)
    rows = list(scored.order_by("bar_ns", "pk").values_list(*fields))
    told: dict[str, Any] = {"days": DAYS, "since": since.isoformat(), "events": len(rows), "blocks": 0}
    if not rows:
        return {**told, "gain": None, "interval": None, "verdict": TOO_FEW}
    label = np.array([MEASURED.index(Result(row[0])) for row in rows])
    block = four_weeks(np.array([row[1] for row in rows], np.int64))
    model, chance = (probabilities(np.array([row[at : at + 2] for row in rows])) for at in (2, 4))
    gain = of_mean(log_loss(chance, label) - log_loss(model, label), block)
    told |= {"blocks": int(block.max()) + 1, "gain": round(gain.value, 5)}
    if len(rows) < LEAST_EVENTS or told["blocks"] < LEAST_BLOCKS:
        return {**told, "interval": None, "verdict": TOO_FEW}
    verdict = WORSE if gain.high < 0 else NO_WORSE
    return {**told, "interval": [round(gain.low, 5), round(gain.high, 5)], "verdict": verdict}
