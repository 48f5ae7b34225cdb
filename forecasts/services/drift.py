"""How far the events that the served model is asked of are from those that it was trained on."""

import time
from datetime import datetime
from functools import partial

import numpy as np
import structlog

from analysis.outcomes import by_chance
from forecasts.loading import loaded_served
from forecasts.models import ModelReport
from forecasts.served import PATTERN_OUTCOME
from market.loading import load_many
from market.models import BarSeries
from ml.arrays import Matrix
from ml.artifact import Model
from ml.drift import stability, verdict
from ml.examples import events_of
from ml.family import FAMILIES
from ml.features import BARS_NEEDED, NAMES, matrix

log = structlog.get_logger(__name__)
RECENT = 250  # bars: a year of daily ones
MOST_SERIES = 500
WORST = 5  # features that are named
SECONDS = 240.0


def measure_drift(name: str = PATTERN_OUTCOME, *, now: datetime, seconds: float = SECONDS) -> ModelReport | None:
    """Write down the stability index of each feature over the last year's events of shared series, and return it.

    None where no sound model is served. Fewer than 200 events say nothing, and the report says that.
    """
    model = loaded_served(name).model
    if model is None:
        return None
    rows, count = _recent(model, time.monotonic() + seconds)
    indices = {} if not len(rows) else stability(model.card["reference"], rows)
    worst = sorted(indices.items(), key=lambda one: -one[1])[:WORST]
    figures = {
        "events": len(rows),
        "series": count,
        "verdict": verdict(indices, len(rows)),
        "worst": [[name, round(value, 4)] for name, value in worst],
    }
    if figures["verdict"] in ("warn", "alarm"):
        log.warning("model_drifts", model=model.name, **figures)
    report, _ = ModelReport.objects.update_or_create(
        sha256=model.sha256, kind=ModelReport.Kind.DRIFT, defaults={"figures": figures, "measured_at": now}
    )
    return report


def _recent(model: Model, end: float) -> tuple[Matrix, int]:
    """Return the features of the last year's events, and of how many series they are."""
    shared = BarSeries.objects.filter(instrument__owner=None, timeframe__in=model.card["timeframes"])
    ids = list(shared.order_by("-last_at", "pk").values_list("pk", flat=True)[:MOST_SERIES])
    family = FAMILIES[model.card["name"]]
    plans, parts, count = family.plans(), [np.empty((0, len(NAMES)), np.float32)], 0
    for _, bars in load_many(ids, last=BARS_NEEDED + 2 * RECENT, on_fault=lambda *_: None):
        if time.monotonic() >= end:
            break
        if len(bars) <= BARS_NEEDED:
            continue
        drawn = partial(family.drawn, str(bars.symbol))
        events = [event for event in events_of(bars, plans, drawn) if event.bar >= max(BARS_NEEDED, len(bars) - RECENT)]
        count += 1
        if events:
            setups = family.setups(events, bars)
            parts.append(matrix(bars, events, setups, by_chance(setups, bars)))
    return np.concatenate(parts), count
