"""The doctor tells what is wrong with an installation, and what to do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from db import backup, clock, doctor, migrations
from db.doctor import answering, secrets, settings
from db.engine import ROOT, transaction
from db.models import Organisation
from db.policy import SYSTEM
from tests.browser import free_port

ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
pytestmark = ON_ONE


def found(level: str) -> str:
    return "\n".join(finding.text for finding in doctor.examine() if finding.level == level)


@pytest.fixture(autouse=True)
def nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PORT", str(free_port()))
    for name in ("REGULARS_HOST", "REGULARS_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def somebody_there() -> Iterator[int]:
    """The port of a program that answers as the app does, for as long as `/_stcore/health` is asked for."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == answering.HEALTH else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_settings_of_the_program_are_as_safety_needs_them(database):
    assert "Streamlit is set as the product needs it." in found("good")


@pytest.mark.parametrize(("line", "instead"), [
    ('showErrorDetails = "none"', 'showErrorDetails = "full"'), ("postScriptGC = false", ""), ("enableAgentApi = false", "enableAgentApi = true"),
    ('trustedUserHeaders = { "x-regulars-sid" = "sid" }', ""), ("[browser]", "enableXsrfProtection = false\n[browser]"),
])
def test_a_setting_that_was_changed_is_named(database, tmp_path, monkeypatch, line, instead):
    own = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert line in own
    (tmp_path / "config.toml").write_text(own.replace(line, instead), encoding="utf-8")
    monkeypatch.setattr(settings, "CONFIG", tmp_path / "config.toml")
    name = (instead or line).split(" =")[0]
    assert f".{name} in " in found("bad")


def test_missing_settings_and_overruled_ones_are_bad(database, tmp_path, monkeypatch):
    monkeypatch.setenv("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full")
    assert "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS overrules" in found("bad")
    monkeypatch.setattr(settings, "CONFIG", tmp_path / "nowhere.toml")
    assert "nowhere.toml is missing" in found("bad")


def test_a_backup_that_others_can_read_is_noticed_until_it_is_closed(database):
    file = backup.backup()
    assert "Backups and passwords can be read by this account alone." in found("good")
    file.parent.chmod(0o755)
    file.chmod(0o644)
    assert f"can read {file}" in found("notice")
    file.parent.chmod(0o700)
    assert "can be read by this account alone" in found("good")


def test_a_folder_of_backups_that_nothing_can_be_written_to_is_bad(database, monkeypatch):
    backup.backup()
    monkeypatch.setattr(secrets.os, "access", lambda *_: False)  # root may write anywhere
    assert "Backups cannot be written to" in found("bad")


def test_backups_among_the_program_s_files_are_noticed(database, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(ROOT / "docs" / "copies"))
    assert "lie among the program's own files" in found("notice")


def test_passwords_on_an_open_wire_are_noticed(database, monkeypatch):
    monkeypatch.setenv("REGULARS_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("REGULARS_SMTP_FROM", "crm@example.com")
    monkeypatch.setenv("REGULARS_SMTP_PASSWORD", "word")
    assert "travels without encryption" not in found("notice")
    monkeypatch.setenv("REGULARS_SMTP_SECURITY", "none")
    assert "travels without encryption" in found("notice")


@pytest.mark.parametrize(("url", "is_open"), [
    ("postgresql://ann:word@db.example.com/x", True), ("postgresql://ann:word@db.example.com/x?sslmode=verify-full", False), ("postgresql://ann:word@localhost/x", False),
])
def test_the_way_to_a_server_elsewhere_should_be_encrypted(database, monkeypatch, url, is_open):
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    texts = [finding.text for finding in secrets.look("default")]
    assert any("need not be encrypted" in text for text in texts) == is_open
    assert "word@" not in "".join(texts)


def test_an_app_that_does_not_run_is_noticed_and_one_that_does_is_good(database, monkeypatch, somebody_there):
    assert "does not answer at http://127.0.0.1:" in found("notice")
    monkeypatch.setenv("REGULARS_PORT", str(somebody_there))
    assert f"The app answers at http://127.0.0.1:{somebody_there}." in found("good")


def test_an_address_for_colleagues_that_leads_nowhere_is_bad(database, monkeypatch, somebody_there):
    monkeypatch.setenv("REGULARS_PORT", str(somebody_there))
    monkeypatch.setenv("REGULARS_PUBLIC_URL", f"http://127.0.0.1:{somebody_there}/")
    assert "Colleagues cannot reach" not in found("bad")
    monkeypatch.setenv("REGULARS_PUBLIC_URL", f"https://127.0.0.1:{somebody_there}")
    assert f"Colleagues cannot reach https://127.0.0.1:{somebody_there}" in found("bad")
    monkeypatch.setenv("REGULARS_PUBLIC_URL", f"http://127.0.0.1:{free_port()}")
    assert "Connection refused" in found("bad")


def test_a_clock_that_was_set_back_and_an_unknown_time_zone_are_bad(database):
    with transaction(SYSTEM, "setup") as session:
        session.add(Organisation(name="House", time_zone="Asia/Shanghai"))
    assert "in Asia/Shanghai." in found("good")
    with clock.frozen(clock.now() - timedelta(days=1)):
        assert "lies in the future: set this computer's clock" in found("bad")
    with transaction(SYSTEM, "setup") as session:
        session.organisation.time_zone = "Mars/Base"
    assert "The time zone Mars/Base is unknown" in found("bad")


def test_without_tables_nothing_is_asked_of_them(database, tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'regulars.db'}")
    assert migrations.state() == migrations.State.EMPTY
    assert found("bad") == ""
    assert Path(tmp_path / "new").is_dir()
