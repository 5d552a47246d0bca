"""Rows that mean a record which exists: found by code, e-mail, phone or name and city; updated, left or added; taken back exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db import check, clock, history
from db.engine import transaction
from db.errors import Invalid
from db.models import NOUNS
from db.records import delete
from db.transfer import importer
from db.transfer.handling import KEYS, Handling
from db.transfer.reader import read
from tests.db.transfer.steps import bring_in, csv_of, rows_of, with_options

ALL = tuple(KEYS["customer"])
PRESENT = csv_of(
    ["code", "name", "city", "email", "mobile", "tier", "owner", "tags"],
    ["K1", "Harbour Bakery", "Ningbo", "hello@harbour.example", "139 1234 5678", "A", "amy", "Key"],
    ["K2", "North Mill", "Hangzhou", "office@mill.example", "", "B", "bo", ""],
    ["K3", "North Mill", "Suzhou", "", "+86 137 0000 1111", "", "", ""],
)


def house(acme) -> None:
    with_options()
    bring_in(acme.ada, "tag", csv_of(["name"], ["Key"], ["Fair"]))
    bring_in(acme.ada, "customer", PRESENT)


def tried(acme, noun: str, content: bytes, handling: Handling) -> importer.Preview:
    table = read("x.csv", content)
    return importer.dry_run(acme.ada, noun, table, importer.match(acme.ada, noun, table).suggested, handling=handling)


def done(acme, noun: str, content: bytes, handling: Handling) -> importer.Result:
    table = read("x.csv", content)
    return importer.run(acme.ada, noun, table, importer.match(acme.ada, noun, table).suggested, "x.csv", handling=handling)


@pytest.mark.parametrize(
    ("heading", "value", "by", "code"),
    [
        ("code", "K2", "code", "K2"), ("email", "OFFICE@Mill.example", "email", "K2"), ("phone", "13912345678", "phone", "K1"),
        ("mobile", "137-0000-1111", "phone", "K3"),
    ],
)
def test_a_row_finds_its_record_by_whatever_it_is_known_by(acme, heading, value, by, code):
    house(acme)
    preview = tried(acme, "customer", csv_of([heading, "website"], [value, "https://new.example"]), Handling("update", (by,)))
    assert (preview.counts.updated, preview.counts.new, preview.refused) == (1, 0, 0)
    done(acme, "customer", csv_of([heading, "website"], [value, "https://new.example"]), Handling("update", (by,)))
    assert [row["code"] for row in rows_of("customer") if row["website"]] == [code]


def test_a_name_tells_a_record_apart_only_with_its_city(acme):
    house(acme)
    content = csv_of(["name", "city", "tier"], ["north mill", "Suzhou", "C"], ["North Mill", "Beijing", "C"], ["North Mill", "", "C"])
    preview = tried(acme, "customer", content, Handling("both", ("name_city",)))
    assert (preview.counts.updated, preview.counts.new) == (1, 2)
    assert [(edit.row, edit.field, edit.old, edit.new) for edit in preview.edits if edit.field == "Tier"] == [(2, "Tier", "", "C")]


def test_every_field_that_changes_is_shown_with_what_stands_there_now(acme):
    house(acme)
    content = csv_of(["code", "name", "tier", "owner", "email"], ["K1", "Harbour Bakery", "B", "bo", ""], ["K2", "North Mill", "B", "bo", "office@mill.example"])
    preview = tried(acme, "customer", content, Handling("both", ("code",)))
    assert [(edit.row, edit.record, edit.field, edit.old, edit.new) for edit in preview.edits] == [
        (2, "Harbour Bakery", "Tier", "A", "B"), (2, "Harbour Bakery", "Owner", "Amy", "Bo"),
    ]
    assert (preview.counts.updated, dict(preview.counts.left)) == (1, {"unchanged": 1})
    assert rows_of("customer")[0]["tier"] == "A"


MIXED = csv_of(
    ["code", "name", "city", "tags", "tier"],
    ["K1", "Harbour Bakery", "Ningbo", "Fair", "B"], ["K2", "North Mill", "Hangzhou", "", "B"], ["K9", "West Pier", "Dalian", "Key", "C"],
)
MODES = {  # mode: new, updated, left
    "create": (1, 0, {}), "both": (1, 1, {"unchanged": 1}), "update": (0, 1, {"unchanged": 1, "missing": 1}), "skip": (1, 0, {"skip": 2}),
}


@pytest.mark.parametrize("mode", MODES)
def test_the_person_chooses_what_happens_and_taking_it_back_leaves_the_house_as_it_was(acme, mode):
    house(acme)
    before = {noun: rows_of(noun, "version", "updated_at") for noun in NOUNS}
    handling = Handling(mode, () if mode == "create" else ("code",))
    preview = tried(acme, "customer", MIXED, handling)
    assert (preview.counts.new, preview.counts.updated, dict(preview.counts.left)) == MODES[mode]
    result = done(acme, "customer", MIXED, handling)
    assert result.counts == preview.counts
    assert len(rows_of("customer")) == 3 + MODES[mode][0]
    assert {noun: rows_of(noun, "version", "updated_at") for noun in NOUNS} != before
    history.undo(acme.ada, result.change_id)
    assert {noun: rows_of(noun, "version", "updated_at") for noun in NOUNS} == before
    assert check.check().problems == []


def test_a_record_that_several_rows_mean_is_written_once_and_rows_that_differ_are_refused(acme):
    house(acme)
    rows = csv_of(["email", "name", "tier"], ["office@mill.example", "", "A"], ["office@mill.example", "North Mill", ""], ["office@mill.example", "", "C"],
                  ["new@pier.example", "West Pier", "B"], ["NEW@pier.example", "West Pier", ""])
    preview = tried(acme, "customer", rows, Handling("both", ("email",)))
    assert (preview.counts.new, preview.counts.updated) == (1, 1)
    assert {note.row: note.text for note in preview.problems} == {4: "Tier: Differs from row 2, which means the same record."}


def test_what_several_records_share_is_refused_and_a_code_in_use_stays_with_its_owner(acme):
    house(acme)
    bring_in(acme.ada, "customer", csv_of(["code", "name", "email"], ["K4", "Twin", "office@mill.example"]))
    preview = tried(acme, "customer", csv_of(["email", "tier"], ["office@mill.example", "A"]), Handling("update", ("email",)))
    assert [note.text for note in preview.problems] == ["Several records have the same “office@mill.example”."]
    preview = tried(acme, "customer", csv_of(["email", "code"], ["hello@harbour.example", "K2"]), Handling("update", ("email",)))
    assert [note.text for note in preview.problems] == ["Code: “K2” is already in use."]


def test_a_mapping_without_any_key_cannot_update(acme):
    for handling in (Handling("update", ("code",)), Handling("both", ()), Handling("merge", ("name_city",))):
        with pytest.raises(Invalid):
            tried(acme, "customer", csv_of(["name", "tier"], ["A", "B"]), handling)


def test_records_in_the_recycle_bin_and_of_other_teams_are_not_updated(acme):
    house(acme)
    with transaction(acme.ada, "customer.delete") as session:
        delete(session, "customer", rows_of("customer")[0]["id"])
    table = read("x.csv", csv_of(["code", "tier"], ["K1", "C"], ["K2", "C"]))
    for actor, missing in ((acme.ada, 1), (acme.sol, 2)):
        found = importer.dry_run(actor, "customer", table, {"code": "code", "tier": "tier"}, handling=Handling("update", ("code",)))
        assert dict(found.counts.left) == {"missing": missing}


def test_every_noun_that_offers_keys_finds_its_own_rows_again(acme):
    house(acme)
    files = {
        "contact": csv_of(["customer", "name", "email", "phone"], ["K1", "Peng Yu", "p@harbour.example", "13700001111"]),
        "product": csv_of(["code", "name"], ["G1", "Tea"]), "product_line": csv_of(["name"], ["Green"]), "survey": csv_of(["name"], ["Yearly"]),
        "order": csv_of(["code", "customer", "date", "product", "price"], ["O1", "K1", "2024-01-02", "G1", "5"], ["O1", "K1", "2024-01-02", "G1", "7"]),
        "follow_up": csv_of(["customer", "subject", "done"], ["K1", "Call", "2024-03-05"]),
        "user": csv_of(["user name", "name", "role", "email"], ["zed", "Zed", "Account manager", "z@acme.example"]), "team": csv_of(["name"], ["West"]),
        "target": csv_of(["account manager", "month", "measure", "target value"], ["amy", "2024-03-01", "visits", "12"]), "tag": csv_of(["name"], ["Fresh"]),
    }
    assert files.keys() == KEYS.keys() - {"customer"}
    for noun, content in files.items():
        bring_in(acme.ada, noun, content)
    for noun, content in files.items():
        for by in KEYS[noun]:
            preview = tried(acme, noun, content, Handling("both", (by,)))
            assert (preview.counts.new, preview.counts.updated, preview.refused, set(preview.counts.left)) == (0, 0, 0, {"unchanged"}), (noun, by)


def test_an_owner_or_option_that_nobody_knows_may_be_left_empty(acme):
    house(acme)
    content = csv_of(["name", "owner", "industry", "status"], ["A", "jane", "submarines", "lead"], ["", "amy", "", ""])
    assert tried(acme, "customer", content, Handling()).refused == 2
    preview = tried(acme, "customer", content, Handling(lenient=True))
    assert (preview.counts.new, preview.refused, preview.emptied) == (1, 1, 1)
    assert preview.blanks[0].text == "Owner: There is no “jane”, or you may not see it. Industry: “submarines” is not one of the options."
    done(acme, "customer", content, Handling(lenient=True))
    assert [(row["name"], row["owner_id"], row["industry"], row["status"]) for row in rows_of("customer")[3:]] == [("A", None, None, "lead")]


def test_old_notes_keep_their_author_and_their_date(acme):
    house(acme)
    rows = csv_of(["customer", "what happened", "written by", "written at"], ["K1", "Asked for samples", "bo", "2019-05-06 09:30"],
                  ["K1", "Signed", "Jane of long ago", "2018-02-03"])
    bring_in(acme.ada, "follow_up", rows)
    first, second = rows_of("follow_up")
    assert (first["created_by_id"], first["owner_id"], first["status"]) == (acme.bo.id, acme.bo.id, "done")
    assert first["created_at"] == first["done_at"] == datetime(2019, 5, 6, 1, 30, tzinfo=UTC)
    assert (second["created_by_id"], second["content"], second["done_on"]) == (acme.ada.id, "Signed\n— Jane of long ago", date(2018, 2, 3))
    assert clock.local(second["created_at"]).date() == date(2018, 2, 3)
