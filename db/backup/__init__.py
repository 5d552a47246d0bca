"""Backups: taken, proved, listed, thinned out, put back."""

from __future__ import annotations

import logging
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from db import erasure, journal, migrations
from db.backup import postgres_dump, seal, sqlite_file
from db.backup.contents import Contents, Damaged
from db.backup.rotation import Keep, kept
from db.engine import ROOT, database_url, dispose_all, reading, sqlite_path, transaction
from db.errors import Unavailable
from db.migrations import State
from db.models import JournalHead, OneTimeToken, UserSession
from db.policy import SYSTEM
from db.session import UNGUARDED

log = logging.getLogger("regulars")

NAME = re.compile(r"regulars-(?P<workspace>[a-z0-9_]+)-(?P<at>\d{8}T\d{6}Z)(?:-(?P<label>[a-z-]+))?\.(?:db|dump)")
FRESH = timedelta(days=2)
"""Older, and something is wrong: one is taken every day."""
DAMAGED = "damaged"
LABELLED_KEPT = 5
"""How many backups before an upgrade or a restore stay, newest first."""


@dataclass(frozen=True)
class Backup:
    path: Path
    workspace: str
    at: datetime
    label: str
    size: int

    @property
    def is_proved(self) -> bool:
        return self.label != DAMAGED


def folder() -> Path:
    """REGULARS_BACKUPS, or a folder beside the database file."""
    if os.environ.get("REGULARS_BACKUPS"):
        return Path(os.environ["REGULARS_BACKUPS"])
    url = database_url()
    return (sqlite_path(url).parent if url.startswith("sqlite") else ROOT / "data") / "backups"


def _way() -> ModuleType:
    return sqlite_file if database_url().startswith("sqlite") else postgres_dump


def backup(workspace: str = "default", into: Path | None = None, label: str = "") -> Path:
    """Write a backup, prove it by opening it, thin out the older ones; returns the file."""
    path, _ = _take(workspace, into or folder(), label)
    rotate(workspace, path.parent, None if label else wanted(workspace))
    return path


def wanted(workspace: str = "default") -> Keep | None:
    """How many backups the organisation wants to keep; None where it cannot be asked, as before an upgrade."""
    try:
        with reading(SYSTEM.inside(workspace)) as session:
            house = session.organisation
            return Keep(house.backups_daily, house.backups_weekly, house.backups_monthly)
    except DatabaseError:
        return None


def _take(workspace: str, target: Path, label: str) -> tuple[Path, Contents]:
    path = _free_path(target, workspace, label)
    try:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=target) as room:
            unfinished = Path(room) / path.name
            unfinished.touch(mode=0o600)
            _way().save(workspace, unfinished)
            contents: Contents = _way().read(unfinished)
            contents.require_sound()
            seal.write(unfinished).rename(seal.beside(path))
            unfinished.rename(path)
    except OSError as error:
        raise Unavailable("The backup cannot be written to {folder}: {reason}.", folder=target, reason=error.strerror) from error
    return path, contents


def _free_path(target: Path, workspace: str, label: str) -> Path:
    """Two backups within one second bear different seconds."""
    moment = datetime.now(UTC).replace(microsecond=0)
    newest = max((found.at for found in backups(workspace, target)), default=None)
    if newest and newest >= moment:
        moment = newest + timedelta(seconds=1)
    return target / f"regulars-{workspace}-{moment:%Y%m%dT%H%M%SZ}{f'-{label}' if label else ''}{_way().SUFFIX}"


def backups(workspace: str = "default", within: Path | None = None) -> list[Backup]:
    """The workspace's backups, the newest first."""
    found = ((path, NAME.fullmatch(path.name)) for path in (within or folder()).glob("regulars-*"))
    ours = [_described(path, match) for path, match in found if match and match["workspace"] == workspace]
    return sorted(ours, key=lambda entry: entry.at, reverse=True)


def _described(path: Path, match: re.Match[str]) -> Backup:
    at = datetime.strptime(match["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Backup(path, match["workspace"], at, match["label"] or "", path.stat().st_size)


def rotate(workspace: str, within: Path, keep: Keep | None = None) -> list[Path]:
    """Delete what neither a day, a week nor a month needs, and labelled ones beyond the newest few; returns what went."""
    found = backups(workspace, within)
    plain = [entry for entry in found if not entry.label]
    stay = kept((entry.at for entry in plain), keep) if keep else {entry.at for entry in plain}
    gone = [entry for entry in plain if entry.at not in stay] + [entry for entry in found if entry.label][LABELLED_KEPT:]
    for entry in gone:
        entry.path.unlink()
        seal.beside(entry.path).unlink(missing_ok=True)
    return [entry.path for entry in gone]


def verify(path: Path) -> Contents:
    """Open a backup and prove it: whole, ours, its journal complete; raises Unavailable otherwise."""
    if not path.is_file():
        raise Unavailable("There is no file {file}.", file=path)
    if path.suffix != _way().SUFFIX:
        raise Unavailable("This backup is of the other kind of database: {file}.", file=path)
    seal.check(path)
    contents: Contents = _way().read(path)
    contents.require_sound()
    return contents


def restore(path: Path, workspace: str = "default") -> Path:
    """Put a backup in the place of the present data, which is saved aside first; returns where.

    Everybody is signed out; whoever was erased since is erased again; what was cached of the data before is never taken for the data after.
    """
    contents = verify(path)
    if contents.state == State.NEWER:
        raise Unavailable("The backup was written by a newer version of Regulars: update the program. Nothing was changed.")
    if _way().is_empty(workspace):
        migrations.upgrade(workspace)
    erased = erasure.erased_since(workspace, contents.last_change)
    aside, last_change = _save_aside(workspace)
    dispose_all()
    _way().put_back(workspace, path)
    dispose_all()
    migrations.upgrade(workspace)
    _start_afresh(workspace, last_change, path.name)
    erasure.erase_again(workspace, erased)
    return aside


def _save_aside(workspace: str) -> tuple[Path, int]:
    try:
        aside, contents = _take(workspace, folder(), "before-restore")
        rotate(workspace, aside.parent)
        return aside, contents.head[0]
    except Damaged:
        log.warning("the present database cannot be copied", exc_info=True)
    dispose_all()
    aside = _free_path(folder(), workspace, DAMAGED)
    _way().move_aside(workspace, aside)
    return aside, 0


def _start_afresh(workspace: str, last_change: int, name: str) -> None:
    with transaction(SYSTEM.inside(workspace), "backup.restore") as session:
        journal.record_event(session, name)
        head = session.scalars(select(JournalHead), execution_options=UNGUARDED).first()
        if head is not None:
            head.change_id = max(head.change_id, last_change)
        for model in (UserSession, OneTimeToken):
            for row in session.scalars(select(model), execution_options=UNGUARDED):
                session.delete(row)
