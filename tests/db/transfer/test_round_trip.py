from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from openpyxl import load_workbook

from db.actions import customers, follow_ups
from db.engine import reading, transaction
from db.errors import Forbidden
from db.language import speaking
from db.masking import STARS
from db.models import CustomField, Organisation
from db.policy import SYSTEM
from db.records import create, set_tags
from db.transfer.cells import joined, plain, safe, split
from db.transfer.export import as_csv, as_xlsx, file_name
from db.transfer.reader import read
from db.transfer.template import template
from tests.db.transfer.steps import bring_in, exported, preview, with_options
from tests.houses import filled_once

ORDER = ("team", "user", "product_line", "product", "tag", "survey", "question", "customer", "contact", "follow_up", "order", "order_line", "survey_response", "survey_invitation", "target")
NASTY = ["=1+1", "+86 139 1234 2231", "-5", "@here", "'=quoted", "a;b,c\td", 'say "hi"', "海源家电，有限公司", "line one\nline two", "＝full width", "007", "TRUE", "1e5", "NULL", "🙂 emoji"]


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database: str, house_of, monkeypatch):
    """Go to another, empty database of the same kind, with the same drop-down values and custom fields."""
    template = request.getfixturevalue("sqlite_template" if database.startswith("sqlite") else "postgres_template")
    other = house_of(template, "elsewhere")

    def go() -> None:
        other.put_back()
        monkeypatch.setenv("REGULARS_DATABASE_URL", other.url)
        prepare("Elsewhere")

    return go


def prepare(name: str) -> None:
    with_options()
    with transaction(SYSTEM, "setup") as session:
        if name:
            session.add(Organisation(name=name, time_zone="Asia/Shanghai"))
        session.add(CustomField(key="shoe", name_en="Shoe size", name_zh="鞋码", kind="integer"))
        session.add(CustomField(key="vip", name_en="VIP", kind="boolean"))


@pytest.fixture
@filled_once
def full(acme):
    """A company that uses every field and every nasty text."""
    prepare("")
    with transaction(acme.ada, "fill") as session:
        line = create(session, "product_line", {"name": "Tea"})
        child = create(session, "product_line", {"name": "Green; tea", "parent_id": line.id})
        product = create(session, "product", {"name": "Sencha, 100 g", "product_line_id": child.id, "price": "12.50", "cost": "0.05", "active": False})
        tags = [create(session, "tag", {"name": name}).id for name in ("Key", "a; b", 'c"d', "说、明")]
        survey = create(session, "survey", {"name": "Yearly / 2024"})
        questions = [create(session, "question", {"survey_id": survey.id, "key": key, "text": f"{key}?", "scale_max": 10, "position": n}) for n, key in enumerate(("q1", "score"))]
        create(session, "target", {"user_id": acme.amy.id, "month": "2024-03-17", "measure": "visits", "value": "12"})
        for number, text in enumerate(NASTY):
            values = {"name": text, "notes": f"{text}\n{text}", "city": text.replace("\n", " "), "owner_id": acme.amy.id if number % 2 else None, "tier": "A", "industry": "retail",
                      "phone": "+86 139 1234 2231", "birthday": "1980-02-29", "potential_value": "1234567.89", "customer_since": "2020-01-01", "shoe": 40 + number, "vip": number % 2 == 0}
            id_ = customers.create(session, values).id
            set_tags(session, id_, tags[: number % 5])
            contact = create(session, "contact", {"customer_id": id_, "name": text, "email": "a@example.com"})
            follow_ups.log(session, {"customer_id": id_, "contact_id": contact.id, "content": text, "rating": 4, "method": "call"})
            order = create(session, "order", {"customer_id": id_, "ordered_on": "2024-01-02", "amount": "25", "place": text})
            create(session, "order_line", {"customer_id": id_, "order_id": order.id, "product_id": product.id, "price": "12.5", "quantity": "2.25"})
            create(session, "survey_invitation", {"customer_id": id_, "survey_id": survey.id, "wave": text.replace("\n", " ")[:40], "sent_on": "2024-03-01", "state": "partial"})
            for question in questions:
                create(session, "survey_response", {"customer_id": id_, "sheet": f"s{number}", "question_id": question.id, "score": 7, "answered_at": "2024-03-31T16:30:00+00:00", "comment": text})
    return acme


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("with_labels", [False, True], ids=["keys", "labels"])
def test_what_is_exported_comes_back_equal_into_an_empty_house(full, elsewhere, kind, with_labels):
    here = {noun: exported(full.ada, noun) for noun in ORDER}
    files = {noun: exported(full.ada, noun, kind, with_labels) for noun in ORDER}
    elsewhere()
    for noun in ORDER:
        bring_in(SYSTEM, noun, files[noun], f"{noun}.{kind}")
    there = {noun: exported(SYSTEM, noun) for noun in ORDER}
    for noun in ORDER:
        assert read_rows(there[noun], with_labels) == read_rows(here[noun], with_labels), noun


