"""Old and new workers share the queues during an upgrade: what a release sends, the next ones take, and the reverse."""

import base64
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app
from django.conf import settings

from jobs import dispatch
from jobs.queues import INTERACTIVE, RUN_CHUNK_TASK
from tasks.schedule import SCHEDULE

# Younger than the newest release: its workers refuse and forget them, and beat sends them again.
SINCE = {"tasks.forecasts.score", "tasks.forecasts.drift"}
RELEASES = sorted((Path(__file__).parent / "messages").glob("*.json"))


def kept(path: Path) -> dict[str, Any]:
    return {name: value for name, value in json.loads(path.read_text()).items() if name != "comment"}


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_every_message_of_a_release_is_still_taken(release: Path) -> None:
    for name, message in kept(release).items():
        task = current_app.tasks[name]
        inspect.signature(task.run).bind(*message["args"], **message["kwargs"])
        assert message["content_type"] in ("application/json",)
        assert "json" in current_app.conf.accept_content


def test_a_chunk_is_sent_as_the_releases_send_it(broker: Any) -> None:
    assert dispatch.publish(INTERACTIVE, [17])
    with redis.Redis.from_url(settings.BROKER_URL) as client:
        sent = json.loads(client.lpop(INTERACTIVE))
    args, kwargs, _ = json.loads(base64.b64decode(sent["body"]))
    for release in RELEASES:
        message = kept(release)[RUN_CHUNK_TASK]
        assert sent["headers"]["task"] == RUN_CHUNK_TASK
        assert (len(args), kwargs) == (len(message["args"]), message["kwargs"])
        assert (sent["content-type"], sent["content-encoding"]) == (
            message["content_type"],
            message["content_encoding"],
        )


def test_beat_sends_what_is_kept() -> None:
    newest = kept(RELEASES[-1])
    assert {entry["task"] for entry in SCHEDULE.values()} == set(newest) - {RUN_CHUNK_TASK} | SINCE
