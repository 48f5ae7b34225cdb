"""The version is pyproject.toml's, wherever it is written, and the changelog has a section for it."""

import re
from itertools import groupby

from scripts.release_check import ROOT, changelog, versions

TEXT = (ROOT / "CHANGELOG.md").read_text()
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def test_every_place_has_the_same_version() -> None:
    assert len(set(versions().values())) == 1, versions()


def test_a_version_without_its_section_is_no_release() -> None:
    assert changelog("0.0.0")


def test_the_version_has_its_section() -> None:
    assert not changelog(versions()["pyproject.toml"])


def test_what_is_not_released_stands_first() -> None:
    assert re.findall(r"^## \[(.+?)\]", TEXT, re.MULTILINE)[0] == "Unreleased"


def test_changes_are_said_by_their_kind_once_a_section() -> None:
    headings = re.findall(r"^(##+) (.+)$", TEXT, re.MULTILINE)
    for is_version, group in groupby(headings, key=lambda heading: heading[0] == "##"):
        kinds = [name for _, name in group]
        if not is_version:
            assert kinds == [kind for kind in KINDS if kind in kinds]
