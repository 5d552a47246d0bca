"""Being built."""

from components.shell import open_page

actor = open_page("retention")
