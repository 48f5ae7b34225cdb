"""The admin's menu: who is shown a page may open it, and what is not shown does not open."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.roles import OPERATORS, READERS
from gravity.sidebar import sidebar

pytestmark = pytest.mark.django_db
NOBODY, SUPERUSER = "staff without a role", "superuser"
ROLES = (NOBODY, READERS, OPERATORS, SUPERUSER)
# Flower is another process, and Health says by its status how the workers are.
ELSEWHERE = {settings.FLOWER_URL, "/health"}


def all_items() -> dict[str, str]:
    groups: list[dict[str, Any]] = sidebar(settings.FLOWER_URL)["navigation"]
    return {str(item["link"]): item["title"] for group in groups for item in group["items"]}


@pytest.fixture(params=ROLES)
def member(request: pytest.FixtureRequest, client: Client, broker: Any, cache: Any) -> Client:
    """Somebody of the staff, logged in, in each role that there is."""
    call_command("create_roles")
    user = User.objects.create_user("member", is_staff=True, is_superuser=request.param == SUPERUSER)
    if request.param in (READERS, OPERATORS):
        user.groups.add(Group.objects.get(name=request.param))
    client.force_login(user)
    return client


def shown(client: Client) -> list[str]:
    """Return where every link of the menu and of "All applications" leads."""
    page = client.get("/admin/").content.decode()
    menu = page[page.index('id="nav-sidebar-inner"') : page.index("</nav>", page.index('id="nav-sidebar-inner"'))]
    return list(dict.fromkeys(re.findall(r'href="([^"]+)"', menu)))


def test_every_link_of_the_menu_opens_and_no_other_page(member: Client) -> None:
    links = shown(member)
    opened = {link: member.get(link).status_code for link in links if link not in ELSEWHERE and "logout" not in link}
    assert set(opened.values()) <= {200}, opened
    away = {link for link in all_items() if link not in links} - ELSEWHERE
    hidden = {link: member.get(link).status_code for link in away}
    assert set(hidden.values()) <= {403}, hidden
    lists = [reverse(f"admin:{one._meta.app_label}_{one._meta.model_name}_changelist") for one in admin.site._registry]
    others = {link: member.get(link).status_code for link in lists if link not in links}
    assert set(others.values()) <= {403}, "what the menu lacks is not there for who knows its address"


def test_each_role_is_shown_what_it_is_for(member: Client, request: pytest.FixtureRequest) -> None:
    role = request.node.callspec.params["member"]
    titles = {title for link, title in all_items().items() if link in shown(member)}
    everybodys = {"API documentation", "Health"}
    assert titles == (everybodys if role == NOBODY else set(all_items().values()))


def test_flower_is_said_to_ask_for_a_password_of_its_own(admin_client: Client, broker: Any, cache: Any) -> None:
    assert [title for link, title in all_items().items() if link == settings.FLOWER_URL] == ["Flower (own password)"]
    assert settings.FLOWER_URL in shown(admin_client)


def test_every_list_of_the_menu_says_who_may_see_it() -> None:
    groups: list[dict[str, Any]] = sidebar(settings.FLOWER_URL)["navigation"]
    items = [item for group in groups for item in group["items"]]
    lists = [item for item in items if str(item["link"]).startswith("/admin/")]
    assert len(lists) > 8
    assert [item["title"] for item in lists if "permission" not in item] == []
