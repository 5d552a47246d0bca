"""Reports on the screen: a day of everybody, a standard report beside last year, months as they were published."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from db import jobs
from db.engine import transaction
from db.models import Organisation
from db.policy import SYSTEM
from db.queries.reports import REPORTS
from tests.db.queries import company
from tests.db.queries.company import add, contract, done, planned, purchase
from tests.houses import filled_once
from tests.pages.screen import choose, frame, press, sees, sees_nothing_of, sound


@pytest.fixture
@filled_once
def shop(acme) -> dict[str, int]:
    hotel, star = company.customer(acme.amy, name="Riverside Hotel", customer_since=date(2025, 1, 1)), company.customer(acme.cy, name="Star", customer_since=date(2025, 1, 1))
    add(done(hotel, "2026-03-18T01:00", acme.amy, method="visit", outcome="complaint", rating=1), planned(hotel, "2026-03-19", acme.amy), done(star, "2026-03-17T01:00", acme.cy),
        purchase(hotel, "2026-03-18", 1500), purchase(star, "2026-03-10", 500), purchase(star, "2025-03-10", 1000), purchase(star, "2026-02-10", 80), contract(star, "2026-01-15", amount=600))
    return {"hotel": hotel, "star": star}


def test_the_day_tells_itself_and_moves(acme, shop, visit):
    screen = visit(acme.ada, "reports")
    assert sees(screen, "1 follow-up done, 1 order worth ¥1,500. 1 unhappy customer needs care.", "Riverside Hotel", "Planned for tomorrow")
    rows = frame(screen, "Complaints").set_index("Account manager")
    assert rows.loc["Amy", ["Follow-ups done", "Planned for tomorrow", "Orders placed", "Complaints"]].tolist() == ["1", "1", "1", "1"]
    assert sees(screen, "Follow-ups done: 1", "Planned for tomorrow: 1 · Orders placed: 1 · Amount: ¥1,500 · Complaints: 1")
    press(screen, "The day before")
    assert sees(screen, "1 follow-up done.", "Star")
    assert sees_nothing_of(screen, "Riverside Hotel")


def test_a_day_without_entries_is_one_sentence_and_no_table_of_zeros(acme, shop, visit):
    screen = visit(acme.ada, "reports", day="2026-01-04")
    assert sees(screen, "Nothing was recorded on this day.")
    assert sees_nothing_of(screen, "The team's day")
    assert len(screen.dataframe) == 0


def test_an_account_manager_reads_the_own_day_without_a_team(acme, shop, visit):
    screen = visit(acme.amy, "reports")
    assert sees(screen, "Riverside Hotel")
    assert sees_nothing_of(screen, "The team's day", "Account manager")
    assert sees(visit(acme.bo, "reports"), "Nothing was recorded on this day.")


def test_a_report_stands_beside_last_year(acme, shop, visit):
    screen = visit(acme.ada, "reports", report="orders_by_person")
    assert sees(screen, "¥2,000, 100.0% more than in the same period last year (¥1,000).")
    rows = frame(screen, "Same period last year").set_index("Account manager")
    assert rows["Amount"].to_dict() == {"Amy": "¥1,500.00", "Cy": "¥500.00", "Total": "¥2,000.00"}
    assert rows.loc["Cy", "Change"] == "−50.0%"
    assert sees(screen, "Year before: ¥1,000.00")


@pytest.mark.parametrize("key", list(REPORTS))
def test_every_report_is_drawn_with_data_and_without(acme, shop, visit, key):
    screen = visit(acme.ada, "reports", report=key, unit="year")
    assert frame(screen, "Same period last year").iloc[-1, 0] == "Total"
    assert sees(visit(acme.bo, "reports", report=key), "in this period, nor a year before.")


def test_only_who_may_export_gets_the_workbook(acme, shop, visit):
    offered = {name: any(b.label == "Excel" for b in visit(getattr(acme, name), "reports", report="orders_by_person").get("download_button")) for name in ("ada", "mia", "amy", "vic")}
    assert offered == {"ada": True, "mia": True, "amy": False, "vic": False}


def test_a_card_says_what_was_published_when_a_later_edit_moved_it(acme, shop, visit):
    with transaction(SYSTEM, "setup") as session:
        session.scalars(select(Organisation)).one().created_at = datetime(2026, 1, 5, tzinfo=UTC)
    assert {item.run.problem for item in jobs.run_due()} == {None}
    screen = visit(acme.ada, "dashboard", which_month="2026-02-01")
    assert sees_nothing_of(screen, "As published")
    screen.button(key="explain_sales").click().run()
    assert sees(sound(screen), "Published on 18 Mar 2026: ¥80")
    add(purchase(shop["star"], "2026-02-11", 20))
    assert sees(visit(acme.ada, "dashboard", which_month="2026-02-01"), "As published ¥80 (18 Mar) · as of now ¥100")
    assert sees_nothing_of(choose(visit(acme.ada, "dashboard", which_month="2026-02-01"), "tier", "A"), "As published")
