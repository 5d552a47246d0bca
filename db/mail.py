"""Letters by e-mail, where a mail server is set up."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from db.errors import Unavailable

PATIENCE = 20
"""Seconds for the mail server to answer."""
SECURITY = ("starttls", "tls", "none")
PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True)
class MailServer:
    """security: starttls (the default), tls from the first byte, or none on a network of one's own."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"


def server() -> MailServer | None:
    """The mail server of the environment; None where none is set up. Raises Unavailable when it is set up wrongly."""
    host = os.environ.get("REGULARS_SMTP_HOST", "").strip()
    if not host:
        return None
    security, user = os.environ.get("REGULARS_SMTP_SECURITY") or "starttls", os.environ.get("REGULARS_SMTP_USER", "")
    port, sender = os.environ.get("REGULARS_SMTP_PORT") or str(PORTS.get(security, "")), os.environ.get("REGULARS_SMTP_FROM") or user
    if security not in SECURITY:
        raise Unavailable("REGULARS_SMTP_SECURITY must be starttls, tls or none.")
    if not port.isdecimal() or "@" not in sender:
        raise Unavailable("REGULARS_SMTP_PORT must be a number and REGULARS_SMTP_FROM an e-mail address.")
    return MailServer(host, int(port), sender, user, os.environ.get("REGULARS_SMTP_PASSWORD", ""), security)


def is_set_up() -> bool:
    return bool(os.environ.get("REGULARS_SMTP_HOST", "").strip())


@contextmanager
def connected(to: MailServer) -> Iterator[smtplib.SMTP]:
    """An open connection; raises OSError or smtplib.SMTPException where the server is not there, or refuses us."""
    secure = ssl.create_default_context()
    plain = to.security != "tls"
    connection = smtplib.SMTP(to.host, to.port, timeout=PATIENCE) if plain else smtplib.SMTP_SSL(to.host, to.port, timeout=PATIENCE, context=secure)
    with connection as open_:
        if to.security == "starttls":
            open_.starttls(context=secure)
        if to.user:
            open_.login(to.user, to.password)
        yield open_


def letter(sender: str, to: str, subject: str, text: str, html: str) -> EmailMessage:
    """A message with the same content as plain text and as HTML."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(localtime=False), make_msgid(domain=sender.rsplit("@", 1)[-1].strip("> "))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message
