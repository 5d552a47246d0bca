"""The recycle bin by noun, with 'restore'."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.saving import attempt
from db import records
from db.engine import reading
from db.history import recycle_bin
from db.language import t
from db.models import NOUNS
from db.policy import Actor, may

NOUNS_KEPT = (
    *("customer", "contact", "follow_up", "order", "attachment", "survey_response", "survey_invitation", "product", "product_line", "survey", "question"),
    *("tag", "target", "saved_view", "option", "custom_field", "team", "user"),
)


def draw_bin(actor: Actor) -> None:
    with reading(actor) as session:
        offered = [noun for noun in NOUNS_KEPT if may(actor, "delete", noun) and recycle_bin(session, noun, limit=1)]
    if not offered:
        st.info(t("The recycle bin is empty."), icon=":material/delete:")
        return
    noun = st.selectbox(t("What"), offered, format_func=lambda key: t(NOUNS[key].words[1]), key="bin_noun", label_visibility="collapsed", width=240)
    with reading(actor) as session:
        found = recycle_bin(session, noun)
    for record in found:
        with st.container(horizontal=True, key=f"row_bin_{record.id}", horizontal_alignment="distribute", vertical_alignment="center"):
            merged = f" · {t('merged into another record')}" if getattr(record, "merged_into_id", None) else ""
            st.markdown(f"**{formats.plain(record.title)}** :gray[{record.short_code} · {formats.instant(record.deleted_at)}{merged}]")
            if st.button(t("Restore"), key=f"restore_{noun}_{record.id}", icon=":material/restore_from_trash:"):
                if attempt(actor, f"{noun}.restore", lambda session, id_=record.id: records.restore(session, noun, id_), t("Restored")) is not None:  # type: ignore[misc]
                    st.rerun()
