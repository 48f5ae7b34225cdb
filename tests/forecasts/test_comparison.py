"""Challenger against champion on the same events: who is better beyond doubt is promoted, others for a reason."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from forecasts.comparison import LEAST_BLOCKS, compared
from forecasts.errors import RegistryError
from forecasts.models import KeptPrediction, ModelReport, ModelVersion
from forecasts.served import served, served_card
from forecasts.services import comparing
from forecasts.services.comparing import compare_shadow, standing
from forecasts.services.registry import promote, register_all
from forecasts.services.shadowing import put_in_shadow
from forecasts.stored_cards import StoredCard
from ml.intervals import Interval, of_mean
from tests.forecasts.ledger_rows import kept
from tests.forecasts.versions import add
from tests.ml.covered import covered

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CHAMPION, CHALLENGER = "a" * 64, "b" * 64
TRUE, FALSE = 0.4, 0.3  # of ten events four met their target, five their stop
GAIN = 0.4 * np.log(TRUE / FALSE) + 0.1 * np.log((0.5 - TRUE) / (0.5 - FALSE))


def card(sha256: str, usable_from: str = "2020-01-01") -> StoredCard:
    return StoredCard({"name": "pattern_outcome", "version": "2.0.0", "usable_from": usable_from}, sha256)


def told(champion: StoredCard | None = None, challenger: StoredCard | None = None) -> dict[str, Any]:
    return compared(champion or card(CHAMPION), challenger or card(CHALLENGER))


def both(count: int, blocks: int, theirs: float, ours: float, **other: Any) -> None:
    kept(count, blocks, theirs, sha256=CHAMPION, days=28, **other)
    kept(count, blocks, ours, sha256=CHALLENGER, days=28, **other)


def test_a_challenger_that_says_what_comes_is_better_than_one_who_does_not() -> None:
    both(1_000, 21, FALSE, TRUE)
    found = told()
    assert (found["events"], found["missing"], found["blocks"], found["trials"]) == (1_000, 0, 21, 1)
    assert found["gain"] == pytest.approx(GAIN, abs=1e-5)
    assert found["interval"][0] > 0
    assert set(found["calibration_error"]) == {"target", "stop", "resolved"}
    assert max(found["calibration_error"].values()) <= found["most_error"] < 0.05
    assert found["verdict"] == "better"


def test_the_other_way_round_it_is_not() -> None:
    both(1_000, 21, TRUE, FALSE)
    assert told()["verdict"] == "no_better"
    assert told()["gain"] < 0


def test_the_same_is_no_better() -> None:
    both(1_000, 21, TRUE, TRUE)
    assert (told()["gain"], told()["verdict"]) == (0.0, "no_better")


def test_what_is_better_and_not_calibrated_is_not_promoted() -> None:
    both(1_000, 21, 0.1, 0.3)
    assert told()["gain"] > 0
    assert told()["calibration_error"]["target"] == 0.1
    assert told()["verdict"] == "not_calibrated"


@pytest.mark.parametrize(("count", "missing"), [(0, 500), (1, 499), (499, 1), (500, 0)])
def test_how_many_events_are_missing_is_said(count: int, missing: int) -> None:
    both(count, 21, FALSE, TRUE)
    found = told()
    assert found["missing"] == missing
    assert found["verdict"] == ("too_few_events" if missing else "better")
    assert f"{missing} are missing" in comparing.sentence(found) or not missing


def test_events_of_a_few_weeks_are_too_few_of_whatever_number() -> None:
    both(5_000, LEAST_BLOCKS - 1, FALSE, TRUE)
    found = told()
    assert (found["verdict"], found["interval"]) == ("too_few_blocks", None)
    assert "1 are missing" in comparing.sentence(found)


def test_only_events_count_of_which_both_were_kept_and_came_to_the_same() -> None:
    both(600, 21, FALSE, TRUE)
    kept(600, 21, 0.9, sha256=CHAMPION, days=28, series_id=2)
    kept(600, 21, 0.9, sha256=CHALLENGER, days=28, series_id=3)
    kept(600, 21, 0.9, sha256=CHALLENGER, days=28, timeframe="1h")
    both(600, 21, 0.9, 0.9, series_id=4, result="passed")
    both(600, 21, 0.9, 0.9, series_id=5, result="")
    both(60, 21, 0.9, 0.9, series_id=6)
    KeptPrediction.objects.filter(sha256=CHAMPION, series_id=6).update(result="target")
    KeptPrediction.objects.filter(sha256=CHALLENGER, series_id=6).update(result="stop")
    found = told()
    assert found["events"] == 600
    assert found["gain"] == pytest.approx(GAIN, abs=1e-5)


def test_only_events_count_that_are_after_the_training_of_both() -> None:
    both(600, 21, FALSE, TRUE)
    late = datetime(2021, 1, 1, tzinfo=UTC)
    since = KeptPrediction.objects.filter(sha256=CHAMPION, bar_ns__gte=int(late.timestamp()) * 10**9).count()
    assert 0 < since < 600
    for one in (told(card(CHAMPION, "2021-01-01")), told(None, card(CHALLENGER, "2021-01-01"))):
        assert (one["events"], one["since"]) == (since, "2021-01-01")


def test_of_several_challengers_the_best_must_be_better_by_more() -> None:
    both(1_000, 21, FALSE, TRUE)
    rng = np.random.default_rng(3)
    for row in KeptPrediction.objects.filter(sha256=CHALLENGER):
        row.p_target = float(np.clip(row.p_target + rng.normal(0, 0.05), 0.05, 0.45))
        row.save()
    alone = told()
    for other in "cdef":
        kept(10, 21, TRUE, sha256=other * 64, days=28)
    kept(10, 21, TRUE, sha256="9" * 64, days=28, series_id=9)
    among = told()
    assert (alone["trials"], among["trials"]) == (1, 5), "who was never beside it is not counted"
    assert among["low_after_trials"] < alone["low_after_trials"] <= alone["interval"][0]


def test_the_interval_of_the_least_number_of_blocks_holds_the_truth_nearly_as_often_as_it_says() -> None:
    block = np.repeat(np.arange(LEAST_BLOCKS), 63)

    def simulate(rng: np.random.Generator) -> Interval:
        return of_mean(rng.normal(0, 1, LEAST_BLOCKS)[block] * 0.05 + rng.normal(0, 0.3, len(block)), block)

    assert 0.87 <= covered(simulate, 0.0, 1_000, 11) <= 0.95


@pytest.fixture
def pair(models: Path, owner: AbstractUser) -> tuple[str, ModelVersion]:
    """The sha256 of the served card, and a model in shadow."""
    found = served_card()
    assert found is not None
    return found.sha256, put_in_shadow(add(models, "2.0.1").pk, actor=owner, now=NOW)


def in_ledger(served_sha256: str, row: ModelVersion, theirs: float, ours: float) -> None:
    kept(1_000, 21, theirs, sha256=served_sha256, days=28)
    kept(1_000, 21, ours, sha256=row.sha256, days=28)


def test_who_is_shown_to_be_better_is_promoted_and_the_figures_are_on_record(
    pair: tuple[str, ModelVersion], owner: AbstractUser
) -> None:
    in_ledger(*pair, FALSE, TRUE)
    promote(pair[1].pk, actor=owner, now=NOW)
    assert served().version == "2.0.1"
    text = LogEntry.objects.latest("pk").change_message
    assert text.startswith("Promoted. Better: +0.0")
    assert "on 1000 events" in text


@pytest.mark.parametrize(("theirs", "ours", "why"), [(TRUE, FALSE, "Not better"), (0.1, 0.3, "not calibrated")])
def test_who_is_not_stays_out_but_for_a_reason(
    pair: tuple[str, ModelVersion], owner: AbstractUser, theirs: float, ours: float, why: str
) -> None:
    in_ledger(*pair, theirs, ours)
    with pytest.raises(RegistryError, match=why):
        promote(pair[1].pk, actor=owner, now=NOW)
    with pytest.raises(RegistryError, match="give a reason"):
        promote(pair[1].pk, actor=owner, now=NOW, reason="  \n ")
    assert served().version == "2.0.0"
    promote(pair[1].pk, actor=owner, now=NOW, reason="The other one is of a vendor who is gone. " * 20)
    text = LogEntry.objects.latest("pk").change_message
    assert text.startswith("Promoted. Reason: The other one")
    assert why in text
    assert len(text) < 800


def test_a_reason_does_not_help_where_a_gate_did_not_hold(models: Path, owner: AbstractUser) -> None:
    row = add(models, "2.0.1", gates=[{"code": "G4", "passed": False}])
    with pytest.raises(RegistryError, match="G4"):
        promote(row.pk, actor=owner, now=NOW, reason="I want it")


def test_what_is_served_by_the_settings_needs_no_proof_against_itself(models: Path, owner: AbstractUser) -> None:
    register_all(NOW)
    promote(ModelVersion.objects.get().pk, actor=owner, now=NOW)
    assert "served already" in LogEntry.objects.get().change_message


def test_a_proof_against_who_is_not_served_any_more_is_none(
    pair: tuple[str, ModelVersion], owner: AbstractUser, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_ledger(*pair, FALSE, TRUE)
    other = add(models, "2.0.2")
    proof_of = comparing.proof_of

    def meanwhile(row: ModelVersion) -> comparing.Proof:
        found = proof_of(row)
        if row.version == "2.0.1":
            promote(other.pk, actor=owner, now=NOW, reason="quicker")
        return found

    monkeypatch.setattr("forecasts.services.registry.proof_of", meanwhile)
    with pytest.raises(RegistryError, match="look at the comparison again"):
        promote(pair[1].pk, actor=owner, now=NOW)
    assert served().version == "2.0.2"


@pytest.mark.parametrize("usable_from", [None, "", "soon", ["2020-01-01"]])
def test_a_card_that_says_no_date_cannot_be_compared(models: Path, owner: AbstractUser, usable_from: Any) -> None:
    row = add(models, "2.0.1", usable_from=usable_from)
    assert standing(row) is None
    with pytest.raises(RegistryError, match="cannot be compared"):
        promote(row.pk, actor=owner, now=NOW)


def test_what_was_found_of_the_shadow_is_written_down(pair: tuple[str, ModelVersion]) -> None:
    report = ModelReport.objects.get(kind="compared")
    assert report.sha256 == pair[1].sha256
    assert report.figures["missing"] == 500
    in_ledger(*pair, FALSE, TRUE)
    compare_shadow(now=NOW)
    report.refresh_from_db()
    assert report.figures["verdict"] == "better"
    assert report.figures["champion_sha256"] == pair[0]
