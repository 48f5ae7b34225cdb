"""Score kept predictions when their horizon has passed, by the outcome's one definition, and sum them up."""

import time
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import structlog
from django.db.models import Exists, OuterRef

from analysis import Bars
from analysis.outcomes import Outcome, Setups, measured
from forecasts.models import KeptPrediction, ModelReport, Result
from forecasts.scorecard import figures
from market.errors import MarketError
from market.loading import load_bars
from market.models import BarSeries
from market.time_conversion import to_ns
from ml.family import FAMILIES

log = structlog.get_logger(__name__)
SECONDS = 240.0
TOLD = {Outcome.TARGET: Result.TARGET, Outcome.STOP: Result.STOP, Outcome.TIMEOUT: Result.TIMEOUT}


def score(*, now: datetime, seconds: float = SECONDS) -> int:
    """Score what is due and return how many predictions that were; what there is no time for waits for the next run.

    Several at once are harmless: a row is written by the first.
    """
    end, scored = time.monotonic() + seconds, 0
    for series_id in _due():
        if time.monotonic() >= end:
            break
        scored += _score(series_id, now)
    for (sha256,) in KeptPrediction.objects.order_by("sha256").values_list("sha256").distinct():
        ModelReport.objects.update_or_create(
            sha256=sha256, kind=ModelReport.Kind.SCORE, defaults={"figures": figures(sha256), "measured_at": now}
        )
    if scored:
        log.info("predictions_scored", count=scored)
    return scored


def _due() -> list[int]:
    """Return the series of which something may be over, those that are gone too."""
    there = BarSeries.objects.filter(pk=OuterRef("series_id"))
    pending = KeptPrediction.objects.filter(result=Result.PENDING)
    grown = pending.filter(Exists(there.filter(bar_count__gte=OuterRef("due_bars"))))
    gone = pending.filter(~Exists(there))
    return sorted({*grown.values_list("series_id", flat=True), *gone.values_list("series_id", flat=True)})


def _score(series_id: int, now: datetime) -> int:
    rows = list(KeptPrediction.objects.filter(series_id=series_id, result=Result.PENDING))
    series = BarSeries.objects.select_related("instrument").filter(pk=series_id).first()
    if series is None:
        return sum(_write(row, Result.GONE, None, now) for row in rows)
    try:
        bars = load_bars(series)
    except MarketError:
        log.exception("series_not_scored", series_id=series_id)
        return 0
    closed = len(bars) - (not bars.last_closed(to_ns(now)))
    places = np.searchsorted(bars.time, [row.bar_ns for row in rows]).tolist()
    there = [
        (row, place)
        for row, place in zip(rows, places, strict=True)
        if place < closed and bars.time[place] == row.bar_ns
    ]
    over = [(row, place) for row, place in there if place + row.life < closed]
    known = {row.pk for row, _ in there}
    scored = sum(_write(row, Result.GONE, None, now) for row in rows if row.pk not in known)
    for row, place in there:
        if place + row.life >= closed and row.due_bars != place + row.life + 2:
            # Bars have come before it, or have gone.
            KeptPrediction.objects.filter(pk=row.pk).update(due_bars=place + row.life + 2)
    if over:
        scored += _write_all(over, bars.slice(0, closed), now)
    return scored


def _write_all(over: Sequence[tuple[KeptPrediction, int]], bars: Bars, now: datetime) -> int:
    """Measure these on the bars as they are now: prices that were stated are adjusted as the bars have been since."""
    known = np.array([place for _, place in over], np.int64)
    rows = [row for row, _ in over]
    factor = bars.close[known] / np.array([row.reference for row in rows])
    targets, stops = (np.array([getattr(row, way) for row in rows]) * factor for way in ("target", "stop"))
    sides, life = (np.array([getattr(row, name) for row in rows], np.int64) for name in ("side", "life"))
    close = bars.close[known]
    # Those of events that state no prices were kept as far from the close as they are from the entry.
    is_from_entry = np.array([not FAMILIES[row.model.partition("/")[0]].states_prices for row in rows])
    shift = np.where(is_from_entry, bars.open[known + 1] - close, 0.0)
    targets, stops = targets + shift, stops + shift
    setups = Setups(
        known, life, sides, targets, stops, (targets - close) * sides, (close - stops) * sides, np.full(len(rows), -1)
    )
    found = measured(setups, bars)
    return sum(
        _write(row, TOLD.get(Outcome(end), Result.PASSED), float(r) if np.isfinite(r) else None, now)
        for row, end, r in zip(rows, found.ends.tolist(), found.r.tolist(), strict=True)
    )


def _write(row: KeptPrediction, result: Result, r: float | None, now: datetime) -> int:
    return KeptPrediction.objects.filter(pk=row.pk, result=Result.PENDING).update(result=result, r=r, scored_at=now)
