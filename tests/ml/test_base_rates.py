"""Base rates: counted, with intervals by quarters, and no verdict on a few."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.validation.quarters import CHANCE, DIFFERENT
from ml.base_rates import SIDES, TOO_FEW, base_rates
from ml.examples import TARGET, TIMEOUT, Examples


def test_every_event_is_in_one_row(noise: Examples) -> None:
    rows = base_rates(noise)
    assert sum(row["events"] for row in rows) == len(noise)
    assert len({(row["name"], row["side"]) for row in rows}) == len(rows)


def test_a_row_is_what_can_be_counted(noise: Examples) -> None:
    (row,) = [one for one in base_rates(noise) if (one["name"], one["side"]) == ("bull_flag", "bullish")]
    part = noise.take(noise.name == "bull_flag")
    assert row["target"] == pytest.approx((part.label == TARGET).mean(), abs=1e-4)
    assert row["chance"] == pytest.approx(part.chance[:, 0].mean(), abs=1e-4)
    assert row["interval"][0] < row["target"] < row["interval"][1]


def test_the_verdict_is_of_the_difference_from_chance(noise: Examples) -> None:
    most = max(base_rates(noise), key=lambda row: row["events"])
    sides = {text: side for side, text in SIDES.items()}
    many = noise.take((noise.name == most["name"]) & (noise.side == sides[most["side"]]))
    assert len(many) > 200
    rng = np.random.default_rng(1)
    even = replace(many, label=np.where(rng.random(len(many)) < many.chance[:, 0], TARGET, TIMEOUT))
    assert base_rates(even)[0]["verdict"] == CHANCE
    assert base_rates(replace(many, label=np.zeros(len(many), np.int64)))[0]["verdict"] == DIFFERENT
    assert base_rates(even.take(np.arange(50)))[0]["verdict"] == TOO_FEW
