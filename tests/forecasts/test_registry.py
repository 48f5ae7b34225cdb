"""Registered models: one champion at a time, nothing unsound, and every change on record."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractUser
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from forecasts.errors import RegistryError
from forecasts.loading import loaded
from forecasts.models import ModelVersion, Status
from forecasts.served import served, sources
from forecasts.services.registry import promote, roll_back
from ml.family import PATTERNS
from tests.forecasts.versions import add

pytestmark = pytest.mark.django_db
NOW = timezone.now()
NOTHING_KEPT = "0 of 500 resolved events against pattern_outcome/{}: 500 are missing."


def champions() -> list[str]:
    return list(ModelVersion.objects.filter(status=Status.CHAMPION).values_list("version", flat=True))


def test_what_is_on_disk_is_registered_once_as_a_candidate(models: Path, capsys: Any) -> None:
    call_command("register_models")
    call_command("register_models")
    row = ModelVersion.objects.get()
    assert (str(row), row.status, len(row.sha256)) == ("pattern_outcome/2.0.0", Status.CANDIDATE, 64)
    assert capsys.readouterr().out.count("2.0.0") == 1
    assert served().sha256 == ""


def test_a_champion_is_served_and_the_one_before_kept(models: Path, owner: AbstractUser) -> None:
    first, second = add(models, "2.0.1"), add(models, "2.0.2")
    promote(first.pk, actor=owner, now=NOW, reason="tried")
    assert (served().version, served().sha256) == ("2.0.1", first.sha256)
    before = sources()
    promote(second.pk, actor=owner, now=NOW + timedelta(days=1), reason="tried")
    assert champions() == ["2.0.2"]
    assert sources() != before
    model = loaded().model
    assert model is not None
    assert model.name == "pattern_outcome/2.0.2"
    assert ModelVersion.objects.get(version="2.0.1").status == Status.RETIRED
    texts = list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message"))
    assert texts == [
        ("pattern_outcome/2.0.1", f"Promoted. Reason: tried ({NOTHING_KEPT.format('2.0.0')})"),
        ("pattern_outcome/2.0.1", "Retired for 2.0.2."),
        ("pattern_outcome/2.0.2", f"Promoted. Reason: tried ({NOTHING_KEPT.format('2.0.1')})"),
    ]


def test_rolling_back_goes_through_all_before_and_then_to_the_settings(models: Path, owner: AbstractUser) -> None:
    rows = [add(models, version) for version in ("2.0.1", "2.0.2", "2.0.3")]
    for day, row in enumerate(rows):
        promote(row.pk, actor=owner, now=NOW + timedelta(days=day), reason="tried")
    for version in ("2.0.2", "2.0.1"):
        assert str(roll_back(PATTERNS.name, actor=owner, now=NOW + timedelta(days=9))) == f"pattern_outcome/{version}"
        assert champions() == [version]
    assert roll_back(PATTERNS.name, actor=owner, now=NOW + timedelta(days=9)) is None
    assert champions() == []
    assert served().version == "2.0.0"
    with pytest.raises(RegistryError, match="No model is champion"):
        roll_back(PATTERNS.name, actor=owner, now=NOW)


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("model.ubj", b"other", "trees"),
        ("model.ubj", None, "cannot be read"),
        ("card.json", b"{}", "card"),
        ("card.json", None, "card"),
    ],
)
def test_other_files_than_were_registered_are_not_promoted(
    models: Path, owner: AbstractUser, file: str, text: bytes | None, why: str
) -> None:
    row = add(models, "2.0.1")
    path = models.parent / "2.0.1" / file
    path.unlink()
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(RegistryError, match=why):
        promote(row.pk, actor=owner, now=NOW, reason="tried")
    assert champions() == []
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("gates", [[], None, "all", [{"code": "G3", "passed": False}], [{"code": "G3"}]])
def test_a_model_of_which_a_gate_did_not_hold_is_not_promoted(models: Path, owner: AbstractUser, gates: Any) -> None:
    row = add(models, "2.0.1", gates=gates)
    with pytest.raises(RegistryError, match="may not be served"):
        promote(row.pk, actor=owner, now=NOW, reason="tried")


def test_a_model_that_is_stale_is_told_when_it_is_registered_and_not_promoted(
    models: Path, owner: AbstractUser, admin_client: Client, capsys: Any
) -> None:
    golden = json.loads((models / "card.json").read_text())["golden"]
    row = add(models, "2.0.1", golden={**golden, "events": golden["events"][1:]})
    call_command("register_models")
    assert "pattern_outcome/2.0.1 cannot be asked (stale): Events are found otherwise" in capsys.readouterr().out
    with pytest.raises(RegistryError, match="stale"):
        promote(row.pk, actor=owner, now=NOW, reason="tried")
    assert "stale: Events are found otherwise" in admin_client.get("/admin/forecasts/modelversion/").content.decode()


def test_what_cannot_be_gone_back_to_leaves_the_champion(models: Path, owner: AbstractUser) -> None:
    first, second = add(models, "2.0.1"), add(models, "2.0.2")
    promote(first.pk, actor=owner, now=NOW, reason="tried")
    promote(second.pk, actor=owner, now=NOW + timedelta(days=1), reason="tried")
    (models.parent / "2.0.1" / "card.json").unlink()
    with pytest.raises(RegistryError):
        roll_back(PATTERNS.name, actor=owner, now=NOW + timedelta(days=2))
    assert champions() == ["2.0.2"]


def test_there_cannot_be_two_champions(models: Path, owner: AbstractUser) -> None:
    first, second = add(models, "2.0.1"), add(models, "2.0.2")
    promote(first.pk, actor=owner, now=NOW, reason="tried")
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.filter(pk=second.pk).update(status=Status.CHAMPION)


@pytest.mark.django_db(transaction=True)
def test_of_promotions_at_once_one_is_the_last(models: Path, owner: AbstractUser) -> None:
    rows = [add(models, f"2.0.{number}") for number in range(1, 5)]

    def act(pk: int) -> None:
        try:
            promote(pk, actor=owner, now=timezone.now(), reason="tried")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(row.pk,)) for row in rows]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(champions()) == 1
    assert ModelVersion.objects.filter(status=Status.RETIRED).count() == 3


def test_a_champion_whose_card_was_changed_is_not_asked(models: Path, owner: AbstractUser) -> None:
    promote(add(models, "2.0.1").pk, actor=owner, now=NOW, reason="tried")
    path = models.parent / "2.0.1" / "card.json"
    path.write_text(path.read_text().replace('"lift"', '"much lift"'))
    assert loaded().reason == "card_checksum"


def act(staff: Client, action: str, *rows: ModelVersion, reason: str = "") -> str:
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows], "reason": reason}
    answer = staff.post("/admin/forecasts/modelversion/", chosen, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_staff_see_the_card_serve_a_model_and_go_back(models: Path, admin_client: Client) -> None:
    first, second = add(models, "2.0.1"), add(models, "2.0.2")
    page = admin_client.get(f"/admin/forecasts/modelversion/{first.pk}/change/").content.decode()
    assert "What the log-loss of held-out symbols loses" in page
    assert admin_client.post(f"/admin/forecasts/modelversion/{first.pk}/change/", {"status": "x"}).status_code == 403
    assert admin_client.get("/admin/forecasts/modelversion/add/").status_code == 403
    assert "Choose one model." in act(admin_client, "promote_model", first, second)
    assert "500 are missing. To serve it all the same, give a reason." in act(admin_client, "promote_model", first)
    assert "pattern_outcome/2.0.1 is served." in act(admin_client, "promote_model", first, reason="<b>tried</b>")
    assert "&lt;b&gt;tried" in admin_client.get(f"/admin/forecasts/modelversion/{first.pk}/history/").content.decode()
    assert "champion already" in act(admin_client, "promote_model", first)
    act(admin_client, "promote_model", second, reason="tried")
    assert "pattern_outcome/2.0.1 is served again." in act(admin_client, "roll_back_model", second)
    assert champions() == ["2.0.1"]


def test_a_plain_user_stays_out(models: Path, client: Client, owner: AbstractUser) -> None:
    client.force_login(owner)
    assert client.get("/admin/forecasts/modelversion/").status_code == 302
