"""Print how fast the engine is beside its peers, in one run: 20 indicators over 500 symbols of 2,500 bars.

The peers live in a virtual environment of their own, var/bench-venv, which is built when it is missing (pandas-ta asks
for Python 3.12, so it has that where there is one). Slow ones run on fewer symbols; every figure is microseconds a
symbol. Nothing is asserted but with --strict.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis import Bars, Plan, run
from analysis.catalog import catalog

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / "var" / "bench-venv"
PEERS = ("pandas-ta-classic", "TA-Lib", "pandas", "numpy")
NEWER_PEER = "pandas-ta"  # not for every Python
LATER_NS = 4_102_444_800_000_000_000
DAY_NS = 86_400_000_000_000
OURS, WHOLE = "ours", "everything"
GOALS = {
    "pandas-ta-classic": 100.0,
    "pandas-ta-classic with TA-Lib": 15.0,
    "pandas-ta": 150.0,
    "a plain TA-Lib loop": 1.0,
}
BATTERY = (
    "sma(20)",
    "ema(20)",
    "wma(20)",
    "rsi(14)",
    "macd",
    "bollinger_bands(20)",
    "atr(14)",
    "natr(14)",
    "adx(14)",
    "cci(20)",
    "stochastic(14, 3, 3)",
    "williams_r(14)",
    "roc(9)",
    "m = momentum(10)",
    "obv",
    "accumulation_distribution",
    "mfi(14)",
    "aroon(14)",
    "donchian(20)",
    "ultimate_oscillator",
)
PEER_PROGRAM = """
import importlib, json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
module, talib, path, count = sys.argv[1], sys.argv[2] == "talib", sys.argv[3], int(sys.argv[4])
ta = importlib.import_module(module)
data = dict(np.load(path))
index = pd.date_range("2010-01-01", periods=data["close"].shape[1])
names = ("open", "high", "low", "close", "volume")
frames = [pd.DataFrame({n: data[n][i] for n in names}, index=index) for i in range(count)]
def battery(f):
    h, l, c, v = f["high"], f["low"], f["close"], f["volume"]
    t = {"talib": talib}
    return [ta.sma(c, 20, **t), ta.ema(c, 20, **t), ta.wma(c, 20, **t), ta.rsi(c, 14, **t), ta.macd(c, **t),
            ta.bbands(c, 20, 2, **t), ta.atr(h, l, c, 14, **t), ta.natr(h, l, c, 14, **t), ta.adx(h, l, c, 14, **t),
            ta.cci(h, l, c, 20, **t), ta.stoch(h, l, c, 14, 3, 3, **t), ta.willr(h, l, c, 14, **t), ta.roc(c, 9, **t),
            ta.mom(c, 10, **t), ta.obv(c, v, **t), ta.ad(h, l, c, v, **t), ta.mfi(h, l, c, v, 14, **t),
            ta.aroon(h, l, 14, **t), ta.donchian(h, l, 20, 20), ta.uo(h, l, c, **t)]
battery(frames[0])
began = time.perf_counter()
for frame in frames:
    battery(frame)
print(json.dumps((time.perf_counter() - began) / count * 1e6))
"""


# TA-Lib as a script would call it, one function after another, in a process of its own: importing ours also changes
# what memory costs.
PLAIN_PROGRAM = """
import json, sys, time
import numpy as np, talib as ta
data, count = dict(np.load(sys.argv[3])), int(sys.argv[4])
names = ("high", "low", "close", "volume")
series = [[np.ascontiguousarray(data[name][i]) for name in names] for i in range(count)]
def battery(h, l, c, v):
    return [ta.SMA(c, 20), ta.EMA(c, 20), ta.WMA(c, 20), ta.RSI(c, 14), ta.MACD(c, 12, 26, 9),
            ta.BBANDS(c, 20, 2.0, 2.0), ta.ATR(h, l, c, 14), ta.NATR(h, l, c, 14), ta.ADX(h, l, c, 14),
            ta.CCI(h, l, c, 20), ta.STOCH(h, l, c, 14, 3, 0, 3, 0), ta.WILLR(h, l, c, 14), ta.ROC(c, 9), ta.MOM(c, 10),
            ta.OBV(c, v), ta.AD(h, l, c, v), ta.MFI(h, l, c, v, 14), ta.AROON(h, l, 14),
            (ta.MAX(h, 20), ta.MIN(l, 20)), ta.ULTOSC(h, l, c)]
battery(*series[0])
began = time.perf_counter()
for columns in series:
    battery(*columns)
