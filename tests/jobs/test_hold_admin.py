"""Holds in the admin: to add one pauses, to delete it ends that, and each needs its permission."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from jobs.models import Hold, Job
from jobs.services.hold import begin_read_only, pause

ADD, LIST = "/admin/jobs/hold/add/", "/admin/jobs/hold/"


@pytest.fixture
def limited(client: Client, django_user_model):
    """Staff with these permissions only."""

    def make(*permissions: str) -> Client:
        user = django_user_model.objects.create_user("limited", password="a long password", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(user)
        return client

    return make


def test_to_add_a_hold_pauses_and_to_delete_it_resumes(admin_client, broker, clock, submit_inline) -> None:
    submit_inline()
    answer = admin_client.post(ADD, {"name": "interactive", "reason": "<script>alert(1)</script>"}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 chunks, the oldest for" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert Hold.objects.get().by == "staff:admin"
    assert admin_client.post(f"{LIST}interactive/delete/", {"post": "yes"}).status_code == 302
    assert not Hold.objects.exists()


def test_several_are_ended_at_once(admin_client, broker, clock) -> None:
    for name in ("ml", "patterns"):
        pause(name, by="staff:one", now=clock())
    chosen = {"action": "delete_selected", "_selected_action": ["ml", "patterns"], "post": "yes"}
    assert admin_client.post(LIST, chosen).status_code == 302
    assert not Hold.objects.exists()


@pytest.mark.parametrize("name", ["nonsense", "maintenance", ""])
def test_what_cannot_be_held_is_refused_by_the_form(admin_client, broker, name) -> None:
    assert admin_client.post(ADD, {"name": name}).status_code == 200
    assert not Hold.objects.exists()


def test_a_hold_is_not_edited(admin_client, broker, clock) -> None:
    pause("ml", by="staff:one", now=clock())
    assert admin_client.post(f"{LIST}ml/change/", {"name": "ml", "reason": "other"}).status_code == 403
    assert admin_client.post(ADD, {"name": "ml", "reason": "other"}).status_code == 200
    assert Hold.objects.get().by == "staff:one"


def test_staff_need_the_permission_of_each_action(limited, broker, clock) -> None:
    client = limited("view_hold", "change_hold")
    assert client.get(LIST).status_code == 200
    assert client.post(ADD, {"name": "ml"}).status_code == 403
    pause("ml", by="staff:one", now=clock())
    assert client.post(f"{LIST}ml/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": ["ml"], "post": "yes"})
    assert Hold.objects.count() == 1


def test_without_any_permission_there_is_nothing(limited, broker) -> None:
    assert limited("change_job").get(LIST).status_code == 403


def test_while_the_system_only_reads_the_admin_writes_nothing_but_holds(
    admin_client, broker, clock, submit_inline
) -> None:
    job = submit_inline()
    begin_read_only(by="staff:one", reason="a move", now=clock())
    answer = admin_client.post(f"/admin/jobs/job/{job.pk}/act/cancel/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "a move" in answer.content.decode()
    assert Job.objects.get(pk=job.pk).state == "accepted"
    assert admin_client.get(f"/admin/jobs/job/{job.pk}/change/").status_code == 200
    assert admin_client.post(ADD, {"name": "ml"}).status_code == 302
    assert admin_client.post(f"{LIST}read_only/delete/", {"post": "yes"}).status_code == 302
    assert admin_client.post(f"/admin/jobs/job/{job.pk}/act/cancel/").status_code == 302


def test_who_is_to_let_it_go_on_can_log_in(client, admin_user, broker, clock) -> None:
    begin_read_only(by="staff:one", now=clock())
    answer = client.post("/admin/login/", {"username": "admin", "password": "password"})
    assert answer.status_code == 302
    assert client.get(LIST).status_code == 200
