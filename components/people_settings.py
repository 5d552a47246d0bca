"""Users with their one-time links, teams, absences, and the table of roles."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components import openings
from components.form import record_form
from components.link_out import show_link
from components.navigation import go
from components.page_head import tab_head
from components.record_page import new_button, record_table
from components.saving import attempt
from db.actions import resets
from db.engine import reading
from db.language import t
from db.models.people import ROLES
from db.policy import RULES, Actor, Scope
from db.queries.settings import people

NEW = "invite"
LINK = "regulars.link"


def draw_users(actor: Actor) -> None:
    with tab_head():
        if st.button(t("Somebody leaves"), icon=":material/move_up:"):
            go("hand_over")
        if st.button(t("Invite a colleague"), type="primary", icon=":material/person_add:"):
            openings.open_(NEW)
    if LINK in st.session_state:
        name, token = st.session_state[LINK]
        show_link(name, token, close=lambda: st.session_state.pop(LINK, None))
    if now := openings.opening(NEW):
        _invite(actor, now.number)
    record_table(actor, "user", sort="name", descending=False)
    _links(actor)


def _invite(actor: Actor, number: str) -> None:
    with st.container(border=True):
        made = record_form(
            actor,
            "user",
            None,
            lambda session, typed, _: resets.invite(session, typed),
            action="user.create",
            said=t("Colleague added"),
            keys=("user_name", "name", "email", "role", "team_id", "weekly_hours", "language"),
            number=number,
        )
        if st.button(t("Close"), type="tertiary", key="close_invite"):
            openings.close(NEW)
            st.rerun()
    if made is not None:
        if isinstance(made, tuple):
            st.session_state[LINK] = (made[0].name, made[1])
        openings.close(NEW)
        st.rerun()


def _links(actor: Actor) -> None:
    with reading(actor) as session:
        users = {user.id: user.name for user, _ in people(session) if user.active}
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", key="reset_link"):
        who = st.selectbox(
            t("One-time link to choose a new password"), list(users), index=None, format_func=lambda id_: users[id_], key="reset_who", placeholder=t("Choose")
        )
        if st.button(t("Make the link"), disabled=who is None, icon=":material/link:"):
            token = attempt(actor, "user.reset_link", lambda session: resets.issue_link(session, who or 0), t("Link made"))
            if token is not None:
                st.session_state[LINK] = (users[who or 0], token)
                st.rerun()


def draw_teams(actor: Actor) -> None:
    with tab_head():
        new_button(actor, "team")
    record_table(actor, "team", sort="name", descending=False, empty=t("A team has a manager and account managers; its manager sees its customers."))


def draw_absences(actor: Actor) -> None:
    with tab_head():
        absence_button(actor)
    absence_list(actor)


def absence_button(actor: Actor) -> None:
    """Account managers enter their own absences only."""
    new_button(actor, "absence")


def absence_list(actor: Actor) -> None:
    empty = t("No absences yet. Whoever is away has fewer hours, and does not count when the load is compared.")
    record_table(actor, "absence", sort="starts_on", empty=empty)


def draw_roles(_actor: Actor) -> None:
    """The policy table itself, in words."""
    words = {Scope.NONE: "–", Scope.OWN: t("own"), Scope.TEAM: t("team"), Scope.ALL: t("all")}
    verbs = {
        "read": t("See customers"),
        "update": t("Edit customers"),
        "delete": t("Delete customers"),
        "assign": t("Assign"),
        "merge": t("Merge"),
        "export": t("Export"),
        "import": t("Import"),
    }
    rows = {t(name): [words[RULES[role].get(("customer", verb), Scope.NONE)] for verb in verbs] for role, name in ROLES.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(verbs.values()))
    st.table(frame, border="horizontal", alt=t("Roles"))
    st.caption(t("Viewers see personal data masked. Permission is asked again with every single row, whatever a page shows."))
