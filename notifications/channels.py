"""The ways a message can go; one today, the webhook."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

GONE = 410


class Outcome(NamedTuple):
    """What came of one attempt: the status of the answer, or a code of why there was none."""

    status: int | None
    error: str
    seconds: float

    @property
    def is_delivered(self) -> bool:
        """Return whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Return whether another attempt makes no sense: the receiver is gone, or may not be called."""
        return self.status == GONE or self.error == "address_not_allowed"


class Letter(NamedTuple):
    """One message as it is about to go out."""

    message_id: str
    owner_id: int
    address: str
    body: Mapping[str, Any]
    now: datetime


class Attempt(Protocol):
    """One attempt to send a letter. It is made where the database is at hand, and sent in a thread where it is not."""

    def send(self) -> Outcome:
        """Send the letter and return what came of it; raise nothing."""

    def close(self) -> None:
        """Let go of the connection, cutting off a sending that goes on."""


_channels: dict[str, Callable[[Letter], Attempt]] = {}


def register_channel(name: str, attempt: Callable[[Letter], Attempt]) -> None:
    """Say how letters go by a channel."""
    _channels[name] = attempt


def known_channels() -> list[str]:
    """Return the channels that this process can send by."""
    return list(_channels)


def open_attempt(channel: str, letter: Letter) -> Attempt:
    """Return an attempt to send the letter by this channel."""
    return _channels[channel](letter)
