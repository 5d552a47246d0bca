"""Why two customers look alike, in words."""

from __future__ import annotations

from collections.abc import Iterable

from components import formats
from db.language import t
from db.matching import Reason

REASONS = {
    **{"credit_code": "same credit code", "email": "same e-mail", "number": "same phone", "name": "similar name"},
    **{"contact_email": "same e-mail of a contact", "contact_number": "same phone of a contact"},
}


def reasons_in_words(reasons: Iterable[Reason]) -> str:
    """same phone, similar name 92%"""
    return formats.listed(reason_in_words(reason) for reason in reasons)


def reason_in_words(reason: Reason) -> str:
    if reason.kind != "name":
        return t(REASONS[reason.kind])
    return t("same name") if reason.percent == 100 else t("similar name {percent}%", percent=reason.percent)
