"""Drift by hand: none against oneself, an alarm where a feature has moved."""

import numpy as np
import pytest

from ml.drift import index, reference, stability, verdict
from ml.examples import Examples
from ml.features import NAMES


def test_against_itself_nothing_has_moved(real: Examples) -> None:
    found = stability(reference(real.features), real.features)
    assert set(found) == set(NAMES)
    assert max(found.values()) == pytest.approx(0.0, abs=1e-12)
    assert verdict(found, len(real)) == "stable"


def test_a_feature_that_has_moved_and_one_that_is_unknown_now_are_alarms(real: Examples) -> None:
    moved = real.features.copy()
    moved[:, 3] += 2 * moved[:, 3].std()
    moved[:, 5] = np.nan
    found = stability(reference(real.features), moved)
    assert [name for name, value in found.items() if value > 0.25] == [NAMES[3], NAMES[5]]
    assert verdict(found, 1_000) == "alarm"


def test_the_index_is_its_formula() -> None:
    assert index([0.5, 0.5], [0.6, 0.4]) == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8))
    assert np.isfinite(index([1.0, 0.0], [0.0, 1.0]))


def test_between_warning_and_alarm_and_of_too_few() -> None:
    assert verdict({"a": 0.05, "b": 0.2}, 500) == "warn"
    assert verdict({"a": 9.0}, 199) == "too_few"
    assert verdict({}, 500) == "stable"


def test_a_feature_that_is_constant_or_unknown_throughout_has_a_reference(real: Examples) -> None:
    flat = real.features.copy()
    flat[:, 0], flat[:, 1] = 1.0, np.nan
    found = stability(reference(flat), flat)
    assert found[NAMES[0]] == found[NAMES[1]] == 0.0
