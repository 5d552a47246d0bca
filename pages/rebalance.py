"""What if these customers went to those colleagues?"""

from components import workload_rebalance
from components.navigation import link
from components.shell import open_page
from db.language import t

actor = open_page("rebalance", caption=t("Try who could take which customers, see how even the load becomes, then do it in one step."))
link("workload", t("Workload"), "chevron_left")
workload_rebalance.draw(actor)
