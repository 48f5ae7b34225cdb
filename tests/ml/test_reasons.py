"""Reasons: exact, of what was served and of nothing else, and for free where nobody asks."""

from dataclasses import replace
from math import exp
from pathlib import Path

import numpy as np
import pytest
import xgboost as xgb

from ml.artifact import Model, read
from ml.family import PATTERNS
from ml.features import NAMES
from ml.predict import Asked, predict
from ml.prediction import Prediction
from ml.reasons import contributions
from ml.training import trees
from tests.analysis.shipped import ROOT

NAME, VERSION = PATTERNS.name, PATTERNS.version


@pytest.fixture(scope="module")
def model() -> Model:
    found = read(Path(ROOT / "ml_models" / NAME / VERSION))
    return replace(found, fit=replace(found.fit, shrinkage=(0.75, 0.5)))


def chance_of(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))


def spoken(found: list[list[Prediction]]) -> list[Prediction]:
    return [one for one in found[0] if one.reasons is not None]


def test_they_add_up_to_the_log_odds_of_what_is_served(model: Model, asked: Asked) -> None:
    found = spoken(predict([asked], model, most_reasons=5))
    assert len(found) > 50
    for one in found:
        assert one.odds is not None
        resolve, direction = one.reasons or ()
        for head in (resolve, direction):
            said = sum(each.log_odds for each in head.contributions)
            assert head.blend + head.mean + said + head.others == pytest.approx(head.log_odds, abs=1e-9)
            sizes = [abs(each.log_odds) for each in head.contributions]
            assert sizes == sorted(sizes, reverse=True)
            assert len(sizes) == 5
        assert chance_of(resolve.log_odds) == pytest.approx(one.odds.target + one.odds.stop, abs=1e-6)
        assert chance_of(direction.log_odds) == pytest.approx(
            one.odds.target / (one.odds.target + one.odds.stop), abs=1e-6
        )


def test_all_of_them_leave_nothing_over(model: Model, asked: Asked) -> None:
    for one in spoken(predict([asked], model, most_reasons=len(NAMES))):
        for head in one.reasons or ():
            assert head.others == pytest.approx(0, abs=1e-9)
            assert len({each.feature for each in head.contributions}) == len(head.contributions)


def test_what_is_moved_is_what_the_trees_say_and_nothing_by_what_they_never_ask(model: Model) -> None:
    rows = np.random.default_rng(1).normal(size=(20, len(NAMES))).astype(np.float32)
    rows[3, 7] = np.nan
    found = contributions(model.fit.booster, rows)
    assert found.sum(axis=2) == pytest.approx(trees(model.fit.booster, rows), abs=1e-5)
    used = set(model.fit.booster.get_score(importance_type="weight"))
    unused = [place for place, name in enumerate(NAMES) if name not in used]
    assert not found[:, :, unused].any()
    assert np.ptp(found[:, :, -1], axis=0) == pytest.approx([0, 0], abs=1e-6)


def test_a_head_whose_trees_do_not_count_has_no_reason_but_the_blend(model: Model, asked: Asked) -> None:
    shipped = replace(model, fit=replace(model.fit, shrinkage=(0.75, 0.0)))
    for one in spoken(predict([asked], shipped, most_reasons=3)):
        direction = (one.reasons or ())[1]
        assert (direction.head, direction.share, direction.contributions) == ("direction", 0.0, ())
        assert direction.log_odds == direction.blend
        assert direction.mean == direction.others == 0.0


def test_where_no_tree_spoke_there_are_none(model: Model, asked: Asked) -> None:
    assert {one.reasons for one in predict([asked], None, "checksum", most_reasons=3)[0]} == {None}
    (found,) = predict([asked], model, most_reasons=3)
    assert any(one.reasons is None for one in found)
    assert all((one.reasons is None) is (one.reason is not None) for one in found)


def test_who_does_not_ask_gets_the_same_answer_and_pays_nothing(
    model: Model, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = predict([asked], model, most_reasons=4)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("contributions were computed")

    monkeypatch.setattr(xgb.Booster, "predict", refused)
    assert predict([asked], model) == [[replace(one, reasons=None) for one in told[0]]]
