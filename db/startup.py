"""What happens before the first page: check the ground, bring the tables up to date, fill the lists. Whatever is wrong is said plainly."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError, IntegrityError

from db import backup, defaults, migrations
from db.engine import ROOT, database_url, dispose_all, sqlite_driver, sqlite_path, transaction
from db.errors import Unavailable
from db.language import t
from db.migrations import State
from db.policy import SYSTEM

log = logging.getLogger("regulars")

LEAST_FREE_BYTES = 50 * 1024 * 1024
OLDEST_SQLITE = (3, 35, 0)
SOUND_SQLITE = (3, 51, 3)
"""Before it, two connections that write and tidy up at the same moment could damage the file, very rarely."""

def prepare(workspace: str = "default") -> None:
    """Make the workspace's database ready to use; raises Unavailable with a sentence that says what to do."""
    check_ground(workspace)
    _move_forward(workspace)
    _fill_lists(workspace)


def check_ground(workspace: str = "default") -> None:
    """The place where the data lies can be reached and written."""
    kind = database_kind(database_url())
    if kind == "sqlite":
        _check_sqlite_version()
        check_folder(sqlite_path(database_url(), workspace))
    else:
        check_server(database_url())


def database_kind(url: str) -> str:
    """'sqlite' or 'postgresql'; anything else is refused."""
    scheme = url.split(":", 1)[0].split("+", 1)[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        raise Unavailable("REGULARS_DATABASE_URL must start with sqlite: or postgresql:, not with {scheme}:.", scheme=scheme[:20])
    return "sqlite" if scheme == "sqlite" else "postgresql"


def _check_sqlite_version() -> None:
    driver = sqlite_driver()
    version: tuple[int, ...] = driver.sqlite_version_info
    if version < OLDEST_SQLITE:
        raise Unavailable("SQLite {version} is too old: Regulars needs 3.35 or newer. Install a newer Python.", version=driver.sqlite_version)
    if version < SOUND_SQLITE:
        log.warning(old_sqlite(driver.sqlite_version))


def old_sqlite(version: str) -> str:
    return t("SQLite {version} has a rare fault that 3.51.3 mended. Keep backups, or update it.", version=version)


def check_folder(database: Path) -> None:
    """The folder exists, can be written, has room, and only its owner reads the files."""
    folder = database.parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder == ROOT / "data":
            folder.chmod(0o700)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
        for file in folder.glob(f"{database.name}*"):
            with suppress(PermissionError):
                file.chmod(0o600)
        os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(folder) from error
        raise Unavailable("Regulars cannot write to {folder}: give this account the right to write there, or choose another place with REGULARS_DATABASE_URL.",
                          folder=folder) from error
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        raise _disk_full(folder)


def _disk_full(folder: Path) -> Unavailable:
    return Unavailable("The disk that holds {folder} is full: free at least 50 MB, then start again.", folder=folder)


def check_server(url: str) -> None:
    """PostgreSQL answers and speaks Unicode."""
    target = make_url(url).set(drivername="postgresql")
    try:
        with psycopg.connect(target.render_as_string(hide_password=False), connect_timeout=5) as connection:
            encoding, version = connection.info.parameter_status("server_encoding"), connection.info.server_version
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0].split("failed: ")[-1].removeprefix("FATAL:").strip()
        raise Unavailable("PostgreSQL cannot be used at {address}: {reason}. Start it, or correct REGULARS_DATABASE_URL.",
                          address=target.set(query={}).render_as_string(), reason=reason) from error
    if encoding != "UTF8" or version < 130000:
        raise Unavailable("Regulars needs PostgreSQL 13 or newer and a database with the encoding UTF8.")


def _move_forward(workspace: str) -> None:
    try:
        state = migrations.state(workspace)
    except DatabaseError as error:
        raise Unavailable("The database cannot be read: it is damaged, or it is no database. Restore a backup: python -m db restore FILE") from error
    if state == State.NEWER:
        raise Unavailable("The database was written by a newer version of Regulars: update the program. Nothing was changed.")
    if state == State.FOREIGN:
        raise Unavailable("The database holds tables of something else: choose another place with REGULARS_DATABASE_URL. Nothing was changed.")
    if state == State.EMPTY:
        migrations.upgrade(workspace)
    if state == State.OLDER:
        _upgrade_after_backup(workspace)


def _upgrade_after_backup(workspace: str) -> None:
    saved = backup.backup(workspace, label="before-upgrade")
    try:
        migrations.upgrade(workspace)
    except Exception as error:
        log.exception("upgrade")
        raise Unavailable("The upgrade failed; the database is as it was. A backup lies in {file}.", file=saved) from error
    finally:
        dispose_all()


def _fill_lists(workspace: str) -> None:
    try:
        with transaction(SYSTEM.inside(workspace), "setup.options") as session:
            defaults.add_options(session)
    except IntegrityError:
        log.info("another process filled the lists at the same moment")


def check_port(host: str, port: int) -> None:
    """Raise when something else listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Unavailable("Port {port} is in use: stop the other program, or choose another port, for example REGULARS_PORT={other}.",
                                  port=port, other=port + 1) from error
            raise Unavailable("Regulars cannot listen on {host}, port {port}: {reason}.", host=host, port=port, reason=error.strerror) from error
