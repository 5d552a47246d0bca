"""Which files of others still tell of an erased person: found in plain bytes and in what office files keep packed, told, and left to people."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from click.testing import CliRunner

from db import erasure
from db.actions import customers, personal_data
from db.commands import main
from db.engine import reading, transaction
from db.erasure import contents, files
from db.erasure.contents import CLOSED, NAME, REACH, Seeker
from db.erasure.traces import Traces
from db.errors import Forbidden, Invalid
from db.models import Contact
from db.policy import SYSTEM
from db.transfer import workbook
from tests.db.queries import company
from tests.db.transfer import hostile
from tests.houses import filled_once

SEEKER = Seeker(Traces.of([("name", "Zhang Xiaoming"), ("name", "张晓明"), ("name", "Müller"), ("phone", "+86 139 1234 5678"), ("phone", "555 0100"), ("email", "xm@example.com")]))
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def office(part: str, text: str, **more: bytes) -> bytes:
    """A packed file as office programs write it, with one part of text."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", part: text.encode(), **more}.items():
            archive.writestr(name, content)
    return target.getvalue()


def document(*runs: str) -> bytes:
    written = "</w:t></w:r><w:proofErr w:type='spellStart'/><w:r><w:rPr><w:b/></w:rPr><w:t>".join(runs)
    return office("word/document.xml", f"<w:document {WORD}><w:body><w:p><w:r><w:t>Dear</w:t></w:r></w:p><w:p><w:r><w:t>{written}</w:t></w:r></w:p><w:p>Sir</w:p></w:body></w:document>")


@pytest.mark.parametrize(("content", "holds"), [
    (b"Ask ZHANG\n xiaoming first", {NAME}), ("张晓明来访".encode(), {NAME}), ("张晓明来访".encode("gb18030"), {NAME}), ("张晓明来访".encode("utf-16"), {NAME}),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00" + "见张晓明".encode("utf-16-le"), {NAME}), (b"%PDF-1.4\n(Zhang Xiaoming) Tj", {NAME}), ("Frau Müller".encode("cp1252"), {NAME}),
    (b"tel (139) 1234-5678", {REACH}), ("0086 13912345678".encode("utf-16"), {REACH}), (b"XM@example.com; 555-0100", {REACH}), (b"Zhang Xiaoming xm@example.com", {NAME, REACH}),
    (b"Zhang Xiaomings and exm@example.com, 15550100, Zhang", set()), (random.Random(1).randbytes(300_000), set()),
])
def test_words_are_found_in_plain_bytes_however_they_are_written(content, holds):
    assert SEEKER.find(content) == holds


@pytest.mark.parametrize(("content", "holds"), [
    (document("Zhang Xiaoming"), {NAME}), (document("Zha", "ng", " Xiao", "ming"), {NAME}), (document("张", "晓明"), {NAME}), (document("139 1234", " 5678"), {REACH}),
    (office("word/document.xml", '<w:ins w:author="Zhang Xiaoming"/>'), {NAME}), (office("word/_rels/document.xml.rels", '<Relationship Target="mailto:xm@example.com"/>'), {REACH}),
    (office("ppt/slides/slide1.xml", "<a:p><a:r><a:t>Zhang</a:t></a:r><a:br/><a:r><a:t>Xiaoming</a:t></a:r></a:p>"), {NAME}),
    (office("content.xml", "<text:p>Zhang<text:s/><text:span>Xiaoming</text:span></text:p>", **{"META-INF/manifest.xml": b"<m/>"}), {NAME}),
    (office("word/document.xml", "M&#252;ller"), {NAME}), (hostile.written(["Name", "Phone"], ["x", 13912345678]), {REACH}), (hostile.written(["张晓明"]), {NAME}),
    (document("Zhang", "Xiaoming"), set()),
    (office("word/document.xml", "." * ((1 << 20) - 5) + "Zhang Xiaoming"), {NAME}), (office("word/media/image1.png", "Zhang Xiaoming"), set()),
])
def test_words_are_found_in_the_packed_text_of_office_files_though_programs_cut_it_into_runs(content, holds):
    assert SEEKER.find(content) == holds


@pytest.mark.parametrize("content", [
    pytest.param(office("word/document.xml", "Zhang Xiaoming")[:-30], id="cut off"), pytest.param(hostile.encrypted_zip(), id="locked"),
    pytest.param(hostile.with_lie_about_size(), id="lies about its size"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), id="an office file with a password"), pytest.param(b"Rar!\x1a\x07\x01\x00", id="an archive"),
    pytest.param(office("content.xml", "x", **{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), id="an open document with a password"),
])
def test_what_cannot_be_opened_is_said(content):
    assert SEEKER.find(content) == {CLOSED}


def test_what_unpacks_to_more_than_an_import_takes_is_not_unpacked(monkeypatch):
    assert contents.MAX_UNPACKED == workbook.MAX_UNPACKED
    monkeypatch.setattr(contents, "MAX_UNPACKED", 10_000)
    monkeypatch.setattr(contents, "_texts", lambda part: pytest.fail("it was unpacked"))
    assert SEEKER.find(office("word/document.xml", "Zhang Xiaoming" + " " * 10_000)) == {CLOSED}


