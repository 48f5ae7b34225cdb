"""Real series of several kinds from the folder beside the repository: shares, currencies, coins, hours and minutes."""

from functools import cache
from pathlib import Path

import pandas as pd

from analysis import Bars

CHOSEN = (
    ("us_etf_daily_2005_2017.parquet", "spy"),
    ("fx_daily_2007_2018.csv.gz", "EURUSD"),
    ("crypto_5m_btcquoted_2018.parquet", None),
    ("us_hourly_raw_1998_2018.parquet", "AAPL"),
)


@cache
def _frame(path: Path, symbol: str | None) -> pd.DataFrame:
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, parse_dates=["timestamp"])
    names = frame["symbol"].astype(str)
    found = [name for name in names.unique() if symbol is not None and name.lower() == symbol.lower()]
    return frame[names == (found[0] if found else names.iloc[0])]


@cache
def one(path: Path, symbol: str | None, count: int) -> Bars:
    """Return the last bars of one series of a file; its first, if the symbol is not there."""
    rows = _frame(path, symbol).tail(count)
    columns = {name: rows[name].to_numpy("float64") for name in ("open", "high", "low", "close")}
    time = rows["timestamp"].dt.tz_localize(None).astype("datetime64[ns]").astype("int64").to_numpy()
    volume = None if rows["volume"].isna().all() else rows["volume"].to_numpy("float64")
    return Bars(time=time, **columns, volume=volume, timeframe=str(rows["timeframe"].iloc[0]))


def series(data: Path, count: int) -> list[Bars]:
    """Return the last bars of one series of each kind."""
    return [one(data / name, symbol, count) for name, symbol in CHOSEN]
