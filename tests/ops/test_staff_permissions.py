"""Staff without permissions: every page of the admin, every action and every form, whatever is added later."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AbstractUser, Permission
from django.test import Client, RequestFactory
from django.urls import reverse

pytestmark = pytest.mark.django_db

OURS = ("accounts", "forecasts", "jobs", "market", "notifications", "ops", "scans")
PAGES = {f"{model._meta.app_label}.{model._meta.model_name}": page for model, page in admin.site._registry.items()}
MINE = sorted(name for name in PAGES if name.split(".")[0] in OURS)
# Built in, for who may delete.
DELETING = "delete_selected"


@pytest.fixture
def staff(client: Client, django_user_model: type[AbstractUser]) -> AbstractUser:
    user = django_user_model.objects.create_user("limited", password="a long password", is_staff=True)
    client.force_login(user)
    return user


def allow(user: AbstractUser, *codenames: str) -> AbstractUser:
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return type(user)._default_manager.get(pk=user.pk)  # permissions are kept with the object


def address(name: str, page: str, *parts: Any) -> str:
    return reverse(f"admin:{name.replace('.', '_')}_{page}", args=parts)


def own_addresses(name: str) -> Iterator[str]:
    """Yield the addresses that a page has beside Django's."""
    model = name.split(".")[1]
    for pattern in PAGES[name].get_urls():
        if pattern.name and pattern.name.startswith(f"{name.split('.')[0]}_{model}_"):
            kinds = set(pattern.pattern.converters)
            if kinds and "object_id" not in kinds:
                sample = {"job_id": "00000000-0000-7000-8000-000000000000", "verb": "cancel"}
                if kinds <= set(sample):
                    yield reverse(f"admin:{pattern.name}", kwargs={key: sample[key] for key in kinds})


@pytest.mark.parametrize("name", MINE)
def test_without_any_permission_no_page_opens(staff: AbstractUser, client: Client, name: str) -> None:
    assert client.get(address(name, "changelist")).status_code == 403
    assert client.get(address(name, "add")).status_code == 403
    assert client.post(address(name, "add"), {}).status_code == 403
    for action in PAGES[name].actions:
        chosen = {"action": action if isinstance(action, str) else action.__name__, "_selected_action": ["1"]}
        assert client.post(address(name, "changelist"), chosen).status_code == 403
    for own in own_addresses(name):
        assert client.get(own).status_code in (403, 404, 405), own
        assert client.post(own).status_code in (403, 404, 405), own


@pytest.mark.parametrize("name", MINE)
def test_who_may_only_look_is_offered_no_action_and_no_form(
    staff: AbstractUser, client: Client, rf: RequestFactory, broker: Any, name: str
) -> None:
    request = rf.get("/")
    request.user = allow(staff, f"view_{name.split('.')[1]}")
    assert client.get(address(name, "changelist")).status_code == 200
    assert dict(PAGES[name].get_actions(request)) == {}
    assert client.get(address(name, "add")).status_code == 403
    assert client.post(address(name, "add"), {}).status_code == 403
    assert not PAGES[name].has_change_permission(request)
    assert not PAGES[name].has_delete_permission(request)


def test_every_page_of_ours_is_tried() -> None:
    assert {"jobs.job", "jobs.hold", "ops.drain", "scans.scan", "accounts.apikey"} <= set(MINE)
    assert [address for name in MINE for address in own_addresses(name)], "the job's own pages are among them"
    assert DELETING in dict(admin.site.actions)
