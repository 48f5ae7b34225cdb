"""How a model's kept predictions came out: log-loss beside chance, with an interval by calendar quarters."""

from typing import Any

import numpy as np
from django.db.models import Count

from analysis.arrays import Floats
from forecasts.models import KeptPrediction, Result
from ml.intervals import of_mean, quarters
from ml.metrics import log_loss

MEASURED = (Result.TARGET, Result.STOP, Result.TIMEOUT)  # as the columns of what is predicted
LEAST_EVENTS, LEAST_QUARTERS = 200, 4  # below, there is a mean and no interval


def figures(sha256: str) -> dict[str, Any]:
    """Return counts by result, the gain over chance in nats an event, and forecast beside observed shares."""
    kept = KeptPrediction.objects.filter(sha256=sha256)
    by_result = dict(kept.order_by("result").values_list("result").annotate(Count("pk")))
    counts = {Result(one).name.lower(): by_result.get(one.value, 0) for one in Result}
    fields = "result", "bar_ns", "p_target", "p_stop", "chance_target", "chance_stop"
    rows = list(kept.filter(result__in=MEASURED).order_by("bar_ns", "pk").values_list(*fields))
    told: dict[str, Any] = {"kept": sum(counts.values()), **counts, "scored": len(rows)}
    if not rows:
        return {**told, "quarters": 0, "gain": None, "interval": None, "shares": None}
    label = np.array([MEASURED.index(Result(row[0])) for row in rows])
    block = quarters(np.array([row[1] for row in rows], np.int64))
    model, chance = (probabilities(np.array([row[at : at + 2] for row in rows])) for at in (2, 4))
    gain = of_mean(log_loss(chance, label) - log_loss(model, label), block)
    count = int(block.max()) + 1
    is_enough = len(rows) >= LEAST_EVENTS and count >= LEAST_QUARTERS
    return {
        **told,
        "quarters": count,
        "gain": round(gain.value, 5),
        "interval": [round(gain.low, 5), round(gain.high, 5)] if is_enough else None,
        "shares": {
            one.value: {"forecast": round(float(model[:, place].mean()), 4), "observed": _share(label, place)}
            for place, one in enumerate(MEASURED)
        },
    }


def _share(label: Any, place: int) -> float:
    return round(float((label == place).mean()), 4)


def probabilities(pairs: Floats) -> Floats:
    """Return P(target), P(stop), P(timeout), of pairs of the first two."""
    return np.column_stack((pairs, 1.0 - pairs.sum(axis=1)))
