"""Engines and transactions. `transaction` is the only place that commits."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db import clock, derived, invariants, journal, once, reads  # noqa: F401  reads: it listens
from db.dialect import long_writer, notice_growth, tell_of_long_write
from db.errors import AlreadyDone, Conflict, Unavailable
from db.models import RequestKey, User
from db.policy import SYSTEM, Actor
from db.session import CrmSession
from db.standing import standing
from db.writer_queue import WriterQueue

ROOT = Path(__file__).resolve().parent.parent
_open: list[Engine] = []
CACHE, WIDE_CACHE = "cache_size=-32000", "cache_size=-224000"
"""What a connection of SQLite may keep in memory, in kB: usually, and while it writes at length into many indexes."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", CACHE, "temp_store=MEMORY")
PATIENCE = 30
"""Seconds that a connection to SQLite waits for a lock."""


def database_url() -> str:
    """REGULARS_DATABASE_URL, or a SQLite file in `data/`."""
    return os.environ.get("REGULARS_DATABASE_URL") or f"sqlite:///{ROOT / 'data' / 'regulars.db'}"


def engine_for(workspace: str = "default") -> Engine:
    """The engine of a workspace: its own file on SQLite, its own schema on PostgreSQL."""
    return _engine(database_url(), workspace)


@cache
def _engine(url: str, workspace: str) -> Engine:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", workspace):
        raise Unavailable("A workspace's name is made of lower-case letters, digits and _.")
    engine = _sqlite_engine(url, workspace) if url.startswith("sqlite") else _postgresql_engine(url, workspace)
    _open.append(engine)
    return engine


def schema_of(workspace: str) -> str:
    return "public" if workspace == "default" else workspace


def _postgresql_engine(url: str, workspace: str) -> Engine:
    target = make_url(url).set(drivername="postgresql+psycopg")
    # compiling a question to machine code took longer than answering it
    options = f"-csearch_path={schema_of(workspace)},extensions -cjit=off -cwork_mem=32MB"
    return create_engine(target, pool_size=10, max_overflow=20, pool_pre_ping=True, connect_args={"options": options})


def sqlite_path(url: str, workspace: str = "default") -> Path:
    path = Path(make_url(url).database or "")
    return path if workspace == "default" else path.with_name(f"{path.stem}-{workspace}{path.suffix}")


def sqlite_driver() -> Any:
    """A current SQLite where its wheel is installed, else the standard library's."""
    try:
        import pysqlite3.dbapi2 as driver
    except ImportError:
        import sqlite3 as driver
    return driver


