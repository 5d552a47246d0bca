"""Whom to call because of what they said last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from components import formats
from components.act_on_list import act_on_list
from components.cache import ask
from components.insight_filters import Lens
from components.panel import no_data, panel
from db.language import t, tn
from db.policy import Actor
from db.queries import last_answers


def unhappy_key_accounts(actor: Actor, lens: Lens) -> None:
    found = ask(actor, last_answers.unhappy_key_accounts, lens.as_of, lens.filters)
    with panel(t("Unhappy key accounts"), t("Tier A, last answer in the lowest two fifths or marked as unhappy within 180 days, no follow-up done since")):
        _list(actor, found, _unhappy, "unhappy_key", t("Win back: call about the survey"), t("Somebody has spoken to every unhappy key account."))


def satisfied_but_silent(actor: Actor, lens: Lens) -> None:
    found = ask(actor, last_answers.satisfied_but_silent, lens.as_of, lens.filters)
    with panel(t("Satisfied but silent"), t("Last answer within 12 months among the two best, contact overdue and none planned")):
        _list(actor, found, partial(_silent, lens.as_of), "silent", t("Keep in touch"), t("Every satisfied customer was contacted in time."))


def _list(actor: Actor, found: pd.DataFrame, reason: Callable[[dict[Any, Any]], str], key: str, subject: str, nobody: str) -> None:
    if found.empty:
        no_data(nobody)
        return
    if len(found) == last_answers.LISTED:
        st.caption(t("The first {n}; the filters above narrow the list.", n=formats.number(len(found))))
    rows = found[["customer_id", "customer"]].assign(reason=[reason(row) for row in found.to_dict("records")])
    act_on_list(actor, rows, key=key, subject=subject)


def _said(row: dict[Any, Any]) -> str:
    if row["marked"]:
        return t("Marked as unhappy on {day}", day=formats.day_month(row["day"]))
    return t("{score} of {best} on {day}", score=row["score"], best=row["maximum"], day=formats.day_month(row["day"]))


def _unhappy(row: dict[Any, Any]) -> str:
    planned: date | None = row["next_on"] if row["next_on"] == row["next_on"] else None
    return _said(row) if planned is None else f"{_said(row)} · {t('follow-up planned for {day}', day=formats.day_month(planned))}"


def _silent(as_of: date, row: dict[Any, Any]) -> str:
    return f"{_said(row)} · {tn('contact {n} day overdue', 'contact {n} days overdue', (as_of - row['due_on']).days)}"
