"""What stands at the address of a page that the visitor's role may not enter."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import formats
from components.actor import current_actor
from components.navigation import link
from components.rooms import Room, may_enter
from db.language import t
from db.models.people import ROLES


def draw(room: Room) -> None:
    actor = current_actor()
    hosts = [t(name) for role, name in ROLES.items() if may_enter(replace(actor, role=role), room)]
    st.title(t(room.title), anchor=False)
    words = {"roles": formats.listed(hosts), "own": t(ROLES[actor.role])}
    st.info(t("This page is open to: {roles}. Your role is {own}; an administrator can change it.", **words), icon=":material/lock:")
    link("today", t("Today"), "chevron_left")
