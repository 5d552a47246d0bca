"""Files of other systems are recognised from their headings and read without mending; mappings are kept for the next file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db.choices import labels
from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.fields import Kind
from db.models import ImportMapping
from db.transfer import importer, sources
from db.transfer.columns import columns_of
from db.transfer.handling import Handling
from db.transfer.presets import presets, recognise
from db.transfer.reader import read
from tests.db.transfer.steps import csv_of, rows_of, with_options

HUBSPOT = csv_of(
    ["Record ID", "Company name", "Company owner", "Create Date", "Phone Number", "City", "Country/Region", "Industry", "Lifecycle Stage", "Website URL"],
    ["9123", "Harbour Bakery", "amy", "2023-04-05 10:15", "+86 574 5550 0101", "Ningbo", "China", "RESTAURANTS", "Customer", "harbour.example"],
    ["9124", "North Mill", "Jane Gone", "2024-01-02 08:00", "", "Hangzhou", "China", "COMPUTER_SOFTWARE", "Sales Qualified Lead", ""],
    ["9125", "West Pier", "", "2024-02-02 08:00", "", "", "", "UNDERWATER_BASKETS", "Somebody's own stage", ""],
)
SALESFORCE = csv_of(
    ["Account Name", "Account Owner", "Billing City", "Billing Street", "Type", "Industry", "Phone", "Annual Revenue"],
    ["Harbour Bakery", "bo", "Ningbo", "1 Quay Road", "Customer - Direct", "Food & Beverage", "0574 5550 0101", "120,000.00"],
)
ESPO = csv_of(
    ["name", "emailAddress", "phoneNumber", "type", "industry", "billingAddressCity", "assignedUserName", "assignedUser", "createdAt"],
    ["Harbour Bakery", "hello@harbour.example", "0574 5550 0101", "Customer", "Retail", "Ningbo", "Bo", "x", "2024-01-02 08:00:00"],
)
ZOHO_CONTACTS = csv_of(
    ["Record Id", "First Name", "Last Name", "Account Name", "Email", "Mobile", "Title", "Contact Owner", "Mailing City", "Lead Source"],
    ["z1", "Yu", "Peng", "Harbour Bakery", "peng@harbour.example", "13912345678", "Buyer", "amy", "Ningbo", "Trade Show"],
    ["z2", "兰", "邱", "Harbour Bakery", "", "", "", "amy", "Ningbo", ""],
)
SALESFORCE_WON = csv_of(
    ["Opportunity Name", "Account Name", "Stage", "Amount", "Close Date", "Opportunity Owner"],
    ["Ovens", "Harbour Bakery", "Closed Won", "4,500.00", "2024-05-06", "amy"], ["Mixers", "Harbour Bakery", "Prospecting", "900", "2024-09-01", "amy"],
)
LEDGER = csv_of(
    ["序号", "客户名称", "客户状态", "客户等级", "城市", "联系人", "手机", "微信", "负责人", "跟进记录", "跟进时间", "跟进方式", "合同编号", "合同金额", "签订日期"],
    ["1", "海源家电", "成交客户", "重点客户", "宁波", "彭宇", "13912345678", "pengyu", "amy", "看样后很满意", "2024/3/5", "上门拜访", "HT-01", "￥12,000", "2024年3月8日"],
    ["2", "海源家电", "成交客户", "重点客户", "宁波", "邱兰", "", "", "amy", "", "", "", "", "", ""], encoding="gb18030",
)


def brought(acme, content: bytes) -> tuple[sources.Source, importer.Preview]:
    """The file as it is, in the way that was recognised."""
    with_options()
    table = read("export.csv", content)
    with reading(acme.ada) as session:
        source = sources.recognised(session, table.headings)
    mapping = importer.match(acme.ada, source.noun, table, source.mapping).suggested
    preview = importer.dry_run(acme.ada, source.noun, table, mapping, handling=source.handling)
    if preview.counts.any:
        importer.run(acme.ada, source.noun, table, mapping, "export.csv", handling=source.handling)
    return source, preview


def test_companies_of_hubspot(acme):
    source, preview = brought(acme, HUBSPOT)
    assert (source.title, source.noun, preview.refused) == ("HubSpot", "customer", 0)
    assert [(row["code"], row["name"], row["owner_id"], row["industry"], row["status"], row["customer_since"]) for row in rows_of("customer")] == [
        ("9123", "Harbour Bakery", acme.amy.id, "hospitality", "active", date(2023, 4, 5)),
        ("9124", "North Mill", None, "software", "prospect", date(2024, 1, 2)), ("9125", "West Pier", None, "other", "lead", date(2024, 2, 2)),
    ]
    assert [note.text for note in preview.blanks] == ["Owner: There is no “Jane Gone”, or you may not see it."]


def test_accounts_of_salesforce(acme):
    source, preview = brought(acme, SALESFORCE)
    assert (source.title, preview.refused) == ("Salesforce", 0)
    [row] = rows_of("customer")
    assert (row["status"], row["industry"], row["potential_value"], row["owner_id"], row["address"]) == (
        "active", "hospitality", Decimal("120000.00"), acme.bo.id, "1 Quay Road",
    )


def test_accounts_of_espocrm_by_attribute_names(acme):
    source, preview = brought(acme, ESPO)
    assert (source.title, preview.refused) == ("EspoCRM", 0)
    [row] = rows_of("customer")
    assert (row["email"], row["city"], row["status"], row["customer_since"]) == ("hello@harbour.example", "Ningbo", "active", date(2024, 1, 2))


def test_contacts_of_zoho_bring_their_customers(acme):
    source, preview = brought(acme, ZOHO_CONTACTS)
    assert (source.title, source.noun, preview.refused) == ("Zoho CRM", "sheet", 0)
    assert [(row["name"], row["source"]) for row in rows_of("customer")] == [("Harbour Bakery", "fair")]
    assert [(row["name"], row["phone"], row["position"]) for row in rows_of("contact")] == [("Yu Peng", "13912345678", "Buyer"), ("邱兰", None, None)]


def test_of_opportunities_only_the_won_ones_are_orders(acme):
    _, preview = brought(acme, SALESFORCE_WON)
    assert dict(preview.counts.left) == {"other": 1}
    assert [(row["amount"], row["ordered_on"], row["notes"]) for row in rows_of("order")] == [(Decimal("4500.00"), date(2024, 5, 6), "Ovens")]


def test_a_chinese_ledger_becomes_customers_contacts_follow_ups_and_orders(acme):
    source, preview = brought(acme, LEDGER)
    assert (source.title, preview.refused) == ("Chinese customer sheet", 0)
    [customer] = rows_of("customer")
    assert (customer["name"], customer["status"], customer["tier"], customer["city"], customer["owner_id"]) == ("海源家电", "active", "A", "宁波", acme.amy.id)
    assert [(row["name"], row["phone"], row["im"]) for row in rows_of("contact")] == [("彭宇", "13912345678", "pengyu"), ("邱兰", None, None)]
    [note] = rows_of("follow_up")
    assert (note["content"], note["method"], note["done_on"], note["status"]) == ("看样后很满意", "visit", date(2024, 3, 5), "done")
    [order] = rows_of("order")
    assert (order["code"], order["amount"], order["ordered_on"]) == ("HT-01", Decimal("12000.00"), date(2024, 3, 8))


def test_a_sheet_of_nobody_s_is_not_taken_for_a_preset():
    assert recognise(["Name", "City", "Phone", "Tier"]) is None
    assert recognise(["客户名称", "备注"]) is None


def test_every_preset_names_columns_and_options_that_exist_and_is_recognised_by_its_own_headings(acme):
    with_options()
    with reading(acme.ada) as session:
        for key, preset in presets().items():
            columns = {column.key: column for column in columns_of(session, preset.noun)}
            assert set(preset.headings.values()) <= columns.keys(), key
            for column, words in preset.words.items():
                assert columns[column].field.kind == Kind.CHOICE
                assert set(words.values()) <= labels(session, columns[column].field).keys(), (key, column)
            assert recognise([*dict.fromkeys([*preset.signature, *preset.headings, *preset.only])]).title == preset.title, key


def test_a_mapping_kept_under_a_name_is_recognised_in_the_next_file_until_it_is_retired(acme):
    headings, mapping = ["Firma", "Ort", "Kontakt seit"], {"Firma": "name", "Ort": "city"}
    with transaction(acme.mia, "import_mapping.create") as session:
        id_ = sources.keep(session, "customer", "From the old card box", mapping, Handling("both", ("name_city",), True)).id
    with reading(acme.ada) as session:
        found = sources.recognised(session, headings)
        assert (found.title, found.noun, dict(found.mapping), found.handling) == ("From the old card box", "customer", mapping, Handling("both", ("name_city",), True))
        assert sources.recognised(session, ["Firma"]) is None
        assert next(source.title for source in sources.sources_for(session, "customer", headings)) == "From the old card box"
        assert sources.sources_for(session, "order", headings) == []
    with transaction(acme.ada, "import_mapping.update") as session:
        sources.retire(session, id_)
    with reading(acme.ada) as session:
        assert sources.recognised(session, headings) is None
    assert [(row["name"], row["retired"]) for row in rows_of("import_mapping")] == [("From the old card box", True)]


def test_a_name_is_kept_once_and_only_by_those_who_import(acme):
    with transaction(acme.ada, "import_mapping.create") as session:
        sources.keep(session, "customer", "Ours", {"a": "name"}, Handling())
    with pytest.raises(Invalid), transaction(acme.ada, "import_mapping.create") as session:
        sources.keep(session, "order", "Ours", {"a": "code"}, Handling())
    for actor in (acme.amy, acme.vic):
        with pytest.raises(Forbidden), transaction(actor, "import_mapping.create") as session:
            sources.keep(session, "customer", "Mine", {"a": "name"}, Handling())
    with reading(acme.ada) as session:
        assert session.get(ImportMapping, 1).state["mapping"] == {"a": "name"}
