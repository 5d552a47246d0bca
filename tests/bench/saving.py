"""The cost of a save, as seen from a tab and within the process, and of a file with the whole list."""

from __future__ import annotations

import csv
import io
import time
from statistics import median
from typing import Any

from sqlalchemy import text

from db import clock, records
from db.actions import follow_ups
from db.engine import engine_for, reading, transaction
from db.policy import Actor
from db.transfer.export import export
from tests.bench.pages import CUSTOMER
from tests.tab import Tab

SURVEY_QUESTION = 1


def save_and_see(tab: Tab, times: int = 9) -> float:
    """Milliseconds from pressing Save under a customer's note to the page that shows it."""
    tab.open("customer", f"id={CUSTOMER}")
    waited = []
    for number in range(times):
        tab.set(next(widget.id.split("-", 2)[-1] for widget in tab.widgets() if widget.id.endswith(".content")), string_value=f"Talked, time {number}")
        waited.append(1000 * tab.click("Save").seconds)
        assert f"Talked, time {number}" in tab.words()
        tab.typed = {}
    return median(waited)


def save(actor: Actor, times: int = 20) -> float:
    """Milliseconds of the transaction that logs a follow-up."""
    return median(_timed(lambda: log(actor)) for _ in range(times))


def log(actor: Actor) -> None:
    with transaction(actor, "follow_up.log") as session:
        follow_ups.log(session, {"customer_id": CUSTOMER, "content": "Talked", "method": "call"})


def change_everything(actor: Actor) -> None:
    """Something that every figure rests on changes: nothing stays in the cache."""
    log(actor)
    with transaction(actor, "order.create") as session:
        records.create(session, "order", {"customer_id": CUSTOMER, "ordered_on": clock.today(), "amount": 10})
    with transaction(actor, "survey_response.create") as session:
        records.create(session, "survey_response", {"customer_id": CUSTOMER, "sheet": "bench", "question_id": SURVEY_QUESTION, "score": 4, "answered_at": clock.now()})


def export_against_raw(actor: Actor) -> tuple[float, float]:
    """Milliseconds of the customers' CSV, and of the same columns by raw SQL and csv.writer."""

    def ours() -> None:
        with reading(actor) as session:
            export(session, "customer")

    def raw() -> None:
        with engine_for().connect() as connection:
            csv.writer(io.StringIO()).writerows(connection.execute(text("SELECT * FROM customer WHERE deleted_at IS NULL ORDER BY id")))

    return _timed(ours), _timed(raw)


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)
