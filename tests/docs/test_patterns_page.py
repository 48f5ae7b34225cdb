"""docs/patterns.md: its tables are what was measured, its pictures what its commands draw."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from analysis.records.baselines import stored
from analysis.validation.detector_tables import page

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/patterns.md").read_text()
COMMANDS = re.findall(r"python manage\.py draw_pattern (\w+) --out (\S+)", TEXT)


def test_its_tables_are_the_stored_figures() -> None:
    assert page(TEXT, stored()) == TEXT


@pytest.mark.parametrize(("pattern", "file"), COMMANDS)
def test_its_pictures_are_drawn_by_its_commands(pattern: str, file: str) -> None:
    drawn = StringIO()
    call_command("draw_pattern", pattern, stdout=drawn)
    assert drawn.getvalue().strip() == (ROOT / file).read_text().strip()


def test_there_is_a_harmonic_a_reversal_and_a_divergence() -> None:
    assert len(COMMANDS) == 3
