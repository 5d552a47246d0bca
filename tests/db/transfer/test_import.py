from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db import clock, history, records
from db.engine import reading, transaction
from db.errors import AlreadyDone, Forbidden, Invalid
from db.fields import field_of
from db.language import speaking
from db.models import Customer
from db.transfer import importer
from db.transfer.reader import read
from tests.db.transfer.steps import bring_in, csv_of, preview, problems, rows_of, with_options

CUSTOMERS = [
    ["Name", "Owner", "Status", "Customer since", "Potential value", "Shoe size"],
    ["Harbour Bakery", "amy", "Active", "2024-03-01", "1,200.50", "43"],
    ["North Mill", "Bo", "prospect", "2024/4/2", "", "38"],
]


def test_a_dry_run_shows_what_would_happen_and_writes_nothing(acme):
    found = preview(acme.ada, "customer", csv_of(*CUSTOMERS))
    assert (found.rows, found.new, found.refused, found.warnings) == (2, 2, 0, 0)
    assert found.sample[0]["Owner"] == "amy"
    assert rows_of("customer") == []


def test_an_import_writes_every_row_as_one_change_with_the_file_s_name(acme):
    result = bring_in(acme.ada, "customer", csv_of(*CUSTOMERS), "march.csv")
    first, second = rows_of("customer")
    assert (first["code"], first["name"], first["owner_id"], first["status"]) == ("C-0001", "Harbour Bakery", acme.amy.id, "active")
    assert (first["customer_since"], first["potential_value"]) == (date(2024, 3, 1), Decimal("1200.50"))
    assert (second["owner_id"], second["customer_since"], second["potential_value"]) == (acme.bo.id, date(2024, 4, 2), None)
    with reading(acme.ada) as session:
        latest = history.audit(session, limit=1)[0]
    assert (latest["id"], latest["action"], latest["note"], latest["row_count"]) == (result.change_id, "import.customer", "march.csv", 2)


