"""The data sets on their way through the real importer."""

from __future__ import annotations

import os

from sqlalchemy import select

from db import defaults, engine, migrations
from db.engine import transaction
from db.models import Organisation
from db.policy import SYSTEM
from db.transfer import importer
from db.transfer.reader import read
from tests.real.sets import SETS


def prepare() -> None:
    """An organisation and the first drop-down values, where there are none."""
    with transaction(SYSTEM, "setup") as session:
        if session.scalars(select(Organisation).limit(1)).first() is None:
            session.add(Organisation(name="Real data", time_zone="Europe/Rome"))
        defaults.add_options(session)


def load(name: str) -> list[str]:
    """Import the files of a set; returns a line about each. Raises RuntimeError where a row is refused or a heading is unknown."""
    said = []
    for noun, file_name, content in SETS[name]():
        table = read(file_name, content)
        matching = importer.match(SYSTEM, noun, table)
        result = importer.run(SYSTEM, noun, table, matching.suggested, file_name)
        if result.refused or matching.unknown:
            problems = importer.dry_run(SYSTEM, noun, table, matching.suggested).problems[:3]
            raise RuntimeError(f"{file_name}: {result.refused} rows refused {problems}, unknown {matching.unknown}")
        said.append(f"{file_name}: {result.created} records, change {result.change_id}")
    return said


def load_into(url: str, names: list[str]) -> list[str]:
    os.environ["REGULARS_DATABASE_URL"] = url
    migrations.upgrade()
    prepare()
    said = [line for name in names for line in load(name)]
    engine.dispose_all()
    return said
