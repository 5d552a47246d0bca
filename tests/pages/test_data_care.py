"""The data steward's page: scores, lists to mend, personal data that is due, each with what to do about it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from db.engine import reading
from db.models import Customer, FollowUp
from tests.db.queries import company
from tests.houses import filled_once
from tests.pages.screen import choose, frame, labelled, metrics, press, sees, sees_nothing_of, tick

FULL = {"tier": "B", "industry": "retail", "region": "east", "city": "Ningbo", "phone": "555 0100", "email": "a@example.com", "source": "fair"}


@pytest.fixture
@filled_once
def house(acme):
    company.customer(acme.amy, name="Complete Ltd", **FULL)
    acme.bare = company.customer(acme.amy, name="Bare Ltd")
    acme.nobody_s = company.customer(None, name="Nobody's", **FULL)
    return acme


def test_scores_in_all_by_person_and_by_field(house, visit):
    """Bare Ltd has only its owner, 3 of 13; nobody's lacks the owner, 10 of 13."""
    screen = visit(house.ada, "data_care")
    assert metrics(screen) == {"Customers": "3", "Completeness": "67%", "Freshness": "–"}
    assert frame(screen, "Owner").to_numpy().tolist()[0][:3] == ["Amy", 2, 62]
    assert frame(screen, "Field")[["Field", "Missing"]].to_numpy().tolist()[0][1] == 1
    labelled(screen, "Field").set_value("tier").run()
    assert sees(screen, "Bare Ltd", "Missing: Tier, Industry, Region, City, Phone, E-mail, Source")


def test_who_lacks_something_is_remembered_by_a_follow_up_for_the_owner(house, visit):
    screen = visit(house.ada, "data_care")
    labelled(screen, "Field").set_value("tier").run()
    tick(screen, "lacking_tier", house.bare)
    press(screen, "Create a follow-up for 1 customer")
    with reading(house.amy) as session:
        made = session.scalars(select(FollowUp)).one()
        assert (made.customer_id, made.owner_id, made.subject) == (house.bare, house.amy.id, "Complete the data")


def test_who_has_no_owner_gets_one(house, visit):
    screen = visit(house.mia, "data_care", part="faults")
    choose(screen, "care_fault", "unassigned")
    assert sees(screen, "Nobody looks after them", "Nobody's")
    tick(screen, "fault_unassigned", house.nobody_s)
    labelled(screen, "New owner").set_value(house.bo.id).run()
    press(screen, "Assign")
    assert sees(screen, "1 customer assigned", "Undo")
    with reading(house.ada) as session:
        assert session.get_one(Customer, house.nobody_s).owner_id == house.bo.id


def test_personal_data_that_is_due_is_kept_or_stripped(acme, visit):
    assert sees(visit(acme.ada, "data_care", part="keeping"), "Nothing is due")
    old = company.customer(acme.amy, name="Old Friend", kind="person", consent_basis="consent", consent_on=date(2020, 1, 1))
    gone = company.customer(acme.amy, name="Withdrawn", kind="person", consent_withdrawn_on=date(2026, 3, 1), phone="555 0100")
    screen = visit(acme.ada, "data_care", part="keeping")
    assert sees(screen, "Due in Mar 2026", "Consent older than 36 months: 1", "Consent given on 1 Jan 2020", "Consent withdrawn, contact data still kept: 1")
    tick(screen, "keeping_consent", old)
    press(screen, "Keep for longer")
    tick(screen, "keeping_withdrawn", gone)
    press(screen, "Remove contact data")
    assert sees(screen, "Nothing is due", "Contact data of 1 customer removed")
    with reading(acme.ada) as session:
        assert (session.get_one(Customer, old).keep_until, session.get_one(Customer, gone).phone) == (date(2029, 3, 18), None)


def test_a_manager_sees_the_team_s_customers_alone(house, visit):
    company.customer(house.cy, name="Southern")
    assert sees_nothing_of(visit(house.mia, "data_care", part="faults"), "Southern")
    assert metrics(visit(house.mia, "data_care"))["Customers"] == "3"


def test_an_empty_house_says_so(acme, visit):
    assert sees(visit(acme.ada, "data_care"), "No customers yet.")
    assert sees(visit(acme.ada, "data_care", part="faults"), "Nothing to mend")
