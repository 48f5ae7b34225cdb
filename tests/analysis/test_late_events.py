"""Events that are made when someone looks: not before, and once."""

from collections.abc import Sequence

import pytest

from analysis import Plan, run
from analysis.catalog.entry import DetectionContext
from analysis.events import Event
from analysis.patterns import shapes
from analysis.patterns.candidates import Candidate, finished
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS

PLAN = Plan.parse(["harmonic", "chart_patterns"])


def test_no_shape_is_made_before_someone_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def told(given: DetectionContext, kind: str, candidates: Sequence[Candidate]) -> list[Event]:
        asked.append(kind)
        return finished(given, kind, candidates)

    monkeypatch.setattr(shapes, "finished", told)
    events = run(PLAN, series.rough(800), now_ns=LATER_NS).events
    assert not asked
    first = list(events)
    assert {"harmonic", "chart_pattern"} >= set(asked) > set()
    asked.clear()
    assert all(one is other for one, other in zip(first, events, strict=True))
    assert not asked
