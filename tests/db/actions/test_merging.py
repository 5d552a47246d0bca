"""Two records of one customer become one, and one undo makes them two again."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from db import check, history, records
from db.actions import customers, merging
from db.engine import reading, transaction
from db.errors import Forbidden, Gone, Invalid
from db.models import (
    NOUNS,
    Attachment,
    Contact,
    Customer,
    CustomerTag,
    CustomField,
    FollowUp,
    Order,
    OrderLine,
    Product,
    SurveyInvitation,
    SurveyResponse,
    Tag,
)
from db.policy import SYSTEM
from db.queries import merging as asking
from db.queries.links import customers_like
from db.queries.lists import ListQuery, count
from tests.db.queries import company
from tests.db.queries.company import add
from tests.db.transfer.steps import bring_in, csv_of
from tests.db.whole import whole
from tests.houses import filled_once


def merged(actor, keep: int, lose: int, choices: dict[str, str] | None = None, **seen) -> int:
    with transaction(actor, "customer.merge") as session:
        merging.merge(session, keep, lose, choices, **seen)
    return session.info["change_id"]


def record(model, id_: int):
    with reading(SYSTEM) as session:
        return session.get_one(model, id_, execution_options={"with_deleted": True})


def of_customer(model, id_: int) -> list[int]:
    with reading(SYSTEM) as session:
        return sorted(row.id for row in session.query(model).filter(model.customer_id == id_))


@pytest.fixture
@filled_once
def hotels(acme) -> SimpleNamespace:
    """One hotel entered twice, by Amy and by Bo, with everything that can hang on a customer."""
    add(CustomField(key="stars", name_en="Stars", kind="integer"))
    amys = company.customer(acme.amy, code="C-1", name="Riverside Hotel", city="Ningbo", notes="Quiet rooms.", customer_since=date(2023, 5, 1), custom={"stars": 4})
    bos = company.customer(acme.bo, code="C-2", name="River Side Hotel Ltd", email="desk@riverside.example", notes="Pays late.",
                           customer_since=date(2022, 3, 1), custom={"stars": 5})
    both, only_bos = add(Tag(name="Key"), Tag(name="Hotel"))
    add(CustomerTag(customer_id=amys, tag_id=both), CustomerTag(customer_id=bos, tag_id=both), CustomerTag(customer_id=bos, tag_id=only_bos))
    person = add(Contact(customer_id=bos, name="Wanda Keller"))[0]
    product = add(Product(code="G1", name="Tea", price=5))[0]
    order = add(company.purchase(bos, "2024-02-01", 120))[0]
    survey, (question,) = company.survey(("csat", 1, 5))
    add(OrderLine(customer_id=bos, order_id=order, product_id=product, price=5), company.invitation(bos, survey, "2024-03-01", contact_id=person),
        company.done(amys, "2024-01-10T04:00", acme.amy), company.done(bos, "2024-03-10T04:00", acme.bo, contact_id=person, rating=4),
        company.planned(bos, "2024-06-01", acme.bo), company.planned(bos, "2024-07-01", acme.mia))
    company.answers(bos, question, [5], contact_id=person)
    with transaction(acme.bo, "customer.attach") as session:
        customers.attach(session, bos, "menu.txt", "text/plain", b"Tea")
    binned = add(company.planned(bos, "2024-08-01", acme.bo))[0]
    with transaction(acme.bo, "follow_up.delete") as session:
        records.delete(session, "follow_up", binned)
    return SimpleNamespace(amys=amys, bos=bos, person=person, binned=binned, tags={both, only_bos})


HANGING = {Contact: 1, FollowUp: 4, Order: 1, OrderLine: 1, SurveyResponse: 1, SurveyInvitation: 1, Attachment: 1, CustomerTag: 2}


def test_everything_that_hung_on_the_other_hangs_on_the_kept_one(acme, hotels):
    merged(acme.mia, hotels.amys, hotels.bos)
    assert {model: len(of_customer(model, hotels.amys)) for model in HANGING} == HANGING
    assert {model: of_customer(model, hotels.bos) for model in HANGING} == {model: [] for model in HANGING}
    assert record(FollowUp, hotels.binned).customer_id == hotels.amys
    kept = record(Customer, hotels.amys)
    assert (kept.last_contact_at.date(), kept.next_contact_on) == (date(2024, 3, 10), date(2024, 6, 1))
    assert check.check().problems == []


def test_no_noun_that_names_a_customer_is_forgotten():
    followers = {noun for noun, model in NOUNS.items() if hasattr(model, "customer_id")}
    assert followers <= {model.__tablename__ for model, _ in asking.links_to_customers()}
    assert {model.__tablename__ for model in HANGING} <= followers


def test_undo_brings_back_the_whole_database_row_by_row_and_undoing_that_merges_again(acme, hotels):
    before = whole()
    change = merged(acme.mia, hotels.amys, hotels.bos, {"name": "other", "stars": "other", "owner_id": "other"})
    after = whole()
    assert {name for name in before if before[name] != after[name]} >= {"customer", "contact", "follow_up", "order", "customer_tag", "attachment", "customer_search"}
    again = history.undo(acme.mia, change)
    assert whole() == before
    history.undo(acme.mia, again)
    assert whole() == after
    assert check.check().problems == []


def test_gaps_are_filled_long_texts_joined_and_the_earlier_beginning_holds_unless_chosen_otherwise(acme, hotels):
    merged(acme.mia, hotels.amys, hotels.bos, {"stars": "other"})
    kept = record(Customer, hotels.amys)
    assert (kept.name, kept.city, kept.email, kept.notes) == ("Riverside Hotel", "Ningbo", "desk@riverside.example", "Quiet rooms.\n\nPays late.")
    assert (kept.customer_since, kept.custom["stars"], kept.owner_id, kept.code) == (date(2022, 3, 1), 5, acme.amy.id, "C-1")


def test_open_follow_ups_go_to_the_owner_who_keeps_the_customer_those_of_others_stay_theirs(acme, hotels):
    merged(acme.mia, hotels.amys, hotels.bos, {"owner_id": "other"})
    with reading(SYSTEM) as session:
        rows = [(row.status, row.owner_id, row.account_owner_id) for row in session.query(FollowUp).filter(FollowUp.customer_id == hotels.amys).order_by(FollowUp.id)]
    bo, mia, amy = acme.bo.id, acme.mia.id, acme.amy.id
    assert rows == [("done", amy, bo), ("done", bo, bo), ("planned", bo, bo), ("planned", mia, bo)]


def test_the_old_link_the_old_code_and_the_old_name_lead_to_the_kept_one(acme, hotels):
    merged(acme.mia, hotels.amys, hotels.bos)
    with reading(acme.amy) as session:
        assert records.merged_into(session, hotels.bos) == hotels.amys
        assert records.merged_into(session, hotels.amys) is None
        assert list(customers_like(session, "River Side Hotel Ltd")) == [hotels.amys]
    bring_in(acme.ada, "contact", csv_of(["customer", "name"], ["C-2", "Otto Brandt"]))
    assert len(of_customer(Contact, hotels.amys)) == 2
    third = company.customer(acme.amy, code="C-3")
    merged(acme.mia, third, hotels.amys)
    with reading(acme.amy) as session:
        assert records.merged_into(session, hotels.bos) == third


def test_a_contact_that_moved_is_found_under_its_new_customer_and_after_undo_under_the_old(acme, hotels):
    change = merged(acme.mia, hotels.amys, hotels.bos)
    with reading(acme.mia) as session:
        assert list(customers_like(session, "Wanda")) == [hotels.amys]
    history.undo(acme.mia, change)
    with reading(acme.mia) as session:
        assert list(customers_like(session, "Wanda")) == [hotels.bos]


def test_the_history_of_the_other_is_told_with_that_of_the_kept_one(acme, hotels):
    merged(acme.mia, hotels.amys, hotels.bos)
    with reading(acme.mia) as session:
        actions = {entry["action"] for entry in history.changes_around(session, hotels.amys, limit=100)}
    assert {"customer.merge", "customer.attach"} <= actions


def test_the_other_comes_back_from_the_recycle_bin_as_a_record_of_its_own(acme, hotels):
    merged(acme.mia, hotels.amys, hotels.bos)
    with transaction(acme.mia, "customer.restore") as session:
        records.restore(session, "customer", hotels.bos)
    with reading(acme.mia) as session:
        assert records.merged_into(session, hotels.bos) is None
        assert count(session, "customer", ListQuery()) == 2
    assert check.check().problems == []


def test_a_change_in_between_is_no_reason_to_merge_blindly(acme, hotels):
    with transaction(acme.bo, "customer.update") as session:
        records.update(session, "customer", hotels.bos, {"city": "Hangzhou"})
    with transaction(acme.mia, "customer.merge") as session, pytest.raises(Invalid, match="changed in the meantime"):
        merging.merge(session, hotels.amys, hotels.bos, seen=(1, 1))
    with transaction(acme.mia, "customer.merge") as session, pytest.raises(Invalid, match="itself"):
        merging.merge(session, hotels.amys, hotels.amys)


@pytest.mark.parametrize(("name", "refusal"), [("amy", Gone), ("sol", Gone), ("gil", Forbidden), ("vic", Forbidden)])
def test_who_does_not_see_both_or_may_not_merge_merges_nothing(acme, name, refusal):
    hotels = SimpleNamespace(amys=company.customer(acme.amy), bos=company.customer(acme.bo))
    with transaction(getattr(acme, name), "customer.merge") as session, pytest.raises(refusal):
        merging.merge(session, hotels.amys, hotels.bos)
    assert record(Customer, hotels.bos).deleted_at is None


def test_an_account_manager_merges_two_of_the_own_and_takes_it_back(acme):
    first, second = (company.customer(acme.amy, name=name) for name in ("Tea House", "The Tea House"))
    add(company.planned(second, "2024-06-01", acme.amy))
    before = whole()
    change = merged(acme.amy, first, second)
    assert len(of_customer(FollowUp, first)) == 1
    history.undo(acme.amy, change)
    assert whole() == before
