"""A folder of models of the test's own, which it may damage, and bars with patterns that ship with the project."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from analysis import Bars
from analysis.outcomes import stated
from jobs import selectors
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from ml.artifact import golden, write
from ml.base_rates import base_rates
from ml.baselines import Baseline
from ml.card_figures import median_days
from ml.drift import reference
from ml.examples import events_of
from ml.family import CANDLESTICKS, PATTERNS
from ml.golden_events import kept
from ml.training import Fit, grow, weights_of
from ml.training_set import of_series
from tests.analysis.shipped import ROOT, demo

NAME, VERSION = PATTERNS.name, PATTERNS.version

Ask = Callable[..., Job]
Run = Callable[..., tuple[Job, dict[str, Any]]]


@pytest.fixture
def models(settings: Any, tmp_path: Path) -> Path:
    """The folder of the served model, a copy of the one of patterns that ships; of candlesticks none is served."""
    settings.MODELS_DIR, settings.CANDLESTICK_MODEL_VERSION = tmp_path / "models", ""
    return Path(copytree(ROOT / "ml_models" / NAME / VERSION, settings.MODELS_DIR / NAME / VERSION))


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of candlesticks that was trained on a few series, until 2018."""
    folder: Path = tmp_path_factory.mktemp("candlesticks") / "model"
    examples = of_series((demo(symbol, 9_000) for symbol in ("AAPL", "IBM", "MSFT")), CANDLESTICKS).stated
    baseline = Baseline.of(examples, weights_of(examples))
    made = Fit(grow(examples, baseline, rounds=40), baseline, (1.0, 1.0))
    stated = {
        "name": CANDLESTICKS.name,
        "version": CANDLESTICKS.version,
        "kind": CANDLESTICKS.kind,
        "timeframes": ["1d"],
        "usable_from": "2018-03-07",
        "lift_status": "no measurable lift",
        "base_rates": base_rates(examples),
        "resolution_days": median_days(examples),
        "reference": reference(examples.features),
        "golden": {**golden(made, examples.features), **kept(CANDLESTICKS)},
    }
    write(folder, made, stated, "")
    return folder


@pytest.fixture
def of_candlesticks(settings: Any, models: Path, small_model: Path) -> Path:
    """The folder of the served model of candlesticks, beside that of patterns."""
    settings.CANDLESTICK_MODEL_VERSION, settings.CANDLESTICK_MODEL_SHA256 = CANDLESTICKS.version, ""
    return Path(copytree(small_model, settings.MODELS_DIR / CANDLESTICKS.name / CANDLESTICKS.version))


@pytest.fixture(scope="session")
def index() -> Bars:
    return demo("SPX", 3_000)


@pytest.fixture(scope="session")
def whole(index: Bars) -> Bars:
    return index


@pytest.fixture(scope="session")
def place(whole: Bars) -> int:
    """The bar of an event after the model's training, whose life is over on the bars that there are."""
    events = events_of(whole, PATTERNS.plans())
    since = int(np.searchsorted(whole.time, np.datetime64("2018-03-10", "ns").astype(np.int64)))
    setups = stated(events, whole)
    for event, apart, to_target, to_stop in zip(
        events, setups.apart.tolist(), setups.to_target.tolist(), setups.to_stop.tolist(), strict=True
    ):
        is_fair = apart < 0 and to_target > 0 and to_stop > 0
        if is_fair and event.bar >= since and event.life and event.bar + event.life + 1 < len(whole):
            return event.bar
    raise AssertionError("There is no such event.")


@pytest.fixture
def ask(owner: AbstractUser, broker: Any, models: Path) -> Ask:
    """A question to the model about stored series at a time."""

    def made(now: datetime, **fields: Any) -> Job:
        request = JobRequest(**{"analyses": ("pattern_outcome",), "symbols": ["SPX"], "output": "all", **fields})
        job = submit(owner=owner, request=request, now=now)
        for chunk in Chunk.objects.filter(job=job, state__in=("accepted", "queued")):
            assert run_chunk(chunk.pk, clock=lambda: now).outcome == "succeeded"
        return job

    return made


@pytest.fixture
def run(owner: AbstractUser, broker: Any, index: Bars, models: Path) -> Run:
    """Analyses of bars as a job that is over: the job, and what it answers."""

    def made(*analyses: Any, bars: Bars | None = index, **fields: Any) -> tuple[Job, dict[str, Any]]:
        request = JobRequest(analyses=analyses, bars=bars, **{"output": "all", **fields})
        job = submit(owner=owner, request=request, now=timezone.now())
        for chunk in Chunk.objects.filter(job=job, state__in=("accepted", "queued")):
            run_chunk(chunk.pk, clock=timezone.now)
        job = selectors.find_job(owner=owner, job_id=job.pk)
        return job, selectors.read_result(job).items[0]

    return made
