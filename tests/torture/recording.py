"""A recorded run of a disk, and what lay on it had the power failed at any moment."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

HEAD = struct.Struct("=cHQQ")
SECTOR = 512


@dataclass(frozen=True)
class Operation:
    """kind: O created, W written at `offset`, T cut to `offset`, S synced, U unlinked, R renamed (to `data`)."""

    kind: str
    path: str
    offset: int
    data: bytes


def read(log: Path) -> Iterator[Operation]:
    content, at = log.read_bytes(), 0
    while at < len(content):
        kind, name, offset, length = HEAD.unpack_from(content, at)
        at += HEAD.size
        yield Operation(kind.decode(), content[at : at + name].decode(), offset, content[at + name : at + name + length])
        at += name + length


@dataclass
class File:
    """What is safely there, and what was written since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Operation] = field(default_factory=list)

    def sync(self) -> None:
        for operation in self.since:
            apply(self.safe, operation)
        self.since.clear()


def apply(content: bytearray, operation: Operation) -> None:
    """A write or a cut, whole."""
    if operation.kind == "T":
        del content[operation.offset :]
        content.extend(bytes(operation.offset - len(content)))
        return
    content.extend(bytes(max(0, operation.offset - len(content))))
    content[operation.offset : operation.offset + len(operation.data)] = operation.data


class Disk:
    """The disk while the recording runs. A file appears and goes at once; what is in it is safe when it was synced.

    deaf: a disk that promises to sync and does not (for what must fail).
    """

    def __init__(self, start: dict[str, bytes], deaf: bool = False) -> None:
        self.files = {path: File(bytearray(content)) for path, content in start.items()}
        self.deaf = deaf

    def run(self, operation: Operation) -> None:
        path = operation.path
        if operation.kind == "O":
            self.files[path] = File()
        elif operation.kind == "U":
            self.files.pop(path, None)
        elif operation.kind == "R":
            self.files[operation.data.decode()] = self.files.pop(path)
        elif operation.kind != "S":
            self.files[path].since.append(operation)
        elif not self.deaf:
            self.files[path].sync()

    def after_a_power_cut(self, chance: Random) -> dict[str, bytes]:
        """One of the states in which the power cut may leave it: what was not synced is there, or not, or torn between sectors, in any combination."""
        return {path: _left(file, chance) for path, file in self.files.items()}


def _left(file: File, chance: Random) -> bytes:
    content = bytearray(file.safe)
    for operation in file.since:
        fate = chance.choice(("kept", "lost", "torn"))
        if fate == "kept" or (fate == "torn" and operation.kind == "T"):
            apply(content, operation)
        elif fate == "torn":
            for sector in _sectors(operation, chance):
                apply(content, sector)
    return bytes(content)


def _sectors(operation: Operation, chance: Random) -> Iterator[Operation]:
    """Those sectors of a write that reached the disk."""
    at, end = operation.offset, operation.offset + len(operation.data)
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR)
        if chance.random() < 0.5:
            yield Operation("W", operation.path, at, operation.data[at - operation.offset : until - operation.offset])
        at = until
