"""The list of backups with 'back up now' and 'restore'."""

from __future__ import annotations

import streamlit as st

from components import door, formats, messages
from components.navigation import link
from components.page_head import page_head
from db import backup
from db.actions import custody
from db.engine import reading
from db.errors import CrmError
from db.language import t
from db.policy import Actor

ASKED = "regulars.restore"


def draw_backups(actor: Actor) -> None:
    with page_head():
        if st.button(t("Back up now"), type="primary", icon=":material/save:"):
            _take(actor)
    _draw_standing(actor)
    entries = custody.kept(actor)
    if not entries:
        st.info(t("No backup yet. Take the first one now; it takes seconds."), icon=":material/save:")
    for entry in entries:
        _line(entry)
    if ASKED in st.session_state:
        _confirm(actor, st.session_state[ASKED])


def _draw_standing(actor: Actor) -> None:
    """When the last good backup was taken; loud when that is long ago or the last try failed."""
    found = custody.standing(actor)
    if found.problem:
        st.error(t("The last daily backup failed: {problem}", problem=formats.plain(found.problem)), icon=":material/error:")
    if found.last is None:
        return
    words = t("The last good backup was taken at {at}.", at=formats.instant(found.last.at))
    if found.is_old:
        st.warning(f"{words} {t('It should be no older than two days: take one now, and look why the daily one was not taken.')}", icon=":material/warning:")
    else:
        st.success(words, icon=":material/verified:")
    with reading(actor) as session:
        house = session.organisation
    kept = t("One is taken every day from {hour}:00; {daily} daily, {weekly} weekly and {monthly} monthly ones are kept.",
             hour=f"{house.backup_hour:02d}", daily=house.backups_daily, weekly=house.backups_weekly, monthly=house.backups_monthly)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(kept)
        link("settings_organisation", t("To the settings"), "tune")


def _take(actor: Actor) -> None:
    try:
        with st.spinner(t("Backing up …")):
            path = custody.take(actor)
    except CrmError as error:
        st.error(str(error))
    else:
        messages.say(t("Backed up and checked: {file}", file=path.name))
        st.rerun()


def _line(entry: backup.Backup) -> None:
    with st.container(horizontal=True, key=f"row_backup_{entry.path.stem}", horizontal_alignment="distribute", vertical_alignment="center"):
        why = {"before-restore": t("before a restore"), "before-upgrade": t("before an upgrade"), backup.DAMAGED: t("damaged")}.get(entry.label, "")
        badge = f" :violet-badge[{why}]" if why else ""
        st.markdown(f"**{formats.instant(entry.at)}** :gray[{formats.plain(entry.path.name)} · {formats.number(entry.size / 1024 / 1024, 1)} MB]{badge}")
        if st.button(t("Restore …"), key=f"restore_{entry.path.stem}", type="tertiary", icon=":material/settings_backup_restore:"):
            st.session_state[ASKED] = entry.path.name
            st.rerun()


def _confirm(actor: Actor, name: str) -> None:
    """A restore cannot be undone with a click: say what it does first."""
    with st.container(border=True, key="confirm_restore"):
        st.markdown(f":material/warning: **{t('Restore {file}?', file=formats.plain(name))}**")
        st.text(t("Everything entered since then disappears from view; it is saved aside first. Everybody is signed out."))
        with st.container(horizontal=True):
            if st.button(t("Restore"), key="confirm_restore_yes"):
                _put_back(actor, name)
            if st.button(t("Leave it"), key="confirm_restore_no", type="tertiary"):
                del st.session_state[ASKED]
                st.rerun()


def _put_back(actor: Actor, name: str) -> None:
    try:
        with st.spinner(t("Restoring …")):
            custody.put_back(actor, name)
    except CrmError as error:
        st.error(str(error))
    else:
        del st.session_state[ASKED]
        door.reload()
