"""Any list of the house: saved views, search, filters, a page of rows, selection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from components.cache import ask
from components.clicks import clicked, ticked
from components.columns import column_config, presented
from components.files_out import export_buttons
from components.filters import filters
from components.pager import page_number
from components.saved_views import saved_views, view_menu
from db.choices import fields_for
from db.engine import reading
from db.fields import Field
from db.language import t, tn
from db.models import NOUNS
from db.policy import Actor, may
from db.queries.lists import ListQuery, count, page

PAGE_ROWS, SEEN_ROWS = 50, 15
HEAD_HEIGHT = 34


def record_list(
    actor: Actor,
    noun: str,
    *,
    open_: Callable[[int], None] | None = None,
    keys: tuple[str, ...] = (),
    fixed: Mapping[str, Any] | None = None,
    sort: str = "id",
    descending: bool = True,
    empty: str = "",
    views: bool = False,
    selectable: bool = False,
) -> tuple[ListQuery, list[int]]:
    """Draw the list; a click on a row opens it. Returns the query shown and the ids of the ticked rows."""
    if views:
        saved_views(actor, noun)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{noun}_tools"):
        words = st.text_input(
            t("Search this list"),
            key=f"{noun}.search",
            placeholder=t("Search this list"),
            label_visibility="collapsed",
            icon=":material/search:",
            live="300ms",
            persist_state="session",
            width=280,
        )
        chosen = {**filters(actor, noun), **(fixed or {})}
        sort, descending = _order(actor, noun, keys, sort, descending)
        if views:
            view_menu(actor, noun)
    query = ListQuery(search=words or "", filters=chosen, sort=sort, descending=descending, limit=PAGE_ROWS)
    total = ask(actor, count, noun, query)
    if not total:
        _nothing(bool(words or filters_set(chosen, fixed)), empty if may(actor, "create", noun) else t("Nothing here yet that you may see."))
        return query, []
    return query, _draw_page(actor, noun, query, total, keys, open_, selectable)


def filters_set(chosen: Mapping[str, Any], fixed: Mapping[str, Any] | None) -> bool:
    return any(key not in (fixed or {}) for key in chosen)


def _order(actor: Actor, noun: str, keys: tuple[str, ...], sort: str, descending: bool) -> tuple[str, bool]:
    with reading(actor) as session:
        titles = {field.key: field.title for field in fields_for(session, noun) if (field.key in keys if keys else field.listed)}
    options = [(key, down) for key in titles for down in (False, True)]
    start = (sort, descending)
    if start not in options:
        options.insert(0, start)
    words = {option: f"{titles.get(option[0], t('Newest'))} {'↓' if option[1] else '↑'}" for option in options}
    picked = st.selectbox(
        t("Sort"),
        options,
        index=options.index(start),
        format_func=lambda option: words[option],
        key=f"{noun}.sort",
        label_visibility="collapsed",
        persist_state="session",
        width=190,
    )
    return picked or start


def _nothing(narrowed: bool, empty: str) -> None:
    if narrowed:
        st.info(t("Nothing matches. Clear the search or the filters."), icon=":material/filter_list_off:")
    else:
        st.info(empty or t("Nothing here yet."), icon=":material/inbox:")


def _draw_page(
    actor: Actor, noun: str, query: ListQuery, total: int, keys: tuple[str, ...], open_: Callable[[int], None] | None, selectable: bool
) -> list[int]:
    slot = st.container()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(tn("{n} record", "{n} records", total))
        export_buttons(actor, noun, query, total)
        number = page_number(total, PAGE_ROWS, f"{noun}.page.{hash((query.search, str(query.filters)))}")
    with reading(actor) as session:
        rows = page(session, noun, replace(query, offset=(number - 1) * PAGE_ROWS), keys)
        fields = {field.key: field for field in fields_for(session, noun)}
    with slot:
        return grid(noun, rows, fields, f"{noun}.grid.{number}.{hash(str(query))}", open_, selectable)


def grid(noun: str, rows: pd.DataFrame, fields: Mapping[str, Field], key: str, open_: Callable[[int], None] | None, selectable: bool) -> list[int]:
    """The table itself; tells the opened row and returns the ticked ones.

    Streamlit keeps ticks by position: other rows get another key, so that no tick moves to a stranger. So does each
    opening, so that the same row can be opened again.
    """
    ids = [int(id_) for id_ in rows.index]
    opened = f"{key}.opened"
    modes = [mode for mode, wanted in (("multi-row", selectable), ("single-cell", open_ is not None)) if wanted]
    options: dict[str, Any] = {"on_select": "rerun", "selection_mode": modes} if modes else {}
    event: Any = st.dataframe(
        presented(rows, fields),
        key=f"{key}.{hash(tuple(ids))}.{st.session_state.get(opened, 0)}",
        hide_index=True,
        column_config=column_config(rows, fields),
        row_height=36,
        placeholder="",
        height=min(len(rows), SEEN_ROWS) * 36 + HEAD_HEIGHT,
        alt=t(NOUNS[noun].words[1]),
        **options,
    )
    row = clicked(event, len(ids)) if modes else None
    if open_ is not None and row is not None:
        st.session_state[opened] = st.session_state.get(opened, 0) + 1
        open_(ids[row])
    return [ids[position] for position in ticked(event, len(ids))] if modes and selectable else []
