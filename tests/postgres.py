"""A throw-away PostgreSQL cluster for the tests, run as an ordinary user, with durability switched off unless it is what is tested."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from glob import glob
from pathlib import Path

from filelock import FileLock

ORDINARY_USER = "postgres"
NOTE = "postgres.json"
CARELESS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def server_programs() -> Path | None:
    """The newest installed folder with initdb and postgres, or None."""
    folders = sorted(glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    found = shutil.which("initdb")
    return Path(folders[-1]) if folders else Path(found).parent if found else None


def in_memory() -> str | None:
    """A folder in memory makes a new database ten times as fast; None where there is none with room."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > 1024**3 else None


def cluster_url(shared: Path, programs: Path) -> str:
    """The URL of the cluster that all processes with this folder share; whoever asks first starts it."""
    with FileLock(shared / "postgres.lock"):
        note = shared / NOTE
        if not note.exists():
            cluster = Cluster(programs)
            cluster.start()
            note.write_text(json.dumps([str(programs), str(cluster.folder), cluster.url]))
        return str(json.loads(note.read_text())[2])


def stop_cluster(shared: Path) -> None:
    """Stop what `cluster_url` started, if anything."""
    note = shared / NOTE
    if note.exists():
        programs, folder, _ = json.loads(note.read_text())
        Cluster(Path(programs), Path(folder)).stop()


class Cluster:
    def __init__(self, programs: Path, folder: Path | None = None, durable: bool = False) -> None:
        self.programs, self.durable = programs, durable
        self.folder = folder or Path(tempfile.mkdtemp(prefix="regulars-pg-", dir=in_memory()))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"postgresql://tester@127.0.0.1:{self.port}"

    def start(self) -> None:
        self._give_away()
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        self.resume()

    def resume(self) -> None:
        """Start the server over what is there."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=300 {'' if self.durable else CARELESS}"
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def crash(self) -> None:
        """Stop at once, without tidying up."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def stop(self) -> None:
        self.crash()
        for _ in range(20):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                return
            time.sleep(0.1)

    def _give_away(self) -> None:
        """initdb refuses root: root hands the folder to the server's own account."""
        if os.geteuid() == 0:
            account = pwd.getpwnam(ORDINARY_USER)
            os.chown(self.folder, account.pw_uid, account.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        account = {"user": ORDINARY_USER, "group": ORDINARY_USER} if os.geteuid() == 0 else {}
        subprocess.run([self.programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **account)
