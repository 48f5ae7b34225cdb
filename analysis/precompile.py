"""Everything run once, so that no job waits for a loop to be compiled: python -m analysis.precompile."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock, Thread

import numpy as np

from analysis import Bars, Plan, run
from analysis.catalog.registry import ENTRIES
from analysis.outcomes import measured, stated

BARS = 400
DAY_NS = 86_400_000_000_000
MOST_PROCESSES = 4
STEP = 20  # entries, from one line to the next
# What one that compiles everything takes; numba keeps what it has made, as long as the process lives.
MEGABYTES = 700

MEMORY = Path("/proc/meminfo")

Tell = Callable[[int, int], None]


def _nobody(done: int, total: int) -> None:
    """Tell nobody."""


def precompile(tell: Tell = _nobody) -> None:
    """Compile every loop, or read what was compiled before: minutes at the first call, a blink at later ones.

    `tell` is called after each category of the catalogue with how many entries are done, and how many there are.
    """
    bars = _walk_of_prices()
    done = 0
    for category, count in Counter(one.category for one in ENTRIES.values()).items():
        run(Plan.parse([{"group": category}]), bars, benchmark=bars)
        done += count
        tell(done, len(ENTRIES))
    nested = [_nested(name) for name, one in ENTRIES.items() if one.takes_source]
    events = run(Plan.parse(["all", *nested]), bars, benchmark=bars).events
    measured(stated(events, bars), bars)


def precompile_together(processes: int, tell: Tell = _nobody) -> None:
    """Do the same in this process and others beside it, the first time in a share of the time.

    Each begins elsewhere in the catalogue and goes on to what the others began with, from its end; what one of them has
    compiled the others read (`compile_turns`). So it is whole even if the others die.
    """
    command = (sys.executable, "-m", "analysis.precompile")
    done: set[str] = set()
    told, lock = [0], Lock()

    def note(names: Iterable[str]) -> None:
        for name in names:
            with lock:
                done.add(name.strip())
                if told[0] + STEP <= len(done) < len(ENTRIES):
                    told[0] = len(done)
                    tell(told[0], len(ENTRIES))

    with ExitStack() as stack:
        for part in range(1, processes):
            other = subprocess.Popen([*command, f"{part}/{processes}"], stdout=subprocess.PIPE, text=True)  # noqa: S603
            reading = Thread(target=note, args=(stack.enter_context(other).stdout or (),))
            reading.start()
            stack.callback(reading.join)
            stack.callback(other.terminate)  # when nothing is left to be compiled
        note(_one_by_one(0, processes))
    precompile()
    tell(len(ENTRIES), len(ENTRIES))


def _one_by_one(part: int, parts: int) -> Iterator[str]:
    """Run every entry, those of a part of the catalogue first and the others' parts backwards, and yield its name."""
    names, bars = list(ENTRIES), _walk_of_prices()
    cuts = [len(names) * one // parts for one in range(parts + 1)]
    own, *others = [names[cuts[at % parts] : cuts[at % parts + 1]] for at in range(part, part + parts)]
    for name in [*own, *(name for other in others for name in reversed(other))]:
        analyses: list[str | dict[str, str]] = [name, *([_nested(name)] if ENTRIES[name].takes_source else [])]
        run(Plan.parse(analyses), bars, benchmark=bars)
        yield name


def _nested(name: str) -> dict[str, str]:
    """Return the entry of another's values: those of the bars are read only, to a compiler another type."""
    return {"name": name, "source": "ema(close, 3)"}


def _walk_of_prices() -> Bars:
    rng = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, BARS)))
    open_ = np.concatenate(([100.0], close[:-1]))
    high, low = np.maximum(open_, close) * 1.002, np.minimum(open_, close) * 0.998
    volume = rng.integers(1, 9, BARS).astype(np.float64)
    time = DAY_NS * np.arange(BARS, dtype=np.int64)
    return Bars(time=time, open=open_, high=high, low=low, close=close, volume=volume, timeframe="1d")


def _processes() -> int:
    """Return how many this machine has cores and memory for."""
    cores = len(os.sched_getaffinity(0))
    free = next(
        int(line.split()[1]) >> 10 for line in MEMORY.read_text().splitlines() if line.startswith("MemAvailable:")
    )
    return max(1, min(MOST_PROCESSES, cores, free // MEGABYTES))


def main(arguments: list[str]) -> None:
    """Compile with as many processes as the machine has room for, or be one of those."""
    if arguments:
        part, parts = map(int, arguments[0].split("/"))
        with suppress(KeyboardInterrupt, BrokenPipeError):  # who has begun this is gone, or says so
            for name in _one_by_one(part, parts):
                print(name, flush=True)  # noqa: T201 (read by who has begun this)
    else:
        precompile_together(_processes(), lambda done, total: print(f"compiled: {done} of {total}", flush=True))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
