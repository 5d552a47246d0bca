"""How to find one's way: the first steps, the keys, what each role may do."""

from components.help_text import draw_help
from components.shell import open_page

actor = open_page("help")
draw_help(actor)
