"""Who can take five more? The answer for each account manager, with its reason."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import formats
from components.cache import ask
from components.panel import no_data, panel
from db.language import t
from db.policy import Actor
from db.queries.capacity import Room, room_for
from db.queries.periods import month
from db.queries.workload import workload
from db.session import CrmSession

FOLDED = 8


def room_panel(actor: Actor, as_of: date) -> None:
    rooms: list[Room] = ask(actor, _rooms, as_of)
    able = [room for room in rooms if room.verdict == "yes"]
    with panel(_title(able), t("Five more average customers, and the hours of the next four weeks less the follow-ups already due; all tiers")):
        if not rooms:
            no_data(t("There are no customers with an account manager yet."))
        for room in (able or rooms)[:FOLDED]:
            _row(room)
        rest = [room for room in rooms if room not in able] if able else rooms[FOLDED:]
        if rest:
            names = formats.listed(room.manager for room in rest[:3]) + (" …" if len(rest) > 3 else "")
            with st.expander(t("Better not: {names}", names=formats.plain(names))):
                for room in rest:
                    _row(room)


def _rooms(session: CrmSession, as_of: date) -> list[Room]:
    return room_for(session, workload(session, as_of, month(as_of)), as_of)


def _title(able: list[Room]) -> str:
    if not able:
        return t("Who can take five more? Nobody just now")
    return t("Who can take five more? First {name}", name=able[0].manager)


def _row(room: Room) -> None:
    icon = ":green[:material/check_circle:]" if room.verdict == "yes" else ":gray[:material/block:]"
    with st.container(gap=None):
        st.markdown(f"{icon} **{formats.plain(room.manager)}**")
        st.caption(_reason(room))


def _reason(room: Room) -> str:
    if room.verdict == "away":
        return t("On leave until {day}.", day=formats.day_month(room.away_until))
    if room.verdict == "heavy":
        return t("The load would be {load}, more than one and a half times the mean of {mean}.", **_loads(room))
    if room.verdict == "hours":
        return t("Only {hours} h are free in the next four weeks.", hours=formats.number(max(0.0, room.free_hours)))
    return t("The load would be {load}, the mean is then {mean}; {hours} h stay free.", **_loads(room), hours=formats.number(room.free_after))


def _loads(room: Room) -> dict[str, str]:
    return {"load": formats.number(room.load_after), "mean": formats.number(room.mean_after)}
