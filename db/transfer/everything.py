"""Everything at once: a zip with a table a noun, the files kept with customers, and a list of contents."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from db import clock
from db.models import NOUNS, Attachment, Blob
from db.policy import require
from db.session import CrmSession
from db.transfer.export import export
from db.transfer.progress import Progress

ORDER = (
    "organisation", "option", "custom_field", "team", "user", "absence", "product_line", "product", "tag", "survey", "question", "customer", "customer_tag",
    "contact", "follow_up", "order", "order_line", "survey_response", "survey_invitation", "attachment", "target", "kpi_target", "saved_view", "import_mapping",
)
"""In which the tables can be imported again; what is added later comes after them."""
CONTENTS, FILES = "contents.json", "files"


def everything(session: CrmSession, progress: Progress | None = None) -> bytes:
    """The zip's bytes: <noun>.csv with field keys as headings, files/<number>-<name>, contents.json. Raises Forbidden, Cancelled."""
    require(session.actor, "create", "backup")
    progress, target = progress or Progress(), io.BytesIO()
    progress.begin("write", len(_nouns()))
    contents: dict[str, Any] = {"organisation": session.organisation.name, "made": clock.now().isoformat(timespec="seconds"), "tables": []}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for done, noun in enumerate(_nouns(), 1):
            table = export(session, noun, every=True)
            rows = session.scalar(select(func.count()).select_from(NOUNS[noun])) or 0
            contents["tables"].append({"file": f"{noun}.csv", "rows": rows, "sha256": hashlib.sha256(table).hexdigest()})
            archive.writestr(f"{noun}.csv", table)
            progress.tell(done)
        for name, content in _files(session):
            archive.writestr(f"{FILES}/{name}", content)
        archive.writestr(CONTENTS, json.dumps(contents, ensure_ascii=False, indent=2))
    return target.getvalue()


def _nouns() -> list[str]:
    return [*(noun for noun in ORDER if noun in NOUNS), *sorted(NOUNS.keys() - set(ORDER))]


def _files(session: CrmSession) -> Iterator[tuple[str, bytes]]:
    for number, name, digest in session.execute(select(Attachment.id, Attachment.name, Attachment.digest).order_by(Attachment.id)):
        blob = session.get(Blob, digest)
        if blob is not None:
            yield f"{number}-{name.replace('/', '_')}", blob.content
