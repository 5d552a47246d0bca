"""What if these customers went to those colleagues? A plan with the balance before and after; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import func, select

from db import clock
from db.models import Customer, FollowUp, User
from db.policy import Scope
from db.queries.filters import frame, lookup
from db.queries.periods import month
from db.queries.splitting import Holding, by_group, evenly, until_even
from db.queries.workload import Balance, balance, workload
from db.session import CrmSession

RULES = ("even", "one", "tier", "region")


@dataclass(frozen=True)
class Wish:
    """Whose customers should go to whom, which of them, and by which rule.

    rule: one of RULES. limit: at most so many, those spoken to longest ago first; until_even: only until the loads are level.
    chosen: the colleague wanted for a tier or region, where the rule's own choice is not. leaving: the giver goes.
    """

    giver: int
    takers: tuple[int, ...]
    rule: str = "even"
    tier: str | None = None
    region: str | None = None
    limit: int | None = None
    until_even: bool = False
    chosen: tuple[tuple[str | None, int], ...] = ()
    leaving: bool = False


@dataclass(frozen=True)
class Plan:
    """moves: customer → new owner. table: the workload table with customers_after, load_after and open_after; groups: tier or region → colleague."""

    moves: dict[int, int]
    groups: dict[str | None, int]
    sizes: dict[str | None, int]
    table: pd.DataFrame
    before: Balance
    after: Balance


def people(session: CrmSession) -> dict[int, str]:
    """Who may get customers: active account managers and managers whose customers the actor sees."""
    conditions = [User.active, User.role.in_(("rep", "manager"))]
    within = session.row_scope("assign", "customer")
    if within < Scope.ALL:
        conditions.append(User.id.in_(session.visible_owners(within)))
    return lookup(session, select(User.id, User.name).where(*conditions, User.deleted_at.is_(None)).order_by(User.name, User.id))


def givers(session: CrmSession) -> dict[int, str]:
    """Whoever has customers or open follow-ups that the actor sees; people who have left already come along."""
    owners = {id_ for statement in (select(Customer.owner_id), select(FollowUp.owner_id).where(FollowUp.status == "planned"))
              for id_ in session.scalars(statement.distinct()) if id_ is not None}
    within = session.row_scope("assign", "customer")
    seen = owners if within >= Scope.ALL else owners & session.visible_owners(within)
    return lookup(session, select(User.id, User.name).where(User.id.in_(seen)).order_by(User.name, User.id))


def plan(session: CrmSession, wish: Wish) -> Plan:
    """Who would get which customers of the giver, as things stand."""
    today = clock.today()
    table = workload(session, today, month(today))
    owned = table[table["manager_id"].notna()]
    loads = {int(owner): float(load) for owner, load in zip(owned["manager_id"], owned["load"], strict=True)}
    room = {taker: loads.get(taker, 0.0) for taker in wish.takers}
    found, groups = _split(session, wish, holdings(session, wish), loads.get(wish.giver, 0.0), room)
    sizes: dict[str | None, int] = {}
    for holding in found[1]:
        sizes[_group(wish, holding)] = sizes.get(_group(wish, holding), 0) + 1
    moved = _after(session, table, wish, found[1], found[0])
    return Plan(found[0], groups, sizes, moved, balance(table), _balance_after(moved, wish))


def _group(wish: Wish, holding: Holding) -> str | None:
    return holding.region if wish.rule == "region" else holding.tier


def _split(session: CrmSession, wish: Wish, held: list[Holding], load: float,
           room: Mapping[int, float]) -> tuple[tuple[dict[int, int], list[Holding]], dict[str | None, int]]:
    """The moves with the customers they were chosen from, and who gets which group."""
    chosen = held if wish.limit is None else held[: wish.limit]
    if not wish.takers:
        return ({}, chosen), {}
    if wish.until_even:
        return (until_even(chosen, load, room), chosen), {}
    if wish.rule == "one":
        return (dict.fromkeys((holding.id for holding in chosen), wish.takers[0]), chosen), {}
    if wish.rule == "even":
        return (evenly(chosen, room), chosen), {}
    at_home = _at_home(session, wish) if wish.rule == "region" else {}
    groups = by_group(chosen, room, lambda holding: _group(wish, holding), at_home) | dict(wish.chosen)
    return ({holding.id: groups[_group(wish, holding)] for holding in chosen}, chosen), groups


def holdings(session: CrmSession, wish: Wish) -> list[Holding]:
    """The giver's customers that are meant, those spoken to longest ago first."""
    conditions = [Customer.owner_id == wish.giver]
    conditions += [getattr(Customer, key) == getattr(wish, key) for key in ("tier", "region") if getattr(wish, key) is not None]
    order = (Customer.last_contact_at.is_not(None), Customer.last_contact_at, Customer.id)
    rows = session.execute(select(Customer.id, Customer.tier, Customer.region).where(*conditions).order_by(*order))
    return [Holding(id_, tier, region, session.organisation.load_of(tier)) for id_, tier, region in rows]


