"""The version is pyproject.toml's, wherever it is written."""

from scripts.release_check import changelog, versions


def test_every_place_has_the_same_version() -> None:
    assert len(set(versions().values())) == 1, versions()


def test_a_version_without_its_section_is_no_release() -> None:
    assert changelog("0.0.0")