print(json.dumps((time.perf_counter() - began) / count * 1e6))
"""


def walks(symbols: int, bars: int) -> list[Bars]:
    """Return seeded random walks of daily bars."""
    made = []
    for seed in range(symbols):
        rng = np.random.default_rng(seed)
        close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, bars)))
        open_ = np.concatenate(([100.0], close[:-1]))
        high = np.maximum(open_, close) * (1 + np.abs(rng.normal(0, 0.004, bars)))
        low = np.minimum(open_, close) * (1 - np.abs(rng.normal(0, 0.004, bars)))
        volume = rng.integers(1_000, 9_000, bars).astype(np.float64)
        time_ns = DAY_NS * np.arange(bars, dtype=np.int64)
        made.append(Bars(time=time_ns, open=open_, high=high, low=low, close=close, volume=volume, timeframe="1d"))
    return made


def per_symbol_us(work: Callable[[Bars], object], series: list[Bars], rounds: int = 3) -> float:
    """Return the best of some rounds, in microseconds a symbol."""
    work(series[0])
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        for bars in series:
            work(bars)
        best = min(best, time.perf_counter() - began)
    return best / len(series) * 1e6


def peer_python() -> Path | None:
    """Return the peers' interpreter, their environment built if it is missing; None where it cannot be."""
    python = VENV / "bin" / "python"
    if python.exists():
        return python
    uv = str(Path(sys.executable).with_name("uv"))
    print(f"building {VENV.relative_to(ROOT)} …", file=sys.stderr)
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.12*/bin/python3.12"))
    made = any(
        subprocess.run([uv, "venv", "--quiet", "--python", str(version), str(VENV)], check=False).returncode == 0
        for version in (*pyenv, "3.12", sys.executable)
    )
    install = [uv, "pip", "install", "--quiet", "--prerelease", "allow", "--python", str(python)]
    if not made or subprocess.run([*install, *PEERS], check=False).returncode != 0:
        return None
    subprocess.run([*install, NEWER_PEER], check=False)
    return python


def peer_us(python: Path, program: str, module: str, talib: bool, data: Path, symbols: int) -> float | None:
    """Return a peer's microseconds a symbol, or None where it does not run here."""
    arguments = [str(python), "-c", program, module, "talib" if talib else "plain", str(data), str(symbols)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=data.parent)
    if done.returncode != 0:
        print(f"{module} did not run: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return float(json.loads(done.stdout.splitlines()[-1]))


def names() -> list[str]:
    """Return every indicator and candlestick; other patterns have a benchmark of their own."""
    return [one.name for one in catalog() if one.kind == "indicator" or one.category == "candlesticks"]


def rounds_of(asked: argparse.Namespace, series: list[Bars]) -> dict[str, float]:
    """Return each one's best of some rounds; in every round all take their turn, so that a busy moment strikes all."""
    battery, everything = Plan.parse(list(BATTERY)), Plan.parse(names())
    short = [one.slice(0, 500) for one in series[:40]]
    python = peer_python()
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "bars.npz"
        columns = ("open", "high", "low", "close", "volume")
        np.savez(data, **{name: np.stack([getattr(bars, name) for bars in series]) for name in columns})
        peers = [
            ("pandas-ta-classic", python, PEER_PROGRAM, "pandas_ta_classic", False, asked.peer_symbols),
            ("pandas-ta-classic with TA-Lib", python, PEER_PROGRAM, "pandas_ta_classic", True, asked.peer_symbols),
            ("pandas-ta", python, PEER_PROGRAM, "pandas_ta", False, asked.peer_symbols),
            ("a plain TA-Lib loop", Path(sys.executable), PLAIN_PROGRAM, "talib", True, asked.symbols),
        ]
        for _ in range(asked.rounds):
            got: dict[str, float | None] = {
                OURS: per_symbol_us(lambda bars: run(battery, bars, now_ns=LATER_NS), series, rounds=1),
                WHOLE: per_symbol_us(lambda bars: run(everything, bars, now_ns=LATER_NS), short, rounds=5),
            }
            for name, interpreter, program, module, talib, symbols in peers:
                got[name] = None if interpreter is None else peer_us(interpreter, program, module, talib, data, symbols)
            best |= {name: min(spent, best.get(name, spent)) for name, spent in got.items() if spent is not None}
            peers = [peer for peer in peers if peer[0] in best]
    return best


def main() -> int:
    """Measure, print the ratios, and with --strict say by the exit code whether every goal is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--symbols", type=int, default=500)
    parser.add_argument("--peer-symbols", type=int, default=10, help="symbols that the slow peers are measured on")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--strict", action="store_true", help="fail unless every goal is met")
    asked = parser.parse_args()
    best = rounds_of(asked, walks(asked.symbols, 2_500))
    ours = best[OURS]
    print(f"{'20 indicators, 2,500 bars':<34}{ours:>12.0f} µs a symbol ({asked.symbols} symbols)")
    met = True
    for name, goal in GOALS.items():
        if name in best:
            ratio = best[name] / ours
            met &= ratio >= goal
            print(f"{name:<34}{best[name]:>12.0f} µs  {ratio:>7.1f} times ours (goal {goal:g})")
        else:
            print(f"{name:<34}{'not measured':>12}")
            met = False
    met &= best[WHOLE] <= 3_500
    print(f"all {len(names())} indicators and candlesticks on 500 bars: {best[WHOLE] / 1e3:.2f} ms (goal 3.5)")
    return 0 if met or not asked.strict else 1


if __name__ == "__main__":
    sys.exit(main())
