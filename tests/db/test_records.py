from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from db import clock, history, journal, records
from db.actions import customers, follow_ups
from db.dialect import among
from db.engine import reading, transaction
from db.errors import Conflict, Forbidden, Gone, Invalid
from db.models import User
from db.queries.lists import ListQuery, count, page


def new_customer(actor, **values):
    with transaction(actor, "customer.create") as session:
        return customers.create(session, {"name": "Harbour Bakery", **values}).id


def value(actor, id_, key, noun="customer"):
    with reading(actor) as session:
        return getattr(records.get(session, noun, id_), key)


def test_a_customer_gets_the_next_short_code_and_a_code_is_used_once(acme):
    first, second = new_customer(acme.amy), new_customer(acme.bo)
    assert [value(acme.ada, id_, "code") for id_ in (first, second)] == ["C-0001", "C-0002"]
    with pytest.raises(Invalid) as refused:
        new_customer(acme.cy, code="C-0001")
    assert str(refused.value.problems["code"]) == "“C-0001” is already in use."


BAD = {"name": "", "email": "nobody.example.com", "birthday": "2999-01-01", "status": "vip", "phone": "call me", "website": "javascript:alert(1)",
       "cadence_days": "0", "potential_value": "NaN", "notes": "x" * 5_000_000, "city": "a\u0000b", "address": "safe\u202egnp.exe", "owner_id": "1 or 1=1"}


@pytest.mark.parametrize("key", BAD)
def test_bad_input_is_refused_beside_its_field_and_nothing_is_saved(acme, key):
    with pytest.raises(Invalid) as refused:
        new_customer(acme.ada, **{key: BAD[key]})
    assert list(refused.value.problems) == [key]
    with reading(acme.ada) as session:
        assert count(session, "customer", ListQuery()) == 0


@pytest.mark.parametrize("address", ["https://[x", "[x](javascript:alert(1))", "https://x]", "//[::g].example"])
def test_an_address_that_cannot_be_read_is_refused_like_any_other_mistake(acme, address):
    with pytest.raises(Invalid) as refused:
        new_customer(acme.ada, website=address)
    assert list(refused.value.problems) == ["website"]


def test_edits_of_different_fields_merge_and_of_the_same_field_conflict(acme):
    id_ = new_customer(acme.amy)
    shown = value(acme.amy, id_, "version")
    form = {"name": "Harbour Bakery", "city": None, "occupation": None}
    with transaction(acme.mia, "customer.update") as session:
        records.update(session, "customer", id_, {**form, "city": "Ningbo"}, shown)
    with transaction(acme.amy, "customer.update") as session:
        records.update(session, "customer", id_, {**form, "occupation": "Baker"}, shown)
    assert (value(acme.amy, id_, "city"), value(acme.amy, id_, "occupation")) == ("Ningbo", "Baker")
    with pytest.raises(Conflict) as conflict, transaction(acme.amy, "customer.update") as session:
        records.update(session, "customer", id_, {**form, "city": "Wuhan"}, shown)
    assert conflict.value.fields == {"city": ("Wuhan", "Ningbo")}


def test_a_logged_follow_up_moves_last_contact_and_its_next_step_the_next(acme):
    id_ = new_customer(acme.amy, tier="A")
    with transaction(acme.amy, "follow_up.log") as session:
        follow_ups.log(session, {"customer_id": id_, "content": "Wants a quote", "rating": 5}, {"subject": "Send quote", "due_on": "2099-01-05"})
    assert clock.local(value(acme.amy, id_, "last_contact_at")).date() == clock.today()
    assert value(acme.amy, id_, "next_contact_on").isoformat() == "2099-01-05"
    assert (value(acme.amy, id_, "contact_due_on") - clock.today()).days == 30
    assert value(acme.amy, id_, "status") == "prospect"


def test_a_low_rating_opens_a_recovery_follow_up_for_the_owner(acme):
    id_ = new_customer(acme.amy)
    with transaction(acme.mia, "follow_up.log") as session:
        follow_ups.log(session, {"customer_id": id_, "content": "Angry about the delay", "rating": 1})
    with reading(acme.amy) as session:
        rows = page(session, "follow_up", ListQuery(filters={"status": ["planned"]}))
    assert list(rows["subject"]) == ["Win back: rated 1 of 5"]
    assert list(rows["owner_id"]) == ["Amy"]


def change_number(actor, work):
    with transaction(actor, "test") as session:
        work(session)
    return session.info["change_id"]


def table(actor):
    with reading(actor) as session:
        rows = page(session, "customer", ListQuery(sort="id", descending=False), keys=("code", "name", "city", "owner_id", "notes"))
        return rows.astype(object).where(rows.notna(), None).to_dict("index")


def test_every_kind_of_change_can_be_undone_and_redone(acme):
    ids = [new_customer(acme.amy) for _ in range(3)]
    moves = [
        lambda session: records.update(session, "customer", ids[0], {"city": "Xiamen", "notes": "likes tea"}),
        lambda session: customers.assign(session, ids, acme.bo.id),
        lambda session: records.delete(session, "customer", ids[1]),
        lambda session: customers.create(session, {"name": "Late Comer"}),
    ]
    for move in moves:
        before = table(acme.ada)
        number = change_number(acme.mia, move)
        after = table(acme.ada)
        assert after != before
        undone = history.undo(acme.mia, number)
        assert table(acme.ada) == before
        history.undo(acme.mia, undone)
        assert table(acme.ada) == after


