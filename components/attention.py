"""The box beside the to-do list: customers that need a look, each with its reason and what is usual."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.navigation import link
from db.language import t, tn
from db.queries.attention import Attention

ICONS = {"unhappy": "sentiment_dissatisfied", "silent": "trending_down", "ending": "event_busy", "birthday": "cake"}


def draw_attention(found: dict[str, tuple[int, list[Attention]]]) -> None:
    """Draws nothing when nobody needs attention."""
    if not any(total for total, _ in found.values()):
        return
    st.markdown(f"**{t('Needs attention')}**")
    with st.container(border=True, gap="small"):
        for kind, (total, items) in found.items():
            for item in items:
                with st.container(gap=None):
                    link("customer", item.customer, ICONS[kind], id=item.customer_id)
                    st.caption(_reason(item))
            if total > len(items):
                st.caption(_more(kind, total - len(items)))


def _reason(item: Attention) -> str:
    if item.kind == "silent":
        return tn("{n} day without contact; usual is every {usual}", "{n} days without contact; usual is every {usual}", item.number, usual=item.usual)
    if item.kind == "unhappy":
        return t("Rated {rating} of 5 on {day}", rating=item.number, day=formats.day_month(item.on))
    if item.kind == "ending":
        return t("Contract ends {day}", day=formats.day_month(item.on))
    return t("Birthday {day}", day=formats.relative_day(item.on) if item.number < 2 else formats.day_month(item.on))


def _more(kind: str, rest: int) -> str:
    count = formats.number(rest)
    return {"silent": t("and {count} more silent for too long", count=count), "unhappy": t("and {count} more unhappy", count=count),
            "ending": t("and {count} more contracts ending", count=count), "birthday": t("and {count} more birthdays", count=count)}[kind]
