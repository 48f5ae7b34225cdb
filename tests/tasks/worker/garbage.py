"""What has no business in a queue: by name, what is put there and under which reason it is counted."""

import base64
import json
from typing import Any
from uuid import uuid4


def message(**changes: Any) -> dict[str, Any]:
    """Return a message as Celery puts it into Redis, of the task that starts what is due, with some parts changed."""
    properties = {
        "correlation_id": "x",
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": "maintenance"},
        "priority": 0,
        "body_encoding": "base64",
        "delivery_tag": str(uuid4()),
    }
    headers = {"lang": "py", "task": "tasks.maintenance.due", "id": str(uuid4()), "timelimit": [None, None]}
    return {
        "body": encoded(b"[[], {}, {}]"),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": headers | changes.pop("headers_changed", {}),
        "properties": properties | changes.pop("properties_changed", {}),
        **changes,
    }


def encoded(body: bytes) -> str:
    """Return a body as it stands in the message."""
    return base64.b64encode(body).decode()


def without(name: str, part: str | None = None) -> dict[str, Any]:
    """Return a message that lacks a member, of itself or of a part."""
    made = message()
    del (made if part is None else made[part])[name]
    return made


# Those without a reason are Celery's own to refuse, and are none of ours to count.
GARBAGE: dict[str, tuple[Any, str | None]] = {
    "bytes": (b"\xff\xfe\x00", "not_json"),
    "text": (b"hello {", "not_json"),
    "deep": (b"[" * 100_000, "not_json"),
    "a number": (17, "form"),
    "null": (None, "form"),
    "a list": ([1, 2], "form"),
    "nothing in it": ({}, "properties"),
    "no properties": (without("properties"), "properties"),
    "properties that are null": (message(properties=None), "properties"),
    "no tag": (without("delivery_tag", "properties"), "properties"),
    "a tag that is a list": (message(properties_changed={"delivery_tag": [1]}), "properties"),
    "no address": (message(properties_changed={"delivery_info": {}}), "properties"),
    "no headers": (without("headers"), "headers"),
    "headers that are a text": (message(headers="x"), "headers"),
    "no id": (without("id", "headers"), "headers"),
    "a task that is a list": (message(headers_changed={"task": ["a"]}), "headers"),
    "a limit in words": (message(headers_changed={"timelimit": "soon"}), "headers"),
    "limits in words": (message(headers_changed={"timelimit": ["a", "b"]}), "headers"),
    "to be held for millennia": (message(headers_changed={"eta": "9999-01-01T00:00:00+00:00"}), "headers"),
    "no body": (message(body=None), "body"),
    "a body that is a number": (message(body=5), "body"),
    "no type": (message(**{"content-type": None}), "body"),
    "huge": (message(body=encoded(b"x" * 3_000_000)), "size"),
    "a body that is not encoded": (message(body="###"), "refused"),
    "an unknown encoding": (message(properties_changed={"body_encoding": "rot13"}), "refused"),
    "a body of another form": (message(body=encoded(b'{"a": 1}')), "refused"),
    "an unknown task": (message(headers_changed={"task": "no.such"}), None),
    "another type": (message(**{"content-type": "application/x-python-serialize"}), None),
    "another charset": (message(**{"content-encoding": "utf-99"}), None),
    "an unknown compression": (message(headers_changed={"compression": "application/x-none"}), None),
    "an end in words": (message(headers_changed={"expires": "never"}), None),
    "a body that is no JSON": (message(body=encoded(b"\xff\xfe")), None),
    "other arguments": (message(body=encoded(b"[[1, 2, 3], {}, {}]")), None),
}


def written(content: Any) -> bytes:
    """Return what is put into the queue."""
    return content if isinstance(content, bytes) else json.dumps(content).encode()
