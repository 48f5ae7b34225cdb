"""What of other projects lies in tests/golden is there with its licence, and is read by a case."""

from pathlib import Path

import pytest

from tests.analysis.shipped import ROOT

GOLDEN = ROOT / "tests" / "golden"
FOLDERS = sorted(path for path in GOLDEN.iterdir() if path.is_dir())
TEXTS = {"LICENSE", "NOTICE"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_project_has_its_licence_text_and_its_row(folder: Path) -> None:
    name = folder.name
    assert len((folder / "LICENSE").read_text()) > 1_000
    (row,) = [line for line in (GOLDEN / "README.md").read_text().splitlines() if line.startswith(f"| {name} |")]
    assert f"[text]({name}/LICENSE)" in row


def test_every_file_is_read_by_a_case() -> None:
    cases = "".join(path.read_text() for path in (ROOT / "tests" / "analysis" / "oracles").glob("*.py"))
    files = [path for folder in FOLDERS for path in folder.iterdir() if path.name not in TEXTS]
    assert len(files) > 40
    assert [path.name for path in files if not _is_read(path, cases)] == []


def _is_read(path: Path, cases: str) -> bool:
    """Tell whether a case names the file, or a folder's one file by the package that it is of."""
    name, package = path.name.removesuffix(".standard.json.gz"), path.parent.name
    return f'"{name}"' in cases or (f"{{package}}/{name}" in cases and f'"{package}"' in cases)
