"""Tables of sign-in; never journalled, never shown."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class Credential(Base):
    """A user's password hash (bcrypt)."""

    __tablename__ = "credential"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(100))
    changed_at: Mapped[datetime]


class UserSession(Base):
    """A signed-in browser; the cookie's token is kept only as its SHA-256."""

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(String(60))
    device: Mapped[str | None] = mapped_column(String(300))


class OneTimeToken(Base):
    """A single-use secret: purpose 'ticket' (30 s, after sign-in), 'reset' (a day), 'setup' (30 min, first run)."""

    __tablename__ = "one_time_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(String(60))


class SignInFailure(Base):
    """A failed try, counted per account and device, and per address, for the throttle."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    device: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (Index("ix_sign_in_failure_user", "user_name", "at"), Index("ix_sign_in_failure_address", "address", "at"))


class AccessToken(Base):
    """A program's way in, in the name of its user; the secret is kept only as its SHA-256."""

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    read_only: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_on: Mapped[date]
    last_used_at: Mapped[datetime | None]
    address: Mapped[str | None] = mapped_column(String(60))
