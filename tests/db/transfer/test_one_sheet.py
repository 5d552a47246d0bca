"""One sheet for customers with contacts, follow-ups and orders: up to four records a row, everybody once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db import check, history
from db.errors import Forbidden
from db.models import NOUNS
from db.transfer import importer
from db.transfer.handling import Handling
from db.transfer.reader import read
from tests.db.transfer.steps import bring_in, csv_of, rows_of, with_options

SKIP = Handling("skip", ("name_city",))
HEADINGS = ["Name", "City", "Customer: E-mail", "Owner", "Contact: Full name", "Contact: E-mail", "Follow-up: Subject", "Follow-up: Done at", "Order: Code", "Order: Date",
            "Order: Amount"]
ROWS = csv_of(
    HEADINGS,
    ["Harbour Bakery", "Ningbo", "hello@harbour.example", "amy", "Peng Yu", "peng@harbour.example", "Tasting", "2024-03-05", "A-1", "2024-03-06", "120.50"],
    ["Harbour Bakery", "Ningbo", "", "", "Peng Yu", "", "Second visit", "2024-04-02", "A-2", "2024-04-03", "80"],
    ["Harbour Bakery", "Ningbo", "", "", "Qiu Lan", "", "", "", "", "", ""],
    ["North Mill", "", "", "bo", "", "", "", "", "A-3", "2024-05-01", "9.99"],
)


def tried(actor, content: bytes, handling: Handling = importer.AS_NEW) -> importer.Preview:
    table = read("x.csv", content)
    return importer.dry_run(actor, "sheet", table, importer.match(actor, "sheet", table).suggested, handling=handling)


def done(actor, content: bytes, handling: Handling = importer.AS_NEW) -> importer.Result:
    table = read("x.csv", content)
    return importer.run(actor, "sheet", table, importer.match(actor, "sheet", table).suggested, "x.csv", handling=handling)


def test_every_row_gives_up_to_four_records_and_repeated_customers_and_contacts_are_one(acme):
    with_options()
    preview = tried(acme.ada, ROWS)
    assert (preview.counts.new, dict(preview.counts.also), preview.refused) == (2, {"contact": 2, "follow_up": 2, "order": 3}, 0)
    assert rows_of("customer") == []
    result = done(acme.ada, ROWS)
    bakery, mill = rows_of("customer")
    peng, qiu = rows_of("contact")
    assert (bakery["email"], bakery["owner_id"], mill["owner_id"]) == ("hello@harbour.example", acme.amy.id, acme.bo.id)
    assert [(row["name"], row["customer_id"], row["email"]) for row in (peng, qiu)] == [
        ("Peng Yu", bakery["id"], "peng@harbour.example"), ("Qiu Lan", bakery["id"], None),
    ]
    assert [(row["customer_id"], row["contact_id"], row["subject"], row["owner_id"], row["done_on"]) for row in rows_of("follow_up")] == [
        (bakery["id"], peng["id"], "Tasting", acme.amy.id, date(2024, 3, 5)), (bakery["id"], peng["id"], "Second visit", acme.amy.id, date(2024, 4, 2)),
    ]
    assert [(row["customer_id"], row["code"], row["amount"]) for row in rows_of("order")] == [
        (bakery["id"], "A-1", Decimal("120.50")), (bakery["id"], "A-2", Decimal("80.00")), (mill["id"], "A-3", Decimal("9.99")),
    ]
    history.undo(acme.ada, result.change_id)
    assert not any(rows_of(noun) for noun in ("customer", "contact", "follow_up", "order"))
    assert check.check().problems == []


def test_the_same_sheet_again_adds_nothing_and_a_grown_one_only_what_is_new(acme):
    with_options()
    done(acme.ada, ROWS)
    before = {noun: rows_of(noun) for noun in NOUNS}
    again = tried(acme.ada, ROWS, SKIP)
    assert (again.counts.made, again.counts.updated, again.refused) == (0, 0, 0)
    grown = ROWS + b"Harbour Bakery,Ningbo,,,Peng Yu,,Third visit,2024-06-01,A-4,2024-06-02,10\r\n"
    result = done(acme.ada, grown, SKIP)
    assert (result.counts.new, dict(result.counts.also)) == (0, {"follow_up": 1, "order": 1})
    assert rows_of("follow_up")[-1]["contact_id"] == rows_of("contact")[0]["id"]
    history.undo(acme.ada, result.change_id)
    assert {noun: rows_of(noun) for noun in ("customer", "contact", "follow_up", "order")} == {noun: before[noun] for noun in ("customer", "contact", "follow_up", "order")}


def test_updates_reach_customers_and_contacts(acme):
    with_options()
    done(acme.ada, ROWS)
    changed = csv_of(["Name", "City", "Tier", "Contact: Full name", "Contact: Phone"], ["Harbour Bakery", "Ningbo", "A", "Peng Yu", "13912345678"])
    preview = tried(acme.ada, changed, Handling("both", ("name_city",)))
    assert [(edit.record, edit.field, edit.new) for edit in preview.edits] == [("Harbour Bakery", "Tier", "A"), ("Peng Yu", "Phone", "13912345678")]
    done(acme.ada, changed, Handling("both", ("name_city",)))
    assert (rows_of("customer")[0]["tier"], rows_of("contact")[0]["phone"]) == ("A", "13912345678")


def test_a_row_with_one_wrong_part_is_refused_whole_and_names_the_part(acme):
    with_options()
    content = csv_of(HEADINGS, ["A", "", "", "", "Peng", "nobody", "", "", "", "2024-03-06", "x"], ["A", "", "", "", "", "", "", "", "", "", ""])
    preview = tried(acme.ada, content)
    assert (preview.counts.new, dict(preview.counts.also), preview.refused) == (1, {}, 1)
    assert preview.problems[0].text.startswith("Contact: E-mail: This is not an e-mail address")
    assert "Order: Amount: “x” is not a number." in preview.problems[0].text


def test_without_a_city_the_name_tells_which_customer_is_meant(acme):
    bring_in(acme.ada, "customer", csv_of(["name"], ["Harbour Bakery"]))
    rows = csv_of(["Name", "Order: Code", "Order: Date"], ["harbour bakery", "A-1", "2024-03-06"], ["North Mill", "A-2", "2024-03-06"], ["North Mill", "A-3", "2024-03-07"])
    done(acme.ada, rows, Handling("skip", ("name",)))
    assert [row["name"] for row in rows_of("customer")] == ["Harbour Bakery", "North Mill"]
    assert [row["customer_id"] for row in rows_of("order")] == [1, 2, 2]


def test_chinese_headings_carry_the_noun_before_a_colon(acme):
    with_options()
    content = csv_of(["客户：名称", "城市", "联系人：姓名", "跟进：主题", "跟进：完成时间", "订单：日期", "订单：金额"],
                     ["海源家电", "宁波", "彭宇", "上门", "2024-03-05", "2024-03-06", "100"])
    result = done(acme.ada, content)
    assert (result.counts.new, dict(result.counts.also)) == (1, {"contact": 1, "follow_up": 1, "order": 1})


def test_only_who_may_import_all_of_it_does(acme):
    for actor in (acme.amy, acme.vic):
        with pytest.raises(Forbidden):
            tried(actor, ROWS)
    bring_in(acme.ada, "customer", csv_of(["name", "city", "owner"], ["South Pier", "Ningbo", "cy"]))
    assert tried(acme.mia, csv_of(["Name", "City", "Contact: Full name"], ["South Pier", "Ningbo", "Peng"]), SKIP).counts.new == 1
