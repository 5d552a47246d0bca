"""The pages of figures: the company is made by hand, the expected figures are worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from db import records
from db.engine import reading, transaction
from db.models import FollowUp
from tests.db.queries import company
from tests.db.queries.company import add, answers, contract, done, planned, purchase
from tests.houses import filled_once
from tests.pages.screen import choose, frame, metrics, open_row, press, sees, sees_nothing_of, sound, table, tick

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
INSIGHT = ("dashboard", "satisfaction", "retention", "workload")
LONG_AGO = date(2025, 1, 1)


@pytest.fixture
@filled_once
def shop(acme) -> SimpleNamespace:
    """Six buyers: two of Amy's, three of Bo's, one of Cy's in the other team. Today is 18 March 2026."""
    hotel = company.customer(acme.amy, name="Riverside Hotel", tier="A", status="active", customer_since=date(2026, 3, 5))
    mill = company.customer(acme.amy, name="Old Mill", tier="B", status="active", customer_since=LONG_AGO)
    tea = company.customer(acme.bo, name="Tea House", tier="C", status="dormant", customer_since=LONG_AGO)
    lost = [company.customer(acme.bo, name=f"Gone {number}", status="lost", customer_since=LONG_AGO) for number in (1, 2)]
    star = company.customer(acme.cy, name="Southern Star", tier="A", status="active", customer_since=LONG_AGO)
    add(purchase(hotel, "2026-03-05", 1000), purchase(hotel, "2026-03-10", 500), purchase(mill, "2026-02-10", 300), purchase(mill, "2025-10-01", 200),
        purchase(tea, "2025-06-01", 400), *(purchase(id_, "2024-12-01", 50) for id_ in lost), purchase(star, "2026-03-15", 2000))
    add(*(planned(mill, "2026-03-10", acme.amy) for _ in range(3)), planned(star, "2026-03-11", acme.cy), planned(hotel, "2026-03-20", acme.amy))
    return SimpleNamespace(hotel=hotel, mill=mill, tea=tea, star=star, lost=lost)


@BOTH
def test_the_dashboard_s_figures(acme, shop, visit):
    csat, nps = company.question("csat", 1, 5), company.question("nps", 0, 10)
    answers(shop.hotel, csat, [5, 5, 4, 4, 3, 1], at="2026-03-10T04:00", manager=acme.amy)
    answers(shop.hotel, nps, [10, 10, 9, 8, 7, 6, 0], at="2026-03-10T04:00", manager=acme.amy)
    assert metrics(visit(acme.ada, "dashboard")) == {
        "Satisfied customers": "66.7%", "Net promoter score": "+14", "Repeat purchase rate": "33.3%", "Sales": "¥3,500", "New customers": "1", "Overdue follow-ups": "4",
    }


def test_each_reach_has_its_own_figures(acme, shop, visit):
    sales = {name: metrics(visit(getattr(acme, name), "dashboard"))["Sales"] for name in ("ada", "vic", "mia", "sol", "amy", "bo")}
    assert sales == {"ada": "¥3,500", "vic": "¥3,500", "mia": "¥1,500", "sol": "¥2,000", "amy": "¥1,500", "bo": "–"}


@pytest.mark.parametrize(("chosen", "sales"), [({"team": "North"}, "¥1,500"), ({"team": "North", "tier": "C"}, "–"), ({"owner": "cy"}, "¥2,000"), ({"unit": "year"}, "¥3,800"),
                                               ({"which_month": "2026-02-01"}, "¥300")])
def test_filters_narrow_the_figures(acme, shop, visit, chosen, sales):
    screen = visit(acme.ada, "dashboard")
    for key, value in chosen.items():
        choose(screen, key, acme.teams.get(value) or (getattr(acme, value).id if hasattr(acme, value) else value))
    assert metrics(screen)["Sales"] == sales


