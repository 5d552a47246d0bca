"""Which customers may have been entered twice?"""

from components.duplicate_list import draw_pairs
from components.navigation import link
from components.shell import open_page
from db.language import t

actor = open_page("duplicates", caption=t("Pairs of customers that may be one, the likeliest first. Nothing is merged by itself."))
link("customers", t("Customers"), "chevron_left")
draw_pairs(actor)
