"""What did everybody do today, and how does a period stand beside last year?"""

from components import reports as draw
from components.live import live
from components.shell import open_page

actor = open_page("reports")
head, chosen = draw.actions(), draw.choice()
if chosen == draw.DAILY:
    draw.draw_daily(actor, head)
else:
    draw.draw_report(actor, chosen, head)
live(actor)
