"""By which signs two customers look like one."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from db import bulk, check, history, records
from db.actions import merging, personal_data
from db.engine import reading, transaction
from db.matching import name_key, name_of, number_key, signs, similarity, sound_key
from db.models import MatchKey
from db.policy import SYSTEM
from db.session import UNGUARDED
from tests.db.queries import company
from tests.db.transfer.steps import bring_in, csv_of


@pytest.mark.parametrize(("first", "second"), [
    ("Riverside Hotel", "RIVERSIDE  HOTEL Ltd."), ("Müller & Söhne GmbH", "Muller Sohne GmbH & Co. KG"), ("ＡＢＣ　Trading", "abc trading inc"), ("Acme S.A.", "ACME"),
    ("杭州海帆贸易有限公司", "杭州海帆贸易"), ("杭州海帆贸易股份有限公司", "杭州海帆贸易（集团）"), ("St. Mary", "St Mary"),
])
def test_legal_forms_width_case_and_accents_make_no_other_name(first, second):
    assert name_key(first) == name_key(second) != ""


def test_a_name_of_nothing_but_a_legal_form_stays_a_name():
    assert (name_key("Company"), name_key("集团公司")) == ("company", "集团公司")


@pytest.mark.parametrize(("first", "second"), [("杭州茶馆", "杭州茶館"), ("杭州茶馆有限公司", "Hangzhou Chaguan"), ("王伟", "王薇")])
def test_traditional_writing_and_pinyin_sound_the_same(first, second):
    assert sound_key(name_key(first)) == sound_key(name_key(second))


@pytest.mark.parametrize(("typed", "key"), [
    ("139 1234 2231", "+8613912342231"), ("+86-139-1234-2231", "+8613912342231"), ("0086 13912342231", "+8613912342231"), ("021 5550 1234", "+862155501234"),
    ("+86 21 5550 1234", "+862155501234"), ("+49 30 901820", "+4930901820"), ("１３９１２３４２２３１", "+8613912342231"), ("110", ""), ("", ""), (None, ""),
])
def test_a_number_is_the_same_however_it_is_typed(typed, key):
    assert number_key(typed) == key


@pytest.mark.parametrize(("first", "second", "percent"), [
    ("abcd", "ABCD Ltd", 100), ("王伟", "王薇", 96), ("Riverside Hotel", "Rivercide Hotel", 100 * 2 * 13 / 28), ("海帆贸易", "云达物流", 0), ("杭州茶馆", "hangzhou chaguan", 96),
])
def test_similarity_is_that_of_the_writing_and_nearly_full_for_the_same_sound(first, second, percent):
    assert similarity(name_of(first), name_of(second)) == pytest.approx(percent)


def test_signs_know_the_field_they_come_from():
    found = list(signs({"name": "Tea", "mobile": "13912342231", "email": " A@B.example ", "credit_code": "91 3301-x"}))
    assert [tuple(sign) for sign in found] == [("credit_code", "913301x", "credit_code"), ("email", "a@b.example", "email"), ("number", "+8613912342231", "mobile"),
                                               ("sound", "tea", "name"), ("ends", "aet", "name")]


def kept(kind: str = "number") -> set[tuple[str, int]]:
    with reading(SYSTEM) as session:
        return {(row.value, row.customer_id) for row in session.scalars(select(MatchKey).where(MatchKey.kind == kind), execution_options=UNGUARDED)}


def test_signs_follow_every_way_in_and_out(acme):
    one = company.customer(acme.amy, phone="139 1234 2231")
    assert kept() == {("+8613912342231", one)}
    with transaction(acme.amy, "customer.update") as session:
        records.update(session, "customer", one, {"phone": "13912340000"})
    assert kept() == {("+8613912340000", one)}
    history.undo(acme.amy, session.info["change_id"])
    assert kept() == {("+8613912342231", one)}
    imported = bring_in(acme.ada, "customer", csv_of(["name", "phone"], ["Tea House", "13911112222"]))
    assert len(kept()) == 2
    history.undo(acme.ada, imported.change_id)
    with transaction(acme.amy, "customer.delete") as session:
        records.delete(session, "customer", one)
    assert kept() == set()
    with transaction(acme.amy, "customer.restore") as session:
        records.restore(session, "customer", one)
    with transaction(SYSTEM, "baseline") as session:
        bulk.load(session, [("customer", [{"name": "Loaded", "phone": "13933334444"}])])
    assert {value for value, _ in kept()} == {"+8613912342231", "+8613933334444"}
    assert check.check().problems == []


def test_the_check_finds_signs_that_are_out_of_step(acme):
    company.customer(acme.amy, email="lin@example.com")
    with transaction(SYSTEM, "records.create") as session:
        session.execute(update(MatchKey).where(MatchKey.kind == "email").values(value="other@example.com"), execution_options=UNGUARDED)
    assert check.check().problems == ["1 customer is compared with others by outdated signs."]


def of_contacts() -> set[tuple[str, int]]:
    with reading(SYSTEM) as session:
        return {(row.value, row.customer_id) for row in session.scalars(select(MatchKey).where(MatchKey.of_contact), execution_options=UNGUARDED)}


def test_signs_of_contacts_follow_every_way_in_and_out(acme):
    one, other = company.customer(acme.amy, email="desk@mill.example"), company.customer(acme.amy, kind="person", code="C-9")
    with transaction(acme.amy, "contact.create") as session:
        lin = records.create(session, "contact", {"customer_id": one, "name": "Lin", "phone": "139 1234 2231", "email": " Desk@Mill.example "}).id
    assert of_contacts() == {("+8613912342231", one)}, "what is the customer's own is no contact's"
    with transaction(acme.amy, "contact.update") as session:
        records.update(session, "contact", lin, {"email": "lin@mill.example"})
    assert of_contacts() == {("+8613912342231", one), ("lin@mill.example", one)}
    history.undo(acme.amy, session.info["change_id"])
    for verb in (records.delete, records.restore):
        with transaction(acme.amy, f"contact.{verb.__name__}") as session:
            verb(session, "contact", lin)
        assert of_contacts() == ({("+8613912342231", one)} if verb is records.restore else set())
    with transaction(acme.ada, "customer.merge") as session:
        merging.merge(session, other, one)
    assert of_contacts() == {("+8613912342231", other)}
    history.undo(acme.ada, session.info["change_id"])
    assert of_contacts() == {("+8613912342231", one)}
    imported = bring_in(acme.ada, "contact", csv_of(["customer_id", "name", "email"], ["C-9", "Wu", "wu@mill.example"]))
    assert ("wu@mill.example", other) in of_contacts()
    history.undo(acme.ada, imported.change_id)
    with transaction(SYSTEM, "baseline") as session:
        new = {"id": 70, "name": "Loaded"}
        bulk.load(session, [("contact", [{"customer_id": other, "name": "Early", "email": "early@mill.example"}]), ("customer", [new]),
                            ("contact", [{"customer_id": 70, "name": "Late", "email": "late@mill.example"}])])
    assert of_contacts() == {("+8613912342231", one), ("early@mill.example", other), ("late@mill.example", 70)}
    personal_data.erase(acme.ada, "contact", lin, f"P-{lin:04d}")
    with transaction(acme.amy, "customer.delete") as session:
        records.delete(session, "customer", other)
    assert of_contacts() == {("late@mill.example", 70)}
    assert check.check().problems == []


def test_the_check_knows_whose_a_sign_is(acme):
    company.customer(acme.amy, email="lin@example.com")
    with transaction(SYSTEM, "records.create") as session:
        session.execute(update(MatchKey).where(MatchKey.kind == "email").values(of_contact=True), execution_options=UNGUARDED)
    assert check.check().problems == ["1 customer is compared with others by outdated signs."]
