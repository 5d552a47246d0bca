"""The pages about who carries how much, and what leads on from them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from db.engine import reading, transaction
from db.models import Absence, Customer, FollowUp, Target, User
from db.policy import SYSTEM
from tests.db.queries import company
from tests.db.queries.company import add
from tests.houses import filled_once
from tests.pages.screen import button, choose, frame, has_button, labelled, metrics, press, sees, sees_nothing_of, sound
from tests.screen_words import bytes_of

TODAY = date(2026, 3, 18)


@pytest.fixture
@filled_once
def team(acme) -> list[int]:
    """Amy looks after six customers of tier C, Bo after none."""
    ids = [company.customer(acme.amy, name=f"Shop {number}", tier="C", region="east", customer_since=date(2025, 1, 1)) for number in range(6)]
    add(FollowUp(customer_id=ids[0], subject="Call", due_on=date(2026, 3, 16), owner_id=acme.amy.id))
    return ids


def owners(ids: list[int]) -> list[int | None]:
    with reading(SYSTEM) as session:
        return [session.get_one(Customer, id_).owner_id for id_ in ids]


def test_the_workload_page_says_who_is_away_and_who_can_take_more(acme, team, visit):
    with transaction(SYSTEM, "setup") as session:
        session.organisation.weight_c = 4
    add(Absence(user_id=acme.cy.id, starts_on=TODAY, ends_on=TODAY))
    screen = visit(acme.ada, "workload")
    assert sees(screen, "A 3, B 2, C 4", "1 on leave today is left out", "Who can take five more?", "On leave until 18 Mar.")
    assert frame(screen, "Utilisation, %").set_index("Account manager").loc["Amy", ["Customers", "Load"]].tolist() == [6, 24]
    for name, may_move in (("mia", True), ("amy", False), ("vic", False)):
        assert has_button(visit(getattr(acme, name), "workload"), "Rebalance") is may_move


def test_rebalancing_shows_the_balance_first_then_moves_and_can_be_undone(acme, team, visit):
    screen = choose(visit(acme.mia, "rebalance"), "reassign_from", acme.amy.id)
    assert owners(team) == [acme.amy.id] * 6
    choose(screen, f"rebalance_to_{acme.amy.id}", [acme.bo.id])
    assert metrics(screen)["Load inequality (Gini)"] == "0.50 → 0.00"
    assert frame(screen, "Goes to")[["Customer", "Goes to"]].to_numpy().tolist() == [["Shop 0", "Bo"], ["Shop 1", "Bo"], ["Shop 2", "Bo"]]
    press(screen, "Move 3 customers")
    assert owners(team).count(acme.bo.id) == 3
    assert sees(screen, "Customers of Amy moved", "Undo", "Workload")
    press(screen, "Undo")
    assert owners(team) == [acme.amy.id] * 6


def test_a_leaver_s_customers_are_handed_over_and_remember_whose_they_were(acme, team, visit):
    screen = choose(visit(acme.ada, "hand_over"), "reassign_from", acme.amy.id)
    assert sees(screen, "6 customers (C 6) · 1 open follow-up (1 overdue) · 0 done follow-ups stay in their name")
    choose(screen, f"leaver_to_{acme.amy.id}", [acme.bo.id, acme.cy.id])
    choose(screen, "leaver_rule", "region")
    choose(screen, next(widget.key for widget in screen.selectbox if "_region_east" in str(widget.key)), acme.cy.id)
    press(screen, "Hand over 6 customers")
    assert owners(team) == [acme.cy.id] * 6
    with reading(SYSTEM) as session:
        assert not session.get_one(User, acme.amy.id).active
    assert sees(visit(acme.cy, "customer", id=team[0]), "Previously Amy, handed over 18 Mar 2026", "Owner Cy")


def test_an_account_manager_enters_the_own_absence_and_sees_no_other_s(acme, visit):
    add(Absence(user_id=acme.bo.id, starts_on=TODAY, ends_on=TODAY, note="Bo's own"))
    screen = visit(acme.amy, "absences")
    assert sees(screen, "No absences yet.")
    press(screen, "New absence")
    assert "Who" not in [widget.label.removesuffix(" *") for widget in screen.selectbox]
    labelled(screen, "First day").set_value(date(2026, 4, 2))
    labelled(screen, "Last day").set_value(date(2026, 4, 1))
    press(screen, "Save")
    assert sees(screen, "The last day lies before the first.")
    labelled(screen, "Last day").set_value(date(2026, 4, 3))
    press(screen, "Save")
    assert frame(screen, "starts_on")["user_id"].tolist() == ["Amy"]
    assert sees_nothing_of(screen, "Bo's own")


def test_a_name_on_today_leads_to_the_person_s_open_follow_ups(acme, team, visit):
    screen = visit(acme.mia, "today")
    assert sees(screen, "By person", "Amy", "Bo", "1 overdue")
    button(screen, "Amy").click().run()
    assert sees(sound(screen), "Follow-ups")
    assert frame(screen, "due_on")["subject"].tolist() == ["Call"]


def _on_a_phone(screen) -> list[str]:
    return [name for html in screen.get("html") for name in re.findall("<summary><b>(.*?)</b>", html.proto.body)]


def test_forty_managers_are_sent_in_100_kilobytes_and_turned_over_on_a_phone(acme, visit):
    names = [f"Account Manager {number}" for number in range(40)]
    made = add(*(User(name=name, user_name=f"manager{number}", role="rep") for number, name in enumerate(names)))
    with transaction(SYSTEM, "setup") as session:
        for number, id_ in enumerate(made):
            customer = Customer(code=f"X{number}", name=f"Shop {number}", owner_id=id_, customer_since=date(2025, 1, 1))
            session.add(customer)
            session.flush()
            session.add_all([FollowUp(customer_id=customer.id, subject="Call", due_on=date(2026, 3, 2 + number % 20), owner_id=id_) for _ in range(1 + number)])
            session.add_all([Target(user_id=id_, month=date(2026, 3, 1), measure=measure, value=1234) for measure in ("visits", "follow_ups")])
    screen = visit(acme.ada, "workload")
    assert bytes_of(screen) < 100_000
    first = _on_a_phone(screen)
    screen.session_state["narrow_page_workload"] = 2
    second = _on_a_phone(screen.run())
    assert (len(first), len(second)) == (20, 20)
    assert {*names} <= {*first, *second}
