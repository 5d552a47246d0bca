"""What was bought and what is under contract."""

from components.page_head import page_head
from components.record_page import new_button, record_table
from components.shell import open_page
from db.language import t

actor = open_page("orders", title=t("Orders and contracts"))
with page_head():
    new_button(actor, "order")
record_table(actor, "order", sort="ordered_on", views=True, empty=t("Orders and contracts stand here. Enter the first one, or import a file."))
