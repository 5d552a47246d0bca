"""Whether the bytes of a file hold words: plain text as programs write it, and the text that office files keep packed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from typing import IO

from db.erasure.traces import TELEPHONE, Traces

NAME, REACH, CLOSED = "name", "reach", "closed"
"""What a file holds of a person: the name; a number or an address. Or it could not be opened."""
ZIPPED, COMPOUND, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"
PACKED = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
LOCKED = "EncryptedPackage".encode("utf-16-le")
MANIFEST, LOCKED_PART = "META-INF/manifest.xml", b":encryption-data"
OFFICE = {"[Content_Types].xml", MANIFEST}
"""One of these lies in every file of an office program."""
TEXTS = (".xml", ".rels")
MAX_MEMBERS, MAX_UNPACKED = 5000, 64 * 2**20
CHUNK, OVERLAP = 1 << 20, 1 << 12
"""Bytes of a part that are unpacked at once, and how much of them is looked at again with the next: more than a name and its markup."""
MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
BLOCKS = re.compile(r"</?(?:\w+:)?(?:p|h|si|c|row|tr|td|tc|br|cr|tab|s|line-break|comment)(?:\s[^<>]*)?/?>")
TAGS = re.compile(r"<[^<>]*>")
BETWEEN = rb"[\s().\-/\x00]{0,4}"
"""What people, and the two bytes of a letter, put between the digits of a number."""
LONG_NUMBER = 9
"""Digits from which on a number is known within a longer row of digits, as behind the country's."""


class Unreadable(Exception):
    """A packed file that is damaged, locked with a password, built to harm, or no office file."""


class Seeker:
    """Looks for all that a person was called by."""

    def __init__(self, traces: Traces) -> None:
        numbers = {re.sub(r"\D", "", word) for word in traces.numbers if TELEPHONE.fullmatch(word)}
        self.numbers = [_number(digits) for digits in sorted(numbers) if not any(other in digits for other in numbers - {digits} if len(other) >= LONG_NUMBER)]
        words = {NAME: traces.names, REACH: {word for word in traces.numbers if not TELEPHONE.fullmatch(word)}}
        self.words = [(kind, max(word.split(), key=len), _spaced(traces.expression(word))) for kind, group in words.items() for word in sorted(group)]

    def find(self, content: bytes) -> frozenset[str]:
        """Some of NAME, REACH and CLOSED."""
        found = self._in_text(content, _encodings(content))
        if content.startswith(PACKED) or (content.startswith(COMPOUND) and LOCKED in content):
            found.add(CLOSED)
        try:
            for text in office_texts(content) if content.startswith(ZIPPED) else ():
                found |= self._in_text(text.encode(errors="replace"), ("utf-8",))
        except Unreadable:
            found.add(CLOSED)
        return frozenset(found)

    def _in_text(self, content: bytes, encodings: Iterable[str]) -> set[str]:
        found = {REACH} if any(number.search(content) for number in self.numbers) else set()
        small = content.lower()
        for kind, longest, expression in self.words:
            if kind not in found and any(_holds(content, small, longest, expression, encoding) for encoding in encodings):
                found.add(kind)
        return found


def _spaced(expression: re.Pattern[str]) -> re.Pattern[str]:
    """Also where a line ends between two words."""
    return re.compile(expression.pattern.replace(r"\ ", r"\s+"), expression.flags)


def _number(digits: str) -> re.Pattern[bytes]:
    spaced = BETWEEN.join(digit.encode() for digit in digits)
    return re.compile(spaced if len(digits) >= LONG_NUMBER else rb"(?<!\d)" + spaced + rb"(?!\d)")


def _holds(content: bytes, small: bytes, longest: str, expression: re.Pattern[str], encoding: str) -> bool:
    """Decoding takes a hundred times as long as looking for one word in the bytes."""
    forms = {form for form in (longest, longest.lower(), longest.upper())}
    try:
        near = any(form.encode(encoding) in (small if form.isascii() else content) for form in forms)
    except UnicodeEncodeError:
        return False
    starts = (0, 1) if near and encoding.startswith("utf-16") else (0,)
    return near and any(expression.search(content[start:].decode(encoding, "replace")) for start in starts)


def _encodings(content: bytes) -> tuple[str, ...]:
    """How text may stand in a file, from how it begins.

    Two-byte writing is looked for only where it is likely: the four bytes of a short Chinese name stand in many a picture by chance.
    """
    if marked := MARKS.get(content[:2]):
        return (marked,)
    if content.startswith(COMPOUND):
        return ("utf-8", "utf-16-le")
    if content.startswith(PDF):
        return ("utf-8", "utf-16-be")
    if content.startswith(ZIPPED) or _is(content, "utf-8"):
        return ("utf-8",)
    return ("utf-8", "gb18030", "cp1252") if _is(content, "gb18030") else ("utf-8", "cp1252")


def _is(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def office_texts(content: bytes) -> Iterator[str]:
    """The text of .docx, .xlsx, .pptx, .odt and their like, piece by piece, each once with its markup and once without. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in _measured(archive):
                with archive.open(member) as part:
                    yield from _texts(part)
    except Unreadable:
        raise
    except Exception as error:  # a damaged archive can make the library fail in any way
        raise Unreadable from error


def _measured(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    texts = [member for member in members if member.filename.endswith(TEXTS)]
    too_large = len(members) > MAX_MEMBERS or sum(member.file_size for member in texts) > MAX_UNPACKED
    if too_large or not OFFICE & set(archive.namelist()) or any(member.flag_bits & 1 for member in members):
        raise Unreadable
    if MANIFEST in archive.namelist() and LOCKED_PART in archive.read(MANIFEST):
        raise Unreadable
    return texts


def _texts(part: IO[bytes]) -> Iterator[str]:
    """Programs cut a name into runs of their own liking, each in its tags: without the tags it is whole again."""
    rest, encoding = b"", ""
    while piece := part.read(CHUNK):
        encoding = encoding or MARKS.get(piece[:2], "utf-8")
        text = (rest + piece).decode(encoding, "replace")
        yield unescape(text)
        yield unescape(TAGS.sub("", BLOCKS.sub(" ", text)))
        rest = (rest + piece)[-OVERLAP:]
