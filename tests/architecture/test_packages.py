"""Every package of the program is named wherever packages are listed by hand."""

import re

import pytest

from tests.architecture.contract import PACKAGES, PROJECT, ROOT, arrows, layers

TOOL = PROJECT["tool"]
IGNORED = (ROOT / ".dockerignore").read_text().split()


def test_the_layers_name_every_package_once_and_demand_no_other() -> None:
    named = [name for layer in layers() for name in layer]
    assert sorted(name.strip("()") for name in named if name.strip("()") in PACKAGES) == PACKAGES
    assert {name for name in named if not name.startswith("(")} <= set(PACKAGES)


@pytest.mark.parametrize(
    ("listed", "beside"),
    [
        (TOOL["importlinter"]["root_packages"], []),
        (TOOL["ruff"]["lint"]["isort"]["known-first-party"], ["tests"]),
        (TOOL["mypy"]["files"], []),
    ],
    ids=["root_packages", "isort", "mypy"],
)
def test_tools_look_at_every_package(listed: list[str], beside: list[str]) -> None:
    assert sorted(listed) == sorted([*PACKAGES, *beside])


def test_the_image_has_every_package() -> None:
    assert "\nCOPY . .\n" in (ROOT / "Dockerfile").read_text()
    assert IGNORED[IGNORED.index("else.") + 1] == "*"
    assert [name for name in PACKAGES if f"!{name}" not in IGNORED] == []


def test_contributors_are_shown_the_arrows() -> None:
    (shown,) = re.findall(r"^    (gravity .*)$", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert re.sub(" +", " ", shown) == arrows()
