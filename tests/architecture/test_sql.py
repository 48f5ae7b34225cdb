"""Questions to the job tables have one home, which PostgreSQL explains in a test; plain SQL is named file by file."""

import re
from itertools import pairwise

from tests.architecture.test_house import PACKAGES, ROOT

SQL = re.compile(r"\.cursor\(\)|\.raw\(|\bRawSQL\b|\.extra\(")
ASKS = re.compile(
    r"\.objects\b|_default_manager\b|_base_manager\b|\.(chunks|transitions|retries|tag_rows|symbol_rows)\.[a-z_]+\("
)

PLAIN_SQL = {
    "jobs/clock.py": "the clock of the database",
    "jobs/queries/backlog.py": "the pump's question, asked with every chunk",
    "jobs/queries/holds.py": "whether a queue is paused, asked before every chunk",
    "jobs/queries/removal.py": "hundreds of jobs by one parameter",
    "jobs/queries/upgrades.py": "sums of two tables in one statement",
    "jobs/queries/storage.py": "adds to a row, or makes it, in one statement",
    "jobs/queries/joining.py": "followers, asked at the end of every job that leads",
    "jobs/queries/life.py": "the same job, stored or under way, asked with every submit",
    "jobs/raw_sets.py": "rows by many keys, from the models' own fields",
    "jobs/raw_sql.py": "single rows, from the models' own fields",
    "ops/components.py": "SELECT 1",
    "ops/management/commands/migrate_once.py": "a lock of the database",
}
ASKING = {
    "jobs/raw_sql.py": "sets of rows are inserted by Django",
    "jobs/transitions.py": "the one writer of states",
    "jobs/callbacks.py": "messages of 1.1, not jobs",
    "jobs/admin.py": "messages of 1.1, not jobs",
    "jobs/management/commands/recount_storage.py": "users, not jobs",
}


def matching(pattern: re.Pattern[str], *packages: str) -> set[str]:
    files = [path for package in packages for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    return {str(path.relative_to(ROOT)) for path in files if pattern.search(path.read_text())}


def test_plain_sql_is_where_it_is_said_to_be() -> None:
    assert matching(SQL, *PACKAGES) == set(PLAIN_SQL)


def test_the_job_tables_are_asked_in_one_place() -> None:
    elsewhere = {path for path in matching(ASKS, "jobs") if not path.startswith("jobs/queries/")}
    assert elsewhere == set(ASKING)


def test_every_question_is_named() -> None:
    for path in (ROOT / "jobs" / "queries").glob("*.py"):
        parts = re.split(r"^(?=@|def |class |\Z)", path.read_text(), flags=re.MULTILINE)
        unnamed = [part for before, part in pairwise(parts) if _asks(part) and before != "@named\n"]
        assert not [part.splitlines()[0] for part in unnamed if not part.startswith("def visible(")], path.name


def _asks(part: str) -> bool:
    return part.startswith("def ") and bool(ASKS.search(part) or SQL.search(part) or re.search(r"\bfind\(", part))