def read_rows(content: bytes, to_the_second: bool) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return [[cell[:19] if to_the_second and len(cell) > 19 and cell[10] == "T" else cell for cell in row] for row in rows]


def test_an_export_in_chinese_is_read_in_english(full):
    with speaking("zh"):
        content = exported(full.ada, "customer", with_labels=True)
    assert "客户".encode() in content or "名称".encode() in content
    assert preview(full.ada, "customer", content.replace(b'"C-', b'"X-')).refused == 0


def test_a_spreadsheet_runs_nothing_of_an_export(full):
    for row in csv.reader(io.StringIO(exported(full.ada, "customer").decode("utf-8-sig"))):
        assert not [cell for cell in row if cell[:1] in "=+@\t\r＝＋－＠" and cell]
    book = load_workbook(io.BytesIO(exported(full.ada, "customer", "xlsx")))
    assert "f" not in {cell.data_type for row in book.active for cell in row}


def test_only_who_may_export_does_and_each_gets_the_rows_he_sees(acme):
    with transaction(acme.ada, "customer.create") as session:
        customers.create(session, {"name": "North's", "owner_id": acme.amy.id, "phone": "13912345678"})
        customers.create(session, {"name": "South's", "owner_id": acme.cy.id})
    for actor in (acme.amy, acme.gil, acme.vic):
        with pytest.raises(Forbidden):
            exported(actor, "customer")
    assert b"North's" in exported(acme.mia, "customer")
    assert b"South's" not in exported(acme.mia, "customer")
    assert STARS.encode() not in exported(acme.mia, "customer")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("with_labels", [False, True], ids=["keys", "labels"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_template_is_understood_by_the_import(acme, kind, with_labels, language):
    from db.transfer import importer

    with_options()
    for noun in (*ORDER, "sheet"):
        with speaking(language), reading(acme.ada) as session:
            content = template(session, noun, kind, with_labels)
        table = read(f"x.{kind}", content)
        matching = importer.match(acme.ada, noun, table)
        assert matching.unknown == ()
        assert len(set(matching.suggested.values())) == len(matching.columns), noun
    assert bring_in(acme.ada, "product", product_template(acme)).created == 1


def test_the_example_of_the_sheet_for_everything_can_be_imported_as_it_is(acme):
    with_options()
    with reading(acme.ada) as session:
        result = bring_in(acme.ada, "sheet", template(session, "sheet", "xlsx"), "x.xlsx")
    assert (result.created, dict(result.counts.also), result.refused) == (1, {"contact": 1, "follow_up": 1, "order": 1}, 0)


def product_template(acme) -> bytes:
    with reading(acme.ada) as session:
        return template(session, "product", "xlsx")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@settings(max_examples=300, deadline=None)
def test_making_a_text_harmless_loses_nothing(text):
    assert plain(safe(text)) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=10), max_size=5))
@settings(max_examples=300, deadline=None)
def test_names_joined_in_a_cell_come_apart_again(names):
    assert split(joined(names)) == names


PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(st.lists(PRINTABLE, min_size=1, max_size=4))
@example(["#REF!", "#N/A"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_survives_csv_and_xlsx(texts):
    headings = [f"h{number}" for number in range(len(texts))]
    for content in (as_csv(headings, [texts]), as_xlsx(headings, [texts])):
        [(_, cells)] = read("x", content).rows()
        assert cells == texts


def test_file_names_say_when_and_cannot_be_guessed():
    names = {file_name("Survey answers", "csv") for _ in range(20)}
    assert len(names) == 20
    assert all(name.startswith("survey-answers-2") and name.endswith(".csv") for name in names)
