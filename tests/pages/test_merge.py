"""Two records of one customer on the screen: side by side, a choice per field, one record, and back."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from db import records
from db.engine import reading, transaction
from db.models import Customer
from tests.db.queries import company
from tests.db.queries.company import add, done, planned
from tests.houses import filled_once
from tests.pages.screen import choose, go, press, sees, sees_nothing_of, tick_rows


@pytest.fixture
@filled_once
def hotels(acme) -> SimpleNamespace:
    amys = company.customer(acme.amy, code="C-1", name="Riverside Hotel", city="Ningbo", phone="13912342231", customer_since=date(2024, 5, 1))
    bos = company.customer(acme.bo, code="C-2", name="River Side Hotel", city="Hangzhou", phone="13912342231")
    add(done(bos, "2026-03-10T04:00", acme.bo), planned(bos, "2026-04-10", acme.bo))
    return SimpleNamespace(amys=amys, bos=bos)


def kept(acme, id_: int) -> Customer:
    with reading(acme.ada) as session:
        return session.get_one(Customer, id_, execution_options={"with_deleted": True})


def sides(screen) -> dict[str, str]:
    return {radio.label: radio.value for radio in screen.radio}


def test_two_ticked_customers_are_compared_merged_and_made_two_again(acme, hotels, visit):
    screen = tick_rows(visit(acme.mia, "customers"), "customer.grid", 0, 1)
    press(screen, "Merge")
    assert sees(screen, "This record stays", "C-1 · Owner Amy", "C-2 · Owner Bo", "Follow-ups 2", "To “Riverside Hotel” move: Follow-ups 2.")
    assert sides(screen) == {"Name": "kept", "Owner": "kept", "City": "kept", "Customer since": "kept"}
    radio = next(radio for radio in screen.radio if radio.label == "City")
    assert radio.options == ["Ningbo", "Hangzhou"]
    radio.set_value("other")
    press(screen, "Merge")
    assert (kept(acme, hotels.amys).city, kept(acme, hotels.bos).deleted_at is None) == ("Hangzhou", False)
    assert sees(screen, "“River Side Hotel” merged into “Riverside Hotel”")
    press(screen, "Undo")
    assert (kept(acme, hotels.amys).city, kept(acme, hotels.bos).deleted_at) == ("Ningbo", None)


def test_the_other_way_round(acme, hotels, visit):
    screen = visit(acme.mia, "merge", keep=hotels.amys, lose=hotels.bos)
    press(screen, "Swap the two")
    assert sees(screen, "Nothing hangs on C-1; only its values can go into “River Side Hotel”.")
    assert sides(screen)["Customer since"] == "other"


def test_from_a_customer_s_page_the_other_is_searched(acme, hotels, visit):
    screen = visit(acme.mia, "merge", keep=hotels.amys)
    choose(screen, "merge_lose.words", "River Side")
    press(screen, "Compare")
    assert sees(screen, "To “Riverside Hotel” move")


def test_a_choice_made_from_old_values_is_asked_for_again(acme, hotels, visit):
    screen = visit(acme.mia, "merge", keep=hotels.amys, lose=hotels.bos)
    with transaction(acme.bo, "customer.update") as session:
        records.update(session, "customer", hotels.bos, {"city": "Suzhou"})
    press(screen, "Merge")
    assert sees(screen, "One of the two was changed in the meantime", "Suzhou")
    press(screen, "Merge")
    assert kept(acme, hotels.bos).merged_into_id == hotels.amys


def test_the_old_address_leads_to_the_record_that_stays(acme, hotels, visit):
    screen = visit(acme.mia, "merge", keep=hotels.amys, lose=hotels.bos)
    press(screen, "Merge")
    go(screen, "customer", id=hotels.bos)
    assert sees(screen, "Riverside Hotel", "The record you asked for was merged into this one.")
    go(screen, "recycle_bin")
    assert sees(screen, "merged into another record")


def test_whoever_does_not_see_one_of_them_learns_nothing_of_it(acme, hotels, visit):
    screen = visit(acme.amy, "merge", keep=hotels.amys, lose=hotels.bos)
    assert sees(screen, "This record no longer exists, or you may not see it.")
    assert sees_nothing_of(screen, "River Side", "Hangzhou")
