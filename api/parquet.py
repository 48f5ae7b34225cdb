"""Results as Parquet: the same tables as in CSV, where pyarrow is installed (requirements/parquet.txt)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import IO, Any

import numpy as np

from analysis.arrays import Floats
from api.event_tables import EventTable
from api.result_lines import in_sets
from api.tables import BLOCK_ROWS, headings, row_blocks

# Small results of many symbols share a row group; of many columns it has fewer rows, for it is in memory until written.
GROUP_ROWS = 1 << 16
GROUP_VALUES = 1 << 20


def is_installed() -> bool:
    """Tell whether this environment can write Parquet."""
    return find_spec("pyarrow") is not None


def write_columns(file: IO[bytes], answers: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> Iterator[None]:
    """Write a row for each bar: symbol, time, and every column, null where a value is unknown."""
    import pyarrow as pa

    kinds = [pa.string(), _moment(pa), *[pa.float64()] * len(keys)]
    schema = pa.schema(list(zip(headings(keys), kinds, strict=True)))

    def tables() -> Iterator[Any]:
        for answer in answers:
            for some in row_blocks(len(answer["time"]), len(keys)) if "columns" in answer else ():
                time = answer["time"][some]
                symbols = pa.repeat(pa.scalar(answer["symbol"], pa.string()), len(time))
                times = pa.array(time.astype("datetime64[ms]"), _moment(pa))
                columns = [_known(pa, answer["columns"][key][some]) for key in keys]
                yield pa.table([symbols, times, *columns], schema=schema)

    return _written(file, schema, tables())


def write_events(file: IO[bytes], answers: Iterable[Mapping[str, Any]], table: EventTable) -> Iterator[None]:
    """Write a row for each that the table has of an answer's events, null where there is nothing."""
    import pyarrow as pa

    kinds = {"text": pa.string(), "time": _moment(pa), "count": pa.int64(), "number": pa.float64()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in table.kinds.items()])

    def tables() -> Iterator[Any]:
        for answer in answers:
            for rows in in_sets(table.rows(answer), BLOCK_ROWS):
                columns = zip(*rows, strict=True)
                yield pa.table(
                    [pa.array(values, column.type) for values, column in zip(columns, schema, strict=True)],
                    schema=schema,
                )

    return _written(file, schema, tables())


def _known(pa: Any, column: Floats) -> Any:
    """Return a column with null wherever JSON has it."""
    return pa.array(column, pa.float64(), mask=~np.isfinite(column))


def _moment(pa: Any) -> Any:
    return pa.timestamp("ms", tz="UTC")


def _written(file: IO[bytes], schema: Any, tables: Iterator[Any]) -> Iterator[None]:
    """Write the tables in groups of GROUP_ROWS rows or GROUP_VALUES values and more."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        waiting: list[Any] = []
        rows = 0
        for table in tables:
            waiting.append(table)
            rows += len(table)
            if rows >= GROUP_ROWS or rows * len(schema) >= GROUP_VALUES:
                writer.write_table(pa.concat_tables(waiting))
                waiting, rows = [], 0
            yield
        if waiting:
            writer.write_table(pa.concat_tables(waiting))
    yield
