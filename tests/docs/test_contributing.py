"""docs/contributing and CONTRIBUTING.md: every file, command and name they mention is there, and their code passes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from analysis.validation.check_entry import INDICATOR_CHECKS, PATTERN_CHECKS
from tests.docs.guide import FOLDER, PAGES, ROOT, blocks, changes, commands, new_files, prose, quoted

every_page = pytest.mark.parametrize("page", PAGES)
FILE = re.compile(r"[\w./-]*\w\.(py|md|json|ya?ml|toml|txt|in|sh|tpl)|(?:\.\./)*[\w.-]+/[\w./-]*")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
SOURCES = "\n".join(
    path.read_text()
    for folder in ("analysis", "api", "gravity", "jobs", "market", "notifications", "ops", "tests", "helm")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".yaml", ".json") and path.stat().st_size < 200_000
)
# What a page tells to make, beside what it shows whole.
MADE = {"analysis/records/stored/certificates/psychological_line.json", "tests/alerts/MessagesLate.yaml"}
MADE |= {"docs/runbooks/MessagesLate.md", "var/", "var/logs/<part>.log"}
SHARED = ("../shared", "shared", "oracles/", "data")
CHECKED = """
import importlib.util, sys
from analysis.catalog import registry
from analysis.validation.check_entry import check_entry

before = set(registry.ENTRIES)
spec = importlib.util.spec_from_file_location("tried", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
for name in set(registry.ENTRIES) - before:
    check_entry(registry.get(name))
    print(name)
"""


@every_page
def test_links_lead_somewhere(page: str) -> None:
    folder = ROOT if page == "CONTRIBUTING" else FOLDER
    links = [link for link in re.findall(r"\]\(([^)#]+)", PAGES[page]) if ":" not in link]
    assert [link for link in links if not (folder / link).exists()] == []


@every_page
def test_files_that_are_named_are_there(page: str) -> None:
    shown = {*new_files(page), *MADE}
    named = [name for name in quoted(page) if "/" in name and FILE.fullmatch(name) and not name.startswith(SHARED)]
    assert [name for name in named if name not in shown and not (ROOT / name).exists()] == []


@every_page
def test_commands_that_are_named_are_there(page: str) -> None:
    said = [*commands(page), *quoted(page)]
    made = {
        word
        for line in said
        if line.startswith("make ")
        for word in re.findall(r"(?<= )[a-z][a-z-]+", line.split("#")[0].split("=")[0])
    }
    assert made <= TARGETS, made - TARGETS
    managed = {found[1] for line in said if (found := re.search(r"manage\.py (\w+)", line))}
    assert managed <= set(get_commands())
    modules = {found[1] for line in said if (found := re.search(r"python -m ([\w.]+)", line))} - {"pytest"}
    assert [name for name in modules if not _is_module(name)] == []
    paths = {
        word for line in commands(page) if "-m pytest" in line for word in line.split() if word.startswith("tests/")
    }
    assert [path for path in paths if path not in new_files(page) and not (ROOT / path).exists()] == []


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


@every_page
def test_names_that_are_named_are_there(page: str) -> None:
    code = "\n".join([*blocks(page, "python"), *blocks(page, "diff")])
    names = [name for name in quoted(page) if re.fullmatch(r"[A-Za-z_]\w*_\w*|[A-Z]\w+", name)]
    tests = [name for name in names if name.startswith("test_")]
    assert [name for name in tests if f"def {name}(" not in TESTS and f"def {name}(" not in code] == []
    words = set(re.findall(r"\w+", SOURCES)) | set(re.findall(r"\w+", code))
    assert [name for name in names if name not in words] == []


@every_page
def test_changes_are_of_what_is_there(page: str) -> None:
    for change in changes(page):
        lines = (ROOT / change.path).read_text().splitlines()
        assert [line for line in change.there() if line and line not in lines] == [], change.path


@every_page
def test_a_page_is_short(page: str) -> None:
    assert len(PAGES[page].splitlines()) < 120


@pytest.mark.parametrize(("page", "names"), [("indicator", ["psychological_line"]), ("pattern", ["island_top"])])
def test_entries_that_are_shown_pass_the_checks(page: str, names: list[str], tmp_path: Path) -> None:
    path, text = next(iter(new_files(page).items()))
    (tmp_path / "shown.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", CHECKED, str(tmp_path / "shown.py")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.split() == names, f"{path}: {done.stderr}"


def test_the_entry_of_ones_own_is_checked_as_it_is_shown(tmp_path: Path) -> None:
    page = "entry-checks"
    for replace, shown in zip(("np.maximum.accumulate(close)", "close.max()"), blocks(page, "console"), strict=True):
        text = new_files(page)["my_entry.py"].replace("np.maximum.accumulate(close)", replace)
        (tmp_path / "my_entry.py").write_text(text)
        command = [sys.executable, str(tmp_path / "my_entry.py")]
        done = subprocess.run(command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
        assert (done.stdout + done.stderr).splitlines()[-1] == shown.splitlines()[-1]


def test_the_checks_are_those_that_are_run() -> None:
    sections = prose("entry-checks").split("\n## ")[1:]
    for section, checks in zip(sections, (INDICATOR_CHECKS, PATTERN_CHECKS), strict=True):
        rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
        assert rows == [(check.__name__, (check.__doc__ or "").splitlines()[0]) for check in checks]


def test_the_index_names_every_page() -> None:
    assert {f"{page}.md" for page in PAGES} - {"README.md", "CONTRIBUTING.md"} == set(
        re.findall(r"\]\(([\w-]+\.md)\)", PAGES["README"])
    )
