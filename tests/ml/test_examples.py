"""Examples: each event once, with the label of the one definition of outcomes, and apart what has none."""

import numpy as np
import pytest

from analysis import Bars
from analysis.outcomes import Outcome, measured, stated
from ml.examples import STOP, TARGET, Examples, events_of, examples_of
from ml.family import PATTERNS, alike
from ml.features import BARS_NEEDED, NAMES


def test_an_event_that_is_found_at_two_sizes_is_one(spx: Bars) -> None:
    plans = PATTERNS.plans()
    found = events_of(spx, plans)
    alone = [events_of(spx, [plan]) for plan in plans]
    assert len({event.id for event in found}) == len(found)
    assert max(map(len, alone)) < len(found) < sum(map(len, alone))
    assert [event.bar for event in found] == sorted(event.bar for event in found)


def test_every_event_is_counted_and_those_measured_are_kept(spx: Bars) -> None:
    examples, counts = examples_of(spx, "SPX", events_of(spx, PATTERNS.plans()))
    events = [event for event in events_of(spx, PATTERNS.plans()) if event.bar >= BARS_NEEDED]
    assert counts.total() == len(events)
    measurable = counts["target"] + counts["stop"] + counts["timeout"]
    assert 0.9 * measurable < len(examples) <= measurable
    assert counts["reached_before"] > 0
    ends = measured(stated(events, spx), spx).ends
    assert np.count_nonzero(examples.label == TARGET) <= np.count_nonzero(ends == Outcome.TARGET)


def test_labels_returns_and_times_fit_each_other(real: Examples) -> None:
    assert (real.r[real.label == TARGET] > 0).all()
    assert (real.r[real.label == STOP] <= -1 + 1e-9).all()
    assert (real.known_at < real.ended_at).all()
    assert (real.ended_at <= real.over_at).all()
    assert ((real.chance >= 0) & (real.chance.sum(axis=1, keepdims=True) <= 1 + 1e-9)).all()
    assert ((real.weight > 0) & (real.weight <= 1 + 1e-9)).all()
    assert (np.diff(real.known_at) >= 0).all()
    assert np.isfinite(real.features).mean() > 0.999


def test_an_event_that_ended_early_counts_only_when_its_life_is_over(spx: Bars) -> None:
    """Else the last events of every series would be those that were resolved quickly."""
    whole, _ = examples_of(spx, "SPX", events_of(spx, PATTERNS.plans()))
    cut = spx[:1_500]
    part, _ = examples_of(cut, "SPX", events_of(cut, PATTERNS.plans()))
    over = whole.take(whole.over_at <= cut.time[-1])
    assert part.known_at.tolist() == over.known_at.tolist()
    assert part.label.tolist() == over.label.tolist()
    assert part.features.tobytes() == over.features.tobytes()


def test_measured_alike_chance_is_the_same_on_either_side(spx: Bars) -> None:
    examples, counts = examples_of(spx, "SPX", events_of(spx, PATTERNS.plans()), alike)
    assert examples.chance[:, 0] == pytest.approx(examples.chance[:, 1])
    assert counts["reached_before"] == counts["no_target"] == 0


def test_a_series_without_history_has_no_examples(spx: Bars) -> None:
    short = spx[: BARS_NEEDED - 10]
    examples, counts = examples_of(short, "SPX", events_of(short, PATTERNS.plans()))
    assert (len(examples), counts.total()) == (0, 0)
    assert examples.features.shape == (0, len(NAMES))
    assert len(Examples.joined([])) == 0
