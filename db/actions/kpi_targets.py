"""Set the organisation's own target for a KPI."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from db import records
from db.errors import Gone
from db.models import KpiTarget
from db.queries.kpis import KPIS
from db.session import CrmSession


def set_target(session: CrmSession, key: str, value: Any) -> KpiTarget | None:
    """value: as it is read, percentages as 80; None goes back to the customary target. Raises Gone for an unknown KPI."""
    if key not in KPIS:
        raise Gone
    now = session.scalars(select(KpiTarget).where(KpiTarget.key == key), execution_options={"with_deleted": True}).first()
    if value is None:
        if now is not None and now.deleted_at is None:
            records.delete(session, "kpi_target", now.id)
        return None
    if now is None:
        return records.create(session, "kpi_target", {"key": key, "value": Decimal(str(value))})  # type: ignore[return-value]
    if now.deleted_at is not None:
        records.restore(session, "kpi_target", now.id)
    return records.update(session, "kpi_target", now.id, {"value": Decimal(str(value))})  # type: ignore[return-value]