def test_a_link_to_a_filtered_page_shows_the_same_figures(acme, shop, visit):
    assert metrics(visit(acme.ada, "dashboard", unit="year", tier="B"))["Sales"] == "¥300"


def test_a_figure_explains_itself_with_formula_numbers_and_rows(acme, shop, visit):
    screen = visit(acme.ada, "dashboard")
    screen.button(key="explain_repeat_purchase_rate").click().run()
    assert sees(sound(screen), "customers with purchases on two days or more ÷ customers with a purchase", "2 / 6", "95% interval", "The rows behind it")
    rows = table(screen, "rows_table_repeat_purchase_rate")
    counted = dict(zip(rows["Customer"], rows["In the numerator"], strict=True))
    assert {name for name, inside in counted.items() if inside} == {"Riverside Hotel", "Old Mill"}
    assert len(rows) == 6
    place = list(rows["Customer"]).index("Old Mill")
    open_row(screen, "rows_table_repeat_purchase_rate", place)
    assert sees(screen, "Old Mill", "Timeline")


def test_the_dashboard_tells_its_story(acme, shop, visit):
    screen = visit(acme.ada, "dashboard")
    assert sees(screen, "Tier and last contact", "Key accounts gone quiet", "Southern Star")
    press(visit(acme.mia, "dashboard"), "Explain")


@BOTH
def test_satisfaction_by_kind_and_the_words_of_the_unhappy(acme, shop, visit):
    csat, ces = company.question("csat", 1, 5), company.question("ces", 1, 7)
    answers(shop.hotel, csat, [5, 5, 4, 4, 3], at="2026-03-10T04:00", manager=acme.amy)
    answers(shop.tea, csat, [1], at="2026-03-11T04:00", manager=acme.bo, comment="Waited for weeks")
    answers(shop.hotel, ces, [7, 6, 5, 4, 3], at="2026-03-12T04:00", manager=acme.amy)
    add(*(done(shop.mill, "2026-03-12T04:00", acme.amy, rating=rating) for rating in (5, 5, 5, 4, 2)))
    screen = visit(acme.ada, "satisfaction")
    assert metrics(screen) == {"Mean satisfaction": "3.67", "Satisfied customers": "66.7%", "Net promoter score": "–", "Customer effort score": "5.00", "Rating in follow-ups": "4.20",
                               "Response rate": "–"}
    assert sees(screen, "Waited for weeks", "Tea House")
    for kind in ("nps", "ces", "follow_up"):
        choose(screen, "satisfaction_kind", kind)
    choose(screen, "satisfaction_kind", "csat")
    choose(screen, "owner", acme.amy.id)
    assert metrics(screen)["Mean satisfaction"] == "4.20"
    assert sees_nothing_of(screen, "Waited for weeks")


def waiting(actor) -> list[tuple[int, str]]:
    with reading(actor) as session:
        return [tuple(row) for row in session.execute(select(FollowUp.customer_id, FollowUp.subject).where(FollowUp.subject != "Call").order_by(FollowUp.id))]


def test_follow_ups_are_planned_for_the_ticked_of_those_who_are_satisfied_but_silent(acme, shop, visit):
    csat = company.question("csat", 1, 5)
    for customer in (shop.mill, shop.tea, shop.star):
        answers(customer, csat, [5], at="2025-11-10T04:00")
    answers(shop.star, csat, [2], at="2026-03-02T04:00")
    screen = visit(acme.ada, "satisfaction")
    assert sees(screen, "Satisfied but silent", "Old Mill", "5 of 5 on 10 Nov 2025 · contact", "Unhappy key accounts", "Southern Star", "2 of 5 on 2 Mar")
    tick(screen, "silent", shop.tea)
    press(screen, "Create a follow-up for 1 customer")
    assert waiting(acme.ada) == [(shop.tea, "Keep in touch")]
    assert sees(screen, "1 follow-up planned")
    assert not any(f"{box.key}".startswith("tick.silent.") and f"{box.key}".endswith(f".{shop.tea}") for box in screen.checkbox), "who has something planned is silent no more"
    press(screen, "Undo")
    assert waiting(acme.ada) == []
    assert not visit(acme.vic, "satisfaction").checkbox, "who only reads has nothing to tick"


