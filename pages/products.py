"""What do we sell? Products and the tree of lines."""

import streamlit as st

from components.page_head import tab_head
from components.record_page import new_button, record_table
from components.shell import open_page
from db.language import t

actor = open_page("products")
tabs = st.tabs([t("Products"), t("Product lines")], key="product_tabs", on_change="rerun")
for tab, noun in zip(tabs, ("product", "product_line"), strict=True):
    if tab.open:
        with tab:
            with tab_head():
                new_button(actor, noun)
            record_table(actor, noun, sort="name", descending=False, empty=t("Add what you sell; orders and surveys can refer to it."))
