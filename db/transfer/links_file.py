"""The links of open survey invitations as a file, for a mail merge or a messenger."""

from __future__ import annotations

from db.actions import answer_links
from db.language import t
from db.session import CrmSession
from db.transfer.export import as_csv

LINK_HEADINGS = {"code": "Code", "customer": "Customer", "person": "Person", "email": "E-mail", "survey": "Survey", "wave": "Wave", "link": "Link"}


def address(house: str, token: str) -> str:
    return f"{house}/answer/{token}"


def export_links(session: CrmSession, house: str) -> bytes:
    """A CSV of all open links that the actor sees. house: the address of this server. Raises Forbidden."""
    links = answer_links.open_links(session)
    rows = ((link.code, link.customer, link.person, link.email, link.survey, link.wave, address(house, link.token)) for link in links)
    return as_csv([t(word) for word in LINK_HEADINGS.values()], rows)
