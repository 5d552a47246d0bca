"""Backup and restore for people: the same as the commands, with permission asked; and the day's backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from db import backup
from db.engine import reading
from db.errors import Gone
from db.models import JobRun
from db.policy import Actor, require

JOB = "backup"


@dataclass(frozen=True)
class Standing:
    """last: the newest backup that was proved; problem: why the day's backup failed, if it did."""

    last: backup.Backup | None
    problem: str | None

    @property
    def is_old(self) -> bool:
        return self.last is None or datetime.now(UTC) - self.last.at > backup.FRESH


def take(actor: Actor) -> Path:
    require(actor, "create", "backup")
    return backup.backup(actor.workspace)


def take_daily(workspace: str, _day: str) -> None:
    backup.backup(workspace)


def kept(actor: Actor) -> list[backup.Backup]:
    require(actor, "read", "backup")
    return backup.backups(actor.workspace)


def standing(actor: Actor) -> Standing:
    """How things stand with the backups."""
    last = next((entry for entry in kept(actor) if entry.is_proved), None)
    with reading(actor) as session:
        run = session.scalars(select(JobRun).where(JobRun.job == JOB).order_by(JobRun.id.desc()).limit(1)).first()
    return Standing(last, run.problem if run else None)


def put_back(actor: Actor, name: str) -> Path:
    """Restore one of the listed backups; returns where the present data was saved."""
    require(actor, "update", "backup")
    chosen = next((entry for entry in kept(actor) if entry.path.name == name), None)
    if chosen is None:
        raise Gone
    return backup.restore(chosen.path, actor.workspace)
