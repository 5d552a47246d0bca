"""Copies of everything, and the way back."""

from components.backups import draw_backups
from components.shell import open_page
from db.language import t

actor = open_page("backup", caption=t("A backup counts only after it was opened and checked; each one here was."))
draw_backups(actor)
