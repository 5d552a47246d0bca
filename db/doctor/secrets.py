"""Who else could read passwords and copies of the data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from db import backup, mail, startup
from db.doctor.finding import Finding
from db.engine import ROOT, database_url
from db.language import t

AT_HOME = {None, "", "localhost", "127.0.0.1", "::1"}
ENCRYPTED = {"require", "verify-ca", "verify-full"}


def look(_workspace: str) -> Iterator[Finding]:
    yield from _on_the_wire()
    if os.name == "posix":
        yield from _in_files()


def _on_the_wire() -> Iterator[Finding]:
    if startup.database_kind(database_url()) == "postgresql":
        target = make_url(database_url())
        if target.host not in AT_HOME and not str(target.host).startswith("/") and target.query.get("sslmode") not in ENCRYPTED:
            yield Finding("notice", t("The way to PostgreSQL on {host} need not be encrypted: add the parameter sslmode=verify-full to REGULARS_DATABASE_URL.",
                                      host=target.host))
    if os.environ.get("REGULARS_SMTP_PASSWORD") and (found := mail.server()) and found.security == "none":
        yield Finding("notice", t("The mail server's password travels without encryption: set REGULARS_SMTP_SECURITY to starttls or tls."))


def _in_files() -> Iterator[Finding]:
    folder = backup.folder()
    copies = [file for file in folder.glob("*") if file.is_file() and file.suffix != ".sha256"] if folder.is_dir() else []
    written = [ROOT / name for name in (".env", ".streamlit/secrets.toml") if (ROOT / name).is_file()]
    if folder.is_relative_to(ROOT) and not folder.is_relative_to(ROOT / "data"):
        yield Finding("notice", t("The backups in {folder} lie among the program's own files and may be published with them: set REGULARS_BACKUPS.",
                                  folder=folder))
    seen = [file for file in [*copies, *written] if _is_open(file) and not (file in copies and not _is_open(folder))]
    for file in seen:
        yield Finding("notice", t("Other accounts of this computer can read {file}: chmod 600 closes it.", file=file))
    if folder.is_dir() and not os.access(folder, os.W_OK):
        yield Finding("bad", t("Backups cannot be written to {folder}: give this account the right to write there, or set REGULARS_BACKUPS.", folder=folder))
    if not seen:
        yield Finding("good", t("Backups and passwords can be read by this account alone."))


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)
