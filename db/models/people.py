from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped

from db.base import Record
from db.fields import Field, Kind, field
from db.language import LANGUAGES
from db.types import Hundredths

ROLES = {"admin": "Administrator", "manager": "Manager", "rep": "Account manager", "agent": "Service agent", "viewer": "Viewer"}
ABSENCES = {"leave": "Leave", "sick": "Sick", "training": "Training", "other": "Other"}


class Team(Record):
    __tablename__ = "team"
    words = ("Team", "Teams")
    prefix = "T"

    name: Mapped[str] = field(String(100), unique=True, ui=Field(listed=True))


class User(Record):
    __tablename__ = "user"
    words = ("User", "Users")
    prefix = "U"

    user_name: Mapped[str] = field(String(60), unique=True, ui=Field(label="User name", listed=True, hint="Used to sign in."))
    name: Mapped[str] = field(String(100), ui=Field(label="Full name", listed=True))
    email: Mapped[str | None] = field(String(200), ui=Field(label="E-mail", kind=Kind.EMAIL, listed=True))
    role: Mapped[str] = field(String(20), default="rep", ui=Field(choices=ROLES, listed=True, filterable=True))
    team_id: Mapped[int | None] = field(ForeignKey("team.id"), ui=Field(listed=True, filterable=True))
    language: Mapped[str | None] = field(String(2), ui=Field(choices=LANGUAGES))
    active: Mapped[bool] = field(default=True, ui=Field(label="Can sign in", listed=True, filterable=True))
    digest: Mapped[bool] = field(default=True, ui=Field(label="Daily e-mail", hint="My day each working morning, where a mail server is set up."))
    weekly_hours: Mapped[Decimal] = field(Hundredths, default=Decimal(40), ui=Field(label="Weekly hours", minimum=0, maximum=168, listed=True))

    __table_args__ = (Index("ix_user_team", "team_id"),)

    def derive(self) -> None:
        """Names at the door are compared without case."""
        self.user_name = self.user_name.strip().lower()


class Absence(Record):
    """Working days on which somebody is away, both ends included."""

    __tablename__ = "absence"
    words = ("Absence", "Absences")
    prefix = "AB"
    title_key = "kind"
    owner_key = "user_id"

    user_id: Mapped[int] = field(ForeignKey("user.id"), ui=Field(label="Who", listed=True, filterable=True, fixed=True))
    starts_on: Mapped[date] = field(ui=Field(label="First day", listed=True, filterable=True))
    ends_on: Mapped[date] = field(ui=Field(label="Last day", listed=True, filterable=True))
    kind: Mapped[str] = field(String(20), default="leave", ui=Field(choices=ABSENCES, listed=True))
    note: Mapped[str | None] = field(String(300), ui=Field())

    __table_args__ = (Index("ix_absence_user", "user_id", "starts_on"), Index("ix_absence_ends", "ends_on"))
