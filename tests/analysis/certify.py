"""`python -m tests.analysis.certify` checks entries without a certificate and writes analysis/certificates.json.

A stale certificate, of another source or engine, is none; `--all` checks every entry again. Real series of the folder
beside the repository are used where there is one.
"""

import json
import sys
from pathlib import Path
from typing import Any

from analysis import registry
from analysis.bars import Bars
from analysis.certificates import FILE, certificates, source_hash
from analysis.engine import VERSION
from analysis.spec import Entry
from tests.analysis import checks, real, series

SHARED = Path(__file__).resolve().parents[3] / "shared"


def certificate(entry: Entry) -> dict[str, Any]:
    """Return the certificate of an entry; AssertionError if a value changes when later bars arrive."""
    values, bars_checked, prefixes = entry.defaults(), 0, 0
    lead = entry.warmup(values)
    used = _series(lead)
    for place, (_, bars) in enumerate(used):
        cuts = checks.cuts(lead, len(bars), place, 8, 16)
        if entry.kind == "pattern":
            checks.events_point_in_time(entry, bars, cuts)
        else:
            checks.point_in_time(entry, bars, values, cuts)
        bars_checked += len(bars)
        prefixes += len(cuts)
    return {
        "point_in_time": True,
        "series": [name for name, _ in used],
        "bars": bars_checked,
        "prefixes": prefixes,
        "engine": VERSION,
        "source": source_hash(entry),
    }


def _series(lead: int) -> list[tuple[str, Bars]]:
    used = [
        ("random walk", series.walk(lead + 300)),
        ("random walk with gaps and still stretches", series.rough(lead + 300)),
        ("random walk in hours and sessions", series.intraday(lead + 300)),
        *((symbol, series.demo(symbol, lead + 600)) for symbol in ("AAPL", "IBM", "SPX")),
    ]
    if (SHARED / "data").is_dir():
        names = ("SPY daily", "EURUSD daily", "a coin in bitcoin, 5 minutes", "AAPL hourly")
        used += zip(names, real.series(SHARED, lead + 500), strict=True)
    return used


def main() -> None:
    """Write the certificates and say what was checked."""
    known = {} if "--all" in sys.argv else certificates()
    written, failed = {}, []
    for name, entry in sorted(registry.ENTRIES.items()):
        old = known.get(name)
        if old is not None and old["source"] == source_hash(entry) and old["engine"] == VERSION:
            written[name] = old
            continue
        try:
            written[name] = certificate(entry)
        except AssertionError as reason:
            failed.append(f"{name}: {reason}")
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in written.items())
    FILE.write_text(f"{{\n{lines}\n}}\n")
    print(f"{len(written)} of {len(registry.ENTRIES)} entries have a certificate")
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
