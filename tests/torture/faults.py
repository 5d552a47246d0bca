"""The disk that fails or is recorded: a library loaded before the C library into a process of ours."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("faults.c")


def library(folder: Path) -> Path | None:
    """Compile it; None without a compiler, or where nothing can be loaded before the C library."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    built = folder / "faults.so"
    subprocess.run([str(compiler), "-shared", "-fPIC", "-O1", "-o", str(built), str(SOURCE), "-ldl", "-lpthread"], check=True)
    return built


@contextmanager
def loaded(library: Path | None) -> Iterator[None]:
    """What is started inside has the library loaded."""
    with pytest.MonkeyPatch.context() as during:
        if library:
            during.setenv("LD_PRELOAD", str(library))
        yield


class Disk:
    """Inside the process: the switch of the faults. watched: the beginning of the paths that are watched; log: where to record what is done to them."""

    def __init__(self, watched: Path, log: Path | None = None) -> None:
        self._library = ctypes.CDLL(None)
        self._library.faults_watch(os.fsencode(watched), os.fsencode(log) if log else None)
        self._library.faults_arm.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_long)
        self._library.faults_disarm.restype = ctypes.c_long

    def arm(self, after: int, error: int, count: int) -> None:
        """`after` operations from now still work, the next `count` fail with `error`."""
        self._library.faults_arm(after, error, count)

    def disarm(self) -> int:
        """How many operations have failed."""
        return int(self._library.faults_disarm())
