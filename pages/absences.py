"""Who is away, and when: everybody's for a manager, one's own for an account manager."""

from components.navigation import link
from components.page_head import page_head
from components.people_settings import absence_button, absence_list
from components.shell import open_page
from db.language import t

actor = open_page("absences", caption=t("Both days included. Only working days take hours off."))
with page_head():
    absence_button(actor)
link("workload", t("Workload"), "chevron_left")
absence_list(actor)
