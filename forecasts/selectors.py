"""Reads: which models there are, and which of them is served."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser

from forecasts.fallbacks import WORSE, detail, in_force
from forecasts.models import Examination, Fallback, ModelReport, ModelVersion, Result, Status
from forecasts.served import PATTERN_OUTCOME, Served, names_served, served, served_card
from forecasts.stored_cards import StoredCard, is_trained_here, stored_card, stored_cards

REPORTS = {
    "scorecard": ModelReport.Kind.SCORE,
    "drift": ModelReport.Kind.DRIFT,
    "comparison": ModelReport.Kind.COMPARISON,
    "recent": ModelReport.Kind.RECENT,
}
RESULTS = [result.name.lower() for result in Result]


class KnownModel(NamedTuple):
    """A model on disk: what its card says, the card's sha256, whether it is the one that is asked, what was found
    when it was last read, what it is registered as, and its fallback; None where nobody has read or registered it yet,
    or it has not fallen back.
    """

    card: dict[str, Any]
    sha256: str
    is_served: bool
    examined: Examination | None
    registered_as: str | None
    fallback: Fallback | None

    @property
    def status(self) -> str | None:
        """Return whether it can be asked: `ready`, `degraded`, or None where nobody has read it yet."""
        return "degraded" if self.reason else None if self.examined is None else "ready"

    @property
    def reason(self) -> str | None:
        """Return the code of why it is degraded. What cannot be read is told before what was measured of it."""
        if self.examined is not None and self.examined.code:
            return self.examined.code
        return None if self.fallback is None else WORSE

    @property
    def detail(self) -> str | None:
        """Return the same for people."""
        if self.examined is not None and self.examined.code:
            return self.examined.detail or None
        return None if self.fallback is None else detail(self.fallback)

    @property
    def since(self) -> datetime | None:
        """Return since when its status is what it is."""
        if self.reason == WORSE and self.fallback is not None:
            return self.fallback.fell_back_at
        return None if self.examined is None else self.examined.examined_at


class InService(NamedTuple):
    """A model that is served: since it was promoted, or as the settings name it."""

    name: str
    version: str
    promoted_at: datetime | None


def in_service() -> list[InService]:
    """Return the model that is served of each family."""
    rows = {row.name: row.promoted_at for row in ModelVersion.objects.filter(status=Status.CHAMPION)}
    return [InService(name, one.version, rows.get(name)) for name, one in _served().items()]


def known_models(viewer: AbstractBaseUser | None = None) -> list[KnownModel]:
    """Return all models on disk whose card can be read, by name, the newest version of each first.

    For a viewer those are left out that somebody else has trained, unless they were served, and everybody saw them.
    """
    now, seen = _served(), {(one.name, one.version): one for one in Examination.objects.all()}
    rows = {(row.name, row.version): row for row in ModelVersion.objects.all()}
    status = {row.sha256: row.status for row in rows.values()}
    fallen = {one.sha256: one for one in Fallback.objects.filter(lifted_at=None)}
    named = [((one.card["name"], one.card["version"]), one) for one in stored_cards()]
    return [
        _known(one, now, seen.get(name), status, fallen)
        for name, one in named
        if _may_see(viewer, name, rows.get(name))
    ]


def known_model(name: str, version: str, viewer: AbstractBaseUser | None = None) -> KnownModel | None:
    """Return one of them."""
    try:
        found = stored_card(name, version)
    except ValueError:
        return None
    row = ModelVersion.objects.filter(name=name, version=version).first()
    if found is None or not _may_see(viewer, (name, version), row):
        return None
    status = {row.sha256: row.status} if row else {}
    fallback = in_force(found.sha256)
    fallen = {} if fallback is None else {found.sha256: fallback}
    return _known(found, _served(), examination(name, version), status, fallen)


def _may_see(viewer: AbstractBaseUser | None, name: tuple[str, str], row: ModelVersion | None) -> bool:
    if viewer is None or getattr(viewer, "is_staff", False):
        return True
    if row is None:
        return not is_trained_here(*name)
    return row.owner_id in (None, viewer.pk) or row.promoted_at is not None


def registered(named: str) -> ModelVersion | None:
    """Return the row of a model by name and version, as `pattern_outcome/2.0.1000`; None where it was deleted."""
    name, _, version = named.partition("/")
    return ModelVersion.objects.filter(name=name, version=version).first()


def examination(name: str, version: str) -> Examination | None:
    """Return what was found when a model of this name was last read."""
    return Examination.objects.filter(name=name, version=version).first()


def reports(sha256: str) -> dict[str, dict[str, Any] | None]:
    """Return the newest figures of a model by REPORTS' names, with the time; None: not measured yet.

    A comparison with another than is served by now is none.
    """
    rows = {row.kind: row for row in ModelReport.objects.filter(sha256=sha256)}
    told = {
        name: None if kind not in rows else {"measured_at": rows[kind].measured_at, **rows[kind].figures}
        for name, kind in REPORTS.items()
    }
    if (beside := told["comparison"]) is not None:
        now = served_card(str(beside["champion"]).partition("/")[0])
        told["comparison"] = beside if now is not None and now.sha256 == beside["champion_sha256"] else None
    return told


class ServedFigures(NamedTuple):
    """What is told of the served model where systems are watched; None where it is not known yet.

    `ready` is whether it was found sound when it was last read, `fallen_back` whether chance is answered because it was
    worse, `age_seconds` the time since it may speak, `kept` how many of its predictions have come to what, `gain`
    theirs over chance, `drift` the largest index of a feature.
    """

    name: str
    ready: bool | None
    fallen_back: bool
    age_seconds: float | None
    kept: dict[str, int]
    gain: float | None
    drift: float | None


def served_figures(now: datetime, name: str = PATTERN_OUTCOME) -> ServedFigures:
    """Return the figures of the model of this name that is served."""
    asked = served(name)
    seen, found = examination(asked.name, asked.version), stored_card(asked.name, asked.version)
    usable_from = None if found is None else _midnight(str(found.card.get("usable_from")))
    told = {} if found is None else reports(found.sha256)
    score, drift = told.get("scorecard") or {}, told.get("drift") or {}
    return ServedFigures(
        f"{asked.name}/{asked.version}",
        None if seen is None else not seen.code,
        found is not None and in_force(found.sha256) is not None,
        None if usable_from is None else (now - usable_from).total_seconds(),
        {name: score[name] for name in RESULTS if score},
        score.get("gain"),
        max((value for _, value in drift.get("worst", ())), default=None),
    )


def _served() -> dict[str, Served]:
    return {name: served(name) for name in names_served()}


def _midnight(date: str) -> datetime | None:
    try:
        return datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:  # of a card that nobody has vouched for
        return None


def _known(
    found: StoredCard,
    served_now: Mapping[str, Served],
    seen: Examination | None,
    rows: Mapping[str, str],
    fallen: Mapping[str, Fallback],
) -> KnownModel:
    name, version = found.card["name"], found.card["version"]
    now = served_now.get(name)
    is_of_this = seen is not None and seen.sha256 == found.sha256
    return KnownModel(
        found.card,
        found.sha256,
        now is not None and now.is_met_by(name, version, found.sha256),
        seen if is_of_this else None,
        rows.get(found.sha256),
        fallen.get(found.sha256),
    )
