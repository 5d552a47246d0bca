from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, Text, Time
from sqlalchemy.orm import Mapped

from db import clock
from db.base import OfCustomer, Record, newest_first, only
from db.fields import Field, Kind, derived, field

FOLLOW_UP_STATUSES = {"planned": "Planned", "done": "Done", "cancelled": "Cancelled"}
PLANNED, DONE = "status = 'planned'", "status = 'done'"
RATED, LATE = f"{DONE} AND rating IS NOT NULL", f"{DONE} AND done_on > due_on"
TOLD = ("outcome", "duration_minutes", "open_from")
"""What reports count of a follow-up besides its day and its people: they read it from the index alone."""
DIRECTIONS = {"outbound": "Outbound", "inbound": "Inbound"}


class FollowUp(OfCustomer, Record):
    __tablename__ = "follow_up"
    words = ("Follow-up", "Follow-ups")
    prefix = "F"
    title_key = "subject"

    subject: Mapped[str] = field(String(200), ui=Field(listed=True))
    contact_id: Mapped[int | None] = field(ForeignKey("contact.id"), ui=Field(label="Person met"))
    owner_id: Mapped[int | None] = field(ForeignKey("user.id"), ui=Field(listed=True, filterable=True))
    method: Mapped[str | None] = field(String(40), ui=Field(options="method", listed=True, filterable=True))
    direction: Mapped[str] = field(String(10), default="outbound", ui=Field(choices=DIRECTIONS, filterable=True))
    status: Mapped[str] = field(String(10), default="planned", ui=Field(choices=FOLLOW_UP_STATUSES, listed=True, filterable=True))
    due_on: Mapped[date | None] = field(ui=Field(label="Due date", listed=True, filterable=True))
    due_time: Mapped[time | None] = field(Time, ui=Field(label="Due time", kind=Kind.TIME))
    done_at: Mapped[datetime | None] = field(ui=Field(label="Done at", listed=True, past=True))
    duration_minutes: Mapped[int | None] = field(ui=Field(label="Duration in minutes", minimum=0, maximum=1440))
    content: Mapped[str | None] = field(Text, ui=Field(label="What happened", max_length=20_000))
    outcome: Mapped[str | None] = field(String(40), ui=Field(options="outcome", listed=True, filterable=True))
    rating: Mapped[int | None] = field(ui=Field(label="Satisfaction", kind=Kind.RATING, minimum=1, maximum=5, listed=True, filterable=True))
    rating_reason: Mapped[str | None] = field(String(500), ui=Field(label="Reason for the rating"))
    recovery: Mapped[bool] = field(default=False, ui=Field(label="Recovery", filterable=True, hint="To win back a customer who was unhappy."))
    previous_id: Mapped[int | None] = field(ForeignKey("follow_up.id"), ui=Field(label="Previous follow-up", editable=False))

    done_on: Mapped[date | None] = derived()
    """Derived: the local day of `done_at`."""
    open_from: Mapped[date] = derived()
    """Derived: the day on which it was noted, due or done, whichever came first."""

    def derive(self) -> None:
        if self.status == "done" and self.done_at is None:
            self.done_at = clock.now()
        self.done_on = clock.local(self.done_at).date() if self.done_at else None
        self.created_at = self.created_at or clock.now()
        ended = self.done_on if self.status == "done" else None
        self.open_from = min(filter(None, (clock.local(self.created_at).date(), self.due_on, ended)))

    __table_args__ = (
        Index("ix_follow_up_deleted", "deleted_at"),
        Index("ix_follow_up_account_deleted", "account_owner_id", "deleted_at"),
        newest_first("ix_follow_up_due", "due_on"),
        newest_first("ix_follow_up_done_at", "done_at"),
        Index("ix_follow_up_customer_done", "customer_id", "done_at"),
        Index("ix_follow_up_open", "owner_id", "due_on", "customer_id", "account_owner_id", "deleted_at", *TOLD, **only(PLANNED)),
        Index("ix_follow_up_open_account", "account_owner_id", "due_on", **only(PLANNED)),
        Index("ix_follow_up_open_due", "due_on", "deleted_at", "customer_id", "done_on", **only(PLANNED)),
        Index("ix_follow_up_recovery", "due_on", **only(f"{PLANNED} AND recovery", sqlite=f"{PLANNED} AND recovery = 1")),
        Index("ix_follow_up_done", "owner_id", "done_on", **only(DONE)),
        Index("ix_follow_up_done_on", "done_on", "due_on", "owner_id", "method", "customer_id", "account_owner_id", "deleted_at", *TOLD, **only(DONE)),
        Index("ix_follow_up_open_from", "open_from", "owner_id", "method", "customer_id", "account_owner_id", "deleted_at", **only(DONE)),
        Index("ix_follow_up_late", "due_on", "done_on", "owner_id", "method", "customer_id", "account_owner_id", "deleted_at", **only(LATE)),
        Index("ix_follow_up_account_done", "account_owner_id", "done_on", "owner_id", "method", "customer_id", "deleted_at", *TOLD, **only(DONE)),
        Index("ix_follow_up_rated", "done_on", "rating", "owner_id", "customer_id", "account_owner_id", "deleted_at", **only(RATED)),
        Index("ix_follow_up_unhappy", "done_on", "account_owner_id", "customer_id", "rating", "deleted_at", **only("rating <= 2")),
        Index("ix_follow_up_previous", "previous_id"),
    )
