"""What the product keeps for itself: figures as they were published, and which recurring work has run. Never journalled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.types import json_type


class PublishedFigure(Base):
    """A KPI of a finished month, of everybody (no owner) or of one account manager, as it stood when the month was closed."""

    __tablename__ = "published_figure"

    id: Mapped[int] = mapped_column(primary_key=True)
    kpi: Mapped[str] = mapped_column(String(60))
    month: Mapped[date]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    figure: Mapped[dict[str, Any]] = mapped_column(json_type())
    published_at: Mapped[datetime]

    __table_args__ = (Index("ix_published_figure_month", "month", "owner_id", "kpi", unique=True),)


class JobRun(Base):
    """One run of recurring work; the row is the claim, so that each job runs once a period."""

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (UniqueConstraint("job", "period"),)
