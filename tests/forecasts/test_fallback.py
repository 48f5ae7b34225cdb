"""A model that is worse than chance beyond doubt: chance is answered and says why, and the model is judged on."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractUser
from django.db.models import F, Max
from django.test import Client
from django.utils import timezone

from analysis import Bars
from forecasts import loading
from forecasts.errors import RegistryError
from forecasts.models import Fallback, KeptPrediction, ModelReport, ModelVersion
from forecasts.recent import recent
from forecasts.selectors import known_models, served_figures
from forecasts.served import served_card, sources
from forecasts.services.comparing import standing
from forecasts.services.drift import measure_drift
from forecasts.services.falling_back import lift, watch
from forecasts.services.registry import promote, roll_back
from jobs import selectors
from jobs.models import Job
from tests.forecasts.conftest import Ask
from tests.forecasts.ledger_rows import DAY, evening, kept, stored, upto
from tests.forecasts.versions import add

pytestmark = pytest.mark.django_db
NOW = timezone.now()
BAD, GOOD = 0.05, 0.4  # of ten events four met their target; chance says two
WORSE = "worse_than_chance"


@pytest.fixture
def sha256(models: Path) -> str:
    found = served_card()
    assert found is not None
    return found.sha256


def scored(sha256: str, p_target: float, count: int = 420, blocks: int = 7, **other: Any) -> None:
    """Predictions of the last blocks of 28 days, whose life was over yesterday."""
    days_ago = NOW - timedelta(days=28 * blocks)
    shift = int((days_ago - datetime.fromisoformat("2020-01-15T00:00:00+00:00")).total_seconds()) * 10**9
    newest = KeptPrediction.objects.aggregate(pk=Max("pk"))["pk"] or 0
    kept(count, blocks, p_target, sha256=sha256, days=28, **{"scored_at": NOW - DAY, **other})
    KeptPrediction.objects.filter(pk__gt=newest).update(bar_ns=F("bar_ns") + shift)


def fall(sha256: str) -> None:
    scored(sha256, BAD)
    watch(now=NOW)
    assert Fallback.objects.filter(lifted_at=None).count() == 1


def answered(job: Job, owner: AbstractUser) -> dict[str, Any]:
    return selectors.read_result(selectors.find_job(owner=owner, job_id=job.pk)).items[0]


def test_a_model_that_is_worse_beyond_doubt_falls_back_once(sha256: str) -> None:
    fall(sha256)
    watch(now=NOW)
    fallback = Fallback.objects.get()
    assert (fallback.model, fallback.figures["verdict"], fallback.figures["events"]) == (
        "pattern_outcome/2.0.0",
        "worse",
        420,
    )
    assert fallback.figures["interval"][1] < 0
    assert ModelReport.objects.get(kind="recent").figures["gain"] < 0
    assert str(ModelVersion.objects.get()) == "pattern_outcome/2.0.0", "staff find it among the registered"


@pytest.mark.parametrize(
    ("p_target", "more"),
    [
        (GOOD, {}),
        (0.2, {}),  # as chance
        (BAD, {"count": 199}),
        (BAD, {"blocks": 3}),
        (BAD, {"scored_at": NOW - timedelta(days=91)}),
        (BAD, {"result": "passed"}),
        (BAD, {"scored_at": NOW + DAY}),
    ],
)
def test_one_that_is_not_or_of_which_too_little_is_known_goes_on(
    sha256: str, p_target: float, more: dict[str, Any]
) -> None:
    scored(sha256, p_target, **more)
    watch(now=NOW)
    assert not Fallback.objects.exists()


def test_one_that_is_worse_in_some_weeks_and_better_in_others_goes_on(sha256: str) -> None:
    """Of single events it would be worse beyond doubt: those of a time are alike."""
    scored(sha256, BAD)
    times = sorted(set(KeptPrediction.objects.values_list("bar_ns", flat=True)))
    KeptPrediction.objects.filter(bar_ns__in=times[::2]).update(p_target=GOOD)
    figures = recent(sha256, NOW)
    assert figures["gain"] < -0.05
    assert figures["interval"][1] > 0
    assert figures["verdict"] == "no_worse"


def test_chance_is_answered_with_the_reason_and_nothing_of_before_is_reused(
    ask: Ask, owner: AbstractUser, sha256: str, whole: Bars, place: int
) -> None:
    stored(upto(whole, place + 1))
    before = ask(
        evening(whole, place), analyses=("pattern_outcome", "double_bottom and pattern_outcome.p_target > 0.3")
    )
    assert answered(before, owner)["forecast"]["model_status"] == "ready"
    fall(sha256)
    after = ask(evening(whole, place), analyses=("pattern_outcome", "double_bottom and pattern_outcome.p_target > 0.3"))
    assert not after.reused
    assert after.fingerprint != before.fingerprint
    answer = answered(after, owner)
    assert (answer["forecast"]["model_status"], answer["forecast"]["reason"]) == ("degraded", WORSE)
    said = [one["prediction"] for one in answer["events"] if one["prediction"]["p_target"] is not None]
    assert said
    for one in said:
        assert (one["model"], one["model_status"], one["reason"]) == (None, "degraded", WORSE)
        assert one["p_target"] == pytest.approx(one["random_walk"]["p_target"], abs=1e-4)
    assert WORSE in str(answer["quality"])


def test_what_it_would_have_said_is_still_kept_so_that_it_can_be_seen_to_mend(
    ask: Ask, sha256: str, whole: Bars, place: int
) -> None:
    stored(upto(whole, place + 1))
    fall(sha256)
    KeptPrediction.objects.all().delete()
    job = ask(evening(whole, place))
    assert job.pk
    rows = list(KeptPrediction.objects.all())
    assert rows
    assert {(row.sha256, row.model) for row in rows} == {(sha256, "pattern_outcome/2.0.0")}
    assert any(row.p_target != row.chance_target for row in rows), "it is the model's, not chance's"


def test_registry_figures_and_drift_know_it(sha256: str, models: Path) -> None:
    loading.loaded()
    fall(sha256)
    (known,) = known_models()
    assert (known.status, known.reason) == ("degraded", WORSE)
    assert known.detail is not None
    assert "420 predictions" in known.detail
    told = served_figures(NOW)
    assert (told.ready, told.fallen_back) == (True, True)
    assert sources()["pattern_outcome"] == "no_model"
    assert measure_drift(now=NOW) is not None
    (models / "model.ubj").write_bytes(b"other")
    assert loading.loaded().reason == "checksum", "what cannot be read is told first"
    assert known_models()[0].reason == "checksum"


def test_another_model_answers_when_it_is_promoted_and_the_fallen_one_is_not_gone_back_to(
    sha256: str, models: Path, owner: AbstractUser
) -> None:
    first, second = add(models, "2.0.1"), add(models, "2.0.2", usable_from="2018-03-08")
    promote(first.pk, actor=owner, now=NOW, reason="a test")
    fall(first.sha256)
    assert loading.loaded().reason == WORSE
    promote(second.pk, actor=owner, now=NOW + DAY, reason="a test")
    assert loading.loaded().model is not None
    with pytest.raises(RegistryError, match="fallen back"):
        roll_back("pattern_outcome", actor=owner, now=NOW + DAY)
    with pytest.raises(RegistryError, match="Lift that first"):
        promote(first.pk, actor=owner, now=NOW, reason="I want it")


def test_staff_lift_it_for_a_reason_and_the_same_events_are_not_held_against_it_again(
    sha256: str, owner: AbstractUser
) -> None:
    fall(sha256)
    row = ModelVersion.objects.get()
    with pytest.raises(RegistryError, match="give a reason"):
        lift(row.pk, actor=owner, now=NOW, reason=" ")
    lift(row.pk, actor=owner, now=NOW, reason="The bars were wrong.")
    assert loading.loaded().model is not None
    assert LogEntry.objects.get().change_message == "Fallback lifted. Reason: The bars were wrong."
    with pytest.raises(RegistryError, match="has not fallen back"):
        lift(row.pk, actor=owner, now=NOW, reason="again")
    watch(now=NOW + DAY)
    assert not Fallback.objects.filter(lifted_at=None).exists()
    scored(sha256, BAD, series_id=2, scored_at=NOW + DAY)
    watch(now=NOW + 2 * DAY)
    assert Fallback.objects.filter(lifted_at=None).count() == 1


def test_while_chance_is_answered_a_challenger_must_be_better_than_chance(
    sha256: str, models: Path, owner: AbstractUser
) -> None:
    """Better than a model that is worse than chance is not yet good."""
    row = add(models, "2.0.1")
    scored(sha256, 0.01, count=600, blocks=9)
    scored(row.sha256, BAD, count=600, blocks=9)
    watch(now=NOW)
    told = standing(row)
    assert told is not None
    assert (told["against"], told["verdict"]) == ("chance", "no_better")
    Fallback.objects.update(lifted_at=NOW)
    told = standing(row)
    assert told is not None
    assert told["against"] == "champion"
    assert told["gain"] > 0


def test_staff_see_it_and_lift_it(sha256: str, admin_client: Client) -> None:
    fall(sha256)
    row = ModelVersion.objects.get()

    def act(reason: str) -> str:
        chosen = {"action": "lift_fallback", "_selected_action": [str(row.pk)], "reason": reason}
        return admin_client.post("/admin/forecasts/modelversion/", chosen, follow=True).content.decode()

    assert "give a reason" in act("")
    loading.examined(loading.served())
    assert WORSE in admin_client.get("/admin/forecasts/modelversion/").content.decode()
    assert "answers again" in act("The bars were wrong.")
    assert WORSE not in admin_client.get("/admin/forecasts/modelversion/").content.decode()
