"""One figure, opened: its course, where it differs, what if, and every row behind it."""

from components import figure_page
from components.insight_filters import lens
from components.live import live
from components.navigation import link
from components.shell import head, open_page
from db.language import t

actor = open_page("figure", title="")
kpi = figure_page.wanted()
link("figures", t("All figures"), "chevron_left")
head(t(kpi.label), t(kpi.question))
view = lens(actor)
figure_page.draw(actor, kpi, view)
live(actor)
