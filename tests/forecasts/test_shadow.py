"""A model in shadow: asked of what goes into the ledger, kept, and answered to nobody."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractUser, Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY

from analysis import Bars
from forecasts import shadows
from forecasts.errors import RegistryError
from forecasts.ledger import Due
from forecasts.loading import asked_beside
from forecasts.models import Examination, KeptPrediction, ModelVersion, Status
from forecasts.services.registry import promote, roll_back
from forecasts.services.shadowing import put_in_shadow, take_out_of_shadow
from jobs import selectors
from jobs.reports import ChunkReport
from ml.artifact import TREES
from ml.examples import events_of
from ml.family import PATTERNS
from tasks.analysis import count
from tests.forecasts.conftest import Ask
from tests.forecasts.ledger_rows import DAY, evening, stored, upto
from tests.forecasts.versions import add

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SERVED, SHADOW = "pattern_outcome/2.0.0", "pattern_outcome/2.0.1"
OTHERWISE = {"shrinkage": [0.0, 1.0]}  # the same trees, which count otherwise


def kept_by(model: str) -> list[KeptPrediction]:
    return list(KeptPrediction.objects.filter(model=model).order_by("event"))


def statuses() -> dict[str, str]:
    return dict(ModelVersion.objects.values_list("version", "status"))


def test_what_the_shadow_says_of_the_same_events_is_kept_and_not_answered(
    ask: Ask, owner: AbstractUser, models: Path, whole: Bars, place: int
) -> None:
    row = put_in_shadow(add(models, "2.0.1", **OTHERWISE).pk, actor=owner, now=NOW)
    stored(upto(whole, place + 1))
    job = ask(evening(whole, place))
    served, beside = kept_by(SERVED), kept_by(SHADOW)
    assert [one.event for one in served] == [one.event for one in beside] != []
    for one, other in zip(served, beside, strict=True):
        assert other.sha256 == row.sha256
        assert (one.p_target, one.p_stop) != (other.p_target, other.p_stop)
        for same in ("chance_target", "chance_stop", "target", "stop", "bar_ns", "due_bars", "served_at", "reference"):
            assert getattr(one, same) == getattr(other, same)
    answer = selectors.read_result(selectors.find_job(owner=owner, job_id=job.pk)).items[0]
    assert "2.0.1" not in str(answer["forecast"]) + str(answer["events"])
    assert {one["prediction"]["model"] for one in answer["events"]} == {SERVED}


def test_what_a_shadow_costs_is_told_where_one_is_asked(
    models: Path, owner: AbstractUser, whole: Bars, place: int
) -> None:
    bars, now = upto(whole, place + 1), evening(whole, place)
    due = Due.of(bars, events_of(bars, PATTERNS.plans()), series_id=1, is_open=False, now=now)
    assert due.events
    assert shadows.to_keep([due], "1d", now, [PATTERNS]) == ([], 0.0)
    put_in_shadow(add(models, "2.0.1", **OTHERWISE).pk, actor=owner, now=NOW)
    beside = shadows.to_keep([due], "1d", now, [PATTERNS])
    assert [one.row.model for one in beside.rows] == [SHADOW] * len(due.events)
    assert beside.seconds > 0
    for nothing in ([], [due._replace(events=())]):
        assert shadows.to_keep(nothing, "1d", now, [PATTERNS]) == ([], 0.0)
    assert shadows.to_keep([due], "1h", now, [PATTERNS]) == ([], 0.0)


def test_a_shadows_time_is_counted_where_there_was_one() -> None:
    def seen() -> tuple[float, float]:
        name = "shadow_duration_seconds"
        return tuple(REGISTRY.get_sample_value(f"{name}_{one}") or 0.0 for one in ("count", "sum"))  # type: ignore[return-value]

    before = seen()
    count(ChunkReport("succeeded", "ml", prediction_seconds=0.5))
    count(ChunkReport("lost", "ml", shadow_seconds=0.25))
    assert seen() == before
    count(ChunkReport("succeeded", "ml", shadow_seconds=0.25))
    assert seen() == (before[0] + 1, before[1] + 0.25)


def test_the_answer_and_its_identity_are_those_without_a_shadow(
    ask: Ask, owner: AbstractUser, models: Path, whole: Bars, place: int
) -> None:
    stored(upto(whole, place + 1))
    before = ask(evening(whole, place))
    put_in_shadow(add(models, "2.0.1", **OTHERWISE).pk, actor=owner, now=NOW)
    after = ask(evening(whole, place))
    assert after.fingerprint == before.fingerprint
    assert after.reused


def test_a_shadow_out_of_which_a_model_was_taken_says_nothing(
    ask: Ask, owner: AbstractUser, models: Path, whole: Bars, place: int
) -> None:
    row = put_in_shadow(add(models, "2.0.1", **OTHERWISE).pk, actor=owner, now=NOW)
    assert [one.name for one in asked_beside()] == [SHADOW]
    take_out_of_shadow(row.pk, actor=owner)
    assert asked_beside() == []
    stored(upto(whole, place + 1))
    ask(evening(whole, place))
    assert kept_by(SERVED)
    assert not kept_by(SHADOW)


@pytest.mark.parametrize("card", [{"usable_from": "2031-01-01"}, {"timeframes": ["1h"]}])
def test_what_the_shadow_was_trained_on_or_does_not_know_is_not_kept(
    ask: Ask, owner: AbstractUser, models: Path, whole: Bars, place: int, card: dict[str, Any]
) -> None:
    put_in_shadow(add(models, "2.0.1", **card).pk, actor=owner, now=NOW)
    stored(upto(whole, place + 1))
    ask(evening(whole, place))
    assert kept_by(SERVED)
    assert not kept_by(SHADOW)


def test_a_damaged_shadow_leaves_the_answer_as_it_is_and_is_told(
    ask: Ask, owner: AbstractUser, models: Path, whole: Bars, place: int
) -> None:
    put_in_shadow(add(models, "2.0.1", **OTHERWISE).pk, actor=owner, now=NOW)
    (models.parent / "2.0.1" / TREES).write_bytes(b"other")
    stored(upto(whole, place + 1))
    ask(evening(whole, place))
    assert kept_by(SERVED)
    assert not kept_by(SHADOW)
    assert Examination.objects.get(version="2.0.1").code == "checksum"


def test_a_shadow_that_fails_while_it_is_asked_leaves_the_answer_as_it_is(
    ask: Ask, owner: AbstractUser, models: Path, whole: Bars, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_shadow(add(models, "2.0.1").pk, actor=owner, now=NOW)
    monkeypatch.setattr(shadows, "predict", lambda *_, **__: 1 / 0)  # the shadow alone is asked by it
    told: list[str] = []
    monkeypatch.setattr(shadows.log, "exception", lambda event, **_: told.append(event))
    stored(upto(whole, place + 1))
    ask(evening(whole, place))
    assert kept_by(SERVED)
    assert not kept_by(SHADOW)
    assert told == ["shadow_failed"]


def test_there_is_one_shadow_and_every_change_is_on_record(models: Path, owner: AbstractUser) -> None:
    first, second = add(models, "2.0.1"), add(models, "2.0.2")
    put_in_shadow(first.pk, actor=owner, now=NOW)
    with pytest.raises(RegistryError, match="in shadow already"):
        put_in_shadow(first.pk, actor=owner, now=NOW)
    put_in_shadow(second.pk, actor=owner, now=NOW)
    assert (statuses()["2.0.1"], statuses()["2.0.2"]) == (Status.CANDIDATE, Status.SHADOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.filter(pk=first.pk).update(status=Status.SHADOW)
    take_out_of_shadow(second.pk, actor=owner)
    with pytest.raises(RegistryError, match="not in shadow"):
        take_out_of_shadow(second.pk, actor=owner)
    assert list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message")) == [
        ("pattern_outcome/2.0.1", "Put in shadow."),
        ("pattern_outcome/2.0.1", "Out of shadow for 2.0.2."),
        ("pattern_outcome/2.0.2", "Put in shadow."),
        ("pattern_outcome/2.0.2", "Out of shadow."),
    ]


def test_what_is_served_or_unsound_cannot_be_in_shadow(models: Path, owner: AbstractUser) -> None:
    other = add(models, "2.0.1")
    with pytest.raises(RegistryError, match="is served"):
        put_in_shadow(ModelVersion.objects.get(version="2.0.0").pk, actor=owner, now=NOW)
    promote(other.pk, actor=owner, now=timezone.now(), reason="a test")
    with pytest.raises(RegistryError, match="is served"):
        put_in_shadow(other.pk, actor=owner, now=NOW)
    with pytest.raises(RegistryError, match="G3"):
        put_in_shadow(add(models, "2.0.2", gates=[{"code": "G3", "passed": False}]).pk, actor=owner, now=NOW)


def test_a_model_that_served_before_is_retired_again_and_can_be_gone_back_to(models: Path, owner: AbstractUser) -> None:
    now = timezone.now()
    first, second = add(models, "2.0.1"), add(models, "2.0.2")
    promote(first.pk, actor=owner, now=now, reason="a test")
    promote(second.pk, actor=owner, now=now + DAY, reason="a test")
    put_in_shadow(first.pk, actor=owner, now=NOW)
    take_out_of_shadow(first.pk, actor=owner)
    assert statuses()["2.0.1"] == Status.RETIRED
    put_in_shadow(first.pk, actor=owner, now=NOW)
    assert str(roll_back("pattern_outcome", actor=owner, now=now + 2 * DAY)) == SHADOW
    assert asked_beside() == []


def test_a_shadow_that_the_settings_come_to_serve_is_not_asked_beside_itself(
    models: Path, owner: AbstractUser, settings: Any
) -> None:
    put_in_shadow(add(models, "2.0.1").pk, actor=owner, now=NOW)
    settings.MODEL_VERSION = "2.0.1"
    assert asked_beside() == []


def test_staff_put_a_model_in_shadow_and_take_it_out(models: Path, admin_client: Client) -> None:
    row = add(models, "2.0.1")

    def act(action: str) -> str:
        chosen = {"action": action, "_selected_action": [str(row.pk)]}
        return admin_client.post("/admin/forecasts/modelversion/", chosen, follow=True).content.decode()

    assert "pattern_outcome/2.0.1 is in shadow." in act("put_model_in_shadow")
    assert statuses()["2.0.1"] == Status.SHADOW
    assert "is in shadow already" in act("put_model_in_shadow")
    assert "pattern_outcome/2.0.1 is out of shadow." in act("take_model_out_of_shadow")


def test_the_command_does_the_same_for_who_may(
    models: Path, django_user_model: type[AbstractUser], capsys: Any
) -> None:
    add(models, "2.0.1")
    staff = django_user_model.objects.create_user("quant", password="a long password", is_staff=True)
    with pytest.raises(CommandError, match="may change models"):
        call_command("shadow_model", SHADOW, by="quant")
    staff.user_permissions.set(Permission.objects.filter(codename="change_modelversion"))
    with pytest.raises(CommandError, match="not registered"):
        call_command("shadow_model", "pattern_outcome/9.9.9", by="quant")
    call_command("shadow_model", SHADOW, by="quant")
    assert statuses()["2.0.1"] == Status.SHADOW
    with pytest.raises(CommandError, match="already"):
        call_command("shadow_model", SHADOW, by="quant")
    call_command("shadow_model", SHADOW, "--out", by="quant")
    assert capsys.readouterr().out.splitlines() == [f"{SHADOW} is in shadow.", f"{SHADOW} is out of shadow."]
    assert {entry.user.get_username() for entry in LogEntry.objects.all()} == {"quant"}
