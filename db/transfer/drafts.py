"""An import of nothing but new records is made ready before the write begins, numbers and journal lines and all: while it writes, others wait."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from db.base import OfCustomer
from db.batches import batches
from db.dialect import has_one_writer
from db.models import NOUNS
from db.session import CrmSession
from db.short_codes import ShortCodes, counter_of, has_codes, last_number
from db.transfer import writer
from db.transfer.items import Item
from db.transfer.progress import Progress
from db.transfer.quick_insert import Draft, draft, insert_draft, next_numbers


@dataclass(frozen=True)
class Drafts:
    """before, after: the next number and the last code of the noun, as they are counted now and once all is written."""

    noun: str
    before: tuple[int, int]
    after: tuple[int, int]
    parts: list[tuple[Draft, list[Item]]]


def drafts_of(session: CrmSession, items: list[Item], progress: Progress) -> Drafts | None:
    """None where there is more to write than new records that hang on nothing, or others may number theirs meanwhile. Raises Cancelled."""
    noun = items[0].noun
    new = all(item.verb == "create" and item.noun == noun and not item.links for item in items)
    if not new or not has_one_writer(Session.connection(session).dialect.name) or issubclass(NOUNS[noun], OfCustomer):
        return None
    first, last = next_numbers(session, noun, 1)[0], last_number(session, NOUNS[noun])
    codes = ShortCodes(session, NOUNS[noun], last) if has_codes(NOUNS[noun]) else None
    parts: list[tuple[Draft, list[Item]]] = []
    following = first
    for batch in batches(items, writer.BATCH):
        rows = [writer.columns_of(noun, row) for row in writer.rows_of(batch, codes)]
        drafted = draft(session, noun, rows, range(following, following + len(rows)))
        following += len(rows)
        parts.append((drafted, batch))
        progress.listen()
    return Drafts(noun, (first, last), (following, codes.last if codes else last), parts)


def stand(session: CrmSession, drafts: Drafts) -> bool:
    """Whether nobody has entered any such record since. Then the numbers are taken."""
    counter = counter_of(session, NOUNS[drafts.noun]) if has_codes(NOUNS[drafts.noun]) else None
    if (next_numbers(session, drafts.noun, 1)[0], counter.value if counter else drafts.before[1]) != drafts.before:
        return False
    if counter:
        counter.value = drafts.after[1]
    return True


def write_drafts(session: CrmSession, drafts: Drafts, progress: Progress) -> None:
    """Make the new records as they were drafted. Lets go of what is written. Raises Cancelled."""
    progress.begin("write", sum(len(batch) for _, batch in drafts.parts))
    done = 0
    drafts.parts.reverse()
    while drafts.parts:
        drafted, batch = drafts.parts.pop()
        writer.number(batch, insert_draft(session, drafted))
        writer.hang(session, drafts.noun, batch)
        done += len(batch)
        progress.tell(done)
    progress.begin("finish")
