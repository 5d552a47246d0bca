"""The one session class: it knows the actor, filters every read and checks every write."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, NoReturn, TypeVar
from weakref import WeakSet

from sqlalchemy import CTE, Column, Compiled, Engine, Select, Subquery, Table, event, inspect, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE
from sqlalchemy.sql import visitors

from db import clock, once
from db.base import OfCustomer, Record
from db.errors import Forbidden, Invalid
from db.fields import fields_of
from db.models import NOUNS, Customer, Organisation, SavedView, User
from db.policy import Actor, Scope, scope

Answer = TypeVar("Answer")
OWNED = tuple(model for model in NOUNS.values() if model.owner_key)
Limits = tuple[tuple[type[Record], Scope, frozenset[int]], ...]
"""Of each noun of which an actor does not see all: how far they see, and the owners whose rows those are."""
UNGUARDED = {"regulars_unguarded": True}
"""Execution option of the few statements that keep derived values and the journal; a test lists the files that use it."""
ASKED = "regulars_asked"
"""Execution option by which a statement, as it was before the row filter, reaches the connection."""
HEARD = "regulars_heard"
"""Execution option that carries the session's set of nouns read, for whoever listens at the connection."""


class CrmSession(Session):
    """A session of one actor. Bulk methods and raw connections are closed: they pass by filter and journal."""

    def __init__(self, *args: Any, actor: Actor, writes: bool = False, **options: Any) -> None:
        super().__init__(*args, expire_on_commit=False, **options)
        self.actor = actor
        self.writes = writes
        self.criteria: dict[bool, tuple[Any, ...]] = {}
        self.heard: set[str] = set()

    @property
    def organisation(self) -> Organisation:
        found = self.once("organisation", self.read_organisation)
        clock.use_zone(found.time_zone)
        return found

    def read_organisation(self) -> Organisation:
        return self.scalars(select(Organisation).limit(1)).first() or _unnamed()

    def once(self, question: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer to a question of the whole workspace: while a page is drawn its readers share it, whoever writes asks for themselves."""
        own = self.writes or once.kept() is None
        return once.ask((self.actor.workspace, question), ask, self.info.setdefault("once", {}) if own else None)

    @contextmanager
    def listening(self) -> Iterator[set[str]]:
        """What is read meanwhile: the nouns, complete at the end."""
        outer, self.heard = self.heard, set()
        try:
            yield self.heard
        finally:
            outer |= self.heard
            self.heard = outer

    def row_scope(self, verb: str, noun: str) -> Scope:
        found = scope(self.actor, verb, noun)
        wide = found == Scope.TEAM and self.actor.role == "manager" and self.organisation.managers_see_all
        return Scope.ALL if wide else found

    def visible_owners(self, within: Scope) -> frozenset[int]:
        """The owners whose rows the actor may see."""
        return self.once(("owners", self.actor, within), lambda: self._owners(within))

    def _owners(self, within: Scope) -> frozenset[int]:
        team = select(User.id).where(User.team_id == self.actor.team_id) if within == Scope.TEAM and self.actor.team_id else None
        colleagues = self.scalars(team) if team is not None else ()
        return frozenset(colleagues) | ({self.actor.id} if self.actor.id else set())

    def closed(self, *_: Any, **__: Any) -> NoReturn:
        raise Forbidden

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = closed


def _unnamed() -> Organisation:
    """What holds until the organisation is set up: the declared defaults, in UTC."""
    defaults = {field.key: field.default for field in fields_of(Organisation) if field.default is not None}
    return Organisation(**{**defaults, "name": "Regulars", "time_zone": "UTC"})


@event.listens_for(CrmSession, "do_orm_execute")
def _filter_rows(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, CrmSession)
    state.update_execution_options(**{HEARD: session.heard})
    if state.execution_options.get("regulars_unguarded"):
        return
    if not state.is_select:
        raise Forbidden
    state.update_execution_options(**{ASKED: state.statement})
    with_deleted = bool(state.execution_options.get("with_deleted"))
    state.statement = state.statement.options(*_criteria(session, with_deleted))


_sound: WeakSet[Compiled] = WeakSet()
"""Compiled statements that reach every table through its model; SQLAlchemy compiles statements of one shape once."""


@event.listens_for(Engine, "before_cursor_execute")
def _refuse_plain_tables(_connection: Any, _cursor: Any, _sql: str, _parameters: Any, context: Any, _many: bool) -> None:
    asked = context.execution_options.get(ASKED) if context else None
    if asked is not None and context.compiled not in _sound:
        if _names_plain_table(asked):
            raise Forbidden
        _sound.add(context.compiled)


def _names_plain_table(statement: Any) -> bool:
    """Whether a select reaches a table not through its model, past the row filter."""
    parts = list(visitors.iterate(statement))
    through_models = {table for part in parts for table in _tables_of_model(part)}
    return any(_is_plain(part, through_models) for part in parts)


def _tables_of_model(part: Any) -> Iterable[Any]:
    entity = part._annotations.get("parententity") if hasattr(part, "_annotations") else None
    return entity.mapper.tables if entity is not None else ()


def _is_plain(part: Any, through_models: set[Any]) -> bool:
    if isinstance(part, Select):
        named = (*part._raw_columns, *part._from_obj, *(join[0] for join in part._setup_joins))
        through_model = part._propagate_attrs.get("compile_state_plugin") == "orm"
        return not through_model or any(isinstance(item, Table) and "parententity" not in item._annotations for item in named)
    if not isinstance(part, Column) or isinstance(part.table, Subquery | CTE):
        return False
    return "parententity" not in part._annotations and part.table not in through_models


def _criteria(session: CrmSession, with_deleted: bool) -> tuple[Any, ...]:
    if with_deleted not in session.criteria:
        session.criteria[with_deleted] = ()  # while the limits are worked out, the actor's own look-ups run unfiltered
        try:
            limits = session.once(("limits", session.actor), lambda: _limits(session))
        except BaseException:
            del session.criteria[with_deleted]
            raise
        session.criteria[with_deleted] = _criteria_of(with_deleted, limits, session.actor.role == "system", session.actor.id)
    return session.criteria[with_deleted]


def _limits(session: CrmSession) -> Limits:
    scopes = ((model, session.row_scope("read", model.__tablename__)) for model in OWNED)
    return tuple((model, within, session.visible_owners(within)) for model, within in scopes if within < Scope.ALL)


@lru_cache(maxsize=1000)
def _criteria_of(with_deleted: bool, limits: Limits, everything: bool, actor_id: int | None) -> tuple[Any, ...]:
    """Kept, since they are the same at every click."""
    alive = () if with_deleted else (with_loader_criteria(Record, lambda cls: cls.deleted_at.is_(None), include_aliases=True),)
    views = () if everything else (with_loader_criteria(SavedView, or_(SavedView.user_id == actor_id, SavedView.shared), include_aliases=True),)
    return (*alive, *(_of_owners(*limit) for limit in limits), *views)


def _of_owners(model: type[Record], within: Scope, owners: frozenset[int]) -> Any:
    column = getattr(model, str(model.owner_key))
    mine = column.in_(owners)
    return with_loader_criteria(model, or_(mine, column.is_(None)) if within == Scope.TEAM else mine, include_aliases=True)


@event.listens_for(CrmSession, "before_flush")
def _check_writes(session: CrmSession, _context: Any, _instances: Any) -> None:
    with session.no_autoflush:
        for record, verb in _pending(session):
            if not session.writes:
                raise Forbidden
            if isinstance(record, Record):
                _stamp(session, record, verb)
                _check_rows(session, record, verb)
                _check_links(session, record)


def _pending(session: CrmSession) -> list[tuple[Any, str]]:
    changed = [(record, "update") for record in session.dirty if session.is_modified(record)]
    return [*((record, "create") for record in session.new), *changed, *((record, "delete") for record in session.deleted)]


def _stamp(session: CrmSession, record: Record, verb: str) -> None:
    if verb == "create" and not session.info.get("taking_back"):
        record.created_by_id = record.created_by_id or session.actor.id
    if verb != "delete":
        record.updated_at = clock.now()
        record.derive()
        if isinstance(record, Customer) and verb == "update" and not session.info.get("taking_back"):
            _note_hand_over(record)
        if isinstance(record, OfCustomer):
            customer = session.get(Customer, record.customer_id, execution_options={"with_deleted": True})
            record.account_owner_id = customer.owner_id if customer else None


def _note_hand_over(customer: Customer) -> None:
    """Whichever way a customer changes hands, it remembers from whom and when."""
    before = get_history(customer, "owner_id", PASSIVE_NO_INITIALIZE).deleted
    if before and before[0] is not None and before[0] != customer.owner_id:
        customer.previous_owner_id, customer.handed_over_on = before[0], clock.today()


OWN_PREFERENCES = {"language", "digest", "updated_at", "version"}


def _is_own_preference(session: CrmSession, record: Record) -> bool:
    """Everybody may change a few columns of their own account."""
    changed = {attribute.key for attribute in inspect(record).attrs if attribute.history.has_changes()}
    return isinstance(record, User) and record.id is not None and record.id == session.actor.id and changed <= OWN_PREFERENCES


def _check_rows(session: CrmSession, record: Record, verb: str) -> None:
    if verb == "update" and _is_own_preference(session, record):
        return
    within = session.row_scope(_verb_of(record, verb), record.__tablename__)
    if within == Scope.NONE:
        raise Forbidden
    owner_key = "user_id" if isinstance(record, SavedView) else record.owner_key
    if within < Scope.ALL and owner_key:
        history = get_history(record, owner_key, PASSIVE_NO_INITIALIZE)
        owners = {*(history.deleted or ()), *(history.added or ()), *(history.unchanged or ())}
        owners = owners or {getattr(record, owner_key)}  # a new row without an owner has no history
        allowed = session.visible_owners(within) | ({None} if within == Scope.TEAM else set())
        if not owners <= allowed:
            raise Forbidden


def _verb_of(record: Record, verb: str) -> str:
    """Moving to and from the recycle bin is a deletion, however it is stored."""
    return "delete" if verb == "update" and get_history(record, "deleted_at", PASSIVE_NO_INITIALIZE).has_changes() else verb


def _check_links(session: CrmSession, record: Record) -> None:
    for key, model in links_of(type(record)):
        value = getattr(record, key)
        if value is not None and get_history(record, key, PASSIVE_NO_INITIALIZE).added:
            if session.get(model, value, execution_options={"with_deleted": session.actor.role == "system"}) is None:
                raise Invalid.because("This record does not exist, or you may not see it.", key)


@cache
def links_of(model: type[Record]) -> tuple[tuple[str, type[Record]], ...]:
    """Every column of a noun in which people name another record, with the model it names; what the product notes itself may name one that is gone."""
    linking = [(attribute.key, attribute.columns[0]) for attribute in model.__mapper__.column_attrs if attribute.columns[0].foreign_keys]
    entered = [(key, column) for key, column in linking if "derived" not in column.info and getattr(column.info.get("ui"), "editable", True)]
    targets = [(key, next(iter(column.foreign_keys)).column.table.name) for key, column in entered]
    return tuple((key, NOUNS[name]) for key, name in targets if name in NOUNS)
