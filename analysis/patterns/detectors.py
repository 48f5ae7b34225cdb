"""Detectors as entries of the catalogue: a family looks at the bars once a run, each name takes its own events."""

from collections.abc import Callable, Mapping, Sequence

from analysis.arrays import Floats
from analysis.catalog.entry import Columns, Detect, DetectionContext
from analysis.catalog.params import Param, Value
from analysis.catalog.registry import entry
from analysis.events import Event
from analysis.patterns.chart_forming import awaiting
from analysis.patterns.pivots import WARMUP

Family = Callable[[DetectionContext], Mapping[str, Sequence[Event]]]


def detector(
    name: str,
    family: Family,
    *,
    category: str,
    source: str,
    notes: str = "",
    params: Sequence[Param] = (),
    cost_us: float = 100.0,
    title: str = "",
    forming: Family | None = None,
    needs_volume: bool = False,
    aliases: Sequence[str] = (),
) -> None:
    """Register a name whose events `family` finds, together with those of its rivals, and `forming` before them.

    What may become a chart pattern is what only a close is missing to, unless `forming` says it. Of one that
    `needs_volume` an answer on bars without says that they have none.
    """
    if forming is None and category == "chart_patterns":
        forming = awaiting(family)

    def told_by(some: Family) -> Detect:
        def detect(given: DetectionContext) -> Sequence[Event]:
            values = tuple(sorted(given.values.items()))
            return given.once((some, values), lambda: some(given)).get(name, ())

        return detect

    entry(
        name,
        title=title or name.replace("_", " ").capitalize(),
        category=category,
        aliases=aliases,
        outputs=(),
        params=params,
        warmup=lambda p: WARMUP,
        history="path",
        source=source,
        notes=notes,
        detect=told_by(family),
        forming=told_by(forming) if forming else None,
        cost_us=cost_us,
    )(_no_column_of_volume if needs_volume else _no_column)


def _no_column(high: Floats, low: Floats, close: Floats, /, **values: Value) -> Columns:
    """Return no column: what a detector finds are events."""
    return ()


def _no_column_of_volume(high: Floats, low: Floats, close: Floats, volume: Floats, /, **values: Value) -> Columns:
    """Return no column: what a detector finds are events."""
    return ()
