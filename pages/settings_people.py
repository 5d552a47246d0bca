"""Users, teams, what each role may do, and which programs work in whose name."""

import streamlit as st

from components.people_settings import draw_absences, draw_roles, draw_teams, draw_users
from components.program_access import draw_everybody
from components.shell import open_page
from db.language import t

actor = open_page("settings_people")
titles = [t("Users"), t("Teams"), t("Absences"), t("Roles"), t("Access for programs")]
drawn = (draw_users, draw_teams, draw_absences, draw_roles, draw_everybody)
for tab, draw in zip(st.tabs(titles, key="people_tabs", on_change="rerun"), drawn, strict=True):
    if tab.open:
        with tab:
            draw(actor)
