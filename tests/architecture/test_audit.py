"""An audit that asked nobody does not say that nothing is known."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import audit

SOUND = {"name": "amqp", "version": "5.4.2", "vulns": []}
HOLED = {"name": "django", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "anyio", "skip_reason": "Dependency not found on PyPI and could not be audited: anyio (4.16.0)"}


def answering(folder: Path, said: Any) -> str:
    """Return a pip-audit that says this, as pip-audit 2.10 writes it."""
    program = folder / "pip-audit"
    (folder / "said").write_text(said if isinstance(said, str) else json.dumps({"dependencies": said, "fixes": []}))
    program.write_text(f"#!/bin/sh\ncat {folder}/said\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ([SOUND], 0, "1 packages looked up, 0 found."),
        ([SOUND, HOLED], 1, "django 1.0: PYSEC-1, mended in 1.1"),
        ([SOUND, UNKNOWN], 2, "could not be audited"),
    ],
)
def test_what_a_source_says_is_told(tmp_path: Path, capsys: Any, said: Any, code: int, words: str) -> None:
    assert audit.main([answering(tmp_path, said)]) == code
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("said", ["", "Traceback", "{}", [UNKNOWN], []])
def test_where_nobody_answers_it_is_said(tmp_path: Path, capsys: Any, said: Any) -> None:
    assert audit.main([answering(tmp_path, said), "--since", "HEAD"]) == 0
    assert capsys.readouterr().out.startswith("NOT AUDITED")


def test_every_change_of_the_list_is_a_line() -> None:
    before = audit.components("amqp==5.4.1\nvine==5.1.0\n")
    now = audit.components("amqp==5.4.2\nanyio==4.16.0\n")
    assert audit.changes(before, now) == ["+ anyio 4.16.0", "- vine 5.1.0", "  amqp 5.4.1 → 5.4.2"]
