"""Save on a disk whose Nth operation fails, for every `step`th N in turn; then once more on a disk that works."""

from __future__ import annotations

import errno
import json
import os
from itertools import product
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from db import engine, language
from db.engine import sqlite_path
from db.policy import Actor
from tests.torture import deeds
from tests.torture.faults import Disk

KINDS = list(product((errno.EIO, errno.ENOSPC), (1, 1000)))
"""Which error, and how many operations in a row meet it."""
MOST = 3
"""Saves per fault, at most: a disk that never fails ends the run."""


def save(url: str, actor: Actor, faults: int, step: int, afresh: int, told: Path) -> None:
    """Meet so many faults; what came of it is told as JSON. afresh: in every so many rounds the database is opened anew for each save."""
    os.environ["REGULARS_DATABASE_URL"] = url
    language.use("en")
    disk = Disk(sqlite_path(url))
    met, number, refused, troubles, round_, after = 0, 0, 0, list[str](), 0, 0
    while met < faults and number < MOST * faults:
        key, (error, length) = f"deed {number}", KINDS[round_ % len(KINDS)]
        if round_ % afresh == afresh - 1:
            engine.dispose_all()
        disk.arm(after, error, length)
        try:
            deeds.do(actor, key)
        except (OSError, SQLAlchemyError):
            refused += 1
        hit = disk.disarm()
        try:
            deeds.do(actor, key)
        except Exception as still:
            troubles.append(f"{errno.errorcode[error]} at operation {after}: then {type(still).__name__}: {still}")
        number, met = number + 1, met + bool(hit)
        after, round_ = (after + step, round_) if hit else (0, round_ + 1)
    told.write_text(json.dumps({"faults": met, "refused": refused, "deeds": number, "rounds": round_, "troubles": troubles}))
