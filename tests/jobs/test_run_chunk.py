import pytest
from django.db import OperationalError, connection

from jobs import end_reasons
from jobs.models import Blob, Chunk, Job, Transition
from jobs.requests import JobRequest
from jobs.selectors import read_result
from jobs.services import run_chunk as service
from jobs.services.cancel import cancel
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.sweep import sweep
from jobs.states import State
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db


def test_a_chunk_is_run_its_result_stored_and_its_job_ended(broker, submit_inline, clock) -> None:
    job = submit_inline()
    report = run_chunk(only_chunk(job).pk, worker="w1", clock=clock)
    assert report.outcome == "succeeded"
    job.refresh_from_db()
    assert (job.state, job.ok_count, job.failed_count) == (State.SUCCEEDED, 1, 0)
    page = read_result(job)
    assert page.single
    assert set(page.items[0]["columns"]) >= {"rsi", "macd.macd"}


def test_running_the_same_chunk_again_is_harmless(broker, submit_inline, clock) -> None:
    chunk = only_chunk(submit_inline())
    run_chunk(chunk.pk, clock=clock)
    before = (Blob.objects.count(), Transition.objects.count())
    assert run_chunk(chunk.pk, clock=clock).outcome == "lost"
    assert run_chunk(10**12, clock=clock).outcome == "lost"
    assert (Blob.objects.count(), Transition.objects.count()) == before


def test_a_worker_that_lost_its_lease_writes_nothing(broker, submit_inline, clock, monkeypatch) -> None:
    job = submit_inline()
    chunk = only_chunk(job)
    honest = service.compute

    def slow(claimed, **rest):
        computed = honest(claimed, **rest)
        if claimed.attempt == 1:
            clock.forward(61)
            sweep(now=clock())
            assert run_chunk(chunk.pk, worker="w2", clock=clock).outcome == "succeeded"
        return computed

    monkeypatch.setattr(service, "compute", slow)
    blobs = Blob.objects.count()
    assert run_chunk(chunk.pk, worker="w1", clock=clock).outcome == "lost"
    assert Blob.objects.count() == blobs + 1
    chunk = Chunk.objects.get(pk=chunk.pk)
    assert (chunk.state, chunk.attempt, chunk.worker) == (State.SUCCEEDED, 2, "w2")


def test_a_transient_failure_hands_the_chunk_back_and_is_tried_again(broker, submit_inline, clock, monkeypatch) -> None:
    job = submit_inline()
    honest = service.compute

    def away(*_, **__):
        raise OperationalError("the database went away")

    monkeypatch.setattr(service, "compute", away)
    assert run_chunk(only_chunk(job).pk, clock=clock).outcome == "released"
    chunk = only_chunk(job)
    assert chunk.state == State.ACCEPTED
    assert run_chunk(chunk.pk, clock=clock).outcome == "lost", "it waits out its pause"
    monkeypatch.setattr(service, "compute", honest)
    clock.forward(3)
    assert run_chunk(chunk.pk, clock=clock).outcome == "succeeded"


def test_transient_failures_end_when_the_tries_are_used_up(broker, submit_inline, clock, monkeypatch, settings) -> None:
    job = submit_inline()

    def away(*_, **__):
        raise OperationalError("the database went away")

    monkeypatch.setattr(service, "compute", away)
    outcomes = []
    for _ in range(settings.MAX_ATTEMPTS):
        clock.forward(100)
        outcomes.append(run_chunk(only_chunk(job).pk, clock=clock).outcome)
    assert outcomes == ["released"] * (settings.MAX_ATTEMPTS - 1) + ["failed"]
    assert Job.objects.get(pk=job.pk).state == State.FAILED


def test_a_bug_ends_the_chunk_with_its_traceback_for_staff(broker, submit_inline, clock, monkeypatch) -> None:
    job = submit_inline()

    def broken(*_, **__):
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(service, "compute", broken)
    assert run_chunk(only_chunk(job).pk, clock=clock).outcome == "failed"
    chunk = only_chunk(job)
    assert chunk.error_code == "internal_error"
    assert "ZeroDivisionError" in chunk.error_detail
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "secret" not in str(read_result(job).failed)


