"""While a new customer is typed: who may be entered already. It never keeps anybody from saving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import formats
from components.duplicate_words import reasons_in_words
from components.form import Watch
from components.navigation import link
from db.engine import reading
from db.language import t, tn
from db.matching import MEANING
from db.policy import Actor
from db.queries.duplicates import Match, like

ENOUGH = 2
"""Characters of a name from which on it is compared."""


def watch(actor: Actor) -> Watch:
    return Watch(frozenset(MEANING), lambda typed, slots: _say(actor, typed, slots))


def _say(actor: Actor, typed: Mapping[str, Any], slots: Mapping[str, Any]) -> None:
    values = {key: value for key, value in typed.items() if key != "name" or len(str(value or "").strip()) >= ENOUGH}
    if not any(values.get(key) for key in MEANING):
        return
    with reading(actor) as session:
        found = like(session, values)
    if found:
        with slots[lowest(values)].container(border=True, gap="xsmall", key="duplicate_hint"):
            said = tn("{n} customer may be entered already", "{n} customers may be entered already", len(found))
            st.markdown(f":material/content_copy: **{said}**")
            for match in found:
                _line(match)


def lowest(typed: Mapping[str, Any]) -> str:
    """The last field that is compared and filled, in the order of the form: where the eye is, and on a phone all that is in sight."""
    return [key for key in typed if key in MEANING and typed[key]][-1]


def _line(match: Match) -> None:
    owner = formats.plain(match.owner) or t("nobody")
    if match.id is None:
        st.caption(t("Exists, owned by {owner}.", owner=owner))
        return
    with st.container(gap=None):
        link("customer", f"{match.name} · {match.code}", id=match.id)
        st.caption(f"{formats.plain(reasons_in_words(match.reasons))} · {t('Owner')} {owner}")
