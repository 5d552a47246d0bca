from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped

from db.base import Record
from db.fields import Field, Kind, field
from db.language import LANGUAGES
from db.types import json_type

WEEKDAYS = {"1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday", "5": "Friday", "6": "Saturday", "7": "Sunday"}
CURRENCIES = {"CNY": "CNY ¥", "EUR": "EUR €", "USD": "USD $", "GBP": "GBP £", "HKD": "HKD HK$", "JPY": "JPY ¥", "SGD": "SGD S$", "TWD": "TWD NT$"}
RETENTION_BASES = {"both": "Contracts and purchases", "contract": "Contracts only", "purchase": "Purchases only"}
MONTHS = {
    "1": "January",
    "2": "February",
    "3": "March",
    "4": "April",
    "5": "May",
    "6": "June",
    "7": "July",
    "8": "August",
    "9": "September",
    "10": "October",
    "11": "November",
    "12": "December",
}


class Organisation(Record):
    """The one row of settings of a workspace."""

    __tablename__ = "organisation"
    words = ("Organisation", "Organisation")
    prefix = "W"

    name: Mapped[str] = field(String(200), ui=Field())
    time_zone: Mapped[str] = field(String(60), default="Asia/Shanghai", ui=Field(kind=Kind.TIME_ZONE, hint="Days and months are counted in this zone."))
    currency: Mapped[str] = field(String(3), default="CNY", ui=Field(choices=CURRENCIES, hint="The one currency of all amounts."))
    language: Mapped[str] = field(String(2), default="en", ui=Field(label="Default language", choices=LANGUAGES))
    working_days: Mapped[list[str]] = field(
        MutableList.as_mutable(json_type()), default=lambda: ["1", "2", "3", "4", "5"], ui=Field(kind=Kind.CHOICES, choices=WEEKDAYS)
    )
    holidays: Mapped[list[str]] = field(MutableList.as_mutable(json_type()), default=list, ui=Field(kind=Kind.DATES, hint="Dates as YYYY-MM-DD, one a line."))
    year_start: Mapped[str] = field(String(2), default="1", ui=Field(label="Start of the year", choices=MONTHS))
    cadence_a: Mapped[int] = field(default=30, ui=Field(label="Cadence of tier A, days", minimum=1, maximum=3650))
    cadence_b: Mapped[int] = field(default=60, ui=Field(label="Cadence of tier B, days", minimum=1, maximum=3650))
    cadence_c: Mapped[int] = field(default=90, ui=Field(label="Cadence of tier C, days", minimum=1, maximum=3650))
    weight_a: Mapped[int] = field(default=3, ui=Field(label="Load of a tier A customer", minimum=0, maximum=100, section="Rules of the figures"))
    weight_b: Mapped[int] = field(default=2, ui=Field(label="Load of a tier B customer", minimum=0, maximum=100, section="Rules of the figures"))
    weight_c: Mapped[int] = field(default=1, ui=Field(label="Load of a tier C customer", minimum=0, maximum=100, section="Rules of the figures"))
    active_days: Mapped[int] = field(
        default=90, ui=Field(label="Active up to, days", minimum=1, maximum=3650, section="Rules of the figures", hint="Days since the last purchase.")
    )
    at_risk_days: Mapped[int] = field(default=180, ui=Field(label="At risk up to, days", minimum=1, maximum=3650, section="Rules of the figures"))
    dormant_days: Mapped[int] = field(
        default=365, ui=Field(label="Dormant up to, days", minimum=1, maximum=3650, section="Rules of the figures", hint="Beyond it a buyer counts as lost.")
    )
    company_basis: Mapped[str] = field(
        String(10), default="both", ui=Field(label="Retention of companies", choices=RETENTION_BASES, section="Rules of the figures")
    )
    person_basis: Mapped[str] = field(
        String(10), default="both", ui=Field(label="Retention of individuals", choices=RETENTION_BASES, section="Rules of the figures")
    )
    follow_up_minutes: Mapped[int] = field(
        default=30,
        ui=Field(label="A follow-up takes, minutes", minimum=1, maximum=600, section="Rules of the figures", hint="Where no duration was noted."),
    )
    backup_hour: Mapped[int] = field(
        default=2,
        ui=Field(label="Daily backup from, o'clock", minimum=0, maximum=23, section="Custody", hint="Taken once a day, when the program runs after this hour."),
    )
    backups_daily: Mapped[int] = field(default=7, ui=Field(label="Daily backups kept", minimum=1, maximum=366, section="Custody"))
    backups_weekly: Mapped[int] = field(default=4, ui=Field(label="Weekly backups kept", minimum=0, maximum=260, section="Custody"))
    backups_monthly: Mapped[int] = field(default=12, ui=Field(label="Monthly backups kept", minimum=0, maximum=120, section="Custody"))
    retention_months: Mapped[int] = field(
        default=36,
        ui=Field(label="Personal data is kept for, months", minimum=1, maximum=240, section="Custody", hint="Since the consent or the last follow-up."),
    )
    digest_hour: Mapped[int] = field(
        default=7,
        ui=Field(label="Daily e-mail from, o'clock", minimum=0, maximum=23, section="Custody", hint="On working days, where a mail server is set up."),
    )
    managers_see_all: Mapped[bool] = field(default=False, ui=Field(label="Managers see all teams"))

    @property
    def holiday_dates(self) -> set[date]:
        return {date.fromisoformat(day) for day in self.holidays}

    def load_of(self, tier: str | None) -> int:
        """What a customer weighs; one without tier weighs as much as tier C."""
        return {"A": self.weight_a, "B": self.weight_b}.get(tier or "", self.weight_c)

    def cadence_of(self, tier: str | None) -> int:
        return {"A": self.cadence_a, "B": self.cadence_b}.get(tier or "", self.cadence_c)
