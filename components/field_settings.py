"""Drop-down values, custom fields and tags, kept by the administrator."""

from __future__ import annotations

import streamlit as st

from components import quick_add
from components.page_head import tab_head
from components.record_list import grid
from components.record_page import new_button, record_table
from db.choices import fields_for
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries.lists import ListQuery, page
from db.queries.settings import option_lists

OPTION_KEYS = ("key", "name_en", "name_zh", "colour", "position", "retired")


def draw_options(actor: Actor) -> None:
    with reading(actor) as session:
        lists = option_lists(session)
    chosen = st.selectbox(t("Drop-down list"), list(lists), format_func=lambda key: lists[key], key="option_list")
    with reading(actor) as session:
        rows = page(session, "option", ListQuery(filters={"list_key": [chosen]}, sort="position", descending=False, limit=200), OPTION_KEYS)
        fields = {field.key: field for field in fields_for(session, "option")}
    with tab_head():
        if st.button(t("New value"), type="primary", icon=":material/add:"):
            quick_add.open_("record", noun="option", list_key=chosen)
    opened: list[int] = []
    if len(rows):
        grid("option", rows, fields, f"options_{chosen}", opened.append, selectable=False)
    st.caption(t("A used value can be retired: it stays on old records and is no longer offered."))
    if opened:
        quick_add.open_("record", noun="option", id=opened[0])


def draw_custom_fields(actor: Actor) -> None:
    with tab_head():
        new_button(actor, "custom_field")
    record_table(
        actor, "custom_field", sort="position", descending=False, empty=t("No fields of your own yet. Add one and it stands on every customer at once.")
    )
    st.caption(t("A drop-down field gets its values on the first tab, under its own name."))


def draw_tag_list(actor: Actor) -> None:
    with tab_head():
        new_button(actor, "tag")
    record_table(actor, "tag", sort="name", descending=False, empty=t("Tags group customers freely: VIP, trade fair, newsletter."))
