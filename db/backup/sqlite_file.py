"""Backups of SQLite: a second database file, copied in one step while others go on working."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock

from db.backup.contents import NO_CHANGE, Contents, Damaged
from db.engine import database_url, sqlite_driver, sqlite_path
from db.errors import Unavailable
from db.migrations import is_ours

SUFFIX = ".db"
PARTS = ("", "-wal", "-shm")
driver = sqlite_driver()


@contextmanager
def _opened(path: Path, mode: str = "rw") -> Iterator[Any]:
    with closing(driver.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=30, isolation_level=None)) as connection:
        yield connection


def save(workspace: str, path: Path) -> None:
    """Copy the database as it stands at this moment."""
    try:
        with _opened(sqlite_path(database_url(), workspace)) as source, _opened(path, "rwc") as copy:
            source.execute("PRAGMA schema_version")  # a file that is no database is told apart from a full disk
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except driver.OperationalError as error:
        raise Unavailable("The database cannot be copied: {reason}.", reason=error) from error
    except driver.DatabaseError as error:
        raise Damaged("The database is damaged.") from error


def read(path: Path) -> Contents:
    """Open a backup and look whether it is whole."""
    try:
        with _opened(path, "ro") as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",) or connection.execute("PRAGMA foreign_key_check").fetchone():
                raise Damaged("The backup is damaged.")
            return _contents(connection)
    except driver.Error as error:
        raise Damaged("This file is no backup of Regulars.") from error


def _contents(connection: Any) -> Contents:
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") if is_ours(name)]
    rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  names come from the file's own catalogue
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    head = connection.execute("SELECT change_id, digest FROM journal_head").fetchone()
    last = connection.execute("SELECT id, digest FROM change ORDER BY id DESC LIMIT 1").fetchone()
    return Contents(revision[0] if revision else None, rows, head or NO_CHANGE, last or NO_CHANGE)


def is_empty(workspace: str) -> bool:
    path = sqlite_path(database_url(), workspace)
    return not path.exists() or path.stat().st_size == 0


def put_back(workspace: str, path: Path) -> None:
    """Write the backup's pages over the database in one transaction; other processes see it at once."""
    target = sqlite_path(database_url(), workspace)
    with FileLock(f"{target}.lock", timeout=30, mode=0o600), _opened(path, "ro") as source, _opened(target, "rwc") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        source.backup(connection)
    target.chmod(0o600)


def move_aside(workspace: str, path: Path) -> None:
    """A database that cannot be copied any more is kept as it is, under another name."""
    target = sqlite_path(database_url(), workspace)
    for part in PARTS:
        with suppress(FileNotFoundError):
            Path(f"{target}{part}").rename(f"{path}{part}")
