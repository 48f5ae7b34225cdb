"""Which tests share the machine and which have it alone; which say the same on every database. Declared here, once.

`python -m tests` makes three passes over the tests: `--pass systems` in three processes, for those wait most of the
time; meanwhile, a little behind them, `--pass together` in two, which keep two cores busy; then `--pass alone` in one.
`--services` leaves out what neither database nor broker could change.
"""

from pathlib import Path

import pytest

# Whole systems, processes and browsers of their own: they wait for each other, for leases and for limits of time, in
# which others have the cores.
SYSTEMS = (
    "tests/browser",
    "tests/chaos",
    "tests/e2e",
    "tests/gravity/local/test_supervisor.py",
    "tests/image/test_log_lines.py",
    "tests/image/test_start.py",
    "tests/ops/test_lost_database.py",
    "tests/rolling",
    "tests/tasks/worker/test_drain.py",
    "tests/tasks/worker/test_ending.py",
    "tests/tasks/worker/test_garbage.py",
    "tests/tasks/worker/test_holds.py",
    "tests/tasks/worker/test_request_id.py",
    "tests/tasks/worker/test_traces.py",
    "tests/tasks/worker/test_training.py",
)
# What measures times or fills the machine; single files say so by the mark `alone`.
ALONE = ("tests/siege",)

# No database, no broker of the run: the second run, on PostgreSQL and Redis, could say nothing that the first did not.
SAME_EVERYWHERE = (
    "tests/alerts/test_dashboard.py",
    "tests/alerts/test_rules.py",
    "tests/analysis",
    "tests/api/test_database_away.py",  # has none
    "tests/architecture",
    "tests/chaos/test_full_disk.py",  # is the embedded default
    "tests/chaos/test_skewed_clocks.py",  # has a PostgreSQL of its own in either
    "tests/chaos/test_storm.py",  # has a PostgreSQL and a Redis of its own in either
    "tests/chart",
    "tests/charts",
    "tests/deployment",
    "tests/docs",
    "tests/e2e/test_predictions.py",  # what a worker does with a model's files
    "tests/gravity/local/test_supervisor.py",
    "tests/image/test_build.py",
    "tests/image/test_compose.py",
    "tests/image/test_dockerfile.py",
    "tests/ml",
    "tests/mutants",
    "tests/rolling",  # has a system of its own, as the next
    "tests/siege",
    "tests/ops/test_database_options.py",  # have a PostgreSQL of their own in either
    "tests/ops/test_lost_database.py",
)
# What a test asks for that touches one of them.
STORES = frozenset(
    {"broker", "broker_server", "cache", "cache_server", "db", "live_server", "transactional_db"}
    | {"django_db_reset_sequences", "django_db_serialized_rollback", "django_db_setup"}
)
# These take longest, so they begin first and the other processes have the rest meanwhile.
FIRST = (
    "tests/image/test_build.py",
    "tests/chaos/test_storm.py",
    "tests/tasks/worker/test_training.py",  # trains behind all others
    "tests/browser/test_pages.py",
    "tests/chaos/test_what_a_crash_leaves.py",
)


def is_in(nodeid: str, places: tuple[str, ...]) -> bool:
    """Tell whether a test is in one of these folders and files."""
    path = nodeid.partition("::")[0]
    return any(path == place or path.startswith(f"{place}/") for place in places)


def has_none(path: Path, place: str, config: pytest.Config) -> bool:
    """Tell whether a file has no test of this run, as far as can be told without loading it, which takes longer."""
    if config.option.services and is_in(place, SAME_EVERYWHERE):
        return True
    is_system, is_alone = is_in(place, SYSTEMS), is_in(place, ALONE)
    return {
        "together": is_system or is_alone,
        "systems": not is_system,
        "alone": not is_alone and b"mark.alone" not in path.read_bytes(),
    }.get(config.option.which, False)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files that have no test of this run."""
    if collection_path.suffix != ".py" or not collection_path.is_relative_to(config.rootpath):
        return None
    return has_none(collection_path, collection_path.relative_to(config.rootpath).as_posix(), config) or None


def place_among_first(nodeid: str) -> int:
    """Return the place of a test's file among those that begin first, and one behind them for all others."""
    return next((place for place, one in enumerate(FIRST) if is_in(nodeid, (one,))), len(FIRST))


def touches_a_store(item: pytest.Item) -> bool:
    """Tell whether a test asks for the database, the broker or the cache."""
    return item.get_closest_marker("django_db") is not None or not STORES.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    group = parser.getgroup("passes", "the passes of `python -m tests`")
    group.addoption("--pass", dest="which", choices=("together", "systems", "alone"), help="only this pass's tests")
    group.addoption("--services", action="store_true", help="only what a database or a broker could change")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark, choose and order."""
    for item in items:
        if is_in(item.nodeid, ALONE):
            item.add_marker(pytest.mark.alone)
    chosen = [item for item in items if _is_chosen(item, config)]
    config.hook.pytest_deselected(items=[item for item in items if not _is_chosen(item, config)])
    items[:] = sorted(chosen, key=lambda item: place_among_first(item.nodeid))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test that is declared the same everywhere and is not."""
    if is_in(item.nodeid, SAME_EVERYWHERE) and touches_a_store(item):
        pytest.fail("It uses a database or a broker: not the same everywhere, as tests/passes.py says.", pytrace=False)


def _is_chosen(item: pytest.Item, config: pytest.Config) -> bool:
    kind = "systems" if is_in(item.nodeid, SYSTEMS) else "together"
    kind = "alone" if item.get_closest_marker("alone") else kind
    # What asks for no store reaches none: pytest-django would not let it. The others may start what does.
    if config.option.services and (
        is_in(item.nodeid, SAME_EVERYWHERE) or (kind == "together" and not touches_a_store(item))
    ):
        return False
    return config.option.which in (None, kind)
