"""Processes whose clock is wrong, by libfaketime."""

from pathlib import Path

from gravity.local.process_spec import ProcessSpec

LIBRARIES = ("usr/lib/*/faketime/libfaketimeMT.so.1", "usr/lib/faketime/libfaketimeMT.so.1")
# With true timers, libfaketime 0.9.10 refuses the sleep until a moment that Python makes, and no other wait.
SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select((), (), (), seconds) and None\n"


def library() -> Path | None:
    """Return libfaketime's library for programs with threads, None where it is not installed."""
    return next((path for pattern in LIBRARIES for path in Path("/").glob(pattern)), None)


def skewed(part: ProcessSpec, seconds: int, folder: Path) -> ProcessSpec:
    """Return the part with a clock that is these seconds ahead; timers go on as they are.

    What Python reads at its start is put into the folder.
    """
    site = folder / "skewed"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(SLEEP)
    env = {"LD_PRELOAD": str(library()), "FAKETIME": f"{seconds:+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return ProcessSpec(part.name, part.command, {**part.env, **env, "PYTHONPATH": str(site)}, part.store, part.user)
