"""What is entered goes out again, whole and in formats that other programs read."""

from components import exporting
from components.shell import open_page
from db.language import t

actor = open_page("export_data", caption=t("Only what you may see. A spreadsheet runs nothing of these files, and the import reads them again."))
exporting.draw(actor)
