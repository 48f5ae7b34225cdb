"""Load the data that ships with the project."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from market.demo_series import DEMO_DATA
from market.models import BarSeries, Universe
from market.services.import_file import import_file
from market.services.universes import put_universe


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Hold what the demo data are called, how many bars they have, and how many series had to be written."""

    universe: str
    symbols: list[str]
    bar_count: int
    written: int


def load_demo(*, now: datetime, folder: Path | None = None) -> DemoReport:
    """Return the report on the demo series and their universe, shared with every user.

    Runs as often as it likes: a series read from the same file already is left alone, so the second time
    costs two queries. The folder is demo_data/ of the project.
    """
    folder = folder or DEMO_DATA
    content = json.loads((folder / "series.json").read_text())
    entries, name = content["series"], content["universe"]
    symbols = [entry["symbol"] for entry in entries]
    stored = BarSeries.objects.filter(instrument__owner=None, instrument__symbol__in=symbols)
    loaded = {
        (symbol, timeframe): sha256
        for symbol, timeframe, sha256 in stored.values_list("instrument__symbol", "timeframe", "source_sha256")
    }
    universe = Universe.objects.filter(owner=None, name=name).first()
    changed = [entry for entry in entries if loaded.get((entry["symbol"], entry["timeframe"])) != entry["sha256"]]
    listed = universe is not None and universe.symbols == symbols
    report = DemoReport(name, symbols, sum(entry["bars"] for entry in entries), len(changed))
    if listed and not changed:
        return report
    with transaction.atomic():
        for entry in changed:
            import_file(
                owner=None,
                path=folder / entry["file"],
                now=now,
                **{key: entry[key] for key in ("symbol", "timeframe", "adjustment", "source", "name")},
            )
        if not listed:
            put_universe(owner=None, name=name, symbols=symbols, now=now)
    return report