def test_the_response_rate_by_channel_with_a_warning_below_a_tenth(acme, shop, visit):
    asked, _ = company.survey(("csat", 1, 5))
    add(*(company.invitation(shop.hotel, asked, "2026-03-02", "answered" if n in (0, 12) else "sent", "2026-03-03" if n in (0, 12) else None, channel=channel)
          for n, channel in enumerate(["email"] * 12 + ["phone"] * 5)), company.invitation(shop.mill, asked, "2026-03-02", "undeliverable", channel="email"))
    screen = visit(acme.ada, "satisfaction")
    assert metrics(screen)["Response rate"] == "11.8%"
    assert sees(screen, "12 of 100 whom we asked answered", "18 sent, 1 undeliverable", "Below 10%: E-mail. Those who answered may differ from those who did not.")


@BOTH
def test_who_comes_back_without_contracts(acme, shop, visit):
    screen = visit(acme.ada, "retention")
    found = metrics(screen)
    assert {key: found[key] for key in ("Repeat purchase rate", "Active customers", "Dormant customers", "Customers won back")} == {
        "Repeat purchase rate": "33.3%", "Active customers": "50.0%", "Dormant customers": "16.7%", "Customers won back": "–"}
    assert sees(screen, "Recency and frequency", "Likely lost, high value", "Tea House", "Last purchase 1 Jun 2025, 290 days ago", "The model needs 200 customers")


def test_follow_ups_for_the_likely_lost_are_planned_from_their_list(acme, shop, visit):
    late = company.customer(acme.amy, name="Slow Boat", status="active")
    add(purchase(late, "2025-12-10", 8000))
    screen = visit(acme.amy, "retention")
    assert sees(screen, "Slow Boat", "Last purchase 10 Dec 2025, 98 days ago", "¥8,000")
    tick(screen, "likely_lost", late)
    press(screen, "Create a follow-up for 1 customer")
    assert sees_nothing_of(screen, "Slow Boat")
    with reading(acme.amy) as session:
        assert session.scalars(select(FollowUp.subject).where(FollowUp.customer_id == late)).all() == ["Win back: silent for long"]


def test_the_page_says_whose_retention_is_counted_how(acme, shop, visit):
    with transaction(acme.ada, "organisation.update") as session:
        records.update(session, "organisation", session.organisation.id, {"company_basis": "contract", "person_basis": "contract"})
    screen = visit(acme.ada, "retention", retention_kind="purchases")
    assert sees(screen, "Companies: contracts only · Individuals: contracts only", "The settings count nobody's retention this way.", "Change")
    assert metrics(screen) == {}
    assert sees_nothing_of(visit(acme.amy, "retention"), "Change")


def test_captions_and_formulas_say_the_limits_that_are_set(acme, shop, visit):
    with transaction(acme.ada, "organisation.update") as session:
        records.update(session, "organisation", session.organisation.id, {"active_days": 30, "at_risk_days": 60, "dormant_days": 120})
    screen = visit(acme.ada, "retention")
    assert sees(screen, "active up to 30, at risk up to 60, dormant up to 120", "Last purchase 31 to 120 days ago", "Dormant: last purchase 61 to 120 days ago")
    screen.button(key="explain_dormancy_rate").click().run()
    assert sees(sound(screen), "more than 60 and at most 120 days ago")