def _at_home(session: CrmSession, wish: Wish) -> dict[str | None, int]:
    """The taker who looks after most customers of each region already."""
    count = func.count()
    statement = select(Customer.region, Customer.owner_id).where(Customer.owner_id.in_(wish.takers)).group_by(Customer.region, Customer.owner_id)
    return lookup(session, statement.order_by(count, Customer.owner_id.desc()))


def _after(session: CrmSession, table: pd.DataFrame, wish: Wish, chosen: Sequence[Holding], moves: Mapping[int, int]) -> pd.DataFrame:
    weights = {holding.id: holding.load for holding in chosen}
    opened = _open_of(session, wish.giver) if moves else {}
    changes: dict[int, list[int]] = {}
    for customer, taker in moves.items():
        for who, sign in ((wish.giver, -1), (taker, 1)):
            change = changes.setdefault(who, [0, 0, 0])
            for place, amount in enumerate((1, weights[customer], opened.get(customer, 0))):
                change[place] += sign * amount
    found = _with_rows_of(session, table, wish.takers)
    owners = [None if owner is pd.NA else int(owner) for owner in found["manager_id"]]
    for place, column in enumerate(("customers", "load", "open")):
        found[f"{column}_after"] = [int(now) + (changes[owner][place] if owner in changes else 0) for owner, now in zip(owners, found[column], strict=True)]
    return found


def _with_rows_of(session: CrmSession, table: pd.DataFrame, takers: tuple[int, ...]) -> pd.DataFrame:
    """The table with a row for each colleague who has none because there is no work yet."""
    missing = [taker for taker in takers if taker not in set(table["manager_id"].dropna())]
    if not missing:
        return table.copy()
    names = lookup(session, select(User.id, User.name).where(User.id.in_(missing)))
    rows = [{"manager_id": id_, "manager": names.get(id_), **dict.fromkeys(("customers", "load", "open"), 0)} for id_ in missing]
    return pd.concat([table, pd.DataFrame(rows).astype({"manager_id": "Int64"})], ignore_index=True)


def _open_of(session: CrmSession, giver: int) -> dict[int, int]:
    """Open follow-ups of the giver by customer."""
    mine = (FollowUp.owner_id == giver, FollowUp.status == "planned")
    return {id_: n for id_, n in session.execute(select(FollowUp.customer_id, func.count()).where(*mine).group_by(FollowUp.customer_id))}


def _balance_after(table: pd.DataFrame, wish: Wish) -> Balance:
    stay = table[table["manager_id"] != wish.giver] if wish.leaving else table
    return balance(stay, "load_after")


def moving(session: CrmSession, moves: Mapping[int, int], limit: int = 50, offset: int = 0) -> pd.DataFrame:
    """A page of the customers that would move: customer_id, customer, tier, region, last_contact, to."""
    ids = list(moves)[offset : offset + limit]
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), Customer.tier, Customer.region,
               Customer.last_contact_at.label("last_contact"))
    rows = frame(session, select(*columns).where(Customer.id.in_(ids), Customer.deleted_at.is_(None))).set_index("customer_id")
    names = lookup(session, select(User.id, User.name).where(User.id.in_(set(moves.values()))))
    there = [id_ for id_ in ids if id_ in rows.index]
    found = rows.reindex(there).reset_index(names="customer_id")
    found["to"] = [str(names.get(moves[id_], "")) for id_ in there]
    return found


@dataclass(frozen=True)
class Estate:
    """What somebody leaves: customers by tier, open and overdue follow-ups, and those done, which stay in their name."""

    tiers: dict[str | None, int]
    open: int
    overdue: int
    done: int
    active: bool

    @property
    def customers(self) -> int:
        return sum(self.tiers.values())


def estate(session: CrmSession, person: int, today: date) -> Estate:
    mine = FollowUp.owner_id == person
    owned = session.execute(select(Customer.tier, func.count()).where(Customer.owner_id == person).group_by(Customer.tier))
    late = select(func.count()).select_from(FollowUp).where(mine, FollowUp.status == "planned", FollowUp.due_on < today)
    states = session.execute(select(FollowUp.status, func.count()).where(mine).group_by(FollowUp.status))
    found = {status: n for status, n in states}
    active = session.scalar(select(User.active).where(User.id == person))
    return Estate({tier: n for tier, n in owned}, found.get("planned", 0), session.scalar(late) or 0, found.get("done", 0), bool(active))
