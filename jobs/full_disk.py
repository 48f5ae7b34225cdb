"""Tell a full disk from everything else that can go wrong: it is nobody's fault in the request, and passes."""

import errno
import sqlite3

ERRNOS = (errno.ENOSPC, errno.EDQUOT)
# PostgreSQL's disk_full, as psycopg's DiskFull carries it.
SQLSTATE = "53100"
# The file itself, its log, and the shared memory beside it, each of which grows by a write.
SQLITE_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)


def is_full_disk(error: BaseException | None) -> bool:
    """Tell whether an error, or what it came of, is that a disk has no room: the database's or this machine's."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in ERRNOS:
            return True
        if getattr(error, "sqlstate", None) == SQLSTATE or getattr(error, "sqlite_errorcode", None) in SQLITE_CODES:
            return True
        error = error.__cause__
    return False
