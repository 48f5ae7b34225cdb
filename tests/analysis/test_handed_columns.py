"""Columns that only who calls a run has: named in a condition, handed over, unknown without."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.errors import PlanError
from analysis.incremental import begin
from tests.analysis.shipped import demo

TEXT = "close > 0 and pattern_outcome.p_target > 0.5"
LATER_NS = 4_102_444_800_000_000_000


def signal(text: str, column: np.ndarray | None) -> np.ndarray:
    bars = demo("SPX", 400)
    handed = {} if column is None else {"pattern_outcome.p_target": column}
    found = run(Plan.parse([text]), bars, handed=handed, now_ns=LATER_NS).columns
    return next(iter(found.values()))


def test_the_canonical_text_means_the_same_and_names_what_must_be_handed_over() -> None:
    plan = Plan.parse(["X = Pattern_Outcome.p_target", TEXT, "rsi"])
    assert plan.canonical()[:2] == ["X = pattern_outcome.p_target", TEXT]
    assert Plan.stored(plan.canonical()).meaning() == plan.meaning()
    assert plan.handed == {"pattern_outcome.p_target"}
    assert Plan.parse(["rsi", "double_top"]).handed == set()


def test_it_is_true_false_or_unknown_as_the_column_says() -> None:
    column = np.full(400, np.nan)
    column[100:103] = [0.6, 0.4, 0.5]
    found = signal(TEXT, column)
    np.testing.assert_array_equal(found[100:103], [1.0, 0.0, 0.0])
    assert np.isnan(np.delete(found, [100, 101, 102])).all()


def test_what_nobody_has_handed_over_is_unknown_and_says_so() -> None:
    assert np.isnan(signal(TEXT, None)).all()
    result = run(Plan.parse(["pattern_outcome.p_stop", "rsi"]), demo("SPX", 400), now_ns=LATER_NS)
    assert np.isnan(result.columns["pattern_outcome.p_stop"]).all()
    assert [one["code"] for one in result.quality if one.get("entry") == "pattern_outcome.p_stop"] == ["not_handed"]


def test_it_may_be_averaged_and_looked_back_at() -> None:
    found = signal("sma(pattern_outcome.p_target, 3)[1]", np.linspace(0.2, 0.8, 400))
    assert np.isfinite(found[3:]).all()


def test_all_bars_are_needed_and_none_can_be_appended() -> None:
    plan = Plan.parse([TEXT])
    assert plan.history("1d") is None
    with pytest.raises(PlanError, match="whole series"):
        begin(plan, demo("SPX", 400))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pattern_outcome > 0.5", "not_an_output"),
        ("pattern_outcome.p_win > 0.5", "not_an_output"),
        ("pattern_outcome.p_target@1w > 0.5", "not_a_series"),
        ("(close > pattern_outcome.p_target)@1w", "not_a_series"),
        ("pattern_outcome(3) > 0.5", "unknown_name"),
        ("pattern_outcome. > 0.5", "syntax"),
        ("pattern_outcome.p_target and close > 1", "wrong_type"),
    ],
)
def test_what_it_is_not_is_refused(text: str, code: str) -> None:
    with pytest.raises(PlanError) as refused:
        Plan.parse([text])
    assert {fault.code for fault in refused.value.faults} >= {code}


def test_a_name_of_the_request_means_that() -> None:
    assert Plan.parse(["pattern_outcome = rsi(7)", "pattern_outcome > 50"]).handed == set()