def test_a_symbol_that_cannot_be_computed_fails_alone(broker, owner, clock, walks) -> None:
    from market.services.store import store_series
    from tests.bars import random_walk

    store_series(
        owner=None,
        bars=random_walk(5, symbol="SHORT"),
        symbol="SHORT",
        timeframe="1d",
        source="random walk",
        adjustment="raw",
        now=clock(),
    )
    request = JobRequest(analyses=["rsi"], symbols=["W0", "SHORT", "W1"])
    job = submit(owner=owner, request=request, now=clock())
    run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    assert (job.state, job.ok_count, job.failed_count) == (State.PARTIAL, 2, 1)
    page = read_result(job)
    assert [item["symbol"] for item in page.items] == ["W0", "W1"]
    assert [(failure["symbol"], failure["code"]) for failure in page.failed] == [("SHORT", "insufficient_history")]


@pytest.mark.parametrize(
    ("analyses", "named"), [(["sma", "natr", "roc"], "natr, roc"), (["hammer", "pattern_outcome"], "pattern_outcome")]
)
def test_what_needs_prices_above_zero_is_named_by_symbol(
    broker, owner, clock, walks, analyses: list[str], named: str
) -> None:
    from analysis.validation import series
    from market.services.store import store_series
    from tests.bars import random_walk

    bars = random_walk(60, symbol="SPREAD")
    prices = {name: getattr(bars, name) - bars.close[30] for name in ("open", "high", "low", "close")}
    spread = series.changed(bars, **prices)
    labels = {"timeframe": "1d", "source": "a spread", "adjustment": "raw"}
    store_series(owner=None, bars=spread, symbol="SPREAD", now=clock(), **labels)
    job = submit(owner=owner, request=JobRequest(analyses=analyses, symbols=["W0", "SPREAD"]), now=clock())
    run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    (failure,) = read_result(job).failed
    assert (failure["symbol"], failure["code"]) == ("SPREAD", "prices_not_positive")
    assert failure["detail"].startswith(f"{named} need")


def test_a_running_chunk_stops_at_its_next_symbol_when_its_job_is_cancelled(
    broker, owner, clock, walks, monkeypatch
) -> None:
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], universe="walks"), now=clock())
    monkeypatch.setattr(service, "RENEW_SECONDS", 0)
    honest = service.compute

    def cancelled_meanwhile(chunk, **rest):
        cancel(job=Job.objects.get(pk=job.pk), actor="client", now=clock())
        return honest(chunk, **rest)

    monkeypatch.setattr(service, "compute", cancelled_meanwhile)
    assert run_chunk(only_chunk(job).pk, clock=clock).outcome == "cancelled"
    assert Job.objects.get(pk=job.pk).state == State.CANCELLED


def test_a_series_that_changed_after_submit_is_answered_but_not_reused(broker, owner, clock, walks) -> None:
    from market.services.store import store_series
    from tests.bars import random_walk

    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], symbols=["W0"]), now=clock())
    newer = random_walk(310, seed=9, symbol="W0")
    store_series(
        owner=None,
        bars=newer,
        symbol="W0",
        timeframe="1d",
        source="random walk",
        adjustment="raw",
        now=clock(),
    )
    run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    assert (job.state, job.fingerprint) == (State.SUCCEEDED, "")
    assert read_result(job).items[0]["bars"]["last"] == int(newer.time[-1]) // 1_000_000


@pytest.mark.skipif(connection.vendor != "sqlite", reason="not of this database: its triggers are written otherwise")
def test_a_result_that_cannot_be_written_ends_the_chunk_as_what_it_still_is(broker, submit_inline, clock):
    chunk = only_chunk(submit_inline())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER no_success BEFORE INSERT ON jobs_transition WHEN NEW.to_state = 'succeeded' "
            "BEGIN SELECT RAISE(ABORT, 'not written'); END"
        )
    report = run_chunk(chunk.pk, clock=clock)
    assert (report.outcome, report.code) == ("failed", end_reasons.BUG)
    chunk.refresh_from_db()
    assert (chunk.state, chunk.blob_id) == (State.FAILED, None)
    assert Job.objects.get().state == State.FAILED
