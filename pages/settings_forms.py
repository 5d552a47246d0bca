"""Lead forms for the website: who owns what comes in, and how the form is shown."""

from components.lead_form_settings import draw_lead_forms
from components.shell import open_page
from db.language import t

actor = open_page("settings_forms", caption=t("A form without sign-in for your website. It is closed until you open it."))
draw_lead_forms(actor)
