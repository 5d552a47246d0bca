"""Saved views of a list: pills above it; each holds search, filters and order."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from components import formats, openings
from components.filters import clear
from components.saving import attempt, saved_already
from db import records
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries.views import views_of
from db.session import CrmSession


def saved_views(actor: Actor, noun: str) -> None:
    """The views as pills; choosing one fills the list's widgets."""
    with reading(actor) as session:
        views = {view.id: view for view in views_of(session, noun)}
    if views:
        names = {id_: f"{formats.plain(view.name)}{' · ' + t('shared') if view.shared else ''}" for id_, view in views.items()}
        chosen = st.pills(
            t("Saved views"), list(views), format_func=lambda id_: names[id_], key=f"{noun}.view", label_visibility="collapsed", persist_state="session"
        )
        _apply(noun, chosen, views[chosen].state if chosen in views else None)


def view_menu(actor: Actor, noun: str) -> None:
    """Keep what the list shows now under a name, or drop the chosen view."""
    with st.popover(t("Save view"), icon=":material/bookmark_add:", type="tertiary"):
        _save(actor, noun)
        if st.session_state.get(f"{noun}.view"):
            _remove(actor, noun, st.session_state[f"{noun}.view"])


def _apply(noun: str, chosen: int | None, state: dict[str, Any] | None) -> None:
    """A newly chosen view fills the list's widgets; leaving it clears them."""
    marker = f"{noun}.applied_view"
    if st.session_state.get(marker) == chosen:
        return
    st.session_state[marker] = chosen
    clear(noun)
    for key, value in (state or {}).items():
        st.session_state[f"{noun}.{key}"] = (
            tuple(date.fromisoformat(day) for day in value["between"]) if isinstance(value, dict) else tuple(value) if key == "sort" else value
        )
    st.rerun()


def _present(noun: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in st.session_state.items():
        name = str(key).removeprefix(f"{noun}.")
        if str(key).startswith((f"{noun}.filter.", f"{noun}.search", f"{noun}.sort")) and value not in (None, "", [], ()):
            dates = isinstance(value, tuple) and value and isinstance(value[0], date)
            found[name] = {"between": [day.isoformat() for day in value]} if dates else list(value) if isinstance(value, tuple) else value
    return found


def _save(actor: Actor, noun: str) -> None:
    form = f"{noun}.save_view"
    number = openings.turn(form)
    with st.form(form, border=False):
        name = st.text_input(t("Name of the view"), max_chars=60, key=f"{noun}.new_view")
        shared = st.checkbox(t("Share with everybody"), key=f"{noun}.share_view") if actor.role in {"admin", "manager"} else False
        pressed = st.form_submit_button(t("Save view"), type="primary")
    typed = {"name": name, "shared": shared, "state": _present(noun)}
    if (_keep(actor, noun, form, number, typed) if pressed else saved_already(actor, form, number, typed)) is not None:
        openings.next_turn(form)
        st.rerun()


def _keep(actor: Actor, noun: str, form: str, number: str, typed: dict[str, Any]) -> Any:
    def work(session: CrmSession) -> Any:
        view = records.create(session, "saved_view", {"noun": noun, "name": typed["name"], "shared": typed["shared"], "user_id": actor.id})
        view.state = typed["state"]  # type: ignore[attr-defined]
        return view

    return attempt(actor, "saved_view.create", work, t("View saved"), form=form, number=number, typed=typed)


def _remove(actor: Actor, noun: str, view_id: int) -> None:
    if st.button(t("Delete this view"), key=f"{noun}.delete_view", type="tertiary", icon=":material/delete:"):
        if attempt(actor, "saved_view.delete", lambda session: records.delete(session, "saved_view", view_id), t("View deleted")) is not None:
            st.session_state.pop(f"{noun}.view", None)
            st.rerun()
