"""Fields and lists: what users shape themselves, usable at once in form, list, filter, import and export."""

import streamlit as st

from components.field_settings import draw_custom_fields, draw_options, draw_tag_list
from components.shell import open_page
from db.language import t

actor = open_page("settings_fields", caption=t("New values and fields can be used at once in forms, lists, filters, imports and exports."))
options, fields, tags = st.tabs([t("Drop-down values"), t("Custom fields"), t("Tags")], key="field_tabs", on_change="rerun")
for tab, draw in ((options, draw_options), (fields, draw_custom_fields), (tags, draw_tag_list)):
    if tab.open:
        with tab:
            draw(actor)
