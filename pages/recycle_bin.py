"""Deleted records, kept for 30 days."""

from components.bin_list import draw_bin
from components.shell import open_page
from db.language import t

actor = open_page("recycle_bin", caption=t("Deleted records stay here for 30 days and come back whole; then they are gone for good."))
draw_bin(actor)
