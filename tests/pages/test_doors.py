"""Who gets into which page, and what everybody else sees."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.rooms import BY_KEY, ROOMS
from db.actions import tokens
from db.policy import Actor
from tests.browser import ROOT
from tests.db.queries import company
from tests.door import cookie_of, give_password
from tests.pages.conftest import entrance, no_components
from tests.pages.screen import sees, words

ADMIN_ONLY = {"settings_organisation", "settings_people", "settings_fields", "settings_forms", "backup", "welcome"}
ASSIGNING = {"rebalance", "hand_over", "data_care"}
MERGING = {"merge", "duplicates"}
CLOSED = {
    "ada": set(),
    "mia": ADMIN_ONLY,
    "amy": {*ADMIN_ONLY, *ASSIGNING, "import_data", "export_data", "targets", "audit"},
    "gil": {*ADMIN_ONLY, *ASSIGNING, *MERGING, "absences", "import_data", "export_data", "targets", "audit", "recycle_bin"},
    "vic": {*ADMIN_ONLY, *ASSIGNING, *MERGING, "absences", "import_data", "export_data", "targets", "audit", "recycle_bin"},
}
"""The pages that each role must not enter."""
EVERYWHERE = {room.key for room in ROOMS}


@pytest.mark.parametrize("name", CLOSED)
def test_each_role_enters_its_pages_and_finds_no_others(acme, arrive, name):
    screen = arrive(getattr(acme, name))
    for key in sorted(EVERYWHERE - CLOSED[name] - {"today"}):
        screen.query_params["id"] = str(company.customer(getattr(acme, name))) if key == "customer" else ""
        screen.switch_page(f"../pages/{key}.py").run()
        assert not screen.exception, key
        assert not screen.error, key
    for key in sorted(CLOSED[name]):
        with pytest.raises(ValueError, match=key):
            screen.switch_page(f"../pages/{key}.py")


@pytest.mark.parametrize("key", sorted(CLOSED["vic"]))
def test_the_lock_of_a_page_refuses_whoever_may_not_enter_though_the_page_were_run(acme, key):
    screen = run_file(key, acme.vic)
    assert [shown.value for shown in screen.error] == ["You may not do this."]
    assert not [*screen.title, *screen.button, *screen.dataframe, *screen.metric, *screen.text]


@pytest.mark.parametrize("key", sorted(EVERYWHERE))
def test_a_page_s_file_run_for_nobody_shows_nothing(acme, key):
    company.customer(acme.amy, name="Riverside Hotel")
    screen = run_file(key, None)
    assert "Riverside" not in words(screen)
    assert not [*screen.title, *screen.button, *screen.dataframe, *screen.metric, *screen.text]


@pytest.mark.parametrize("key", sorted(EVERYWHERE))
def test_a_stranger_gets_the_sign_in_form_at_every_address(acme, key):
    give_password(acme.amy)
    screen = entrance(path=BY_KEY[key].url_path).run()
    assert not screen.exception
    assert sees(screen, "Sign in", "User name")
    assert not [*screen.title, *screen.dataframe, *screen.metric]


def test_an_ended_session_is_a_stranger_at_the_next_click(acme, visit):
    give_password(acme.amy)
    screen = visit(acme.amy, "customers")
    screen.user = {"sid": tokens.digest("gone")}
    screen.run()
    assert not screen.exception
    assert not screen.dataframe
    assert sees(screen, "Sign in")


def run_file(key: str, actor: Actor | None) -> AppTest:
    """The page's own file, past the entrance."""
    screen = AppTest.from_file(ROOT / "pages" / f"{key}.py", default_timeout=30)
    screen._bidi_component_manager = no_components()
    screen.context = {"locale": "en-US", "timezone": "Asia/Shanghai", "url": f"http://localhost:8501/{key}"}
    screen.user = {"sid": tokens.digest(cookie_of(actor))} if actor else {}
    return screen.run()
