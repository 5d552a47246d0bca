"""What each account manager is to reach in a month."""

from components.page_head import page_head
from components.record_page import new_button, record_table
from components.shell import open_page
from db.language import t

actor = open_page("targets", caption=t("Follow-ups, visits, new customers or sales per account manager and month."))
with page_head():
    new_button(actor, "target")
record_table(actor, "target", sort="month", empty=t("No targets yet. A target turns a number into progress."))
