"""Passwords: bcrypt hashes, 12 characters to 72 bytes, none that everybody guesses first."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import bcrypt

from db import clock, journal
from db.actions import sessions, tokens
from db.errors import Invalid
from db.models import Credential
from db.session import CrmSession

SHORTEST = 12
MOST_BYTES = 72
ROUNDS = 12


def hash_of(password: str) -> str:
    return bcrypt.hashpw(password.strip().encode(), bcrypt.gensalt(ROUNDS)).decode()


@cache
def dummy_hash() -> str:
    """What an unknown name is checked against, so that it answers as slowly as a known one."""
    return hash_of("nobody has this password")


def matches(password: str, password_hash: str) -> bool:
    secret = password.strip().encode()
    return len(secret) <= MOST_BYTES and bcrypt.checkpw(secret, password_hash.encode())


def check_new(password: str, *names: str) -> None:
    """Raise Invalid unless the password may be chosen; `names` are the words it must not consist of."""
    secret = password.strip()
    if len(secret) < SHORTEST:
        raise Invalid.because("A password needs at least {n} characters.", "password", n=SHORTEST)
    if len(secret.encode()) > MOST_BYTES:
        raise Invalid.because("This password is too long: at most {n} Latin or {zh} Chinese characters.", "password", n=MOST_BYTES, zh=MOST_BYTES // 3)
    if _is_common(secret, names):
        raise Invalid.because("This password is too easy to guess. A few unrelated words make a good one.", "password")


def _is_common(password: str, names: tuple[str, ...]) -> bool:
    bare = re.sub(r"[\W_]", "", password.lower())
    rest = bare
    for name in filter(None, names):
        rest = rest.replace(re.sub(r"[\W_]", "", name.lower()), "")
    repeated = re.fullmatch(r"(.{1,4}?)\1*.{0,3}", bare) is not None
    steps = {ord(after) - ord(before) for before, after in pairwise(bare)}
    return len(rest) < 6 or repeated or len(steps) <= 1 or bare in _common() or re.sub(r"\d+$", "", bare) in _common()


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())


def set_password(session: CrmSession, user_id: int, password: str, *names: str) -> None:
    """Give the user this password; all sessions and open reset links of the user end."""
    check_new(password, *names)
    credential = session.get(Credential, user_id)
    if credential is None:
        session.add(credential := Credential(user_id=user_id))
    credential.password_hash, credential.changed_at = hash_of(password), clock.now()
    sessions.end_all(session, user_id)
    tokens.withdraw(session, "reset", user_id)


def change_own(session: CrmSession, old: str, new: str) -> None:
    """The actor's new password, for the old one; the actor is signed out everywhere."""
    user_id = session.actor.id
    credential = session.get(Credential, user_id) if user_id else None
    if user_id is None or credential is None or not matches(old, credential.password_hash):
        raise Invalid.because("This is not your present password.", "old_password")
    if matches(new, credential.password_hash):
        raise Invalid.because("The new password is the old one.", "password")
    set_password(session, user_id, new, session.actor.name)
    journal.record_event(session)
