"""Train a candidate on stored series: the same series, parameters and code make one, however often it is asked for."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings

from analysis import Bars, __version__
from forecasts import training_run
from forecasts.errors import TrainingRefused, TrainingStopped
from forecasts.models import ModelVersion
from forecasts.served import code_of_ml
from forecasts.stored_cards import CARD, TREES, stored_card
from forecasts.training_folder import room
from market.errors import MarketError
from market.loading import load_many
from market.time_conversion import to_ns
from market.timeframes import DAILY
from ml.candidate import Series
from ml.family import PATTERNS
from ml.series_folder import put
from ml.training import PARAMETERS, ROUNDS, SEED
from ml.training_process import MADE, WANTED

READ = "read"  # the stage before those of ml.candidate
Tell = Callable[[str, int, int], None]


class Wanted(NamedTuple):
    """Series to train on by their ids, what they are together, and whose the candidate will be; None: everybody's."""

    series_ids: Sequence[int]
    title: str
    timeframe: str
    owner_id: int | None


@dataclass
class Trained:
    """What training has come to: a model there was already, or the files of a new one that nobody has kept yet.

    `left_out` has the series that could not be read.
    """

    owner_id: int | None
    trained_with: str
    left_out: Mapping[int, MarketError] = field(default_factory=dict)
    known: ModelVersion | None = None
    card: bytes = b""
    trees: bytes = b""


def train(wanted: Wanted, *, now: datetime, should_continue: Callable[[], bool] = lambda: True, tell: Tell) -> Trained:
    """Read the series, and train on them in a process of its own unless that was done before.

    `tell` hears stage, how much of it is done, and of how much. Raises TrainingRefused with a code (too_few_events, …),
    TrainingStopped once should_continue() says no, and what training_run.run() does.
    """
    if wanted.timeframe not in DAILY:
        detail = f"Models are trained on {', '.join(sorted(DAILY))} bars: their embargo and intervals are of days."
        raise TrainingRefused("timeframe_not_trained", detail)
    with room() as folder:
        left_out: dict[int, MarketError] = {}
        used: list[list[str]] = []
        total = len(wanted.series_ids)
        tell(READ, 0, total)
        for number, bars in enumerate(_bars_over(wanted, left_out, now)):
            if not should_continue():
                raise TrainingStopped
            put(folder, number, bars)
            used.append([str(bars.symbol), bars.fingerprint])
            tell(READ, number + 1, total)
        trained_with = _identity(wanted, used)
        if (known := _known(trained_with)) is not None:
            return Trained(wanted.owner_id, trained_with, left_out, known)
        of = Series(f"{wanted.title}, {len(used)} series", wanted.timeframe, _hashed(used), len(used))
        asked = {"series": of._asdict(), "seeds": settings.TRAINING_WALK_SEEDS}
        (folder / WANTED).write_text(json.dumps(asked))
        training_run.run(folder, should_continue=should_continue, tell=tell)
        card, trees = ((folder / MADE / name).read_bytes() for name in (CARD, TREES))
        return Trained(wanted.owner_id, trained_with, left_out, None, card, trees)


def _bars_over(wanted: Wanted, left_out: dict[int, MarketError], now: datetime) -> Iterator[Bars]:
    """Yield the series without a last bar that is not over, which would be learnt from as if it were."""
    now_ns = to_ns(now)
    for _, bars in load_many(wanted.series_ids, on_fault=left_out.__setitem__):
        whole = bars if bars.last_closed(now_ns) else bars.slice(0, len(bars) - 1)
        if len(whole):
            yield whole


def _identity(wanted: Wanted, used: Sequence[Sequence[str]]) -> str:
    """Return the sha256 of all that decides what comes of it, and of whose it is."""
    code = {**{name: text for plan in PATTERNS.plans() for name, text in plan.sources.items()}, "ml": code_of_ml()}
    parameters = {**PARAMETERS, "rounds": ROUNDS, "seed": SEED, "walks": settings.TRAINING_WALK_SEEDS}
    return _hashed([wanted.owner_id, wanted.timeframe, used, parameters, __version__, code])


def _known(trained_with: str) -> ModelVersion | None:
    """Return the model that was made of the same, if its files are there as they were registered."""
    row = ModelVersion.objects.filter(trained_with=trained_with).first()
    found = None if row is None else stored_card(row.name, row.version)
    return row if row is not None and found is not None and found.sha256 == row.sha256 else None


def _hashed(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
