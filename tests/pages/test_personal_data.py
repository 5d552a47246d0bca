"""A person's rights on the screens: everything held as a file, erased for good after typing the code."""

from __future__ import annotations

import pytest

from components import files_left
from db.actions import customers
from db.engine import reading, transaction
from db.models import Contact, Customer
from db.policy import SYSTEM
from tests.db.queries import company
from tests.db.queries.company import add, planned
from tests.pages.screen import choose, has_button, labelled, open_row, open_tab, press, sees, sees_nothing_of, words


@pytest.fixture
def guest(acme) -> int:
    person = company.customer(acme.amy, code="C-0007", name="Li Wei", kind="person", phone="139 1234 5678")
    add(planned(person, "2026-03-20", acme.amy))
    return person


def test_an_administrator_erases_a_customer_by_typing_the_code(acme, guest, visit):
    screen = choose(visit(acme.ada, "customer", id=guest), f"customer_menu_{guest}", "personal")
    assert sees(screen, "Personal data of Li Wei", "Customers: 1 · Follow-ups: 1 · Entries in the journal: 2", "Everything held, as a file")
    labelled(screen, "To confirm, type the code C-0007").set_value("Li Wei")
    press(screen, "Erase for good")
    assert sees(screen, "Please type the code C-0007 to confirm.", "Li Wei")
    labelled(screen, "To confirm, type the code C-0007").set_value("c-0007")
    press(screen, "Erase for good")
    assert sees(screen, "The personal data of C-0007 is erased", "Personal data erased on 18 Mar 2026")
    assert sees_nothing_of(screen, "Li Wei")
    log = visit(acme.ada, "audit")
    assert sees(log, "Personal data erased")
    assert not has_button(log, "Undo")
    with reading(acme.ada) as session:
        assert (session.get_one(Customer, guest).name, session.get_one(Customer, guest).phone) == ("C-0007", None)


def test_files_of_others_that_tell_of_the_person_are_named_before_and_after(acme, guest, visit):
    mill = company.customer(acme.bo, name="Old Mill")
    with transaction(SYSTEM, "attachment.create") as session:
        for name, content in (("Visit of Li Wei.txt", b"Li Wei, 13912345678"), ("scan.pdf", b"%PDF-1.4"), ("other.txt", b"Nobody")):
            customers.attach(session, mill, name, "text/plain", content)
    screen = choose(visit(acme.ada, "customer", id=guest), f"customer_menu_{guest}", "personal")
    assert sees(screen, "1 file that stays holds the name, a number or an address.", "Old Mill", "Visit of Li Wei.txt · name found, number or address found", "1 PDF was compared byte by byte only")
    labelled(screen, "To confirm, type the code C-0007").set_value("C-0007")
    press(screen, "Erase for good")
    assert sees(screen, "Files that still tell of the person", "Old Mill", "Visit of •••.txt · name found, number or address found")
    assert sees_nothing_of(screen, "Li Wei")
    press(screen, "Close")
    assert sees_nothing_of(screen, "Old Mill", "Files that still tell of the person")


def test_nobody_else_and_no_company_is_offered_it(acme, guest, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    for actor, customer in ((acme.amy, guest), (acme.mia, guest), (acme.ada, hotel)):
        assert "Personal data …" not in words(visit(actor, "customer", id=customer))


def test_a_contact_is_erased_below_its_form(acme, visit, monkeypatch):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    contact = add(Contact(customer_id=hotel, name="Wilhelmina Krause", phone="030 1234567"))[0]
    company.customer(acme.amy, name="Krause's firm", phone="030 1234567")
    with transaction(SYSTEM, "attachment.create") as session:
        customers.attach(session, hotel, "guests.txt", "text/plain", b"Wilhelmina Krause")
    monkeypatch.setattr(files_left, "LITTLE", 5)
    screen = open_row(open_tab(visit(acme.ada, "customer", id=hotel), f"customer_tabs_{hotel}", "Contacts"), "contact_of", 0)
    press(screen, "Personal data …")
    assert sees(screen, "1 other record has the same number or address and keeps it:", "Krause's firm")
    assert sees_nothing_of(screen, "guests.txt"), "many bytes are looked through when that is asked for"
    press(screen, "Look through 1 file that stays (0 MB)")
    assert sees(screen, "guests.txt · name found")
    labelled(screen, f"To confirm, type the code P-{contact:04d}").set_value(f"P-{contact:04d}")
    press(screen, "Erase for good")
    assert sees_nothing_of(screen, "Wilhelmina")
    assert not has_button(screen, "Erase for good")
    assert sees(screen, "Files that still tell of the person", "guests.txt · name found")
