"""Users, teams and what each role may do."""

import streamlit as st

from components.people_settings import draw_absences, draw_roles, draw_teams, draw_users
from components.shell import open_page
from db.language import t

actor = open_page("settings_people")
users, teams, absences, roles = st.tabs([t("Users"), t("Teams"), t("Absences"), t("Roles")], key="people_tabs", on_change="rerun")
for tab, draw in ((users, draw_users), (teams, draw_teams), (absences, draw_absences), (roles, draw_roles)):
    if tab.open:
        with tab:
            draw(actor)
