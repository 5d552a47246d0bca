"""What a deletion leaves on the disk is taken away too."""

from __future__ import annotations

import logging
from contextlib import closing

from sqlalchemy import Engine, text

from db.base import Base
from db.dialect import SEARCH
from db.engine import engine_for

log = logging.getLogger("regulars")
TABLES = ", ".join(f'"{name}"' for name in (*Base.metadata.tables, SEARCH))
MERGE = f"INSERT INTO {SEARCH}({SEARCH}) VALUES('optimize')"


def settle(workspace: str = "default") -> None:
    """After the commit: free pages were overwritten already (`secure_delete`); merge the search index, empty the write-ahead log, or vacuum on PostgreSQL."""
    engine = engine_for(workspace)
    if engine.dialect.name == "sqlite":
        _empty_log(engine)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM {TABLES}"))


def _empty_log(engine: Engine) -> None:
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(MERGE)
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()
        if busy is None or busy[0]:
            log.warning("the write-ahead log could not be emptied while somebody reads; the next check-point empties it")
