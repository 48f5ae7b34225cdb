"""What the jobs of one request have in common, found out once: what their analyses mean, and which series there are."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from django.contrib.auth.models import AbstractBaseUser

from analysis import Plan
from analysis.errors import PlanError
from jobs import outcomes_asked
from jobs.fingerprints import sources_digest
from market import selectors as market
from market.errors import MarketError

Found = TypeVar("Found")
# Of each kind. A plan of the whole catalogue takes half a megabyte, and a thousand jobs may have as many.
KEPT = 16


@dataclass(frozen=True, slots=True)
class Planned:
    """What analyses mean, and what it takes to say so: all of it is read only."""

    plan: Plan
    foretells: bool
    canonical: list[str]
    meaning: list[str]
    sources: dict[str, str]
    sources_digest: str


class ReadOnce:
    """Answers for the jobs of one owner: the same question is answered as it was, or refused as it was."""

    def __init__(self, owner: AbstractBaseUser) -> None:
        self._owner = owner
        self._answers: dict[str, dict[Hashable, Any]] = {"plan": {}, "series": {}}

    def planned(self, analyses: Sequence[Any], timeframe: str | None) -> Planned:
        """Return what these analyses mean; raise PlanError."""
        key = orjson.dumps(list(analyses)), timeframe
        return self._answer("plan", key, lambda: _planned(analyses, timeframe))

    def series(self, *, symbols: Sequence[str] | None, universe: str | None, timeframe: str) -> list[market.SeriesRef]:
        """Return what market.resolve() does of the owner's series; raise MarketError."""
        key = None if symbols is None else tuple(symbols), universe, timeframe
        return self._answer(
            "series",
            key,
            lambda: market.resolve(self._owner, symbols=symbols, universe=universe, timeframe=timeframe),
        )

    def _answer(self, kind: str, key: Hashable, ask: Callable[[], Found]) -> Found:
        known = self._answers[kind]
        if key not in known:
            if len(known) == KEPT:
                del known[next(iter(known))]
            try:
                known[key] = ask()
            except (PlanError, MarketError) as error:
                known[key] = error
        found = known[key]
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        answer: Found = found
        return answer


def _planned(analyses: Sequence[Any], timeframe: str | None) -> Planned:
    plan = outcomes_asked.parsed(analyses, timeframe)
    foretells = outcomes_asked.needs_model(plan, analyses)
    sources = outcomes_asked.sources(plan, analyses)
    meaning = outcomes_asked.named(plan.meaning(), analyses)
    return Planned(plan, foretells, plan.canonical(), meaning, sources, sources_digest(sources))
