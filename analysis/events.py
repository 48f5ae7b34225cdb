"""What a pattern left behind on the bars: what is known when it is confirmed, and what became of it.

Everything but `history` is decided at `confirmed_at` and never changes. `history` only grows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Literal, NamedTuple, Self

from analysis.former_names import by_former, by_present, with_former
from analysis.records.baselines import bars_to_target, noise_summary

Side = Literal["bullish", "bearish", "neutral"]
Status = Literal["forming", "confirmed", "target", "stop", "expired", "failed"]
MS = 1_000_000
RATIOS = ("ratios", "errors")
REQUIRED = 7  # fields without a default
EMPTY: tuple[Any, ...] = (None, (), "")


class Point(NamedTuple):
    """A pivot of the shape: its letter, its bar and price, and when it was known to be one (times in ns)."""

    label: str
    bar: int
    time: int
    price: float
    confirmed_at: int


class TradeFacts(NamedTuple):
    """What who trades on an event asks besides: of the bars around it, and how its detector was called.

    `volume_ratio` is the volume of the confirming bar over the mean of the 20 before, `trend_before` the change of the
    close over as many bars before the first point as the shape has (20 to 200), in ATR14 at that point. `same_as` are
    the ids of events over the same bars that were confirmed before, or on the same bar. None where it is not known.
    `entry` is the open after the confirming bar: it comes with that bar and stays. `scale` is the size that was looked
    for, "" where there is none; None where a parameter was not the default, of which nothing is measured.
    """

    entry: float | None = None
    volume_ratio: float | None = None
    trend_before: float | None = None
    same_as: tuple[str, ...] = ()
    scale: str | None = ""


NO_FACTS = TradeFacts()


class StatusChange(NamedTuple):
    """What became of an event at a bar; `target` is the number of the target that was reached."""

    status: Status
    bar: int
    at: int
    target: int | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One occurrence, known at `confirmed_at` and never before.

    `bar` is the position of the confirming bar in the bars that were run; times are int64 ns UTC. `score` is the
    strength in the pattern's own measure, 0 to 1 but for candlesticks. `source` is what it was found on where that is
    not the price, such as an oscillator. `ratios` are those of the shape, `errors` how far each is from its ideal (0.02
    is 2 %). `levels` are prices by name, `prz` the lowest and highest price of a potential reversal zone. Prices are
    None where the pattern states none. `remaining_to_target` is the way from the confirming close to the first target
    as a fraction of that close, negative where it was passed before. `life` is the number of bars after the confirming
    one until it expires; it is not stored, for 1.1 could not read it, and None on what was. `facts` are stored beside
    the event for the same reason, and None on what was stored before there were any.
    """

    name: str
    kind: str
    side: Side
    score: float
    bar: int
    formed_at: int
    confirmed_at: int
    source: str = ""
    points: Sequence[Point] = ()
    ratios: Mapping[str, float] | None = None
    errors: Mapping[str, float] | None = None
    levels: Mapping[str, float] | None = None
    prz: Sequence[float] | None = None
    targets: Sequence[float] = ()
    stop: float | None = None
    entry_reference: float | None = None
    remaining_to_target: float | None = None
    reached_before_confirmation: bool | None = None
    history: Sequence[StatusChange] = ()
    life: int | None = field(default=None, compare=False)
    facts: TradeFacts | None = field(default=None, compare=False)

    @classmethod
    def of_fields(cls, **given: Any) -> Self:
        """Return the event of these fields, as the constructor does, which sets them one by one and takes longer."""
        event = cls.__new__(cls)
        event.__dict__.update(given)
        return event

    @classmethod
    def marks(
        cls, name: str, kind: str, rows: Iterable[tuple[Side, float, int, int]], facts: TradeFacts | None = None
    ) -> list[Self]:
        """Return an event for each row of side, score, bar and time: what is formed and confirmed by its one bar.

        There are thousands of them. What they do not state stays the class's default, which is quicker than setting
        every field of each.
        """
        new = cls.__new__
        made = []
        for side, score, bar, at in rows:
            event = new(cls)
            event.__dict__.update(name=name, kind=kind, side=side, score=score, bar=bar, formed_at=at, confirmed_at=at)
            if facts is not None:
                event.__dict__["facts"] = facts
            made.append(event)
        return made

    def with_facts(self, facts: TradeFacts | None) -> Self:
        """Return the event with these facts beside it."""
        event = self.__class__.__new__(self.__class__)
        event.__dict__.update(self.__dict__, facts=facts)
        return event

    @property
    def reward_to_risk(self) -> float | None:
        """Return the way to the first target over that to the stop, from the confirming close; None without both."""
        entry, stop = self.entry_reference, self.stop
        if entry is None or stop is None or not self.targets or self.reached_before_confirmation:
            return None
        sign = -1.0 if self.side == "bearish" else 1.0
        reward, risk = (self.targets[0] - entry) * sign, (entry - stop) * sign
        return reward / risk if reward > 0.0 and risk > 0.0 else None

    @property
    def id(self) -> str:
        """Return what tells this event from any other of its series: a hash of name, side and the points' bars."""
        bars = [point.time for point in self.points] or [self.formed_at, self.confirmed_at]
        text = f"{self.name}|{self.side}|{self.source}|{'|'.join(map(str, bars))}"
        return blake2b(text.encode(), digest_size=8).hexdigest()

    def until(self, bars: int) -> Self:
        """Return the event as it was known when only n bars were over."""
        if not self.history or self.history[-1].bar < bars:
            return self
        return replace(self, history=tuple(entry for entry in self.history if entry.bar < bars))

    def stored(self) -> dict[str, Any]:
        """Return the event's fields as JSON has them, those that are as by default left out.

        The form is that of 1.1.0, so that pods of either release read what the other has stored.
        """
        values = zip(_names(), _values()(self), strict=True)
        kept = {name: value for place, (name, value) in enumerate(values) if place < REQUIRED or value not in EMPTY}
        if "source" in kept:
            kept["of"] = kept.pop("source")
        return kept | {name: by_former(kept[name]) for name in RATIOS if name in kept}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return the event that stored() wrote; raise TypeError for anything else."""
        given = dict(stored)
        if "of" in given:
            given["source"] = given.pop("of")
        given |= {name: by_present(given[name]) for name in RATIOS if given.get(name)}
        given["points"] = tuple(Point(*point) for point in given.get("points", ()))
        given["history"] = tuple(StatusChange(*entry) for entry in given.get("history", ()))
        for name in ("targets", "prz"):
            if given.get(name) is not None:
                given[name] = tuple(given[name])
        return cls(**given)

    def to_dict(self, timeframe: str = "") -> dict[str, Any]:
        """Return the event as the API shows it: times in milliseconds, and only what the kind of pattern has.

        `timeframe` is that of its bars, by which its detector's measured figures stand beside it.
        """
        # What is only a mark has no facts unless a parameter was given; a shape without them is of an older release.
        scale = self.facts.scale if self.facts is not None else None if self.points else ""
        beside = None if scale is None else noise_summary(self.name, timeframe, scale)
        shown: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "side": self.side,
            "score": self.score,
            "bar": self.bar,
            "formed_at": self.formed_at // MS,
            "confirmed_at": self.confirmed_at // MS,
            "baseline": beside,
        }
        if self.points:
            shown |= self._shape()
            shown["bars_to_target"] = None if beside is None else bars_to_target(self.name, timeframe, scale or "")
        return shown

    def _shape(self) -> dict[str, Any]:
        facts = self.facts or NO_FACTS
        return {
            "of": self.source or None,
            "points": [
                {"label": label, "bar": bar, "time": time // MS, "price": price, "confirmed_at": known // MS}
                for label, bar, time, price, known in self.points
            ],
            "ratios": with_former(self.ratios),
            "errors": with_former(self.errors),
            "levels": dict(self.levels or {}),
            "prz": list(self.prz) if self.prz else None,
            "targets": list(self.targets),
            "stop": self.stop,
            "entry_reference": self.entry_reference,
            "remaining_to_target": self.remaining_to_target,
            "reached_before_confirmation": self.reached_before_confirmation,
            "entry": facts.entry,
            "reward_to_risk": self.reward_to_risk,
            "volume_ratio": facts.volume_ratio,
            "trend_before": facts.trend_before,
            "same_as": list(facts.same_as),
            "history": [
                {"status": status, "bar": bar, "at": at // MS, **({"target": target} if target else {})}
                for status, bar, at, target in self.history
            ],
        }


@cache
def _names() -> tuple[str, ...]:
    return tuple(one.name for one in fields(Event) if one.compare)


@cache
def _values() -> Any:
    return attrgetter(*_names())
