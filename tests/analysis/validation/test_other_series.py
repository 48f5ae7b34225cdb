"""What is measured where there is nothing to find: few verdicts differ, no event changes, and the tables say it."""

import numpy as np
import pytest

from analysis.records.baselines import stored
from analysis.validation.detector_evaluation import trials
from analysis.validation.generators import GENERATORS, SHOCKS, between
from analysis.validation.other_series import JUDGED, PREFIXES, made, of_series
from analysis.validation.other_tables import other_tables

AGAIN = "measure again: python manage.py evaluate_detectors --write"
NOTHING = ("garch", "fat", "sessions")


def test_of_a_fair_game_few_verdicts_differ() -> None:
    """Of events that tell of nothing about one verdict in twenty is wrong, and they come in families."""
    differ = stated = 0
    for seed in (1, 2):
        found = of_series(made(GENERATORS[1], (4, 2_000), seed), draws=3, seed=seed)
        assert found["bars"] == 8_000
        assert found["series"] == 4
        assert sum(count for _, _, count in found["events"]) > 500
        for name in ("outcome", "mean_r", "after"):
            differ += found["differ"][name][0]
            stated += found["differ"][name][1]
    assert stated > 60
    assert differ / stated <= 0.15


def test_what_is_stored_is_as_honest_as_it_says() -> None:
    for name in NOTHING:
        one = stored()["others"][name]
        assert one["changed"] == []
        assert one["prefixes"] == PREFIXES - 1
        differ, stated = (sum(one["differ"][key][at] for key in ("outcome", "mean_r", "after")) for at in (0, 1))
        assert stated > 90
        assert differ / stated <= 0.1, f"{name}: {AGAIN}"
    differ, stated = stored()["others"]["fat"]["differ"]["rate"]  # its bars are independent, as shuffling has them
    assert differ / stated <= 0.1
    assert all(set(stored()["others"][name]["differ"]) == set(JUDGED) for name in stored()["others"])


def test_every_detector_of_turning_points_has_its_rates_on_all_of_them() -> None:
    kept = stored()
    named = {(name, scale) for name, timeframe, scale, _ in kept["rates"] if timeframe == "1d"}
    told = {(name, scale): set(counts) for name, scale, counts in kept["other_events"]}
    assert set(told) < named
    assert {name for name, _ in told} > {"gartley", "wyckoff_spring", "wolfe_wave", "support"}
    assert all(one == set(kept["others"]) for one in told.values())
    assert set(NOTHING) <= set(kept["others"])


@pytest.mark.parametrize("kind", SHOCKS)
def test_drawn_shapes_are_found_between_other_walks(kind: str) -> None:
    mine = {row[1]: row[2:] for row in stored()["other_truth"] if row[0] == kind}
    assert len(mine) == 30
    (again,) = trials(["ascending_triangle"], mine["ascending_triangle"][1], between=between(kind), hardest=True)
    assert list(again[1:]) == mine["ascending_triangle"]
    recalls = [found / shapes for _, shapes, found, _, _ in mine.values()]
    assert min(recalls) >= 0.55
    assert float(np.mean(recalls)) >= 0.85


def test_the_tables_have_a_row_for_each() -> None:
    text = other_tables(stored())
    for name in (
        "| GARCH | 1d |",
        "| fat tails | 1d |",
        "| sessions | 30m |",
        "| wolfe_wave | swing |",
        "| gartley | 5%",
    ):
        assert name in text
