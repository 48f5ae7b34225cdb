"""Every field of a job request keeps what it says: of the answer's identity, and of a new job made of an old one."""

from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jobs.models import Job
from jobs.requests import FACTS, Identity, JobRequest, Repeat, facts_of
from jobs.selectors import read_result
from jobs.services.cancel import cancel
from jobs.services.clone import clone
from jobs.services.retry import retry
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.states import State
from market.services.store import store_series
from market.services.universes import put_universe
from notifications.signing_secrets import renew
from tests.bars import random_walk
from tests.jobs.conftest import full_window

NOW = timezone.now()
STORED = {"analyses": ["rsi", "double_top"], "symbols": ["W0"], "output": 5}
INLINE = {"analyses": ["rsi"], "bars": random_walk(80, seed=1)}
MIDDLE = random_walk(300).time[200]

# For each field: what both requests say, and the value that only the second gives to it.
VARIED: dict[str, tuple[dict[str, Any], Any]] = {
    "analyses": (STORED, ["rsi", "macd"]),
    "output": (STORED, 7),
    "bars": (INLINE, random_walk(80, seed=2)),
    "symbols": (STORED, ["W1"]),
    "universe": ({"analyses": ["rsi"], "universe": "walks"}, "some"),
    "timeframe": (STORED, "1w"),
    "benchmark": ({"analyses": ["correlation"], "symbols": ["W0"], "output": 5, "benchmark": "W1"}, "W2"),
    "start": (STORED | {"output": "all"}, NOW.fromtimestamp(MIDDLE / 1e9, tz=NOW.tzinfo)),
    "end": (STORED | {"output": "all"}, NOW.fromtimestamp(MIDDLE / 1e9, tz=NOW.tzinfo)),
    "last": (STORED | {"output": "all", "last": 5}, 20),
    "include": (STORED, ["forming"]),
    "reasons": ({"analyses": ["divergence", "pattern_outcome"], "symbols": ["W0"], "output": "all"}, 3),
    "reuse": (STORED, True),
    "tags": (STORED, ["a", "b"]),
    "kind": ({"analyses": ["rsi"], "symbols": ["W0"]}, "indicator"),
    "start_after": (STORED, NOW + timedelta(seconds=1)),
    "deadline_at": (STORED, NOW + timedelta(hours=1)),
    "retention": (STORED, "7d"),
    "callback_url": (STORED, "https://example.com/told"),
}

each_field = pytest.mark.parametrize("name", FACTS)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(broker: Any, owner: Any, walks: list[str], clock: Any) -> Any:
    """Submit a request as it is, really run what it makes, and return the job and its answer."""
    renew(owner=owner, now=clock())
    put_universe(owner=None, name="some", symbols=walks[2:4], now=clock())
    weekly = random_walk(120, seed=9, symbol="W0", timeframe="1w")
    store_series(owner=None, bars=weekly, symbol="W0", timeframe="1w", source="test", adjustment="raw", now=clock())

    def make(**values: Any) -> tuple[Job, Any]:
        job = submit(owner=owner, request=JobRequest(**values), now=clock())
        clock.forward(2)
        for chunk in job.chunks.order_by("position"):
            run_chunk(chunk.pk, clock=clock)
        job.refresh_from_db()
        assert job.state == State.SUCCEEDED
        page = read_result(job)
        for item in page.items:
            del item["timings_ms"]
        return job, repr((page.items, page.failed))

    return make


def test_every_field_is_tried() -> None:
    assert set(VARIED) == set(FACTS) == {one.name for one in fields(JobRequest)}


def test_a_field_that_says_nothing_is_refused() -> None:
    @dataclass(frozen=True)
    class Longer(JobRequest):
        volume: int | None = field(default=None)

    with pytest.raises(TypeError, match="Longer has fields that do not say what they are: volume"):
        facts_of(Longer)


@each_field
def test_only_what_makes_no_difference_to_the_answer_may_be_answered_from_the_store(name: str, ask: Any) -> None:
    same, value = VARIED[name]
    first, answer = ask(**same)
    second, other = ask(**same | {name: value})
    _, computed = ask(**same | {name: value, "reuse": False})
    assert other == computed, "this is the answer to another question"
    assert second.reused is (answer == computed)
    assert (FACTS[name].identity is Identity.NONE) is (answer == computed)
    assert (second.fingerprint == first.fingerprint) is (answer == computed)


def test_what_comes_to_the_same_is_answered_from_the_store(ask: Any, walks: list[str]) -> None:
    ask(analyses=["rsi(14)"], universe="walks")
    assert ask(analyses=["rsi"], symbols=walks, timeframe="1d", include=(), tags=["other"])[0].reused


@each_field
@pytest.mark.parametrize("verb", [retry, clone])
def test_a_new_job_of_an_old_one_asks_for_what_each_field_says(
    name: str, verb: Any, ask: Any, owner: Any, clock: Any
) -> None:
    same, value = VARIED[name]
    with full_window():
        old = submit(owner=owner, request=JobRequest(**same | {name: value, "reuse": False}), now=clock())
    cancel(job=old, actor="test", now=clock())
    new = verb(job=old, owner=owner, now=clock())
    expected = dict(old.request)
    if verb is retry and "bars" not in same:
        for narrowed in [one for one, fact in FACTS.items() if fact.repeat is Repeat.NARROWED]:
            expected.pop(narrowed, None)
        expected["symbols"] = [row.symbol for row in old.symbol_rows.order_by("id")]
    for dropped in [one for one, fact in FACTS.items() if fact.repeat is Repeat.DROPPED]:
        expected.pop(dropped, None)
    assert new.request == expected
    assert not new.reused
    assert (name in new.request) is (FACTS[name].repeat is not Repeat.DROPPED and FACTS[name].write is not None) or (
        verb is retry and name == "universe"
    )
    assert [item for chunk in new.chunks.all() for item in chunk.items] == [
        item for chunk in old.chunks.all() for item in chunk.items
    ]


def test_a_new_job_loses_nothing_else() -> None:
    left_out = {name: fact.repeat for name, fact in FACTS.items() if fact.repeat is not Repeat.KEPT}
    assert left_out == {
        "symbols": Repeat.NARROWED,
        "universe": Repeat.NARROWED,
        "reuse": Repeat.DROPPED,
        "kind": Repeat.DROPPED,
    }


def test_no_field_is_given_its_default_above() -> None:
    defaults = {one.name: one.default for one in fields(JobRequest) if one.default is not MISSING}
    same = [name for name, (_, value) in VARIED.items() if name != "reuse" and value == defaults.get(name)]
    assert not same