@BOTH
def test_who_stays_under_contract(acme, visit):
    clients = [company.customer(acme.amy, name=f"Client {number}", status="active") for number in range(6)]
    add(*(contract(id_, "2025-01-01", "2026-03-10" if id_ == clients[5] else None, 100, end_reason="price" if id_ == clients[5] else None) for id_ in clients),
        contract(clients[0], "2026-03-05", None, 50))
    screen = visit(acme.ada, "retention")
    assert metrics(screen) == {"Customer retention rate": "83.3%", "Churn rate": "16.7%", "Gross revenue retention": "83.3%", "Net revenue retention": "91.7%",
                               "Customers under contract": "5"}
    assert sees(screen, "Mar 2026: 83.3% stayed, 16.7% left", "83.3% of the monthly revenue was kept, 91.7% with growth", "Why they left", "Price",
                "Fewer than 10 customers ever under contract; no curve is drawn.")
    choose(screen, "survival_by", "tier")
    assert sees(screen, "Too few to compare the groups", "The log-rank test needs two groups of 10 customers and 10 customers lost.")
    choose(screen, "retention_kind", "purchases")
    assert metrics(screen)["Repeat purchase rate"] == "–"


@BOTH
def test_who_carries_how_much(acme, shop, visit):
    add(*(done(shop.mill, "2026-03-12T04:00", acme.amy, method=method) for method in ("visit", "visit", "call")), done(shop.star, "2026-03-12T04:00", acme.cy, method="visit"))
    with transaction(acme.mia, "target.create") as session:
        records.create(session, "target", {"user_id": acme.amy.id, "month": date(2026, 3, 1), "measure": "follow_ups", "value": 22})
    screen = visit(acme.ada, "workload")
    found = metrics(screen)
    assert {key: found[key] for key in ("Open follow-ups", "Overdue follow-ups", "Follow-ups done")} == {
        "Open follow-ups": "5", "Overdue follow-ups": "4", "Follow-ups done": "4"}
    rows = frame(screen, "Days overdue").set_index("Account manager")
    assert rows.loc["Amy", ["Customers", "Load", "Still open", "Overdue", "Done", "Visits"]].tolist() == [2, 5, 4, 3, 3, 2]
    assert sees(screen, "4 overdue, 75% of them with Amy", "Load inequality (Gini)", "Done against target")


def test_a_finished_month_shows_what_was_open_at_its_end(acme, shop, visit):
    add(done(shop.mill, "2026-03-05T04:00", acme.amy, due_on=date(2026, 2, 10), created_at=datetime(2026, 2, 1, tzinfo=UTC)))
    found = [metrics(visit(acme.ada, "workload", **chosen)) for chosen in ({}, {"which_month": "2026-02-01"})]
    assert [(figures["Open follow-ups"], figures["Overdue follow-ups"]) for figures in found] == [("5", "4"), ("6", "1")]


def test_of_one_person_alone_nothing_is_said_about_fairness(acme, shop, visit):
    screen = visit(acme.cy, "workload")
    assert (metrics(screen)["Load gap"], metrics(screen)["Load inequality (Gini)"]) == ("–", "–")
    assert sees_nothing_of(screen, "evenly")


@pytest.mark.parametrize("key", INSIGHT)
@pytest.mark.parametrize("name", ["ada", "amy", "gil", "vic"])
def test_an_empty_house_shows_friendly_words(acme, visit, key, name):
    screen = visit(getattr(acme, name), key)
    assert set(metrics(screen).values()) <= {"–", "0", "¥0"}
    assert not screen.error


@pytest.mark.parametrize("key", INSIGHT)
def test_every_card_explains_itself_even_without_data(acme, visit, key):
    screen = visit(acme.ada, key)
    for widget in [widget.key for widget in screen.button if str(widget.key).startswith("explain_")]:
        screen.button(key=widget).click().run()
        assert sees(sound(screen), "Formula")


def test_an_empty_contract_page_says_so(acme, visit):
    screen = choose(visit(acme.ada, "retention"), "retention_kind", "contracts")
    assert sees(screen, "No contracts yet.", "No contract ended in this period.", "No contract ends soon without a follow-up.")
