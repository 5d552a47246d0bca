"""The three doors of the first day."""

from __future__ import annotations

import streamlit as st

from components import formats, messages
from components.navigation import go
from components.sample import open_sample
from db.errors import CrmError
from db.language import t
from db.policy import Actor


def draw_doors(actor: Actor) -> None:
    st.caption(t("You can do the other two later just as well."))
    with st.grid(3, min_column_width=240, gap="medium"):
        with st.container(border=True, height="stretch"):
            st.markdown(f"#### :material/add_circle: {t('Start empty')}")
            st.write(t("Add your first customer by hand and log what happens."))
            if st.button(t("Start empty"), type="primary", key="door_empty", width="stretch"):
                go("customers")
        with st.container(border=True, height="stretch"):
            st.markdown(f"#### :material/upload_file: {t('Import a file')}")
            st.write(t("Bring customers from a spreadsheet or another system: CSV or XLSX."))
            if st.button(t("Import a file"), key="door_import", width="stretch"):
                go("import_data")
        with st.container(border=True, height="stretch"):
            st.markdown(f"#### :material/storefront: {t('Open a sample company')}")
            st.write(t("300 invented customers with three years of history, to look around."))
            if st.button(t("Open a sample company"), key="door_sample", width="stretch"):
                _open_sample(actor)


def _open_sample(actor: Actor) -> None:
    try:
        with st.spinner(t("Filling the sample company …")):
            open_sample(actor)
    except CrmError as error:
        st.error(formats.plain(str(error)))
        return
    messages.say(t("The sample company is open."))
    go("today")
