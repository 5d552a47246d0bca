"""Is what we know complete, fresh and rightly kept? The data steward's page."""

from components import care_faults, care_keeping, care_quality
from components.live import live
from components.shell import open_page
from components.switches import switch
from db.language import t

actor = open_page("data_care", caption=t("What is missing, stale or wrong, and personal data that is due for a look."))
words = {"quality": t("Completeness"), "faults": t("To mend"), "keeping": t("Consent and retention")}
part = switch(t("View"), words, "part", in_address=True)
{"quality": care_quality.draw, "faults": care_faults.draw, "keeping": care_keeping.draw}[part](actor)
live(actor)