def keep(customer_id: int, name: str, content: bytes) -> int:
    with transaction(SYSTEM, "attachment.create") as session:
        return customers.attach(session, customer_id, name, "application/octet-stream", content).id


@pytest.fixture
@filled_once
def told_of(acme) -> dict[str, int]:
    """Wei has files of her own; a hotel where she is a contact and a mill keep some that name her."""
    wei = company.customer(acme.amy, code="C-0007", name="Wei Lin", kind="person", phone="139 1234 5678")
    hotel, mill = company.customer(acme.amy, code="C-1", name="Riverside Hotel"), company.customer(acme.bo, code="C-2", name="Old Mill")
    contact = company.add(Contact(customer_id=hotel, name="Wei Lin", email="wei@hotel.example"))[0]
    kept = {"own": keep(wei, "own.txt", b"Wei Lin"), "same": keep(mill, "same.txt", b"Wei Lin"), "offer": keep(mill, "Offer for Wei Lin.docx", document("Wei", " Lin")),
            "list": keep(hotel, "list.txt", b"wei@hotel.example"), "numbers": keep(mill, "numbers.csv", b"13912345678"), "packed": keep(mill, "all.rar", b"Rar!\x1a\x07\x01\x00"),
            "pdf": keep(mill, "scan.pdf", b"%PDF-1.4 \x01\x02"), "other": keep(mill, "other.txt", b"Nobody")}
    with transaction(SYSTEM, "attachment.delete") as session:
        erasure_bin = session.get_one(files.Attachment, kept["numbers"])
        erasure_bin.deleted_at = erasure_bin.created_at
    return {"wei": wei, "hotel": hotel, "mill": mill, "contact": contact, **kept}


def left(noun: str, id_: int) -> erasure.FilesLeft:
    with reading(SYSTEM) as session:
        return personal_data.files_left(session, noun, id_)


def named(actor, found: erasure.FilesLeft) -> list[tuple]:
    with reading(actor) as session:
        return [(file.name, file.customer and file.customer[1], set(file.holds), file.deleted) for file in personal_data.shown(session, found, 20)]


def test_before_a_person_is_erased_every_file_of_others_that_tells_of_them_is_named(acme, told_of, monkeypatch):
    found = left("customer", told_of["wei"])
    assert (found.looked_at, found.pdfs) == (7, 1)
    assert named(acme.ada, found) == [
        ("same.txt", "Old Mill", {NAME}, False), ("Offer for Wei Lin.docx", "Old Mill", {NAME}, False), ("numbers.csv", "Old Mill", {REACH}, True), ("all.rar", "Old Mill", {CLOSED}, False)]
    monkeypatch.setattr(files, "AT_ONCE", 10)
    assert left("customer", told_of["wei"]) == found
    with reading(acme.ada) as session:
        assert personal_data.amount(session, "customer", told_of["wei"])[0] == 7


def test_of_a_contact_the_company_s_own_files_are_named_too(acme, told_of):
    found = left("contact", told_of["contact"])
    assert {found.found[told_of[key]] == {NAME} for key in ("own", "same", "offer")} == {True}
    assert (found.found[told_of["list"]], found.looked_at) == ({REACH}, 8)


def test_erasing_tells_which_files_stay_and_deletes_none_of_them(acme, told_of):
    before = left("customer", told_of["wei"])
    with pytest.raises(Invalid):
        personal_data.erase(acme.ada, "customer", told_of["wei"], "no")
    assert personal_data.erase(acme.ada, "customer", told_of["wei"], "C-0007") == before
    assert ("Offer for •••.docx", "Old Mill", {NAME}, False) in named(acme.ada, before), "the file's own name is redacted as every mention is"
    assert left("customer", told_of["wei"]).found == {told_of["packed"]: {CLOSED}}, "nobody knows any more what to look for"
    with reading(acme.ada) as session:
        assert customers.content_of(session, told_of["same"])[2] == b"Wei Lin"


def test_only_an_administrator_has_files_looked_through(acme, told_of):
    found = left("customer", told_of["wei"])
    for actor in (acme.mia, acme.amy, acme.gil, acme.vic):
        for ask in (lambda session: personal_data.files_left(session, "customer", told_of["wei"]), lambda session: personal_data.shown(session, found, 20)):
            with reading(actor) as session, pytest.raises(Forbidden):
                ask(session)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_names_them_before_and_after(acme, told_of, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    said = CliRunner().invoke(main, ["person", "erase", "C-0007"], input="C-0007\n").output
    before, after = said.split("is erased")
    assert ("Old Mill: Offer for Wei Lin.docx (name found)" in before, "Old Mill: Offer for •••.docx (name found)" in after) == (True, True)
    assert "1 PDF was compared byte by byte only" in before
