"""Three doors for a new house: start empty, import a file, open a sample company."""

from components.doors import draw_doors
from components.shell import open_page
from db.language import t

actor = open_page("welcome", title=t("How do you want to begin?"))
draw_doors(actor)