def test_undo_asks_where_someone_changed_the_row_since(acme):
    id_ = new_customer(acme.amy)
    number = change_number(acme.amy, lambda session: records.update(session, "customer", id_, {"city": "Xiamen"}))
    change_number(acme.mia, lambda session: records.update(session, "customer", id_, {"city": "Wuhan"}))
    with pytest.raises(Conflict) as conflict:
        history.undo(acme.amy, number)
    assert conflict.value.fields == {"city": ("Wuhan", None)}
    history.undo(acme.amy, number, force=True)
    assert value(acme.amy, id_, "city") is None


def test_nobody_undoes_a_colleague_s_change_but_the_manager_does(acme):
    id_ = new_customer(acme.amy)
    number = change_number(acme.amy, lambda session: records.update(session, "customer", id_, {"city": "Xiamen"}))
    with pytest.raises(Forbidden):
        history.undo(acme.bo, number)
    history.undo(acme.mia, number)
    with pytest.raises(Invalid):
        history.undo(acme.mia, number)


def test_a_deleted_customer_is_in_the_recycle_bin_with_its_follow_ups_and_comes_back_whole(acme):
    id_ = new_customer(acme.amy)
    with transaction(acme.amy, "follow_up.log") as session:
        follow_ups.log(session, {"customer_id": id_, "content": "Called"})
    with transaction(acme.amy, "customer.delete") as session:
        records.delete(session, "customer", id_)
    with reading(acme.amy) as session:
        assert [record.id for record in history.recycle_bin(session, "customer")] == [id_]
        assert count(session, "follow_up", ListQuery()) == 0
        with pytest.raises(Gone):
            records.get(session, "customer", id_)
    with transaction(acme.amy, "customer.restore") as session:
        records.restore(session, "customer", id_)
    with reading(acme.amy) as session:
        assert count(session, "follow_up", ListQuery()) == count(session, "customer", ListQuery()) == 1


def test_search_finds_names_pinyin_phones_and_contacts_and_masks_them_for_viewers(acme):
    id_ = new_customer(acme.amy, name="海源家电", phone="139 1234 2231")
    with transaction(acme.amy, "contact.create") as session:
        records.create(session, "contact", {"customer_id": id_, "name": "Peng Wei"})
    for words in ("海源", "海源家", "hyjd", "haiyuan", "13912342231", "peng wei", "C-0001"):
        with reading(acme.amy) as session:
            assert count(session, "customer", ListQuery(search=words)) == 1, words
    with reading(acme.vic) as session:
        assert count(session, "customer", ListQuery(search="13912342231")) == 0
        assert list(page(session, "customer", ListQuery(), keys=("phone",))["phone"]) == ["139 **** 2231"]
        assert count(session, "customer", ListQuery(search="hyjd")) == 1
    with reading(acme.bo) as session:
        assert count(session, "customer", ListQuery(search="海源家")) == 0


def test_the_data_version_moves_only_for_the_nouns_that_changed(acme):
    id_ = new_customer(acme.amy)
    with reading(acme.amy) as session:
        before = journal.versions(session)["customer"], journal.versions(session)["order"]
    change_number(acme.amy, lambda session: records.update(session, "customer", id_, {"city": "Xiamen"}))
    with reading(acme.amy) as session:
        assert journal.versions(session)["customer"] > before[0]
        assert journal.versions(session)["order"] == before[1]


def test_a_change_that_changes_nothing_is_no_change(acme):
    id_ = new_customer(acme.amy, city="Xiamen")
    assert change_number(acme.amy, lambda session: records.update(session, "customer", id_, {"city": "Xiamen"})) is None


def test_another_time_zone_cuts_the_same_instants_into_other_days(acme):
    id_ = new_customer(acme.amy)
    with transaction(acme.amy, "follow_up.log") as session:
        made = follow_ups.log(session, {"customer_id": id_, "content": "Late call", "done_at": datetime(2024, 3, 31, 16, 30, tzinfo=UTC)})
    assert [value(acme.amy, made.id, key, "follow_up") for key in ("done_on", "open_from")] == [date(2024, 4, 1)] * 2
    with transaction(acme.ada, "organisation.update") as session:
        records.update(session, "organisation", session.organisation.id, {"time_zone": "Europe/Berlin"})
    assert [value(acme.amy, made.id, key, "follow_up") for key in ("done_on", "open_from")] == [date(2024, 3, 31)] * 2


def test_a_look_at_personal_data_is_journalled_and_refused_to_viewers(acme):
    id_ = new_customer(acme.amy, phone="139 1234 2231")
    with transaction(acme.amy, "customer.reveal") as session:
        assert customers.reveal(session, "customer", id_, "phone") == "139 1234 2231"
    with reading(acme.ada) as session:
        latest = history.audit(session, limit=1)[0]
    assert (latest["action"], latest["note"], latest["actor"]) == ("customer.reveal", "C-0001 phone", "Amy")
    with pytest.raises(Forbidden), transaction(acme.vic, "customer.reveal") as session:
        customers.reveal(session, "customer", id_, "phone")


@pytest.mark.parametrize(("wanted", "found"), [([1, None, 3], [1, 3]), ([None], []), ([], [])])
def test_many_ids_are_asked_for_as_one_value_and_none_is_nobody(acme, wanted, found):
    with reading(acme.ada) as session:
        assert session.scalars(select(User.id).where(among(User.id, wanted)).order_by(User.id)).all() == found
