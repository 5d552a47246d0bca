"""Changes in words: who, when, which field from what to what; with undo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import streamlit as st

from components import formats, messages
from components.actions import action_word, is_undoable
from db import masking
from db.choices import fields_for, in_words, labels, titles
from db.engine import reading
from db.fields import Field, Kind
from db.language import t
from db.models import NOUNS
from db.policy import Actor, may


def draw_changes(actor: Actor, changes: list[dict[str, Any]]) -> None:
    """The rows of the journal, one block a change."""
    if not changes:
        st.caption(t("Nothing was changed yet."))
    seen: set[int] = set()
    for number, change in enumerate(changes):
        with st.container(key=f"row_change_{number}", gap="xsmall"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                who = formats.plain(change["actor"]) or "Regulars"
                noun = t(NOUNS[change["noun"]].words[0])
                st.markdown(f"**{action_word(change['action'])}** · {noun} :gray[{who} · {formats.instant(change['at'])}]")
                offered = change["id"] not in seen and _may_ask(actor, change)
                if offered and st.button(t("Undo"), key=f"undo_change_{number}", type="tertiary", icon=":material/undo:"):
                    messages.take_back(change["id"])
            seen.add(change["id"])
            for line in describe(actor, change):
                st.caption(line)
    _ask_about_conflict()


def _may_ask(actor: Actor, change: dict[str, Any]) -> bool:
    """Whether undo is offered; who may really take the change back is decided there."""
    return is_undoable(change) and (change["actor_id"] == actor.id or may(actor, "read", "audit"))


def _ask_about_conflict() -> None:
    """Somebody changed the row after the change that is to be undone: both values, and the user decides."""
    asked = st.session_state.get(messages.CONFLICT)
    if asked is None:
        return
    with st.container(border=True, key="undo_conflict"):
        st.markdown(f":material/sync_problem: **{t('This was changed again since. Put the old value back all the same?')}**")
        for key, (now, before) in asked["fields"].items():
            st.text(t("{field}: now “{now}”, before “{before}”", field=key, now=now or "–", before=before or "–"))
        with st.container(horizontal=True):
            if st.button(t("Put the old value back"), key="force_undo"):
                messages.take_back(asked["change"], force=True)
            if st.button(t("Leave it"), key="leave_conflict", type="tertiary"):
                del st.session_state[messages.CONFLICT]
                st.rerun()


def describe(actor: Actor, change: dict[str, Any]) -> list[str]:
    """One line per changed field, in the words of the declaration; personal data masked where it must be."""
    with reading(actor) as session:
        fields = {field.key: field for field in fields_for(session, change["noun"])}
        lines = []
        for key, before, after in _with_own_fields(change["fields"]):
            field = fields.get(key)
            if field is not None:
                old, new = (_word(session, actor, field, value) for value in (before, after))
                lines.append(formats.labelled(field.title, f"{old} → {new}" if change["verb"] == "update" else new if after is not None else old))
            elif key == "deleted_at":
                lines.append(t("Moved to the recycle bin") if after else t("Restored from the recycle bin"))
    return lines[:12]


def _with_own_fields(changed: list[tuple[str, Any, Any]]) -> Iterator[tuple[str, Any, Any]]:
    """The users' own fields lie together in one column; each is told for itself."""
    for key, before, after in changed:
        if key == "custom":
            old, new = before or {}, after or {}
            yield from ((own, old.get(own), new.get(own)) for own in {**old, **new} if old.get(own) != new.get(own))
        else:
            yield key, before, after


def _word(session: Any, actor: Actor, field: Field, value: Any) -> str:
    if value in (None, "", []):
        return formats.NOTHING
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        return formats.plain(str(in_words(labels(session, field), value)))
    if field.kind == Kind.LINK:
        return formats.plain(titles(session, field.target, [value]).get(value, f"#{value}"))
    return formats.plain(str(masking.shown(actor, field, value))[:120])
