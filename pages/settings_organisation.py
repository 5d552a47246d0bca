"""Settings of the whole house."""

import streamlit as st

from components.form import record_form
from components.shell import open_page
from db import records
from db.engine import reading
from db.language import t

actor = open_page("settings_organisation", caption=t("Valid for everybody. Amounts are kept in one currency."))
with reading(actor) as session:
    organisation = session.organisation
saved = record_form(
    actor,
    "organisation",
    organisation,
    lambda session, typed, version: records.update(session, "organisation", organisation.id, typed, version),
    action="organisation.update",
    said=t("Settings saved"),
)
if saved is not None:
    st.rerun()
