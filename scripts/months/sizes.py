"""What the job tables and their indexes take of the disk, and what a job does."""

from datetime import datetime

from django.db import connection

from scripts.months import finished

_SIZES = """
SELECT c.relname, c.reltuples, pg_relation_size(c.oid), COALESCE(pg_total_relation_size(NULLIF(c.reltoastrelid, 0)), 0),
       pg_indexes_size(c.oid)
FROM pg_class c WHERE c.relkind = 'r' AND c.relname LIKE 'jobs\\_%%' ORDER BY pg_total_relation_size(c.oid) DESC
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_relation_size(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relname = %s ORDER BY 2 DESC
"""


def index_sizes(table: str) -> dict[str, int]:
    """Return the bytes of each index of a table."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [table])
        return dict(cursor.fetchall())


def show(jobs: int, now: datetime) -> None:
    """Fill the tables with jobs over stored series and print what they take."""
    finished.fill(jobs, now, inline=False, changed={})
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        tables = cursor.fetchall()
    whole = sum(sum(sizes) for _, _, *sizes in tables)
    print(f"\n(a) {jobs:,} jobs of one stored symbol and three indicators, all over: {whole / 1e9:.2f} GB")
    print(f"    {whole / jobs:,.0f} bytes a job; as many a day: {whole / 1e9:.2f} GB for each day that they are kept")
    for table, rows, heap, toast, indexes in tables:
        if heap:
            print(f"    {table:<34}{rows:>13,.0f} rows {heap + toast:>15,} B {(heap + toast) / jobs:>8,.0f} a job")
            print(f"    {'':<34}{'indexes':>18} {indexes:>15,} B {indexes / jobs:>8,.0f}")
            for name, size in index_sizes(table).items():
                print(f"      {name:<50} {size:>15,} B {size / jobs:>8,.0f}")
