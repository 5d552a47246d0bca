"""Backups of PostgreSQL: pg_dump's custom format, one schema a file."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import make_url, text

from db.backup.contents import NO_CHANGE, Contents, Damaged
from db.engine import database_url, engine_for, schema_of
from db.errors import Unavailable
from db.migrations import VERSION_TABLE, State, is_ours, state

SUFFIX = ".dump"
ASIDE = "before_restore"
READ = {VERSION_TABLE, "journal_head", "change"}


def _command(program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    found = shutil.which(program)
    if found is None:
        raise Unavailable("{program} is not installed: install PostgreSQL's client programs.", program=program)
    url = make_url(database_url())
    password = {"PGPASSWORD": url.password} if url.password else {}
    return [found, *arguments], {**os.environ, **password}


def _address() -> str:
    """Without the password: other accounts can read a program's arguments."""
    url = make_url(database_url())
    return url.set(drivername="postgresql", password=None).render_as_string()


def _run(program: str, *arguments: str) -> None:
    command, environment = _command(program, *arguments)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  fixed program, no shell
    if done.returncode:
        raise Unavailable("{program} failed: {reason}", program=program, reason=(done.stderr.strip().splitlines() or ["?"])[0])


def save(workspace: str, path: Path) -> None:
    _run("pg_dump", "--format=custom", f"--schema={schema_of(workspace)}", "--no-owner", "--no-privileges", f"--file={path}", f"--dbname={_address()}")


def read(path: Path) -> Contents:
    """Read the whole file as the SQL it holds; no server is needed."""
    command, environment = _command("pg_restore", "--data-only", "--file=-", str(path))
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8") as reader:  # noqa: S603
        assert reader.stdout is not None
        rows, kept = _tables(reader.stdout)
    if reader.returncode or VERSION_TABLE not in rows:
        raise Damaged("This file is no backup of Regulars.")
    last = max((_pair(row, "id", "digest") for row in kept["change"]), default=NO_CHANGE)
    head = next((_pair(row, "change_id", "digest") for row in kept["journal_head"]), NO_CHANGE)
    return Contents(next((row["version_num"] for row in kept[VERSION_TABLE]), None), rows, head, last)


def _tables(lines: Iterable[str]) -> tuple[dict[str, int], dict[str, list[dict[str, str]]]]:
    """The number of rows of each table; of the few that are read, the last rows themselves."""
    rows: dict[str, int] = {}
    kept: dict[str, list[dict[str, str]]] = {name: [] for name in READ}
    name, columns = "", list[str]()
    for line in lines:
        if line.startswith("COPY "):
            name, columns = _heading(line)
            rows[name] = 0
        elif name and line == "\\.\n":
            name = ""
        elif name:
            rows[name] += 1
            if name in READ:
                kept[name] = [*kept[name][-1:], dict(zip(columns, line.rstrip("\n").split("\t"), strict=False))]
                kept[name].sort(key=lambda row: int(row.get("id", 0)))
    return {name: count for name, count in rows.items() if is_ours(name)}, kept


def _heading(line: str) -> tuple[str, list[str]]:
    table, columns = line.removeprefix("COPY ").split(" (", 1)
    return table.split(".")[-1].strip('"'), [column.strip('" ') for column in columns.split(")")[0].split(",")]


def _pair(row: dict[str, str], number: str, digest: str) -> tuple[int, str]:
    return int(row[number]), row[digest]


def put_back(workspace: str, path: Path) -> None:
    """Restore into an empty schema; the present one steps aside until that has worked."""
    schema = schema_of(workspace)
    _execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE", f'ALTER SCHEMA "{schema}" RENAME TO {ASIDE}', f'CREATE SCHEMA "{schema}"')
    try:
        into = f"--dbname={_address()}", f"--schema={schema}"
        _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", *into, str(path))
    except BaseException:
        _execute(f'DROP SCHEMA "{schema}" CASCADE', f'ALTER SCHEMA {ASIDE} RENAME TO "{schema}"')
        raise
    _execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _execute(*statements: str) -> None:
    with engine_for().begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def is_empty(workspace: str) -> bool:
    return state(workspace) == State.EMPTY


def move_aside(workspace: str, path: Path) -> None:
    """A database whose journal is broken is kept all the same, unproved."""
    save(workspace, path)
