"""Run a chunk's plan over its series: numbers and failures, no states."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from analysis import Plan, Result, codec, run
from analysis.errors import AnalysisError
from analysis.positive_prices import refuse
from analysis.result_size import foretold, measured
from forecasts import shadows
from forecasts.foretelling import Foretold, Series, foretell
from forecasts.ledger import Due, ToKeep, to_keep
from forecasts.services.training import Trained
from jobs import end_reasons, inputs, outcomes_asked
from jobs.fingerprints import sources_digest
from jobs.handed_columns import HandedColumns
from jobs.late_bars import USUAL_STEP
from jobs.models import Chunk
from jobs.result_sizes import megabytes
from market.time_conversion import to_ns
from ml.family import CANDLESTICKS, PATTERNS, Family

# The results of a chunk are read together: they may be as large as those of two symbols of the largest size.
CHUNK_SHARE = 2


class Stopped(Exception):
    """The caller asked to stop between two symbols."""


class OutOfTime(Exception):
    """The caller's time is up: the symbols so far are kept, the others fail."""


@dataclass(slots=True)
class Computed:
    packed: bytes
    ok_count: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    reusable: bool = True
    error: str = ""
    prediction_seconds: float | None = None
    shadow_seconds: float | None = None
    patterns: Counter[str] = field(default_factory=Counter)
    to_keep: list[ToKeep] = field(default_factory=list)
    # Of a training: what is told of it in the end, and the model that is kept with that.
    progress: dict[str, Any] | None = None
    trained: Trained | None = None


def compute(chunk: Chunk, *, now: datetime, should_continue: Callable[[], bool]) -> Computed:
    """Return the packed results of the chunk's symbols in its order, and by name those that have none.

    should_continue is asked before every symbol: Stopped is raised when it says no, and when it raises OutOfTime the
    symbols that are left fail with that reason.
    """
    plan = Plan.stored(chunk.job.plan)
    analyses = chunk.job.request.get("analyses", ())
    families = outcomes_asked.asked(analyses)
    handed = HandedColumns(plan, str(chunk.job.timeframe))
    horizons, most_reasons = outcomes_asked.horizons(plan), chunk.job.request.get("reasons", 0)
    asked_of_model: list[tuple[Result, Series]] = []
    series_ids = _kept_series(chunk)
    # During an upgrade workers may be of another release than the API that accepted the job.
    as_accepted = chunk.job.sources in (
        "",
        sources_digest(outcomes_asked.sources(plan, analyses)),
    )
    include = chunk.job.request.get("include", ())
    beside = {"forming": "forming" in include, "keep_open": "open" in include}
    now_ns = to_ns(now)
    computed = Computed(packed=b"")
    results: dict[str, Result] = {}
    held = 0
    try:
        for entry in inputs.load(chunk, plan):
            if not should_continue():
                raise Stopped
            if isinstance(entry, inputs.Missing):
                computed.failures.append(_failure(entry.symbol, entry.error.code, entry.error.detail))
                continue
            if entry.asked <= 0:
                computed.failures.append(_failure(entry.symbol, "no_bars_in_range", "No bars in the asked range."))
                continue
            try:
                if families and not entry.bars.is_positive:
                    # The models' features are percent of prices.
                    refuse([family.name for family in families], entry.bars)
                told = handed.of(entry.bars, now_ns)
                result = run(
                    plan,
                    entry.bars,
                    benchmark=entry.benchmark,
                    handed=told.columns,
                    now_ns=now_ns,
                    output=entry.asked,
                    **beside,
                )
            except AnalysisError as error:
                computed.failures.append(_failure(entry.symbol, error.code, error.detail))
                continue
            result.quality += told.notes
            if entry.usual_step_seconds is not None:
                result.bars[USUAL_STEP] = entry.usual_step_seconds
            size = measured(result) + _foretold(result, most_reasons, families)
            # What was expected of these analyses let them in; these bars have had more events.
            if size > settings.RESULT_MAX_BYTES or held + size > CHUNK_SHARE * settings.RESULT_MAX_BYTES:
                most = megabytes(settings.RESULT_MAX_BYTES)
                detail = (
                    f"It has {megabytes(size)}, and at most {most} are kept of a symbol: it has more events than most."
                )
                computed.failures.append(_failure(entry.symbol, end_reasons.TOO_LARGE, detail))
                continue
            held += size
            results[entry.symbol] = result
            if families or horizons:
                events = result.events if families else ()
                asked_of_model.append((result, Series(entry.bars, events, result.provisional)))
            computed.patterns.update(result.events.names())
            computed.reusable = computed.reusable and as_accepted and entry.exact and not result.provisional
            computed.reusable = computed.reusable and told.as_named
            computed.prediction_seconds = _sum(computed.prediction_seconds, told.seconds)
    except OutOfTime:
        over = {*results, *(failure["symbol"] for failure in computed.failures)}
        detail = f"The chunk's {settings.CHUNK_SOFT_LIMIT_SECONDS} s were over before this symbol."
        left = [symbol for symbol, *_ in chunk.items if symbol not in over]
        computed.failures += [_failure(symbol, end_reasons.OUT_OF_TIME, detail) for symbol in left]
        computed.error = end_reasons.OUT_OF_TIME
    if asked_of_model:
        several = [series for _, series in asked_of_model]
        said = foretell(several, str(chunk.job.timeframe), horizons, most_reasons, families)
        _add(said, asked_of_model, str(chunk.job.timeframe), computed, series_ids, now, families)
    computed.ok_count = len(results)
    computed.packed = codec.pack([results[symbol] for symbol, *_ in chunk.items if symbol in results])
    return computed


def _foretold(result: Result, reasons: int, families: Sequence[Family]) -> int:
    """Return about how many bytes are added by what models say."""
    of_marks, of_shapes = CANDLESTICKS in families, PATTERNS in families
    return foretold(result, reasons, marks=of_marks, shapes=of_shapes) if families else 0


def _kept_series(chunk: Chunk) -> dict[str, int]:
    """Return the stored series by symbol whose predictions are kept: of bars up to now, not up to an asked end."""
    if chunk.job.bars_blob is not None or "end" in chunk.job.request:
        return {}
    return {symbol: series_id for symbol, series_id, *_ in chunk.items if series_id is not None}


def _add(
    told: Foretold,
    asked: list[tuple[Result, Series]],
    timeframe: str,
    computed: Computed,
    series_ids: dict[str, int],
    now: datetime,
    families: Sequence[Family],
) -> None:
    """Add to each result what the served models say of it; each was asked of all symbols together, in one call."""
    several = []
    for (result, series), answer in zip(asked, told.answers, strict=True):
        result.forecast = answer
        series_id = series_ids.get(str(result.symbol))
        if series_id is not None:
            bars, events, is_open = series
            several.append(Due.of(bars, events, series_id=series_id, is_open=is_open, now=now))
            computed.to_keep += to_keep(several[-1], answer, now)
    beside = shadows.to_keep(several, timeframe, now, families)
    computed.to_keep += beside.rows
    computed.shadow_seconds = _sum(computed.shadow_seconds, beside.seconds)
    computed.prediction_seconds = _sum(computed.prediction_seconds, told.seconds)
    computed.reusable = computed.reusable and told.as_named


def _sum(so_far: float | None, seconds: float) -> float | None:
    """Return the seconds that models took, None where none was asked."""
    return (so_far or 0.0) + seconds if seconds else so_far


def _failure(symbol: str, code: str, detail: str) -> dict[str, Any]:
    return {"symbol": symbol, "code": code, "detail": detail}
