from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components import door, sign_in
from db.actions import access, passwords, resets, setup, tokens
from db.engine import transaction
from tests.browser import ROOT
from tests.door import PASSWORD, cookie_of, give_password

WORDS = {"en-US": ("Sign in", "User name", "Password", "User name and password do not match."), "zh-CN": ("登录", "用户名", "密码", "用户名或密码不正确。")}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def sent_to(monkeypatch) -> list[str]:
    """The addresses to which the browser was sent."""
    addresses: list[str] = []
    monkeypatch.setattr(door, "send_to", addresses.append)
    return addresses


def entrance(locale: str = "en-US", path: str = "", cookie: str | None = None, **parameters: str) -> AppTest:
    screen = AppTest.from_file(ROOT / "components" / "entrance.py", default_timeout=20)
    screen.context = {"locale": locale, "timezone": "Asia/Shanghai", "url": f"http://localhost:8501/{path}"}
    screen.user = {"sid": tokens.digest(cookie)} if cookie else {}
    screen.query_params.update(parameters)
    return screen.run()


def field(screen: AppTest, label: str):
    return next(widget for widget in screen.text_input if widget.label == label)


def button(screen: AppTest, label: str):
    return next(widget for widget in screen.button if widget.label == label)


@pytest.mark.parametrize("locale", WORDS)
def test_the_form_speaks_the_browser_s_language_and_says_no_more_than_that_it_did_not_match(acme, sent_to, locale):
    give_password(acme.amy)
    title, user_name, password, refused = WORDS[locale]
    for name in ("amy", "nobody"):
        screen = entrance(locale)
        assert title in [heading.value for heading in screen.subheader]
        field(screen, user_name).set_value(name)
        field(screen, password).set_value("wrong wrong wrong")
        button(screen, title).click().run()
        assert [error.value for error in screen.error] == [refused]
    assert not screen.exception
    assert sent_to == []


@pytest.mark.parametrize(("name", "password"), [("", ""), ("", PASSWORD), ("amy", ""), ("   ", PASSWORD), ("amy", "长" * 40)])
def test_an_empty_or_endless_field_is_answered_like_any_other_mistake(acme, sent_to, name, password):
    give_password(acme.amy)
    screen = entrance()
    field(screen, "User name").set_value(name)
    field(screen, "Password").set_value(password)
    button(screen, "Sign in").click().run()
    assert [error.value for error in screen.error] == ["User name and password do not match."]
    assert not screen.exception
    assert sent_to == []


def test_the_right_password_leads_through_the_ticket_s_route_back_to_where_it_began(acme, sent_to):
    give_password(acme.amy)
    screen = entrance(id="7")
    field(screen, "User name").set_value(" Amy ")
    field(screen, "Password").set_value(PASSWORD)
    button(screen, "Sign in").click().run()
    assert not screen.exception
    [address] = sent_to
    assert address.startswith("/session/start?ticket=")
    assert address.endswith("&next=%2F%3Fid%3D7")
    ticket = address.split("ticket=")[1].split("&")[0]
    assert access.open_session(ticket, None, "192.0.2.7", "Firefox")


def test_too_many_failures_are_told_before_any_password_is_looked_at(acme, sent_to):
    give_password(acme.amy)
    for _ in range(10):
        access.check("amy", "wrong wrong wrong", "unknown")
    screen = entrance()
    field(screen, "User name").set_value("amy")
    field(screen, "Password").set_value(PASSWORD)
    button(screen, "Sign in").click().run()
    assert [error.value for error in screen.error] == ["Too many failed tries. Please wait a quarter of an hour and try again."]
    assert sent_to == []


def test_the_library_s_own_cookie_is_never_made(acme):
    give_password(acme.amy)
    screen = entrance()
    assert not screen.get("component_instance")
    assert isinstance(sign_in.NoCookie().get_cookie(), type(None))


def test_a_dead_session_sees_the_sign_in_form_and_a_living_one_does_not(acme):
    give_password(acme.amy)
    cookie = cookie_of(acme.amy)
    assert "Sign in" not in [widget.label for widget in entrance(cookie=cookie).button]
    with transaction(acme.amy, "user.password") as session:
        passwords.change_own(session, PASSWORD, "quiet harbour moon 4")
    assert "Sign in" in [widget.label for widget in entrance(cookie=cookie).button]


def fill_in(screen: AppTest, **typed: str) -> AppTest:
    values = {"code": setup.new_code(), "organisation": "Harbour Trading", "name": "Ada Holm", "user_name": "ada", "new": PASSWORD, "again": PASSWORD} | typed
    for key, value in values.items():
        screen.text_input(key=f"setup.{key}").set_value(value)
    return button(screen, "Create and sign in").click().run()


def test_the_first_run_makes_the_administrator_and_signs_in(database, sent_to):
    screen = fill_in(entrance())
    assert not screen.exception
    assert not screen.error
    assert sent_to[0].endswith("&next=%2Fwelcome")
    assert "Sign in" in [widget.label for widget in entrance().button]


@pytest.mark.parametrize(("typed", "said"), [
    ({"code": "AAAA-AAAA-AAAA"}, "This is not the set-up code, or it has expired. The server prints a new one each time it starts."),
    ({"again": "something else 12"}, "The two passwords differ."), ({"new": "short", "again": "short"}, "A password needs at least 12 characters."),
    ({"organisation": ""}, "Name of the organisation: Please fill in this field."), ({"user_name": "a b"}, "A user name is one word without spaces."),
])
def test_a_mistake_in_the_first_run_is_named_and_nothing_typed_is_lost(database, sent_to, typed, said):
    screen = fill_in(entrance(), **typed)
    assert [error.value for error in screen.error] == [said]
    assert screen.text_input(key="setup.name").value == "Ada Holm"
    assert sent_to == []
    assert setup.needs_setup()


def test_a_reset_link_asks_for_a_password_even_where_somebody_else_is_signed_in(acme, sent_to):
    with transaction(acme.ada, "user.reset_link") as session:
        token = resets.issue_link(session, acme.amy.id)
    for cookie in (cookie_of(acme.bo), None):
        screen = entrance(path="reset", cookie=cookie, token=token)
        assert field(screen, "User name").value == "amy"
    screen.text_input(key="reset.new").set_value(PASSWORD)
    screen.text_input(key="reset.again").set_value(PASSWORD)
    button(screen, "Save and sign in").click().run()
    assert not screen.exception
    assert sent_to == ["/"]
    assert access.check("amy", PASSWORD, "192.0.2.7")
    assert "This link is no longer good" in [heading.value for heading in entrance(path="reset", token=token).subheader]


@pytest.mark.parametrize("token", ["", "wrong", "x" * 10_000])
def test_a_made_up_link_is_told_plainly(acme, token):
    screen = entrance(path="reset", token=token)
    assert not screen.exception
    assert "This link is no longer good" in [heading.value for heading in screen.subheader]
