"""Somebody leaves: who looks after their customers from now on?"""

from components import workload_leaver
from components.navigation import link
from components.shell import open_page
from db.language import t

actor = open_page("hand_over", caption=t("Customers and open follow-ups move with their due dates; the history keeps its names."))
link("workload", t("Workload"), "chevron_left")
workload_leaver.draw(actor)