def _sqlite_engine(url: str, workspace: str) -> Engine:
    path = sqlite_path(url, workspace)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    given = {"timeout": PATIENCE, "check_same_thread": False}
    engine = create_engine(f"sqlite:///{path}", module=sqlite_driver(), pool_size=20, max_overflow=20, connect_args=given)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions behind our back
        try:
            for pragma in PRAGMAS:
                connection.execute("PRAGMA " + pragma)
            _refuse_read_only(connection)
        except BaseException:
            connection.close()  # left open, its files would stay shared with the next connection
            raise

    @event.listens_for(engine, "checkin")
    def _narrow(connection: Any, record: Any) -> None:
        if connection is not None and record.info.pop("wide", False):
            connection.execute(f"PRAGMA {CACHE}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))

    return engine


def _refuse_read_only(connection: Any) -> None:
    """Raise the driver's error for a connection that cannot write. SQLite opens a file for reading when a failing disk refused
    it for writing; kept in the pool, such a connection would fail every later save."""
    connection.execute("PRAGMA busy_timeout=0")
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("PRAGMA user_version=0")  # taken back: BEGIN alone is content with reading
        connection.execute("ROLLBACK")
    except sqlite_driver().OperationalError as error:
        if "locked" not in str(error):
            raise
    connection.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")


@cache
def _queue(engine: Engine) -> WriterQueue | None:
    if engine.dialect.name != "sqlite":
        return None
    return WriterQueue(Path(f"{engine.url.database}.lock"))


_long_writes: dict[str, str] = {}
"""By workspace: who writes at length in this process."""


def held_up_by(workspace: str = "default") -> str | None:
    """Whose long write whoever wants to save now has to wait for, in this process or another."""
    queue = _queue(engine_for(workspace))
    return _long_writes.get(workspace) or (queue.told_elsewhere() if queue else _writer_elsewhere(workspace))


def _writer_elsewhere(workspace: str) -> str | None:
    """Who writes at length through another process; to know it is a courtesy, so that nothing fails where PostgreSQL does not answer."""
    with suppress(DBAPIError), engine_for(workspace).connect() as connection:
        if (found := long_writer(connection)) is not None:
            return connection.scalar(select(User.name).where(User.id == found)) or SYSTEM.name
    return None


@contextmanager
def _told(actor: Actor, queue: WriterQueue | None) -> Iterator[None]:
    _long_writes[actor.workspace] = actor.name
    try:
        with queue.told(actor.name) if queue else nullcontext():
            yield
    finally:
        _long_writes.pop(actor.workspace, None)


@contextmanager
def transaction(
    actor: Actor, action: str, *, request_key: str | None = None, note: str | None = None, undoes: int | None = None, at_length: bool = False
) -> Iterator[CrmSession]:
    """One user action: everything inside is one commit and one Change, or nothing.

    request_key: the form's one-time key; a second use raises AlreadyDone. at_length: others may have to wait, and are told so.
    Raises what the body raises, Conflict where somebody saved the same record in between; nothing is saved then.
    """
    engine = engine_for(actor.workspace)
    queue = _queue(engine)
    with queue.turn() if queue else nullcontext(), _told(actor, queue) if at_length else nullcontext():
        with CrmSession(engine.execution_options(sqlite_begin="IMMEDIATE"), actor=actor, writes=True) as session:
            session.organisation  # noqa: B018  sets the clock's zone before anything is dated
            if at_length:
                _settle_in(session)
            _claim(session, request_key)
            try:
                yield session
                derived.refresh(session)
                invariants.check(session)
                session.info["change_id"] = journal.seal(session, action, note or session.info.get("note"), undoes)
                _remember(session, request_key)
                session.commit()
                once.forget()
            except StaleDataError as error:  # somebody saved between our reading and our writing
                raise Conflict({}) from error
            if at_length:
                _plan_anew(session)


def _plan_anew(session: CrmSession) -> None:
    """Everything is saved by now: where this fails, the planner only knows less."""
    with suppress(DBAPIError):
        notice_growth(Session.connection(session))
        session.commit()


def _settle_in(session: CrmSession) -> None:
    """Have others told on PostgreSQL, and have room on SQLite."""
    connection = Session.connection(session)
    tell_of_long_write(connection, session.actor.id)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA {WIDE_CACHE}")
        connection.info["wide"] = True


def _claim(session: CrmSession, request_key: str | None) -> None:
    if request_key:
        session.add(RequestKey(key=request_key, at=clock.now()))
        try:
            session.flush()
        except IntegrityError as error:
            raise AlreadyDone from error


def _remember(session: CrmSession, request_key: str | None) -> None:
    """What became of the request, for whoever sends it again."""
    if request_key and (kept := session.get(RequestKey, request_key)):
        kept.change_id = session.info["change_id"]


@contextmanager
def reading(actor: Actor) -> Iterator[CrmSession]:
    """A session that sees what the actor may see and cannot write. All its answers are of one moment, whatever others save meanwhile."""
    with CrmSession(_at_one_moment(engine_for(actor.workspace)), actor=actor, autoflush=False) as session:
        session.once("organisation", lambda: standing(session, "organisation", session.read_organisation))
        session.organisation  # noqa: B018  sets the clock's zone
        yield session
        once.hear(session.heard)


@cache
def _at_one_moment(engine: Engine) -> Engine:
    """SQLite reads so of itself; PostgreSQL lets each statement see what was saved before it, unless told otherwise."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def dispose_all() -> None:
    """Close every pooled connection (restore, tests); what the engines know of their statements stays."""
    for engine in _open:
        engine.dispose()
    _queue.cache_clear()
