"""docs/jobs.md names every state and every reason."""

from pathlib import Path

from jobs import end_reasons
from jobs.retention import CLASSES
from jobs.states import State

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "jobs.md").read_text()


def test_every_state_reason_and_retention_class_is_on_the_page() -> None:
    reasons = [value for name, value in vars(end_reasons).items() if name.isupper()]
    words = [*map(str, State), *reasons, *CLASSES]
    assert [word for word in words if f"`{word}`" not in PAGE] == []
