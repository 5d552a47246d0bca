"""One customer entered twice: both records side by side, a choice per field, then one record."""

from components import merge_view
from components.navigation import link
from components.shell import open_page
from db.language import t

actor = open_page("merge", caption=t("Everything that hangs on either record stays. One click on “Undo” makes them two again."))
link("duplicates", t("Duplicates"), "chevron_left")
merge_view.draw(actor)
