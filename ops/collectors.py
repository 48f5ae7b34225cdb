"""Series that are read when they are scraped: backlogs, owners' storage, the broker's losses, beat's last tick."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from operator import attrgetter

import structlog
from django.conf import settings
from django.db import DatabaseError
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from forecasts.selectors import ServedFigures, served_figures
from forecasts.served import names_served
from jobs import clock, holds, selectors, storage_use
from jobs.hold_rows import READ_ONLY
from jobs.queues import MAINTENANCE
from ops.redis_info import UNREACHABLE, ask, length
from scans.selectors import coverage

log = structlog.get_logger(__name__)

# However many scrape, the database is asked no more often than this.
CACHE_SECONDS = 10.0
# Whose storage is told; who is beyond them takes less.
FULLEST_OWNERS = 20


class SystemCollector(Collector):
    """Read the figures at most every CACHE_SECONDS; a database that is away leaves its series out of the answer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._series: list[Metric] = []

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering does not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the series, read again if the last reading is too old."""
        with self._lock:
            if self._read_at is None or self._clock() - self._read_at >= CACHE_SECONDS:
                try:
                    self._series = [*_backlog(clock.now()), _coverage(), _storage(), *_model(clock.now())]
                except DatabaseError as error:
                    log.warning("backlog_unreadable", error=type(error).__name__)
                    self._series = []
                self._series.extend(_broker())
                self._read_at = self._clock()
            series = self._series
        yield from series
        yield from _beat()


def _backlog(now: datetime) -> Iterator[Metric]:
    depth = GaugeMetricFamily(
        "queue_depth", "Chunks accepted, queued or running; of maintenance, messages.", labels=["queue"]
    )
    age = GaugeMetricFamily(
        "oldest_queued_age_seconds", "How long the oldest chunk that has not begun has waited.", labels=["queue"]
    )
    paused = GaugeMetricFamily("queue_paused", "1 while staff let nothing of the queue begin.", labels=["queue"])
    held = holds.known()
    read_only = READ_ONLY in held
    for queue, figure in selectors.queue_figures(now=now).items():
        paused.add_metric([queue], float(figure.held is not None or read_only))
        depth.add_metric([queue], figure.depth)
        age.add_metric([queue], figure.oldest_age_seconds or 0.0)
    # Maintenance has no chunks: the messages in the broker are all that waits.
    with contextlib.suppress(*UNREACHABLE):
        depth.add_metric([MAINTENANCE], length(settings.BROKER_URL, MAINTENANCE))
    yield depth
    yield age
    yield paused
    yield GaugeMetricFamily("system_read_only", "1 while everything that writes is refused.", value=float(read_only))
    since = GaugeMetricFamily(
        "hold_age_seconds", "For how long staff have held this; nothing else is here.", labels=["hold"]
    )
    for name, one in held.items():
        since.add_metric([name], (now - one.since).total_seconds())
    yield since
    yield GaugeMetricFamily(
        "outbox_lag_seconds",
        "How long the oldest chunk that belongs into the broker has not been sent.",
        value=selectors.outbox_lag_seconds(now=now),
    )
    yield GaugeMetricFamily(
        "retention_lag_seconds",
        "For how long the job that is most overdue should have been archived and deleted.",
        value=selectors.retention_lag_seconds(now=now),
    )


def _coverage() -> Metric:
    share = GaugeMetricFamily(
        "scan_coverage_ratio", "Share of symbols that succeeded in a scan's last run.", labels=["owner", "scan"]
    )
    for labels, ratio in coverage().items():
        share.add_metric(labels, ratio)
    return share


def _storage() -> Metric:
    share = GaugeMetricFamily(
        "storage_quota_used_ratio",
        "Share of the storage that an owner may take which finished jobs take, of the owners that take most.",
        labels=["owner"],
    )
    for owner, ratio in storage_use.fullest(FULLEST_OWNERS).items():
        share.add_metric([str(owner)], ratio)
    return share


def _model(now: datetime) -> Iterator[Metric]:
    """Yield what is known of the served models; what nobody has measured yet is left out."""
    figures = [served_figures(now, name) for name in names_served()]
    named: dict[str, tuple[str, Callable[[ServedFigures], float | None]]] = {
        "model_ready": (
            "Whether the served model was found sound when it was last read.",
            attrgetter("ready"),
        ),
        "model_fallen_back": (
            "Whether chance is answered because the served model was worse.",
            attrgetter("fallen_back"),
        ),
        "model_age_seconds": (
            "Time since the served model may speak: since the outcomes that it learnt.",
            attrgetter("age_seconds"),
        ),
        "model_gain_nats": (
            "Gain of the served model's scored predictions over chance.",
            attrgetter("gain"),
        ),
        "model_drift_index": ("Largest population stability index of a feature.", attrgetter("drift")),
    }
    for name, (text, value_of) in named.items():
        family = GaugeMetricFamily(name, text, labels=["model"])
        for told in figures:
            if (value := value_of(told)) is not None:
                family.add_metric([told.name], float(value))
        yield family
    kept = GaugeMetricFamily(
        "model_predictions", "Predictions of the served model that are kept.", labels=["model", "result"]
    )
    for told in figures:
        for result, count in told.kept.items():
            kept.add_metric([told.name, result], count)
    yield kept


def _broker() -> Iterator[Metric]:
    """Yield how many keys the broker has thrown away (more than none means lost messages), and how full it is."""
    try:
        info = ask(settings.BROKER_URL, "default")
    except UNREACHABLE:
        return
    yield CounterMetricFamily(
        "broker_evicted_keys", "Keys that the broker evicted since it started.", value=info.get("evicted_keys", 0)
    )
    yield GaugeMetricFamily("broker_memory_bytes", "What the broker holds.", value=info.get("used_memory", 0))
    yield GaugeMetricFamily(
        "broker_memory_max_bytes", "What the broker may hold; 0: anything.", value=info.get("maxmemory", 0)
    )


def _beat() -> Iterator[Metric]:
    """Yield beat's last tick where its heartbeat file can be seen: on beat's own machine."""
    try:
        ticked_at = (settings.HEARTBEAT_DIR / "beat").stat().st_mtime
    except OSError:
        return
    yield GaugeMetricFamily("beat_last_tick_seconds", "Unix time of beat's last tick.", value=ticked_at)


# Apart from the default registry: in several processes that one is replaced by the sum of their files.
registry = CollectorRegistry()
registry.register(SystemCollector())
