"""The published data sets as the product keeps them, loaded straight into the tables: fast, once per database and test session."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from db import derived, engine
from db.models import Customer, FollowUp, Order, Organisation, Question, Survey, SurveyResponse, User
from db.policy import SYSTEM
from db.queries.periods import months_later
from tests.conftest import missing

DEFAULT = Path(__file__).resolve().parents[4] / "shared" / "data"
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
TELCO_DAY = date(2024, 3, 31)
GEHAN_DAY = date(2024, 1, 1)
ECSI_ITEMS = ("CUSA1", "CUSA2", "CUSA3", "CUSL3")


def folder() -> Path:
    """Where the data sets lie; required only where that folder was named or is expected."""
    named = os.environ.get("REGULARS_TEST_DATA")
    path = Path(named) if named else DEFAULT
    if not path.is_dir():
        if named:
            missing(f"the folder of data sets {path}")
        pytest.skip("the folder of real data sets is not here")
    return path


def rows(name: str) -> list[dict[str, str]]:
    path = folder() / name
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def load(name: str) -> None:
    """Fill the empty database that REGULARS_DATABASE_URL names."""
    with engine.engine_for().begin() as connection:
        insert(connection, Organisation, [{"name": name, "time_zone": "Asia/Shanghai"}])
        for model, records in SETS[name]():
            insert(connection, model, records)
    with engine.transaction(SYSTEM, "load") as session:
        for values in derived.OF_OTHERS:
            derived.refresh_customers(session, values, None)


def insert(connection: Any, model: Any, records: Iterable[dict[str, Any]]) -> None:
    common = {"created_at": LONG_AGO, "updated_at": LONG_AGO, "version": 1}
    filled = [_derived(model, {**common, **record}) for record in records]
    keys = {key for record in filled for key in record}
    for start in range(0, len(filled), 5000):
        connection.execute(model.__table__.insert(), [{**dict.fromkeys(keys), **record} for record in filled[start : start + 5000]])


def _derived(model: Any, record: dict[str, Any]) -> dict[str, Any]:
    """With the values that the product works out from the record's own."""
    return {**record, **derived.derived_again(model, {**dict.fromkeys(model.__table__.columns.keys()), **record})}


Tables = Iterator[tuple[Any, Iterable[dict[str, Any]]]]


def customers(names: Iterable[Any], **more: Any) -> list[dict[str, Any]]:
    return [{"id": number, "code": str(name), "name": f"Customer {name}", "kind": "person", "status": "active", "custom": {}, **more} for number, name in enumerate(names, 1)]


def cdnow() -> Tables:
    bought = rows("cdnow_sample.csv")
    numbers = sorted({int(row["customer"]) for row in bought})
    yield Customer, customers(numbers)
    yield Order, [{"customer_id": int(row["customer"]), "code": f"O{n}", "kind": "purchase", "ordered_on": date.fromisoformat(row["date"]), "amount": row["amount"]}
                  for n, row in enumerate(bought)]


def superstore() -> Tables:
    lines = rows("superstore_esc.csv.gz")
    numbers = {name: number for number, name in enumerate(sorted({row["customer_id"] for row in lines}), 1)}
    orders: dict[str, dict[str, Any]] = {}
    for row in lines:
        order = orders.setdefault(row["order_id"], {"customer_id": numbers[row["customer_id"]], "code": row["order_id"], "kind": "purchase",
                                                    "ordered_on": date.fromisoformat(row["order_date"]), "amount": 0.0, "place": row["region"]})
        order["amount"] += float(row["sales"])
    yield Customer, customers(numbers)
    yield Order, [{**order, "amount": f"{order['amount']:.6f}"} for order in orders.values()]


def telco() -> Tables:
    people = rows("telco_churn.csv.gz")
    yield Customer, [{**person, "industry": row["contract"]} for person, row in zip(customers(row["customer"] for row in people), people, strict=True)]
    yield Order, [{**contract(number, int(row["tenure"]), TELCO_DAY), "monthly_amount": row["monthly_charges"], "terms": row["contract"],
                   "ended_on": TELCO_DAY if row["churn"] == "Yes" else None} for number, row in enumerate(people, 1)]


def contract(number: int, months: int, day: date) -> dict[str, Any]:
    start = months_later(day, -months)
    return {"customer_id": number, "code": f"O{number}", "kind": "contract", "ordered_on": start, "starts_on": start, "amount": 0}


def gehan() -> Tables:
    patients = rows("gehan.csv")
    yield Customer, [{**person, "region": row["treat"]} for person, row in zip(customers(range(1, len(patients) + 1)), patients, strict=True)]
    yield Order, [{**contract(number, int(row["time"]), GEHAN_DAY), "ended_on": GEHAN_DAY if row["cens"] == "1" else None} for number, row in enumerate(patients, 1)]


def ecsi() -> Tables:
    sheets = rows("ecsi_mobile.csv")
    yield Customer, customers(range(1, len(sheets) + 1))
    yield Survey, [{"id": 1, "name": "Mobile", "active": True}]
    yield Question, [{"id": n, "survey_id": 1, "key": key, "text": key, "kind": "nps" if key == "CUSL3" else "csat", "scale_min": 1, "scale_max": 10, "position": n}
                     for n, key in enumerate(ECSI_ITEMS, 1)]
    at = datetime(2024, 3, 5, 4, tzinfo=UTC)
    yield SurveyResponse, [{"customer_id": number, "sheet": f"S{number}", "question_id": n, "score": int(sheet[key]), "answered_at": at}
                           for number, sheet in enumerate(sheets, 1) for n, key in enumerate(ECSI_ITEMS, 1)]


def helpdesk() -> Tables:
    """One done follow-up per ticket, agent and year, on the day the agent first took the ticket in charge that year."""
    taken = [row for row in rows("helpdesk_events.csv.gz") if row["activity"] == "Take in charge ticket"]
    everybody = sorted({int(row["agent"]) for row in rows("helpdesk_events.csv.gz")})
    yield User, [{"id": agent, "user_name": f"agent{agent}", "name": f"Agent {agent}", "role": "rep", "active": True} for agent in everybody]
    tickets = sorted({int(row["ticket"]) for row in taken})
    yield Customer, [{**person, "id": ticket} for person, ticket in zip(customers(tickets), tickets, strict=True)]
    first: dict[tuple[int, int, str], datetime] = {}
    for row in taken:
        at = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
        key = (int(row["ticket"]), int(row["agent"]), row["at"][:4])
        first[key] = min(at, first.get(key, at))
    yield FollowUp, [{"customer_id": ticket, "owner_id": agent, "subject": "Ticket", "direction": "inbound", "status": "done", "done_at": at}
                     for (ticket, agent, _), at in first.items()]


SETS = {"cdnow": cdnow, "superstore": superstore, "telco": telco, "gehan": gehan, "ecsi": ecsi, "helpdesk": helpdesk}

