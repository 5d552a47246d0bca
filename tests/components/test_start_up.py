from __future__ import annotations

import gc
import inspect
import os
import subprocess
import sys

from streamlit import config
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from components import start_up
from components.web import reach
from tests.browser import ROOT, free_port


def test_a_server_that_cannot_work_says_why_in_one_sentence_and_ends():
    environment = {**os.environ, "REGULARS_DATABASE_URL": "mysql://somewhere", "REGULARS_PORT": str(free_port())}
    ended = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Regulars: REGULARS_DATABASE_URL must start with sqlite: or postgresql:" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


def test_streamlit_still_knows_the_hidden_option_that_spares_a_collection_of_everything_after_every_run():
    assert config.get_option("runner.postScriptGC") is False
    assert 'get_option("runner.postScriptGC")' in inspect.getsource(ScriptRunner)


def test_what_is_loaded_at_the_start_is_never_looked_through_again(monkeypatch):
    for step in ("startup.prepare", "load", "passwords.dummy_hash", "greet"):
        monkeypatch.setattr(f"components.start_up.{step}", lambda: None)
    gc.unfreeze()
    start_up.prepare()
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()


def test_it_listens_on_this_machine_only_unless_told_otherwise(monkeypatch):
    for name in ("REGULARS_HOST", "REGULARS_PORT", "REGULARS_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    assert reach.server_options() == {"server.address": "127.0.0.1", "server.port": 8501, "browser.serverAddress": "127.0.0.1"}
    monkeypatch.setenv("REGULARS_HOST", "0.0.0.0")
    monkeypatch.setenv("REGULARS_PUBLIC_URL", "https://crm.example.com")
    assert reach.server_options() == {"server.address": "0.0.0.0", "server.port": 8501, "browser.serverAddress": "crm.example.com"}
