"""The page of likely duplicates: why, whose, and what to do about each pair."""

from __future__ import annotations

import pytest

from db.engine import reading
from db.models import Contact, Customer
from tests.db.queries import company
from tests.pages.screen import choose, press, sees, sees_nothing_of


@pytest.fixture
def twice(acme) -> list[int]:
    """Amy's hotel entered again by Bo, and two of Bo's with one phone."""
    return [company.customer(acme.amy, code="C-1", name="Riverside Hotel", city="Ningbo"), company.customer(acme.bo, code="C-2", name="Riverside Hotel Ltd", city="Ningbo"),
            company.customer(acme.bo, code="C-3", name="Old Mill", phone="13912342231"), company.customer(acme.bo, code="C-4", name="Tea House", mobile="139 1234 2231")]


def test_a_house_without_duplicates_says_so(acme, visit):
    company.customer(acme.amy, name="Riverside Hotel")
    assert sees(visit(acme.amy, "duplicates"), "No likely duplicates among the customers that you see.")


def test_pairs_stand_with_their_reasons_and_are_narrowed_by_reason_and_owner(acme, twice, visit):
    screen = visit(acme.mia, "duplicates")
    assert sees(screen, "2 pairs", "same name", "same phone", "Riverside Hotel Ltd", "C-1 · Ningbo · Owner Amy · never contacted")
    choose(screen, "reason", "number")
    assert sees(screen, "1 pair", "Old Mill", "Tea House")
    assert sees_nothing_of(screen, "Riverside Hotel")
    choose(screen, "owner", acme.amy.id)
    assert sees(screen, "Nothing matches. Clear the search or the filters.")
    assert sees(visit(acme.mia, "duplicates", owner=acme.amy.id), "1 pair", "Riverside Hotel Ltd")


def test_a_pair_by_a_contact_says_which_one_and_has_a_reason_of_its_own(acme, twice, visit):
    company.add(Contact(customer_id=twice[0], name="Lin Yue", email="lin@yue.example"))
    company.customer(acme.amy, code="C-5", name="Inn by the Sea", email="lin@yue.example")
    screen = choose(visit(acme.mia, "duplicates"), "reason", "contact_email")
    assert sees(screen, "1 pair", "same e-mail of a contact", "C-1 · Ningbo · Owner Amy · never contacted · Contact: Lin Yue", "Inn by the Sea")
    assert sees_nothing_of(screen, "Old Mill")


def test_an_account_manager_sees_the_own_pairs_only(acme, twice, visit):
    screen = visit(acme.bo, "duplicates")
    assert sees(screen, "1 pair", "Old Mill", "Tea House")
    assert sees_nothing_of(screen, "Riverside", "All owners")


def test_a_pair_that_is_none_goes_away_and_comes_back_with_undo(acme, twice, visit):
    screen = visit(acme.mia, "duplicates")
    press(screen, "Not a duplicate")
    assert sees(screen, "1 pair", "“Riverside Hotel” and “Riverside Hotel Ltd” stay two")
    press(screen, "Undo")
    assert sees(screen, "2 pairs")


def test_a_pair_is_merged_and_the_list_goes_on(acme, twice, visit):
    screen = visit(acme.mia, "duplicates")
    press(screen, "Compare and merge")
    assert sees(screen, "This record goes into it", "C-2 · Owner Bo")
    press(screen, "Merge")
    assert sees(screen, "1 pair", "“Riverside Hotel Ltd” merged into “Riverside Hotel”")
    with reading(acme.ada) as session:
        assert session.get(Customer, twice[1]) is None
