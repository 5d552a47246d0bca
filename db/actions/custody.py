"""Backup and restore for people: the same as the commands, with permission asked."""

from __future__ import annotations

from pathlib import Path

from db import backup
from db.errors import Gone
from db.policy import Actor, require


def take(actor: Actor) -> Path:
    require(actor, "create", "backup")
    return backup.backup(actor.workspace)


def kept(actor: Actor) -> list[backup.Backup]:
    require(actor, "read", "backup")
    return backup.backups(actor.workspace)


def put_back(actor: Actor, name: str) -> Path:
    """Restore one of the listed backups; returns where the present data was saved."""
    require(actor, "update", "backup")
    chosen = next((entry for entry in kept(actor) if entry.path.name == name), None)
    if chosen is None:
        raise Gone
    return backup.restore(chosen.path, actor.workspace)
