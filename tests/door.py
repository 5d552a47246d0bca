"""Ways in, for tests: users with passwords and signed-in browsers."""

from __future__ import annotations

from db.actions import access, passwords, sessions
from db.engine import transaction
from db.policy import SYSTEM, Actor

PASSWORD = "green lamp river 9"
DEVICE = "d" * 64


def give_password(actor: Actor, password: str = PASSWORD) -> None:
    with transaction(SYSTEM, "user.password") as session:
        passwords.set_password(session, actor.id, password)


def signed_in(actor: Actor, device: str = DEVICE) -> str:
    """The cookie of a browser in which the actor signed in through the door."""
    ticket = access.check(actor.name.lower(), PASSWORD, "192.0.2.7", device)
    assert ticket
    return access.open_session(ticket, device, "192.0.2.7", "Firefox")


def cookie_of(actor: Actor) -> str:
    """The cookie of a session that is simply there."""
    with transaction(SYSTEM, "access.sign_in") as session:
        return sessions.start(session, actor.id, "192.0.2.7", "Firefox")
