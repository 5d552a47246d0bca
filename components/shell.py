"""The frame around every page: navigation, side bar, messages, drawer. `open_page` is the lock of each page."""

from __future__ import annotations

from copy import copy
from functools import cache, partial
from typing import Any

import streamlit as st

from components import chart_image, closed_room, live, messages, quick_add, search, style
from components.actor import current_actor
from components.navigation import PAGES
from components.rooms import BY_KEY, ROOMS, Room, may_enter
from components.session_menu import draw_menu
from db.errors import Forbidden
from db.language import current, t
from db.policy import Actor


def run(actor: Actor) -> None:
    """Register the pages that this visitor may open, draw the side bar and run the page."""
    live.begin()
    pages = {room.key: _page(room) for room in ROOMS if may_enter(actor, room)}
    st.session_state[PAGES] = pages
    closed = [_closed_page(room) for room in ROOMS if not may_enter(actor, room)]
    chosen = st.navigation([*pages.values(), *closed], position="hidden")
    style.apply()
    with st.sidebar:
        _side_bar(actor)
    chosen.run()
    messages.draw()
    if not quick_add.draw(actor):
        search.draw(actor)


def _page(room: Room) -> Any:
    return copy(_made_page(room, current()))


@cache
def _made_page(room: Room, _language: str) -> Any:
    """Finding a page's file costs as much as drawing a link to it; Streamlit marks the page that it runs, so each run gets a copy."""
    return st.Page(
        room.file,
        title=t(room.title),
        icon=None if room.hidden else f":material/{room.icon}:",
        url_path=room.url_path or None,
        default=room.slug == "",
        visibility="hidden" if room.hidden else "visible",
    )


def _closed_page(room: Room) -> Any:
    """At the address of a page that others may enter stands who they are; the page's own code is not run."""
    return st.Page(partial(closed_room.draw, room), title=t(room.title), url_path=room.url_path, visibility="hidden")


def open_page(key: str, title: str | None = None, caption: str = "") -> Actor:
    """The first statement of every page: who is asking, may they, and the page's head.

    Stops the page with a plain message where the actor may not enter. An empty title draws no head.
    """
    actor, room = current_actor(), BY_KEY[key]
    chart_image.opened_by(actor)
    if not may_enter(actor, room):
        st.error(str(Forbidden()), icon=":material/lock:")
        st.stop()
    if title != "":
        head(title or t(room.title), caption)
    return actor


def head(title: str, caption: str = "") -> None:
    st.title(title, anchor=False)
    if caption:
        st.caption(caption)


def _side_bar(actor: Actor) -> None:
    style.product_mark()
    with st.container(horizontal=True, key="side_actions", gap="small"):
        if st.button(t("Search"), icon=":material/search:", key="open_search", shortcut="Ctrl+K"):
            search.open_()
        if quick_add.offered(actor) and st.button(t("New"), icon=":material/add:", key="open_quick_add", shortcut="N"):
            quick_add.open_("follow_up" if "follow_up" in quick_add.offered(actor) else quick_add.offered(actor)[0])
    group = ""
    for room in (room for room in ROOMS if not room.hidden and may_enter(actor, room)):
        if room.group != group:
            group = room.group
            st.caption(t(group))
        st.page_link(st.session_state[PAGES][room.key], label=t(room.title), icon=f":material/{room.icon}:", width="stretch")
    draw_menu(actor)
