"""After thirty days in the bin a record is gone for good, with what hangs on it; the journal stays verifiable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db import clock, history, records
from db.actions import merging, recycling
from db.check import check
from db.engine import reading, transaction
from db.errors import Invalid
from db.models import NOUNS, Attachment, Blob, Contact, CustomerTag, FollowUp, Order, OrderLine, Product, ProductLine, SavedView, Tag
from db.policy import SYSTEM
from tests.db.queries import company
from tests.db.queries.company import add, planned, purchase

LATER = timedelta(days=30, minutes=1)


def delete(actor, noun, id_):
    with transaction(actor, f"{noun}.delete") as session:
        records.delete(session, noun, id_)


def left(*nouns: str) -> dict[str, int]:
    with reading(SYSTEM) as session:
        return {noun: session.scalar(select(func.count()).select_from(NOUNS[noun]), execution_options={"with_deleted": True}) for noun in nouns}


def full_customer(acme) -> int:
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    contact = add(Contact(customer_id=hotel, name="Li Wei"))[0]
    follow_up = add(planned(hotel, "2026-03-01", acme.amy))[0]
    order = add(purchase(hotel, "2026-03-01"))[0]
    line, tag = add(ProductLine(name="Tea"), Tag(name="VIP"))
    product = add(Product(code="P1", name="Green tea", product_line_id=line))[0]
    with transaction(SYSTEM, "blob") as session:
        session.add(Blob(digest="a" * 64, content=b"%PDF"))
    add(FollowUp(customer_id=hotel, subject="Again", contact_id=contact, previous_id=follow_up, due_on=clock.today()),
        OrderLine(customer_id=hotel, order_id=order, product_id=product, price=3), CustomerTag(customer_id=hotel, tag_id=tag),
        Attachment(customer_id=hotel, name="Offer.pdf", media_type="application/pdf", size=4, digest="a" * 64))
    return hotel


def test_a_customer_goes_with_everything_that_hangs_on_it_and_others_stay(acme):
    hotel, other = full_customer(acme), company.customer(acme.amy, name="Old Mill")
    add(planned(other, "2026-03-01", acme.amy))
    delete(acme.amy, "customer", hotel)
    with clock.frozen(clock.now() + LATER):
        assert recycling.empty_bin("default") == 1
        assert recycling.empty_bin("default") == 0
    assert left("customer", "contact", "follow_up", "order", "order_line", "customer_tag", "attachment", "product", "tag") == {
        "customer": 1, "contact": 0, "follow_up": 1, "order": 0, "order_line": 0, "customer_tag": 0, "attachment": 0, "product": 1, "tag": 1}
    with reading(SYSTEM) as session:
        assert session.scalars(select(Blob.digest)).all() == []
    report = check()
    assert report.problems == []
    assert report.erased > 0


def test_what_was_deleted_less_than_thirty_days_ago_stays(acme):
    delete(acme.amy, "customer", full_customer(acme))
    with clock.frozen(clock.now() + timedelta(days=29, hours=23)):
        assert recycling.empty_bin("default") == 0
    assert left("customer") == {"customer": 1}


def test_a_contact_and_a_follow_up_are_forgotten_by_those_that_named_them(acme):
    hotel = company.customer(acme.amy)
    contact, first = add(Contact(customer_id=hotel, name="Li Wei"))[0], add(planned(hotel, "2026-03-01"))[0]
    second = add(FollowUp(customer_id=hotel, subject="Next", contact_id=contact, previous_id=first, due_on=clock.today()))[0]
    delete(acme.amy, "contact", contact)
    delete(acme.amy, "follow_up", first)
    with clock.frozen(clock.now() + LATER):
        assert recycling.empty_bin("default") == 2
    with reading(acme.amy) as session:
        kept = session.get_one(FollowUp, second)
        assert (kept.subject, kept.contact_id, kept.previous_id) == ("Next", None, None)
    assert check().problems == []


def test_what_others_still_name_and_who_is_named_by_the_journal_stay(acme):
    hotel = company.customer(acme.amy)
    line = add(ProductLine(name="Tea"))[0]
    sold, unsold = add(Product(code="P1", name="Green tea", product_line_id=line), Product(code="P2", name="Black tea", product_line_id=line))
    order = add(purchase(hotel, "2026-03-01"))[0]
    add(OrderLine(customer_id=hotel, order_id=order, product_id=sold, price=3))
    for noun, id_ in (("product", sold), ("product", unsold), ("user", acme.cy.id)):
        delete(acme.ada, noun, id_)
    with clock.frozen(clock.now() + LATER):
        assert recycling.empty_bin("default") == 1
    with reading(SYSTEM) as session:
        assert session.scalars(select(Product.name), execution_options={"with_deleted": True}).all() == ["Green tea"]
    assert left("user") == {"user": 8}


def test_a_great_many_go_in_batches(acme, monkeypatch):
    monkeypatch.setattr("db.erasure.BATCH", 3)
    monkeypatch.setattr("db.erasure.removal.BATCH", 3)
    for view in add(*(SavedView(noun="customer", name=f"View {number}", user_id=acme.amy.id) for number in range(7))):
        delete(acme.amy, "saved_view", view)
    orders = add(*(purchase(company.customer(acme.amy), "2026-03-01") for _ in range(4)))
    for order in orders:
        delete(acme.amy, "order", order)
    with clock.frozen(clock.now() + LATER):
        assert recycling.empty_bin("default") == 11
    assert left("saved_view", "order") == {"saved_view": 0, "order": 0}
    with reading(SYSTEM) as session:
        assert session.scalars(select(Order.id)).all() == []
    assert check().problems == []


def test_what_is_gone_for_good_cannot_be_undone(acme):
    hotel = company.customer(acme.amy)
    with transaction(acme.amy, "customer.delete") as session:
        records.delete(session, "customer", hotel)
    deletion = session.info["change_id"]
    with clock.frozen(clock.now() + LATER):
        recycling.empty_bin("default")
    for number in (deletion, deletion + 1):
        with pytest.raises(Invalid, match="cannot be undone"):
            history.undo(SYSTEM, number)


def test_a_merged_customer_leads_on_as_long_as_its_heir_is_there_and_goes_with_it(acme):
    heir, lost, other = (company.customer(acme.amy, name=name) for name in ("Riverside Hotel", "Riverside Htl", "River Inn"))
    with transaction(acme.ada, "customer.merge") as session:
        merging.merge(session, heir, lost)
    with transaction(acme.ada, "customer.rule_out") as session:
        merging.rule_out(session, other, heir)
    with clock.frozen(clock.now() + LATER):
        assert recycling.empty_bin("default") == 0
        with reading(acme.amy) as session:
            assert records.merged_into(session, lost) == heir
        delete(acme.ada, "customer", heir)
        with clock.frozen(clock.now() + LATER):
            assert recycling.empty_bin("default") == 1
    assert left("customer", "not_duplicate") == {"customer": 1, "not_duplicate": 0}
    assert check().problems == []
