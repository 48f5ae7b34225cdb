"""Print how fast the detectors are: all of them on 2,500 bars, ten times as many, and pyharmonics on the same bars.

pyharmonics lives in a virtual environment of its own, var/patterns-venv, built when it is missing; it is timed for its
search and for nothing else that it computes. Nothing is asserted but with --strict.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis import Bars, Plan, run
from scripts.bench_engine import LATER_NS, per_symbol_us, walks

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / "var" / "patterns-venv"
GROUPS = ("chart_patterns", "harmonic", "elliott", "divergence", "wyckoff", "support", "level_breakout", "bos", "fvg")
DETECTORS = "all detectors but candlesticks"
MOST_TIMES = 6  # what the candlesticks take
PROGRAM = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
from pyharmonics import OHLCTechnicals
from pyharmonics.search import HarmonicSearch
data = dict(np.load(sys.argv[1]))
count = int(sys.argv[2])
spent = found = 0
for i in range(count):
    index = pd.date_range("2010-01-01", periods=data["close"].shape[1])
    frame = pd.DataFrame({n: data[n][i] for n in ("open", "high", "low", "close", "volume")}, index=index)
    frame["close_time"], frame["dts"] = index.astype("int64") // 10**9, index
    technicals = OHLCTechnicals(frame, "X", "1d")
    began = time.perf_counter()
    search = HarmonicSearch(technicals)
    search.search()
    spent += time.perf_counter() - began
    found += len(search.get_patterns(family=search.XABCD))
print(json.dumps([spent / count * 1e6, found / count]))
"""


def main() -> int:
    """Measure, print, and with --strict say by the exit code whether every goal is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--symbols", type=int, default=40)
    parser.add_argument("--peer-symbols", type=int, default=2)
    parser.add_argument("--strict", action="store_true", help="fail unless every goal is met")
    asked = parser.parse_args()
    series = walks(asked.symbols, 2_500)
    met = True
    figures = {group: _us(group, series) for group in (*GROUPS, "candlesticks")}
    for group, spent in figures.items():
        print(f"{group:<34}{spent:>10.0f} µs on 2,500 bars")
    whole = _us_of(list(GROUPS), series)
    met &= whole <= 5_000
    print(f"{DETECTORS:<34}{whole:>10.0f} µs on 2,500 bars (goal 5,000)")
    every = _us("patterns", series)
    print(f"{'with all candlesticks':<34}{every:>10.0f} µs on 2,500 bars")
    times = every / figures["candlesticks"]
    met &= times <= MOST_TIMES
    print(f"{'beside the candlesticks alone':<34}{times:>10.1f} times the time (goal: at most {MOST_TIMES})")
    made = [_us_of([group], series, is_read=True) for group in ("patterns", "candlesticks")]
    print(f"{'the same, every event read':<34}{made[0] / made[1]:>10.1f} times the time, {made[0]:.0f} µs")
    longer = _us_of(list(GROUPS), walks(4, 25_000))
    met &= longer <= 12 * whole
    print(f"{'ten times the bars':<34}{longer / whole:>10.1f} times the time (goal: at most 12)")
    peer = _peer_us(series[: asked.peer_symbols])
    if peer is None:
        print(f"{'pyharmonics':<34}{'not measured':>10}")
        met = False
    else:
        met &= peer >= 1_000 * figures["harmonic"]
        ratio = peer / figures["harmonic"]
        print(f"{'pyharmonics, its search alone':<34}{peer:>10.0f} µs, {ratio:.0f} times ours (goal 1,000)")
    return 0 if met or not asked.strict else 1


def _us(group: str, series: list[Bars]) -> float:
    return _us_of([group], series)


def _us_of(texts: list[str], series: list[Bars], is_read: bool = False) -> float:
    """Return microseconds a symbol; events are made when they are read, candlesticks and shapes alike."""
    plan = Plan.parse(texts)

    def work(bars: Bars) -> object:
        events = run(plan, bars, now_ns=LATER_NS).events
        return list(events) if is_read else events

    return per_symbol_us(work, series)


def _peer_us(series: list[Bars]) -> float | None:
    """Return pyharmonics' microseconds a symbol, or None where it does not run here."""
    python = VENV / "bin" / "python"
    if not python.exists():
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], check=False)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), "pyharmonics"], check=False)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "bars.npz"
        names = ("open", "high", "low", "close", "volume")
        np.savez(data, **{name: np.stack([getattr(bars, name) for bars in series]) for name in names})
        program = [str(python), "-c", PROGRAM, str(data), str(len(series))]
        try:
            done = subprocess.run(program, capture_output=True, text=True, check=False, cwd=folder, timeout=600)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"pyharmonics did not run: {error}", file=sys.stderr)
            return None
    if done.returncode != 0:
        print(f"pyharmonics did not run: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return float(json.loads(done.stdout.splitlines()[-1])[0])


if __name__ == "__main__":
    sys.exit(main())
