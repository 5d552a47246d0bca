"""Signatures by which the product knows its own links and forms again, without keeping each of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db.engine import reading, transaction
from db.models import SigningKey
from db.policy import SYSTEM
from db.session import CrmSession

LENGTH = 32


def signer(purpose: str) -> Callable[[str], str]:
    """What signs many texts with one look at the key: 128 bits that nobody else can work out."""
    key = _key(purpose).encode()
    return lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def sign(purpose: str, text: str) -> str:
    return signer(purpose)(text)


def is_signed(purpose: str, text: str, signature: str) -> bool:
    return hmac.compare_digest(sign(purpose, text).encode(), signature.encode())


def _key(purpose: str) -> str:
    """The purpose's key, made when it is first needed."""
    with reading(SYSTEM) as session:
        found = _kept(session, purpose)
    return found or _make(purpose)


def _kept(session: CrmSession, purpose: str) -> str | None:
    return session.scalar(select(SigningKey.secret).where(SigningKey.purpose == purpose))


def _make(purpose: str) -> str:
    try:
        with transaction(SYSTEM, "access.signing_key") as session:
            if (found := _kept(session, purpose)) is not None:
                return found
            made = secrets.token_hex(32)
            session.add(SigningKey(purpose=purpose, secret=made))
        return made
    except IntegrityError:  # somebody else made it in the same moment
        return _key(purpose)
