"""The manager's part of Today: everybody's load and what was logged today."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components import formats
from components.icons import method_icon
from components.navigation import link
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries.today import load_by_owner, logged_today, open_recoveries


def draw_team(actor: Actor) -> None:
    with reading(actor) as session:
        load, logged = load_by_owner(session), logged_today(session)
    if load:
        st.markdown(f"**{t('By person')}**")
        frame = pd.DataFrame([tuple(row) for row in load], columns=[t("Account manager"), t("Overdue"), t("Due today"), t("Done today")])
        st.dataframe(frame, hide_index=True, key="team_load", alt=t("Open and finished follow-ups by person"), row_height=36)
    if logged:
        st.markdown(f"**{t('Logged today')}** :gray[{len(logged)}]")
        with st.container(border=True, gap="xsmall"):
            for row in logged:
                with st.container(horizontal=True, key=f"row_logged_{row.id}", vertical_alignment="center"):
                    st.markdown(f"{method_icon(row.method)} **{formats.plain(row.subject)}** :gray[{formats.plain(row.owner or '')}]")
                    link("customer", row.customer, id=row.customer_id)


def draw_recoveries(actor: Actor) -> None:
    """Unhappy customers whom somebody is to win back, the longest due first; nothing where there are none."""
    with reading(actor) as session:
        waiting, recoveries = open_recoveries(session, limit=5)
    if not recoveries:
        return
    st.markdown(f"**{t('Unhappy customers to win back')}** :gray[{formats.number(waiting)}]")
    with st.container(border=True, gap="xsmall"):
        for item in recoveries:
            with st.container(horizontal=True, key=f"row_recovery_{item.id}", horizontal_alignment="distribute", vertical_alignment="center"):
                link("customer", item.customer, id=item.customer_id)
                st.caption(t("{who} · due {day}", who=item.owner or t("No owner"), day=formats.day_month(item.due_on)))
