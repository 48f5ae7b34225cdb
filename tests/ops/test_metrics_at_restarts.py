"""/metrics while processes begin and end: whole, or no answer at all; never half of it and never an error."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from gravity import metric_files
from gravity.metric_files import ReservedDict
from tests.api.server import served

NAME = "http_requests_total"


@contextmanager
def meanwhile(call: Callable[[], None]) -> Iterator[list[BaseException]]:
    """Call it again and again in a thread, and give what it raises."""
    over, raised = threading.Event(), list[BaseException]()

    def again() -> None:
        while not over.is_set():
            try:
                call()
            except BaseException as error:
                raised.append(error)
                return

    thread = threading.Thread(target=again, daemon=True)
    thread.start()
    try:
        yield raised
    finally:
        over.set()
        thread.join(30)


def test_files_that_are_just_being_made_are_no_error(tmp_path: Path) -> None:
    def scrape() -> None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(tmp_path))
        generate_latest(registry)

    with meanwhile(scrape) as raised:
        for n in range(200):
            ReservedDict(str(tmp_path / f"counter_{n}.db")).close()
    assert raised == []


def test_no_file_is_seen_before_it_has_its_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed there would leave an empty file, and every scrape after it would fail."""
    path, honest = tmp_path / "counter_1.db", metric_files._reserve
    seen = []

    def look(descriptor: int, size: int) -> bool:
        seen.append(path.exists())
        return honest(descriptor, size)

    monkeypatch.setattr(metric_files, "_reserve", look)
    ReservedDict(str(path)).close()
    assert seen == [False]
    assert [one.name for one in tmp_path.iterdir()] == ["counter_1.db"]


@pytest.mark.django_db(transaction=True)
def test_a_scrape_during_a_restart_is_whole_or_not_answered(broker: Any, cache: Any, tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    address: list[str] = []
    whole: list[float] = []

    def scrape() -> None:
        try:
            answer = httpx2.get(f"{address[0]}/metrics", timeout=10)
        except httpx2.TransportError:
            time.sleep(0.01)
            return
        assert answer.status_code == 200, answer.text[:500]
        families = {family.name: family for family in text_string_to_metric_families(answer.text)}
        assert "queue_depth" in families
        whole.append(sum(one.value for one in families[NAME.removesuffix("_total")].samples))

    with served(tmp_path, PROMETHEUS_MULTIPROC_DIR=str(folder)) as first:
        address.append(first)
        httpx2.get(f"{first}/")
        with meanwhile(scrape) as raised:
            for _ in range(3):
                with served(tmp_path, PROMETHEUS_MULTIPROC_DIR=str(folder)) as second:
                    for _ in range(5):
                        httpx2.get(f"{second}/")
                    seen = len(whole)
                    address[0] = second
                    while len(whole) < seen + 3 and not raised:
                        time.sleep(0.05)
                address[0] = first
    assert not raised
    assert whole == sorted(whole), "what processes that ended have counted stays"
