"""Exports of other systems write 3/25/2024 or 25.03.2024; the file's own dates tell which, and where they do not the person is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.transfer import importer
from db.transfer.day_order import order_of, year_first
from db.transfer.handling import Handling
from db.transfer.reader import read
from db.validation import Refused
from tests.db.transfer.steps import bring_in, csv_of, preview, rows_of, with_options


@pytest.mark.parametrize(("texts", "possible"), [
    (["3/25/2024", "3/4/2024"], ("mdy",)), (["25/3/2024", "3/4/2024"], ("dmy",)), (["3.4.2024"], ("dmy",)), (["3/4/2024", "12/12/2024"], ("dmy", "mdy")),
    (["25/3/2024", "3/25/2024"], ()), (["2024-03-25", "soon", "3/4/24"], ("dmy", "mdy")),
])
def test_a_month_above_twelve_or_a_dot_settles_the_order(texts, possible):
    assert order_of(texts).possible == possible


def test_only_dates_with_the_year_last_need_an_order():
    assert order_of(["2024-03-25", "soon", "3/4/24", ""]).example == ""
    assert order_of(["2024-03-25", "3-4-2024"]).example == "3-4-2024"


@pytest.mark.parametrize(("text", "order", "read_as"), [
    ("3/4/2024", "mdy", "2024-03-04"), ("3/4/2024", "dmy", "2024-04-03"), ("31.12.1999", "dmy", "1999-12-31"), ("3/25/2024 4:05 PM", "mdy", "2024-03-25 16:05:00"),
    ("3/25/2024, 12:30 am", "mdy", "2024-03-25 00:30:00"), ("25/03/2024 12:30:15 pm", "dmy", "2024-03-25 12:30:15"), ("25/03/2024 09:15", "dmy", "2024-03-25 09:15:00"),
    ("2024-03-25", "", "2024-03-25"), ("3/4-2024", "mdy", "3/4-2024"), ("31.13.2024", "dmy", "31.13.2024"),
])
def test_the_year_comes_first_afterwards(text, order, read_as):
    assert year_first(text, order) == read_as


def test_an_unsettled_date_is_not_guessed():
    with pytest.raises(Refused):
        year_first("3/4/2024", "")


def test_an_export_with_the_month_first_comes_in_by_itself(acme):
    with_options()
    bring_in(acme.ada, "customer", csv_of(["Name", "Customer since"], ["Harbour Bakery", "3/25/2024"], ["North Mill", "4/3/2024"]))
    assert [row["customer_since"] for row in rows_of("customer")] == [date(2024, 3, 25), date(2024, 4, 3)]
    bring_in(acme.ada, "follow_up", csv_of(["Customer", "Subject", "Done"], ["Harbour Bakery", "Call", "25.03.2024 18:30"]))
    assert rows_of("follow_up")[0]["done_at"] == datetime(2024, 3, 25, 10, 30, tzinfo=UTC)


def test_a_file_that_does_not_tell_is_refused_row_by_row_until_somebody_says_it(acme):
    with_options()
    content = csv_of(["Name", "Customer since"], ["Harbour Bakery", "3/4/2024"], ["North Mill", "2024-03-25"])
    found = preview(acme.ada, "customer", content)
    assert [note.row for note in found.problems] == [2]
    assert "may be two different days" in found.problems[0].text
    table = read("file.csv", content)
    importer.run(acme.ada, "customer", table, importer.match(acme.ada, "customer", table).suggested, handling=Handling(dates="dmy"))
    assert [row["customer_since"] for row in rows_of("customer")] == [date(2024, 4, 3), date(2024, 3, 25)]
