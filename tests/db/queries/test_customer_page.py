"""What one customer's page shows."""

from __future__ import annotations

from datetime import UTC, datetime

from db import clock
from db.engine import reading
from db.queries.customer_page import timeline
from tests.db.queries import company

NIGHT = datetime(2024, 3, 9, 17, 30, tzinfo=UTC)
"""Half past one in the night of the tenth in Shanghai, where it is still the ninth in London."""


def test_a_note_written_after_midnight_stands_above_the_orders_of_that_day_and_those_above_the_evening_before(acme):
    customer = company.customer(acme.amy)
    company.add(company.purchase(customer, "2024-03-10"), company.purchase(customer, "2024-03-09"), company.done(customer, "2024-03-09T15:00", acme.amy),
                company.done(customer, "2024-03-09T17:20", acme.amy))
    with clock.frozen(NIGHT), reading(acme.ada) as session:
        assert session.organisation.time_zone == "Asia/Shanghai"
        assert [(event.kind, clock.local(event.at).day if isinstance(event.at, datetime) else event.at.day) for event in timeline(session, customer)] == [
            ("follow_up", 10), ("order", 10), ("follow_up", 9), ("order", 9)]
