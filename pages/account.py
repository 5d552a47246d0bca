"""My account: language, daily e-mail, password, signed-in devices, access for programs."""

from components.account_settings import draw_devices, draw_digest, draw_language, draw_password
from components.program_access import draw_program_access
from components.shell import open_page

actor = open_page("account")
draw_language(actor)
draw_digest(actor)
draw_password(actor)
draw_devices(actor)
draw_program_access(actor)
