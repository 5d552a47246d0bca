"""Every figure of the house, defined once: what it asks, how it is worked out, what it should reach."""

from components.figure_page import draw_catalogue
from components.shell import open_page
from db.language import t

actor = open_page("figures", caption=t("Each figure is defined once; cards, charts, reports and the command line read the same definition."))
draw_catalogue(actor)
