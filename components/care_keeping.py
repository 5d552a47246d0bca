"""Personal data that is due for a look this month, by reason, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import streamlit as st

from components import formats
from components.act_on_list import act_on_list
from components.panel import panel
from components.saving import attempt
from db import clock
from db.actions import keeping as actions
from db.engine import reading
from db.language import t, tn
from db.policy import Actor
from db.queries import keeping


def draw(actor: Actor) -> None:
    with reading(actor) as session:
        counts, months = keeping.counts(session), session.organisation.retention_months
    st.caption(t("Due in {month}. Personal data is kept for {n} months after the consent or the last follow-up.", month=formats.month(clock.today()), n=months))
    if not any(counts.values()):
        st.success(t("Nothing is due: every consent is valid and nobody has been silent for too long."), icon=":material/verified:")
    for reason, count in counts.items():
        if count:
            _list(actor, reason, count, months)


def _list(actor: Actor, reason: str, count: int, months: int) -> None:
    with reading(actor) as session:
        rows = keeping.due(session, reason)
    title, subject = _words(reason, count, months)
    rows["reason"] = [_said(reason, _day(since)) for since in rows["since"]]
    with panel(title, "" if count <= len(rows) else t("The first {n} are here", n=formats.number(len(rows))), key=f"due_{reason}"):
        act_on_list(actor, rows[["customer_id", "customer", "reason"]], key=f"keeping_{reason}", subject=subject, more=_more(actor, reason))


def _words(reason: str, count: int, months: int) -> tuple[str, str]:
    """Title of the list, and the follow-up that is suggested."""
    n = formats.number(count)
    return {
        "withdrawn": (t("Consent withdrawn, contact data still kept: {n}", n=n), t("Tell that the contact data is removed")),
        "passed": (t("The date until which it was kept has passed: {n}", n=n), t("Ask whether we may keep the data")),
        "consent": (t("Consent older than {months} months: {n}", months=months, n=n), t("Ask for consent again")),
        "silent": (t("No follow-up for {months} months: {n}", months=months, n=n), t("Ask whether we may keep the data")),
    }[reason]


def _said(reason: str, day: str) -> str:
    return {
        "withdrawn": t("Withdrawn on {day}", day=day),
        "passed": t("Kept until {day}", day=day),
        "consent": t("Consent given on {day}", day=day),
        "silent": t("Last heard of on {day}", day=day),
    }[reason]


def _day(since: Any) -> str:
    day: date = clock.local(since.to_pydatetime() if hasattr(since, "to_pydatetime") else since).date() if isinstance(since, datetime) else since
    return formats.date_long(day)


def _more(actor: Actor, reason: str) -> Callable[[list[int]], bool]:
    def more(chosen: list[int]) -> bool:
        if reason == "withdrawn":
            pressed = st.button(t("Remove contact data"), key=f"strip_{reason}", icon=":material/contact_phone:")
            return pressed and attempt(actor, "customer.strip", lambda session: actions.remove_contact_data(session, chosen), _removed) is not None
        pressed = st.button(t("Keep for longer"), key=f"keep_{reason}", icon=":material/update:")
        return pressed and attempt(actor, "customer.keep", lambda session: actions.keep_longer(session, chosen), _kept) is not None

    return more


def _removed(count: int) -> str:
    return tn("Contact data of {n} customer removed", "Contact data of {n} customers removed", count)


def _kept(count: int) -> str:
    return tn("{n} customer is kept for longer", "{n} customers are kept for longer", count)
