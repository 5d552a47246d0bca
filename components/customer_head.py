"""The head of a customer's page: name, badges, figures."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import formats
from db import clock
from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.language import t, tn
from db.models import Customer
from db.policy import Actor
from db.queries.customer_page import Header

STATUS_COLOURS = {"lead": "violet", "prospect": "blue", "active": "green", "dormant": "orange", "lost": "red"}


def draw_name(actor: Actor, customer: Customer, figures: Header) -> None:
    with reading(actor) as session:
        words = {key: labels(session, field_of(Customer, key)) for key in ("status", "industry")}
    with st.container(gap="xsmall", width="content", key="customer_name"):
        st.title(formats.plain(customer.name), anchor=False)
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.markdown(" ".join(_badges(customer, figures, words)), width="content")
            st.caption(f"{customer.code} · {t('Owner')} {formats.plain(figures.owner) or t('nobody')}{_previously(customer, figures)}")


def _badges(customer: Customer, figures: Header, words: dict[str, dict[str, str]]) -> list[str]:
    tier = [formats.badge(t("Tier {tier}", tier=formats.plain(customer.tier)), "blue")] if customer.tier else []
    status = formats.badge(formats.plain(words["status"].get(customer.status, customer.status)), STATUS_COLOURS.get(customer.status, "gray"))
    known = [formats.badge(formats.plain(word), "gray") for word in (words["industry"].get(customer.industry or ""), customer.city) if word]
    gone = t("Personal data erased on {day}", day=formats.date_long(customer.erased_on))
    erased = [formats.badge(gone, "violet", "shield_person")] if customer.erased_on else []
    return [*tier, status, *known, *erased, *(formats.badge(formats.plain(name), colour, "label") for _, name, colour in figures.tags)]


def _previously(customer: Customer, figures: Header) -> str:
    if not figures.previous_owner:
        return ""
    words = t("Previously {name}, handed over {day}", name=formats.plain(figures.previous_owner), day=formats.date_long(customer.handed_over_on))
    return f" · {words}"


def draw_figures(actor: Actor, customer: Customer, figures: Header) -> None:
    with reading(actor) as session:
        currency = session.organisation.currency
        usual = customer.cadence_days or session.organisation.cadence_of(customer.tier)
    since = (clock.today() - clock.local(customer.last_contact_at).date()).days if customer.last_contact_at else None
    late = since is not None and since > usual
    with st.grid(5, min_column_width=150):
        _metric(t("Turnover so far"), formats.money(figures.turnover, currency), tn("{n} order", "{n} orders", figures.orders))
        _metric(t("Last order"), formats.day_compact(figures.last_order_on), None)
        _metric(t("Last contact"), _days(since), t("usual: every {n} d", n=usual), "red" if late else None)
        _metric(
            t("Open follow-ups"),
            formats.number(figures.open_follow_ups),
            formats.lateness(figures.next_step.due_on) if figures.next_step else t("no next step"),
        )
        _metric(
            t("Satisfaction"),
            f"{formats.number(figures.rating, 1)} / 5" if figures.rating is not None else formats.NOTHING,
            tn("{n} rating", "{n} ratings", figures.ratings),
        )


def _days(since: int | None) -> str:
    return formats.NOTHING if since is None else t("today") if since == 0 else tn("{n} day", "{n} days", since)


def _metric(label: str, value: str, note: str | None, tone: str | None = None) -> None:
    options: dict[str, Any] = {"delta": note, "delta_arrow": "off", "delta_color": tone or "off"} if note else {}
    st.metric(label, value, border=True, height="stretch", **options)
