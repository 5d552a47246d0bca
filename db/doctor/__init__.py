"""A look at the installation: what is good, what deserves notice, what does not work."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError

from db import backup, mail, migrations, startup
from db.doctor import answering, clocks, secrets, settings
from db.doctor.finding import Finding
from db.engine import ROOT, database_url, sqlite_driver, sqlite_path
from db.errors import CrmError
from db.language import t
from db.migrations import State

LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
ROOM = 1024 * 1024 * 1024


def examine(workspace: str = "default") -> list[Finding]:
    """All findings, in the order in which they matter; without a database nothing is asked of it."""
    place = _looked(_database, workspace)
    ground = [*_looked(_program, workspace), *_looked(settings.look, workspace), *place]
    looks = (_reach,) if any(finding.level == "bad" for finding in place) else (
        _schema, _files, secrets.look, _disk, _backups, _mail, _reach, answering.look, clocks.look,
    )
    return ground + [finding for look in looks for finding in _looked(look, workspace)]


def _looked(look: Callable[[str], Iterator[Finding]], workspace: str) -> list[Finding]:
    try:
        return list(look(workspace))
    except (CrmError, OSError, DatabaseError) as error:
        return [Finding("bad", str(error))]


def _program(_workspace: str) -> Iterator[Finding]:
    yield Finding("good", t("Python {version} on {system}.", version=platform.python_version(), system=platform.platform(terse=True)))


def _database(workspace: str) -> Iterator[Finding]:
    if startup.database_kind(database_url()) == "postgresql":
        startup.check_server(database_url())
        yield Finding("good", t("PostgreSQL answers at {address}.", address=make_url(database_url()).render_as_string()))
        return
    driver, path = sqlite_driver(), sqlite_path(database_url(), workspace)
    startup.check_folder(path)
    yield Finding("good", t("The database is the file {file}.", file=path))
    if driver.sqlite_version_info < startup.SOUND_SQLITE:
        yield Finding("notice", startup.old_sqlite(driver.sqlite_version))
    else:
        yield Finding("good", t("SQLite {version}.", version=driver.sqlite_version))


def _schema(workspace: str) -> Iterator[Finding]:
    state = migrations.state(workspace)
    words = {
        State.EMPTY: ("notice", t("The database is empty: the first start fills it.")), State.CURRENT: ("good", t("The tables are up to date.")),
        State.OLDER: ("notice", t("The tables are of an older version: the next start upgrades them after a backup.")),
        State.NEWER: ("bad", t("The database was written by a newer version of Regulars: update the program. Nothing was changed.")),
        State.FOREIGN: ("bad", t("The database holds tables of something else: choose another place with REGULARS_DATABASE_URL. Nothing was changed.")),
    }
    yield Finding(*words[state])


def _files(workspace: str) -> Iterator[Finding]:
    path = _local_path(workspace)
    if path is None or os.name != "posix":
        return
    open_to_others = [file for file in path.parent.glob(f"{path.name}*") if file.stat().st_mode & 0o077]
    if path.parent.stat().st_mode & 0o077 and path.parent != ROOT:
        yield Finding("notice", t("Other accounts of this computer can look into {folder}: chmod 700 closes it.", folder=path.parent))
    elif not open_to_others:
        yield Finding("good", t("Only this account can read the files."))
    for file in open_to_others:
        yield Finding("notice", t("Other accounts of this computer can read {file}: chmod 600 closes it.", file=file))


def _local_path(workspace: str) -> Path | None:
    return sqlite_path(database_url(), workspace) if startup.database_kind(database_url()) == "sqlite" else None


def _disk(workspace: str) -> Iterator[Finding]:
    path = _local_path(workspace)
    if path is not None:
        free = shutil.disk_usage(path.parent).free
        yield Finding("good" if free >= ROOM else "notice", t("{n} GB are free on the disk.", n=f"{free / ROOM:.1f}"))


def _backups(workspace: str) -> Iterator[Finding]:
    found = backup.backups(workspace)
    if not found:
        yield Finding("notice", t("There is no backup yet."))
        return
    age = datetime.now(UTC) - found[0].at
    hours = int(age.total_seconds() // 3600)
    level = "good" if age < backup.FRESH else "notice"
    yield Finding(level, t("The newest backup is {hours} hours old: {file}", hours=hours, file=found[0].path))


def _mail(_workspace: str) -> Iterator[Finding]:
    found = mail.server()
    if found is not None:
        yield Finding("good", t("Letters go out through {host}, port {port}.", host=found.host, port=found.port))


def _reach(_workspace: str) -> Iterator[Finding]:
    host, url = os.environ.get("REGULARS_HOST", ""), os.environ.get("REGULARS_PUBLIC_URL", "")
    if host in LOOPBACK and not url:
        yield Finding("good", t("Only this computer can open the app; REGULARS_HOST and REGULARS_PUBLIC_URL open it to colleagues."))
    elif not url:
        yield Finding("notice", t("The app listens on {host}, but REGULARS_PUBLIC_URL does not say under which address colleagues open it.", host=host))
    elif not url.startswith("https://"):
        yield Finding("notice", t("Colleagues open {url} without encryption: passwords can be read on the way. Put it behind https.", url=url))
    else:
        yield Finding("good", t("Colleagues open {url}.", url=url))
