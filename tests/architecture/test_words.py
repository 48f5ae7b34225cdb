"""Words that a reader of today would stop at are not used: each has a plain one in its place."""

import re
from pathlib import Path

from tests.architecture.contract import PACKAGES, ROOT

WORDS = {"anew": "again", "so many": "the number, or n", "whoever": "who, or those who"}
PATTERN = re.compile(r"\b(anew|so[\s#*]+many|whoever)\b", re.IGNORECASE)
# What a release said stays as it was said; the others have the words as their subject.
ALLOWED = {"CHANGELOG.md": 1, "tests/architecture/names.py": 1, "tests/architecture/test_words.py": 5}


def texts() -> list[Path]:
    folders = [ROOT / name for name in (*PACKAGES, "tests", "scripts", "docs", "demo_data", "helm")]
    files = [path for folder in folders for kind in ("*.py", "*.md") for path in folder.rglob(kind)]
    return [*files, *ROOT.glob("*.py"), *ROOT.glob("*.md")]


def test_plain_words_are_used() -> None:
    found = {str(path.relative_to(ROOT)): len(PATTERN.findall(path.read_text())) for path in texts()}
    assert len(found) > 500
    too_many = {name: times for name, times in found.items() if times > ALLOWED.get(name, 0)}
    assert not too_many, f"Say it otherwise: {WORDS}"


def test_every_place_that_is_allowed_has_the_word() -> None:
    found = {name: len(PATTERN.findall((ROOT / name).read_text())) for name in ALLOWED}
    assert found == ALLOWED
