"""Answers that are kept for all: who may share them, and when they are old."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import select

from components.cache import ask
from components.kpi_card import _card
from db import backup, once, records
from db.concerns import visibility
from db.engine import transaction
from db.models import Customer
from db.policy import Actor
from db.queries import dashboard
from db.queries.filters import EVERYBODY, Filters, told_once
from db.queries.periods import month
from tests.db.queries import company


@pytest.fixture(autouse=True)
def nothing_kept():
    st.cache_data.clear()
    yield
    st.cache_data.clear()


def names(session) -> list[str]:
    return sorted(session.scalars(select(Customer.name)))


def test_two_managers_without_a_team_are_told_of_their_own_customers_not_of_each_other_s(acme):
    zoe, max_ = (Actor(person.id, person.name, "manager") for person in (acme.amy, acme.bo))
    company.customer(zoe, name="Zoe's")
    company.customer(max_, name="Max's")
    assert ask(zoe, names) == ["Zoe's"]
    assert ask(max_, names) == ["Max's"]


def test_a_team_and_a_person_with_the_same_number_share_nothing():
    assert visibility(Actor(3, "Mia", "manager", 8)) == visibility(Actor(4, "Sol", "manager", 8))
    assert visibility(Actor(8, "Zoe", "manager")) != visibility(Actor(3, "Mia", "manager", 8))
    assert visibility(Actor(8, "Amy", "rep", 8)) != visibility(Actor(3, "Bo", "rep", 8))


DAY = date(2024, 3, 31)


def sales(actor, filters=EVERYBODY):
    figure, *_ = ask(actor, _card, "sales", DAY, filters, month(DAY), "plan")
    return figure.value


def change(actor, noun, id_, **values):
    with transaction(actor, f"{noun}.update") as session:
        records.update(session, noun, id_, values)


def test_a_figure_is_true_at_once_when_a_customer_changes_hands_or_tier(acme):
    customer = company.customer(acme.amy, tier="A")
    company.add(company.purchase(customer, "2024-03-04", 70))
    assert (sales(acme.ada), sales(acme.amy), sales(acme.bo)) == (70, 70, None)
    assert (sales(acme.ada, Filters(tier="A")), sales(acme.ada, Filters(tier="B"))) == (70, None)
    change(acme.ada, "customer", customer, owner_id=acme.bo.id, tier="B")
    assert (sales(acme.ada), sales(acme.amy), sales(acme.bo)) == (70, None, 70)
    assert (sales(acme.ada, Filters(tier="A")), sales(acme.ada, Filters(tier="B"))) == (None, 70)


def test_a_figure_stays_as_long_as_only_others_change(acme, monkeypatch):
    asked = []
    card = dashboard.card
    monkeypatch.setattr(dashboard, "card", lambda *arguments, **options: asked.append(arguments[2]) or card(*arguments, **options))
    customer = company.customer(acme.amy)
    company.add(company.purchase(customer, "2024-03-04", 70))
    assert [sales(acme.ada), sales(acme.ada), sales(acme.ada)] == [70, 70, 70]
    asked.clear()
    company.add(company.done(customer, "2024-03-05T02:00", acme.amy))
    assert (sales(acme.ada), asked) == (70, [])
    company.add(company.purchase(customer, "2024-03-06", 30))
    assert (sales(acme.ada), asked) == (100, ["sales"])


@pytest.fixture
def asked(monkeypatch):
    """The figures that were worked out rather than kept, in their order."""
    keys: list[str] = []
    card = dashboard.card
    monkeypatch.setattr(dashboard, "card", lambda session, day, key, *rest, **options: keys.append(key) or card(session, day, key, *rest, **options))
    return keys


def test_what_colleagues_write_about_their_customers_leaves_my_answers_as_they_are(acme, asked):
    mine, theirs = company.customer(acme.amy), company.customer(acme.bo)
    company.add(company.purchase(mine, "2024-03-04", 70))
    assert [sales(person) for person in (acme.amy, acme.bo, acme.mia, acme.ada)] == [70, None, 70, 70]
    assert [sales(person) for person in (acme.amy, acme.bo, acme.mia, acme.ada)] == [70, None, 70, 70]
    asked.clear()
    company.add(company.purchase(theirs, "2024-03-05", 5))
    assert (sales(acme.amy), asked) == (70, [])
    assert (sales(acme.bo), sales(acme.mia), sales(acme.ada), len(asked)) == (5, 75, 75, 3)
    asked.clear()
    change(acme.ada, "customer", theirs, owner_id=acme.amy.id)
    assert [sales(person) for person in (acme.amy, acme.bo, acme.mia, acme.ada)] == [75, None, 75, 75]


def test_a_customer_s_purchases_count_for_its_new_owner_though_they_were_entered_before_and_unseen(acme, asked):
    theirs = company.customer(acme.bo)
    assert sales(acme.amy) is None
    company.add(company.purchase(theirs, "2024-03-05", 5))
    assert sales(acme.amy) is None
    change(acme.ada, "customer", theirs, owner_id=acme.amy.id)
    assert sales(acme.amy) == 5


def test_after_a_restore_no_answer_of_the_time_before_comes_back(acme, tmp_path):
    customer = company.customer(acme.amy)
    company.add(company.purchase(customer, "2024-03-04", 70))
    assert sales(acme.amy) == 70
    saved = backup.backup(into=tmp_path)
    company.add(company.purchase(customer, "2024-03-05", 900))
    assert sales(acme.amy) == 970
    backup.restore(saved)
    assert sales(acme.amy) == 70
    company.add(company.done(customer, "2024-03-05T02:00", acme.amy))
    assert sales(acme.amy) == 70
    company.add(company.purchase(customer, "2024-03-06", 30))
    assert sales(acme.amy) == 100


def test_an_order_that_goes_to_a_colleague_s_customer_leaves_my_figures_at_once(acme):
    mine, theirs = company.customer(acme.amy), company.customer(acme.bo)
    (order,) = company.add(company.purchase(mine, "2024-03-04", 70))
    assert (sales(acme.amy), sales(acme.bo)) == (70, None)
    change(acme.ada, "order", order, customer_id=theirs)
    assert (sales(acme.amy), sales(acme.bo)) == (None, 70)


def test_figures_of_one_page_that_rest_on_the_same_table_ask_for_it_once_and_are_old_together(acme):
    asked = []

    def table(session) -> pd.DataFrame:
        asked.append(1)
        return pd.DataFrame({"name": names(session)})

    def many(session) -> int:
        return len(told_once(session, table))

    def first(session) -> str:
        return str(told_once(session, table)["name"].iloc[0])

    def page() -> None:
        with once.drawing():
            seen.append((ask(acme.ada, first), ask(acme.ada, many), len(asked)))

    seen: list[tuple[str, int, int]] = []
    company.customer(acme.amy, name="Ann's")
    page()
    company.customer(acme.amy, name="Abe's")
    page()
    assert seen == [("Ann's", 1, 1), ("Abe's", 2, 2)]


def test_a_page_rests_on_what_a_dialog_within_it_read_and_goes_on_resting_on_what_it_read_itself():
    with once.drawing():
        once.hear({"order"})
        with once.drawing():
            once.hear({"absence"})
        assert {"order", "absence"} <= once.heard()
    assert once.kept() is None


def test_nothing_that_a_page_asked_once_is_left_for_the_callback_that_comes_after_it():
    with pytest.raises(RuntimeError), once.drawing():
        assert (once.ask("who", lambda: "Ada"), once.ask("who", lambda: "Bo")) == ("Ada", "Ada")
        raise RuntimeError
    assert once.ask("who", lambda: "Bo") == "Bo"