def test_the_heading_that_nobody_knows_is_named_and_left_out(acme):
    table = read("x.csv", csv_of(*CUSTOMERS))
    assert importer.match(acme.ada, "customer", table).unknown == ("Shoe size",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_chinese_headings_and_options_are_read_in_every_usual_encoding(acme, encoding, delimiter):
    with_options()
    rows = [["编号", "名称", "负责人", "状态", "行业", "城市"], ["K-1", "海源家电", "amy", "活跃", "零售业", "宁波"]]
    assert [label(key) for key in ("code", "name", "owner_id", "status", "industry", "city")] == rows[0]
    bring_in(acme.ada, "customer", csv_of(*rows, encoding=encoding, delimiter=delimiter))
    [found] = rows_of("customer")
    assert (found["code"], found["name"], found["owner_id"], found["status"], found["industry"], found["city"]) == (
        "K-1", "海源家电", acme.amy.id, "active", "retail", "宁波",
    )


def label(key: str) -> str:
    with speaking("zh"):
        return field_of(Customer, key).title


def test_every_refused_row_says_why_in_the_reader_s_language(acme):
    content = csv_of(
        ["name", "status", "birthday", "email", "owner"],
        ["", "lead", "", "", ""],
        ["A", "vip", "", "", ""],
        ["B", "", "2099-01-01", "", ""],
        ["C", "", "", "nobody.example.com", ""],
        ["D", "", "", "", "zoe"],
        ["E", "", "31.13.1980", "x", ""],
    )
    assert problems(acme.ada, "customer", content) == {
        2: "Name: Please fill in this field.",
        3: "Status: “vip” is not one of the options.",
        4: "Birthday: This date lies in the future.",
        5: "E-mail: This is not an e-mail address; it should look like name@example.com.",
        6: "Owner: There is no “zoe”, or you may not see it.",
        7: "E-mail: This is not an e-mail address; it should look like name@example.com. Birthday: “31.13.1980” is not a date; please write it as 2026-03-31.",
    }
    with speaking("zh"):
        assert "请" in problems(acme.ada, "customer", content)[2]


def test_refused_rows_come_back_as_a_file_that_can_be_mended_and_imported(acme):
    content = csv_of(["name", "phone", "status"], ["Good", "139 1234 5678", "lead"], ["Bad", "+86 139 1234 5679", "vip"], ["Too", "many", "cells", "here"])
    found = preview(acme.ada, "customer", content)
    assert (found.new, found.refused) == (1, 2)
    bring_in(acme.ada, "customer", content)
    mended = found.refused_file.replace(b"vip", b"lead").replace(b'"many","cells","here"', b'"021-5555 1234","lead"')
    assert preview(acme.ada, "customer", mended).refused == 0
    bring_in(acme.ada, "customer", mended)
    assert [(row["name"], row["phone"]) for row in rows_of("customer")] == [("Good", "139 1234 5678"), ("Bad", "+86 139 1234 5679"), ("Too", "021-5555 1234")]


def test_ragged_rows_are_refused_with_their_numbers(acme):
    content = b"name,city\nA,B\nC\n\nD,E,F\nG,H,\n"
    assert problems(acme.ada, "customer", content) == {3: "This row has 1 cells, the heading has 2.", 5: "This row has 3 cells, the heading has 2."}


def test_a_code_is_used_once_in_the_file_in_the_house_and_in_the_recycle_bin(acme):
    bring_in(acme.ada, "customer", csv_of(["code", "name"], ["K-1", "A"]))
    with transaction(acme.ada, "customer.delete") as session:
        records.delete(session, "customer", rows_of("customer")[0]["id"])
    content = csv_of(["code", "name"], ["K-1", "B"], ["K-2", "C"], ["K-2", "D"])
    assert set(problems(acme.ada, "customer", content)) == {2, 4}


def test_codes_given_out_step_over_those_in_the_file(acme):
    bring_in(acme.ada, "customer", csv_of(["code", "name"], ["C-0002", "A"], ["", "B"], ["", "C"]))
    assert sorted(row["code"] for row in rows_of("customer")) == ["C-0001", "C-0002", "C-0003"]


def test_what_may_be_a_duplicate_is_told_and_imported_all_the_same(acme):
    bring_in(acme.ada, "customer", csv_of(["name", "mobile"], ["Harbour Bakery", "13912345678"]))
    found = preview(acme.ada, "customer", csv_of(["name", "mobile"], ["harbour bakery", ""], ["Other", "139-1234-5678"], ["Fresh", "13912340000"], ["Fresh ", ""]))
    assert (found.new, [note.row for note in found.doubts]) == (4, [2, 3, 5])


def test_one_row_an_order_and_rows_of_the_same_code_are_its_lines(acme):
    bring_in(acme.ada, "customer", csv_of(["name"], ["A"]))
    bring_in(acme.ada, "product", csv_of(["code", "name", "price"], ["G1", "Tea", "5"], ["G2", "Pot", "20"]))
    orders = [["code", "customer", "date", "product", "quantity", "discount"], ["O1", "A", "2024-01-02", "G1", "2", ""], ["O1", "A", "2024-01-02", "Pot", "1", "50"], ["O2", "A", "2024-01-03", "", "", ""]]
    result = bring_in(acme.ada, "order", csv_of(*orders))
    assert (result.created, dict(result.attached)) == (2, {"order_line": 2})
    assert [(row["code"], row["amount"]) for row in rows_of("order")] == [("O1", Decimal("20.00")), ("O2", Decimal("0.00"))]
    assert [(row["quantity"], row["price"], row["discount"]) for row in rows_of("order_line")] == [(2, 5, 0), (1, 20, 50)]


def test_half_an_order_is_not_imported(acme):
    bring_in(acme.ada, "customer", csv_of(["name"], ["A"]))
    bring_in(acme.ada, "product", csv_of(["code", "name", "price"], ["G1", "Tea", "5"]))
    orders = [["code", "customer", "date", "product"], ["O1", "A", "2024-01-02", "G1"], ["O1", "A", "2024-01-02", "G9"], ["O2", "A", "2024-01-02", "G1"], ["O3", "A", "2024-01-02", "G1"], ["O3", "A", "2024-01-09", "G1"]]
    found = preview(acme.ada, "order", csv_of(*orders))
    assert (found.new, [note.row for note in found.problems]) == (1, [2, 3, 5, 6])


def test_survey_sheets_come_wide_or_long(acme):
    bring_in(acme.ada, "customer", csv_of(["name", "owner"], ["A", "amy"], ["B", "bo"]))
    bring_in(acme.ada, "survey", csv_of(["name"], ["Yearly"]))
    bring_in(acme.ada, "question", csv_of(["survey", "key", "wording", "kind", "scale from", "scale to"], ["Yearly", "overall", "How are we?", "csat", 1, 5], ["Yearly", "recommend", "Would you?", "nps", 0, 10]))
    wide = csv_of(["customer", "answered", "overall", "recommend"], ["A", "2024-03-05 14:30", 5, 10], ["B", "2024-03-06", 4, ""], ["B", "2024-03-07", 9, 1], ["A", "2024-03-07", "", ""])
    found = preview(acme.ada, "survey_response", wide)
    assert (found.new, {note.row: note.text for note in found.problems}) == (3, {4: "How are we?: This answer is outside the scale.", 5: "Please answer at least one question."})
    bring_in(acme.ada, "survey_response", wide)
    first, second, third = rows_of("survey_response")
    assert first["sheet"] == second["sheet"] != third["sheet"]
    assert (first["score"], second["score"], third["score"], first["manager_id"], third["manager_id"]) == (5, 10, 4, acme.amy.id, acme.bo.id)
    assert clock.local(first["answered_at"]).isoformat() == "2024-03-05T14:30:00+08:00"
    bring_in(acme.ada, "survey_response", csv_of(["customer", "answered", "question", "score"], ["A", "2024-04-01", "overall", 3], ["A", "2024-04-01", "Yearly/recommend", 7]))
    fourth, fifth = rows_of("survey_response")[3:]
    assert (fourth["sheet"], fourth["score"]) == (fifth["sheet"], 3)


def test_old_answers_brought_in_open_no_recoveries_however_unhappy(acme):
    bring_in(acme.ada, "customer", csv_of(["name"], ["A"]))
    bring_in(acme.ada, "survey", csv_of(["name"], ["Yearly"]))
    bring_in(acme.ada, "question", csv_of(["survey", "key", "wording", "kind", "scale from", "scale to"], ["Yearly", "overall", "How are we?", "csat", 1, 5]))
    bring_in(acme.ada, "survey_response", csv_of(["customer", "answered", "overall", "customer is unhappy"], ["A", "2024-03-05", 1, "yes"], ["A", "2024-03-06", 2, ""]))
    assert [row["unhappy"] for row in rows_of("survey_response")] == [True, False]
    assert rows_of("follow_up") == []


def test_invitations_with_a_day_of_answer_were_answered(acme):
    bring_in(acme.ada, "customer", csv_of(["name", "owner"], ["A", "amy"]))
    bring_in(acme.ada, "survey", csv_of(["name"], ["Yearly"]))
    rows = [["customer", "survey", "wave", "sent", "state", "answered"], ["A", "Yearly", "spring", "2024-03-05", "", "2024-03-09"], ["A", "Yearly", "autumn", "2024-09-05", "", ""],
            ["A", "Yearly", "winter", "2024-12-05", "undeliverable", ""], ["A", "Monthly", "winter", "2024-12-05", "", ""]]
    assert set(problems(acme.ada, "survey_invitation", csv_of(*rows))) == {5}
    bring_in(acme.ada, "survey_invitation", csv_of(*rows[:4]))
    assert [(row["state"], row["answered_on"]) for row in rows_of("survey_invitation")] == [("answered", date(2024, 3, 9)), ("sent", None), ("undeliverable", None)]


def test_follow_ups_that_were_done_and_are_planned(acme):
    bring_in(acme.ada, "customer", csv_of(["name", "owner"], ["A", "amy"]))
    rows = [["customer", "what happened", "done", "due date", "status"], ["A", "Talked about tea", "2024-03-05 10:00", "", ""],
            ["A", "Call", "", "2099-01-05", ""], ["A", "x", "", "", "done"], ["A", "x", "", "", ""]]
    assert set(problems(acme.ada, "follow_up", csv_of(*rows))) == {4, 5}
    bring_in(acme.ada, "follow_up", csv_of(*rows[:3]))
    done, planned = rows_of("follow_up")
    assert (done["status"], done["subject"], done["owner_id"], done["done_on"]) == ("done", "Talked about tea", acme.amy.id, date(2024, 3, 5))
    assert (planned["status"], planned["owner_id"]) == ("planned", acme.amy.id)
    [customer] = rows_of("customer")
    assert (clock.local(customer["last_contact_at"]).date(), customer["next_contact_on"]) == (date(2024, 3, 5), date(2099, 1, 5))


def test_tags_and_names_that_several_customers_bear(acme):
    bring_in(acme.ada, "tag", csv_of(["name"], ["Key"], ["North; South"]))
    bring_in(acme.ada, "customer", csv_of(["name", "tags"], ["A", 'Key; "North; South"'], ["B", "North; South"], ["A", "key"]))
    assert len(rows_of("customer_tag")) == 4
    assert problems(acme.ada, "contact", csv_of(["customer", "name"], ["A", "Peng"])) == {2: "Customer: Several records are called “A”; please use the code."}


def test_who_may_import_and_whose(acme):
    content = csv_of(["name", "owner"], ["A", "amy"], ["B", "cy"], ["C", ""])
    for actor in (acme.amy, acme.gil, acme.vic):
        with pytest.raises(Forbidden):
            preview(actor, "customer", content)
    for noun in ("organisation", "option", "attachment", "saved_view"):
        with pytest.raises(Forbidden):
            preview(acme.ada, noun, content)
    assert problems(acme.mia, "customer", content) == {3: "Owner: This colleague is not in your team."}
    bring_in(acme.mia, "customer", content)
    assert [row["name"] for row in rows_of("customer")] == ["A", "C"]
    assert set(problems(acme.sol, "contact", csv_of(["customer", "name"], ["A", "Peng"]))) == {2}


def test_a_double_click_imports_once(acme):
    table = read("x.csv", csv_of(["name"], ["A"]))
    importer.run(acme.ada, "customer", table, {"name": "name"}, request_key="k")
    with pytest.raises(AlreadyDone):
        importer.run(acme.ada, "customer", table, {"name": "name"}, request_key="k")
    assert len(rows_of("customer")) == 1


def test_a_mapping_that_cannot_work_is_refused(acme):
    table = read("x.csv", csv_of(["a", "b"], ["A", "B"]))
    for mapping in ({}, {"a": "city"}, {"a": "name", "b": "name"}, {"c": "name"}, {"a": "last_contact_at", "b": "name"}):
        with pytest.raises(Invalid):
            importer.dry_run(acme.ada, "customer", table, mapping)


def test_a_file_without_one_good_row_imports_nothing(acme):
    with pytest.raises(Invalid):
        bring_in(acme.ada, "customer", csv_of(["name", "status"], ["A", "vip"]))


def test_a_part_of_a_product_line_may_stand_above_its_whole(acme):
    content = csv_of(["name", "part of"], ["Green tea", "Tea"], ["Tea", ""], ["Sencha", "Green tea"], ["A", "B"], ["B", "A"], ["C", "Nothing"])
    assert set(problems(acme.ada, "product_line", content)) == {5, 6, 7}
    bring_in(acme.ada, "product_line", content)
    ids = {row["name"]: row["id"] for row in rows_of("product_line")}
    assert {row["name"]: row["parent_id"] for row in rows_of("product_line")} == {"Tea": None, "Green tea": ids["Tea"], "Sencha": ids["Green tea"]}
