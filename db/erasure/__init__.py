"""Gone for good: rows, their values in the journal and their traces on the disk. The chain of the journal holds without them."""

from __future__ import annotations

from db.erasure.again import erase_again, erase_named, erased_since
from db.erasure.files import FileLeft, FilesLeft, amount, files_left, shown
from db.erasure.ground import settle
from db.erasure.person import Held, held, own_records
from db.erasure.removal import BATCH, remove

__all__ = [
    "BATCH", "FileLeft", "FilesLeft", "Held", "amount", "erase_again", "erase_named", "erased_since", "files_left", "held", "own_records", "remove", "settle",
    "shown",
]
