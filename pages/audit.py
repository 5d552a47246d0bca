"""Who did what, when; each change can be taken back."""

from components.audit_log import draw_audit
from components.shell import open_page
from db.language import t

actor = open_page("audit", caption=t("Every saved change, newest first. The chain of digests shows whether anything was altered afterwards."))
draw_audit(actor)
