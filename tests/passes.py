"""Which tests share the machine and which have it alone; which say the same on every database. Declared here, once.

`python -m tests` makes two passes over the tests: `--pass together` in two processes, then `--pass alone` in one.
`--services` leaves out what neither database nor broker could change.
"""

import pytest

# Whole systems, whose parts and time limits need the machine to themselves; single files say so by the mark `alone`.
ALONE = ("tests/chaos", "tests/e2e", "tests/rolling", "tests/siege")

# No database, no broker of the run: the second run, on PostgreSQL and Redis, could say nothing that the first did not.
SAME_EVERYWHERE = (
    "tests/alerts/test_dashboard.py",
    "tests/alerts/test_rules.py",
    "tests/analysis",
    "tests/api/test_database_away.py",  # has none
    "tests/architecture",
    "tests/chaos/test_skewed_clocks.py",  # has a PostgreSQL of its own in either
    "tests/chaos/test_storm.py",  # has a PostgreSQL and a Redis of its own in either
    "tests/chart",
    "tests/charts",
    "tests/deployment",
    "tests/docs",
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
# Takes minutes, so it begins first and the other process has the rest meanwhile.
FIRST = ("tests/image/test_build.py",)


def is_in(nodeid: str, places: tuple[str, ...]) -> bool:
    """Tell whether a test is in one of these folders and files."""
    path = nodeid.partition("::")[0]
    return any(path == place or path.startswith(f"{place}/") for place in places)


def touches_a_store(item: pytest.Item) -> bool:
    """Tell whether a test asks for the database, the broker or the cache."""
    return item.get_closest_marker("django_db") is not None or not STORES.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    group = parser.getgroup("passes", "the passes of `python -m tests`")
    group.addoption("--pass", dest="which", choices=("together", "alone"), help="only this pass's tests")
    group.addoption("--services", action="store_true", help="only what a database or a broker could change")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark, choose and order."""
    for item in items:
        if is_in(item.nodeid, ALONE):
            item.add_marker(pytest.mark.alone)
    chosen = [item for item in items if _is_chosen(item, config)]
    config.hook.pytest_deselected(items=[item for item in items if not _is_chosen(item, config)])
    items[:] = sorted(chosen, key=lambda item: not is_in(item.nodeid, FIRST))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test that is declared the same everywhere and is not."""
    if is_in(item.nodeid, SAME_EVERYWHERE) and touches_a_store(item):
        pytest.fail("It uses a database or a broker: not the same everywhere, as tests/passes.py says.", pytrace=False)


def _is_chosen(item: pytest.Item, config: pytest.Config) -> bool:
    if config.option.services and is_in(item.nodeid, SAME_EVERYWHERE) and not touches_a_store(item):
        return False
    is_alone = item.get_closest_marker("alone") is not None
    return {"together": not is_alone, "alone": is_alone}.get(config.option.which, True)
