"""Everything held about one person, as a zip of JSON for machines and CSV for people, with the person's files."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from db import clock, erasure, journal
from db.language import t
from db.models import NOUNS, Attachment, Blob, Change, ChangePayload, ChangeRow, Contact, Record, User
from db.session import UNGUARDED, CrmSession
from db.transfer.export import as_csv, cells, columns_out

JOURNAL = ("change", "at", "who", "action", "noun", "record", "verb", "before", "after")


def zipped(session: CrmSession, person: Record) -> bytes:
    """The bytes of the zip: person.json, one CSV a noun, journal.csv, and the files themselves."""
    held = _held(session, person)
    entries = _entries(session, person, held)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.json", json.dumps(_document(session, person, held, entries), ensure_ascii=False, indent=1))
        for noun, records in held.items():
            columns = columns_out(session, noun, with_labels=True)
            archive.writestr(f"{noun}.csv", as_csv([column.heading for column in columns], cells(session, columns, records, with_labels=True)))
        archive.writestr("journal.csv", as_csv(JOURNAL, [[_text(entry[key]) for key in JOURNAL] for entry in entries]))
        for name, content in _files(session, held.get("attachment", ())):
            archive.writestr(name, content)
    return target.getvalue()


def _held(session: CrmSession, person: Record) -> dict[str, list[Record]]:
    """The person's records by noun; of a contact, also what names it."""
    found = erasure.own_records(session, person, with_files=True)
    if isinstance(person, Contact):
        models: list[Any] = [model for model in NOUNS.values() if hasattr(model, "contact_id")]
        for model in models:
            found += session.scalars(select(model).where(model.contact_id == person.id), execution_options={"with_deleted": True})
    by_noun: dict[str, list[Record]] = {}
    for record in found:
        by_noun.setdefault(record.__tablename__, []).append(record)
    return by_noun


def _document(session: CrmSession, person: Record, held: dict[str, list[Record]], entries: list[dict[str, Any]]) -> dict[str, Any]:
    records = {noun: [_plain(record) for record in rows] for noun, rows in held.items()}
    return {"code": person.short_code, "from": session.organisation.name, "at": clock.now().isoformat(), "records": records, "journal": entries}


def _plain(record: Record) -> dict[str, Any]:
    return {attribute.key: journal.encode(getattr(record, attribute.key)) for attribute in type(record).__mapper__.column_attrs}


def _entries(session: CrmSession, person: Record, held: dict[str, list[Record]]) -> list[dict[str, Any]]:
    """The lines of the journal about these records, the oldest first."""
    own = [(ChangeRow.noun == noun) & ChangeRow.record_id.in_([row.id for row in rows]) for noun, rows in held.items()]
    about = or_(*own) if isinstance(person, Contact) else or_(*own, ChangeRow.customer_id == person.id)
    columns = (Change.id, Change.at, User.name, Change.action, ChangeRow.noun, ChangeRow.record_id, ChangeRow.verb, ChangePayload.before, ChangePayload.after)
    joined = select(*columns).join(ChangeRow, ChangeRow.change_id == Change.id).outerjoin(ChangePayload, ChangePayload.change_row_id == ChangeRow.id)
    rows = session.execute(joined.outerjoin(User, User.id == Change.actor_id).where(about).order_by(ChangeRow.id), execution_options=UNGUARDED)
    return [dict(zip(JOURNAL, (journal.encode(value) for value in row), strict=True)) for row in rows]


def _text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _files(session: CrmSession, attachments: Sequence[Record]) -> list[tuple[str, bytes]]:
    files = [record for record in attachments if isinstance(record, Attachment)]
    wanted = select(Blob.digest, Blob.content).where(Blob.digest.in_({file.digest for file in files}))
    contents = {digest: content for digest, content in session.execute(wanted)}
    names = {file.id: re.sub(r"[^\w.\- ]", "_", file.name) for file in files}
    return [(f"files/{file.short_code} {names[file.id]}", contents.get(file.digest, t("missing").encode())) for file in files]
