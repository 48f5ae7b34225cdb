"""The notices name what is installed, each with its licence, and nothing else."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from scripts.release_check import ROOT

NOTICES = (ROOT / "THIRD_PARTY_NOTICES").read_text()
NAMED = dict(
    re.split(r"\s{2,}", line, maxsplit=1)
    for line in NOTICES.partition("\nDistributions\n")[2].splitlines()
    if re.match(r"[a-z0-9-]+\s{2,}\S", line)
)


def installed() -> set[str]:
    """Return the names in the files that an image may be made of."""
    pins = "".join((ROOT / "requirements" / f"{name}.txt").read_text() for name in ("runtime", "parquet", "tracing"))
    return set(re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==", pins, re.MULTILINE))


def test_every_distribution_is_named_and_no_other() -> None:
    assert set(NAMED) == installed()


def test_licences_are_those_that_the_packages_tell() -> None:
    told = {}
    for name in NAMED:
        try:
            expression = metadata(name).get("License-Expression")
        except PackageNotFoundError:  # for another Python or platform
            continue
        if expression:
            told[name] = expression
    assert len(told) > 30
    assert {name: NAMED[name] for name in told} == told


def test_what_asks_for_more_than_a_notice_is_spoken_of() -> None:
    demanding = {name for name, licence in NAMED.items() if re.search(r"GPL|MPL|EPL|CDDL|EUPL", licence)}
    spoken_of = NOTICES.partition("more than a notice")[2].partition("Code that comes inside")[0]
    assert demanding == {"certifi", "orjson", "psycopg", "psycopg-binary", "psycopg-pool", "python-crontab"}
    assert all(name in spoken_of for name in demanding)


@pytest.mark.parametrize("name", ["LICENSE", "THIRD_PARTY_NOTICES"])
def test_the_project_says_where_its_licences_are(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MIT"
    assert name in project["license-files"]
    assert (ROOT / name).exists()
