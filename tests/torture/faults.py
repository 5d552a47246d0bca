"""The disk that fails or is recorded: a library loaded before the C library into a process of ours."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import missing

SOURCE = Path(__file__).with_name("faults.c")


def library(folder: Path) -> Path:
    """Compile it; without a compiler, or where there is no LD_PRELOAD, the test is skipped visibly."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        missing("A C compiler on Linux")
    built = folder / "faults.so"
    subprocess.run([str(compiler), "-shared", "-fPIC", "-O1", "-o", str(built), str(SOURCE), "-ldl", "-lpthread"], check=True)
    return built


def run(library: Path, watched: Path, url: str, *arguments: str, log: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a module of ours over the watched folder; what it printed is in `stdout`."""
    recording = {"FAULTS_LOG": str(log)} if log else {}
    environment = {**os.environ, "LD_PRELOAD": str(library), "FAULTS_FOLDER": str(watched), "REGULARS_DATABASE_URL": url, **recording}
    return subprocess.run([sys.executable, "-m", *arguments], env=environment, check=True, text=True, stdout=subprocess.PIPE)


class Disk:
    """Inside the process: the switch of the faults."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.faults_arm.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_long)
        self._library.faults_disarm.restype = ctypes.c_long

    def arm(self, after: int, error: int, count: int) -> None:
        """`after` operations from now still work, the next `count` fail with `error`."""
        self._library.faults_arm(after, error, count)

    def disarm(self) -> int:
        """How many operations have failed."""
        return int(self._library.faults_disarm())
