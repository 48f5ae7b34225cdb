"""What a pattern left behind on the bars."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Side = Literal["bullish", "bearish", "neutral"]


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence, known at `confirmed_at` and never before.

    `bar` is the position of the confirming bar in the bars that were run; times are int64 ns UTC. `score` is the
    strength in the pattern's own measure.
    """

    name: str
    kind: str
    side: Side
    score: float
    bar: int
    formed_at: int
    confirmed_at: int

    def to_dict(self) -> dict[str, Any]:
        """Return the event with times in milliseconds."""
        return {
            **asdict(self),
            "formed_at": self.formed_at // 1_000_000,
            "confirmed_at": self.confirmed_at // 1_000_000,
        }
