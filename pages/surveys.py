"""Surveys: their questions, who was invited, and the sheets that came back."""

import streamlit as st

from components import quick_add
from components.answer_links import answer_links_button
from components.invite import invite_button
from components.page_head import page_head, tab_head
from components.record_page import new_button, record_table
from components.shell import open_page
from db.language import t
from db.policy import may

actor = open_page("surveys")
with page_head():
    if may(actor, "create", "survey_response") and st.button(t("Enter a sheet"), type="primary", icon=":material/rate_review:"):
        quick_add.open_("survey_response")
answers, invitations, questions, surveys = st.tabs([t("Answers"), t("Invitations"), t("Questions"), t("Surveys")], key="survey_tabs", on_change="rerun")
if answers.open:
    with answers:
        record_table(actor, "survey_response", sort="answered_at", empty=t("Answers stand here. Enter a sheet taken by phone or on site, or import a file."))
if invitations.open:
    with invitations:
        with tab_head():
            answer_links_button(actor)
            invite_button(actor)
            new_button(actor, "survey_invitation", primary=False)
        record_table(actor, "survey_invitation", sort="sent_on", empty=t("Invitations stand here. They say how many of those you asked answered."))
for tab, noun in ((questions, "question"), (surveys, "survey")):
    if tab.open:
        with tab:
            with tab_head():
                new_button(actor, noun, primary=False)
            record_table(actor, noun, sort="id", descending=False)
