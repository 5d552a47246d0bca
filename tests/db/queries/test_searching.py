"""Whatever is pasted into a search box, the list answers."""

from __future__ import annotations

import pytest

from db.engine import reading
from db.queries.links import customers_like
from db.queries.lists import ListQuery, count
from tests.db.queries import company

FOUND = ["Harbour", "Har\0bour", " Harbour\0 ", "\0", "  "]
NOT_FOUND = ["\0Pier", "\u202e", '"', "' OR 1=1 --", "%", "_", "\\", "* AND *", "words : x", "Harbour NOT Bakery", "W" * 60_000, "{{7*7}}", "😀", "\x1b[31m"]


@pytest.mark.parametrize("noun", ["customer", "order", "product"])
def test_a_search_for_anything_at_all_is_answered(acme, noun):
    number = company.customer(acme.amy, name="Harbour Bakery")
    company.add(company.purchase(number, "2026-01-02"))
    with reading(acme.amy) as session:
        for words in FOUND:
            assert count(session, noun, ListQuery(search=words)) == (noun != "product"), words
        for words in NOT_FOUND:
            assert count(session, noun, ListQuery(search=words)) == 0, words


def test_a_picker_answers_too(acme):
    company.customer(acme.amy, name="Harbour Bakery")
    with reading(acme.amy) as session:
        assert [len(customers_like(session, words)) for words in FOUND] == [1] * len(FOUND)
        assert [words for words in NOT_FOUND if customers_like(session, words)] == []
