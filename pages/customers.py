"""Who are they? The list of customers."""

import streamlit as st

from components import quick_add
from components.bulk_bar import bulk_bar
from components.navigation import go, may_go
from components.page_head import page_head
from components.record_list import record_list
from components.shell import open_page
from components.trail import remember
from db.language import t
from db.policy import may

actor = open_page("customers")
with page_head():
    if may_go("duplicates") and st.button(t("Duplicates"), icon=":material/content_copy:"):
        go("duplicates")
    if may_go("import_data") and st.button(t("Import"), icon=":material/upload:"):
        go("import_data")
    if may(actor, "create", "customer") and st.button(t("New customer"), type="primary", icon=":material/add:"):
        quick_add.open_("customer")
bulk = st.container()
opened: list[int] = []
query, chosen = record_list(actor, "customer", open_=opened.append, sort="last_contact_at", views=True, selectable=may(actor, "update", "customer"),
                            empty=t("Your customers live here. Add the first one, or import a file."))
with bulk:
    bulk_bar(actor, chosen)
if opened:
    remember(query)
    go("customer", id=opened[0])
