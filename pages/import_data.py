"""What lies in files comes in: checked first, written at once, taken back with one click."""

from components import importer
from components.shell import open_page
from db.language import t

actor = open_page("import_data", caption=t("CSV and Excel files, headings in English or Chinese."))
importer.draw(actor)
