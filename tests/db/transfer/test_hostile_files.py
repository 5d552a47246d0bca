from __future__ import annotations

import re
import resource
import time

import pytest

from db.errors import Invalid
from db.language import speaking
from db.transfer import importer
from db.transfer.reader import read
from tests.db.transfer.hostile import DAMAGED, NAME_ROW, sheet, workbook
from tests.db.transfer.recipes import recipes

SECONDS = 5


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_or_hostile_file_is_refused_with_a_clear_message_within_five_seconds(case):
    name, content, expected = DAMAGED[case]
    start = time.process_time()
    with pytest.raises(Invalid) as refused:
        read(name, content)
    assert time.process_time() - start < SECONDS
    assert re.search(expected, str(refused.value)), str(refused.value)


def test_the_answer_is_in_the_user_s_language():
    with speaking("zh"), pytest.raises(Invalid) as refused:
        read("x.csv", b"")
    with speaking("zh"):
        assert str(refused.value) == "x.csv：文件为空。"


def test_refusing_takes_little_memory():
    """In kB; the largest hostile file would fill gigabytes when opened."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for case in ("a zip bomb", "a far away cell", "many tags", "too many strings", "a quotation of 5 MB"):
        name, content, _ = DAMAGED[case]
        with pytest.raises(Invalid):
            read(name, content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_the_message_names_the_file_the_row_and_the_column():
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c><c r="B2" t="e"><v>#REF!</v></c></row>'
    for name, content, words in (("May.csv", b"name,city\nA,B\nC\0,D\n", "May.csv: Row 3 "), ("May.xlsx", workbook(sheet(NAME_ROW + row)), "May.xlsx: Row 2, column 2 ")):
        with pytest.raises(Invalid) as refused:
            read(name, content)
        assert str(refused.value).startswith(words)


def test_there_are_three_hundred_recipes():
    assert len(dict(recipes())) >= 300


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_recipe_is_answered_with_the_file_s_name_or_with_reasons_row_by_row(acme):
    """Read, matched and checked as a person would; in seconds of this process, and all of them together in 400 MB more."""
    before, wrong = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, {}
    for case, make in recipes():
        name, content = make()
        start = time.process_time()
        try:
            wrong |= {case: said} if (said := answer(acme.ada, name, content)) else {}
        except Exception as error:
            wrong[case] = repr(error)
        if time.process_time() - start > SECONDS:
            wrong[case] = "too slow"
    assert wrong == {}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def answer(actor, name: str, content: bytes) -> str:
    """What is wrong with how the file is answered; nothing where it is answered well."""
    try:
        table = read(name, content)
    except Invalid as refused:
        return "" if str(refused).startswith(f"{name}: ") else f"names no file: {refused}"
    mapping = importer.match(actor, "customer", table).suggested or {table.headings[0]: "name"}
    try:
        preview = importer.dry_run(actor, "customer", table, mapping)
    except Invalid as refused:
        return "" if str(refused) else "says nothing"
    accounted = preview.new + preview.refused == preview.rows
    return "" if accounted and all(note.row > 1 and note.text for note in preview.problems) else f"rows are lost: {preview}"
