from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from threading import Event

import pytest

from components import import_work, messages
from db.transfer import importer
from tests.db.queries import company
from tests.db.transfer.steps import csv_of, rows_of
from tests.pages.screen import frame, has_button, labelled, metrics, press, sees, sees_nothing_of, sound

CUSTOMERS = csv_of(["Name", "Owner", "Status", "Shoe size"], ["Harbour Bakery", "amy", "Active", "43"], ["North Mill", "bo", "vip", "38"], ["Harbour Bakery", "", "", ""])


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A small file is done at once, however busy the machine is."""
    monkeypatch.setattr(import_work, "QUICK", 30.0)


def with_file(screen, content=CUSTOMERS, name="customers.csv"):
    screen.file_uploader[0].upload(name, content).run()
    return sound(screen)


def test_a_file_is_matched_checked_imported_and_taken_back(acme, visit):
    screen = with_file(visit(acme.ada, "import_data"))
    sees(screen, "2. Match the columns", "Not recognised and left out unless you choose: Shoe size")
    assert [labelled(screen, heading).value for heading in ("Name", "Owner", "Status", "Shoe size")] == ["name", "owner_id", "status", ""]
    assert not has_button(screen, "Import 2 records")
    press(screen, "Check the file")
    assert metrics(screen) == {"Rows in the file": "3", "New records": "2", "Refused rows": "1", "Possible duplicates": "1"}
    sees(screen, "Status: “vip” is not one of the options.", "The same as in row 2.", "Download the refused rows")
    assert rows_of("customer") == []
    press(screen, "Import 2 records")
    sees(screen, "2 records were imported.", "1 row was refused.", "Download the refused rows")
    assert [row["name"] for row in rows_of("customer")] == ["Harbour Bakery", "Harbour Bakery"]
    press(screen, "Undo this import")
    assert rows_of("customer") == []
    sees(screen, "1. Choose a file")


def test_another_choice_of_columns_asks_for_another_check(acme, visit):
    screen = press(with_file(visit(acme.ada, "import_data")), "Check the file")
    labelled(screen, "Shoe size").select("notes").run()
    assert not has_button(sound(screen), "Import 2 records")
    press(screen, "Check the file")
    press(screen, "Import 2 records")
    assert rows_of("customer")[0]["notes"] == "43"


def test_a_missing_column_is_named_before_the_check_and_refused_by_it(acme, visit):
    screen = with_file(visit(acme.ada, "import_data"), csv_of(["Town"], ["Ningbo"]))
    sees(screen, "Every row needs: Name.")
    press(screen, "Check the file")
    sees(screen, "No column of the file is matched with “Name”, which every row needs.")
    assert not has_button(screen, "Import 1 record")


def test_a_bad_file_gets_a_clear_answer(acme, visit):
    screen = with_file(visit(acme.ada, "import_data"), b"name\n\0\n", "x.csv")
    sees(screen, "Row 2 holds a NUL character")
    sees_nothing_of(screen, "2. Match the columns", "Traceback")


def test_other_nouns_and_the_next_file(acme, visit):
    screen = visit(acme.mia, "import_data")
    labelled(screen, "What does the file hold?").select("product").run()
    press(with_file(screen, csv_of(["code", "name"], ["G1", "Tea"])), "Check the file")
    press(screen, "Import 1 record")
    sees(screen, "1 record was imported.")
    press(screen, "Import another file")
    sees(screen, "1. Choose a file")
    assert rows_of("product")[0]["name"] == "Tea"


def test_a_manager_imports_no_users_and_an_account_manager_nothing(acme, visit):
    offered = labelled(visit(acme.mia, "import_data"), "What does the file hold?").options
    assert "Customers" in offered
    assert "Users" not in offered
    assert [room for room in visit(acme.amy, "today").get("page_link") if room.proto.label == "Import"] == []


def test_a_list_is_exported_by_those_who_may(acme, visit):
    company.customer(acme.amy)
    assert {shown.proto.label for shown in visit(acme.mia, "customers").get("download_button")} >= {"CSV", "Excel"}
    assert "CSV" not in {shown.proto.label for shown in visit(acme.vic, "customers").get("download_button")}


def test_a_long_check_shows_a_bar_and_can_be_cancelled(acme, visit, monkeypatch):
    reached, go_on = Event(), Event()
    real = importer.dry_run

    def slow(*arguments):
        reached.set()
        assert go_on.wait(30)
        return real(*arguments)

    monkeypatch.setattr(import_work, "QUICK", 0.0)
    screen = with_file(visit(acme.ada, "import_data"))
    while not has_button(screen, "Check the file"):
        sound(screen.run())
    monkeypatch.setattr(importer, "dry_run", slow)
    press(screen, "Check the file")
    assert reached.wait(30)
    assert labelled(screen, "Name").disabled
    assert not has_button(screen, "Check the file")
    press(screen, "Cancel")
    go_on.set()
    while has_button(screen, "Cancel"):
        sound(screen.run())
    sees(screen, "Cancelled; nothing was written.")
    assert has_button(screen, "Check the file")
    assert labelled(screen, "Name").value == "name"


@pytest.mark.parametrize(("writer", "words"), [
    ("Ada", "Ada is writing an import; yours is saved as soon as that is done. Please leave the page open …"),
    (None, "Saving …"),
])
def test_whoever_saves_reads_that_it_takes_a_moment_and_why_during_an_import(acme, visit, monkeypatch, writer, words):
    told = []
    monkeypatch.setattr(messages, "held_up_by", lambda workspace: writer)
    monkeypatch.setattr(messages.st, "spinner", lambda text: told.append(text) or nullcontext())
    id_ = company.customer(acme.amy, name="Riverside Hotel")
    screen = visit(acme.amy, "customer", id=id_)
    press(screen, "Edit")
    press(screen, "Save")
    assert told == [words]


def test_existing_records_are_updated_after_a_look_at_every_change(acme, visit):
    company.customer(acme.amy, name="Harbour Bakery", code="K1", tier="A")
    content = csv_of(["Code", "Name", "Tier"], ["K1", "Harbour Bakery", "B"], ["K2", "North Mill", "C"])
    screen = with_file(visit(acme.ada, "import_data"), content)
    labelled(screen, "Records that exist already").select("both").run()
    assert labelled(screen, "Recognised by").value == ["code", "name"]
    press(screen, "Check the file")
    assert metrics(screen) == {"Rows in the file": "2", "New records": "1", "Updated records": "1", "Refused rows": "0", "Possible duplicates": "0"}
    [change] = frame(screen, "Afterwards").to_dict("records")
    assert change == {"Row": 2, "Record": "Harbour Bakery", "Field": "Tier", "Now": "A", "Afterwards": "B"}
    press(screen, "Import 1 record · Update 1 record")
    sees(screen, "1 record was imported. 1 record was updated.")
    assert [row["tier"] for row in rows_of("customer")] == ["B", "C"]
    press(screen, "Undo this import")
    assert [row["tier"] for row in rows_of("customer")] == ["A"]


def test_an_export_of_another_system_is_recognised_and_a_mapping_is_kept_for_the_next_file(acme, visit):
    hubspot = csv_of(["Record ID", "Company name", "City", "Lifecycle Stage"], ["91", "Harbour Bakery", "Ningbo", "Customer"])
    screen = with_file(visit(acme.mia, "import_data"), hubspot)
    sees(screen, "Recognised from the headings.")
    assert labelled(screen, "Where does the file come from?").value == "hubspot.customer"
    assert [labelled(screen, heading).value for heading in ("Record ID", "Lifecycle Stage")] == ["code", "status"]
    labelled(screen, "Name of the mapping").set_value("Our way")
    press(screen, "Save")
    press(screen, "Choose another file")
    screen.file_uploader[0].upload("next.csv", hubspot).run()
    assert labelled(sound(screen), "Where does the file come from?").value == "saved:1"
    press(screen, "Check the file")
    press(screen, "Import 1 record")
    assert [(row["code"], row["status"]) for row in rows_of("customer")] == [("91", "active")]


def test_one_sheet_for_everything_is_chosen_by_itself_for_a_chinese_ledger_and_retiring_a_mapping_ends_its_offer(acme, visit):
    ledger = csv_of(["客户名称", "联系人", "跟进记录", "跟进时间"], ["海源家电", "彭宇", "看样", "2024-03-05"])
    screen = with_file(visit(acme.ada, "import_data"), ledger)
    assert labelled(screen, "What does the file hold?").value == "sheet"
    press(screen, "Check the file")
    assert metrics(screen) == {"Rows in the file": "1", "New records": "1", "Contacts": "1", "Follow-ups": "1", "Refused rows": "0", "Possible duplicates": "0"}
    labelled(screen, "Name of the mapping").set_value("Ledger")
    press(screen, "Save")
    labelled(screen, "Where does the file come from?").select("saved:1").run()
    press(sound(screen), "Retire this mapping")
    assert [row["retired"] for row in rows_of("import_mapping")] == [True]
    assert "saved:1" not in labelled(screen, "Where does the file come from?").options


def test_where_the_dates_may_be_read_in_two_ways_the_page_asks_for_the_order(acme, visit):
    dated = csv_of(["Name", "Customer since"], ["Harbour Bakery", "3/4/2024"])
    screen = with_file(visit(acme.ada, "import_data"), dated)
    sees(screen, "Does the day or the month come first?")
    labelled(screen, "Dates such as 3/4/2024").set_value("mdy").run()
    sees_nothing_of(screen, "Does the day or the month come first?")
    press(press(screen, "Check the file"), "Import 1 record")
    assert rows_of("customer")[0]["customer_since"] == date(2024, 3, 4)


def test_where_the_dates_tell_the_order_themselves_it_is_chosen_already(acme, visit):
    screen = with_file(visit(acme.ada, "import_data"), csv_of(["Name", "Customer since"], ["Harbour Bakery", "3/25/2024"]))
    assert labelled(screen, "Dates such as 3/25/2024").value == "mdy"
    sees_nothing_of(screen, "Does the day or the month come first?")
