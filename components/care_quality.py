"""How complete and fresh the customers are: in all, by account manager and by field, with who lacks what."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from components import formats
from components.cache import ask
from components.care_faults import customers_to_act_on, missing_words
from components.panel import no_data, panel
from components.phone_rows import PhoneRow, narrow, wide
from db.engine import reading
from db.language import t, tn
from db.models.customer import weighed
from db.policy import Actor
from db.queries import quality
from db.queries.quality import Quality


def draw(actor: Actor) -> None:
    found = ask(actor, quality.quality)
    if not found.customers:
        st.info(t("No customers yet. Once there are some, this page tells what they lack and whom nobody spoke to for long."), icon=":material/inbox:")
        return
    with st.grid(3, min_column_width=150, gap="small"):
        st.metric(t("Customers"), formats.number(found.customers), border=True)
        st.metric(t("Completeness"), _score(found.mean("complete")), border=True, help=_weights())
        st.metric(t("Freshness"), _score(found.mean("fresh")), border=True, help=_falling())
    left, right = st.columns(2, gap="medium")
    with left:
        _people(found)
    with right:
        _gaps(found)
    _lacking(actor, found)


def _score(value: float | None) -> str:
    return formats.NOTHING if value is None or value != value else formats.percent(value / 100, 0)


def _weights() -> str:
    parts = formats.listed(f"{field.title} {field.weight}" for field in weighed())
    return t("The filled part of the fields that matter, by weight: {parts}. A mobile number does for the phone.", parts=parts)


def _falling() -> str:
    return t("100% until the rhythm wants a contact; then falling, to 0% after {n} rhythms without one.", n=quality.STALE_AFTER)


def _people(found: Quality) -> None:
    with panel(t("By account manager"), t("Means over their customers"), key="quality_people"):
        names = [name if isinstance(name, str) else t("Without owner") for name in found.people["manager"]]
        scores = {key: [None if value is None or value != value else round(float(value)) for value in found.people[key]] for key in ("complete", "fresh")}
        table = {t("Owner"): names, t("Customers"): found.people["customers"], t("Completeness"): scores["complete"], t("Freshness"): scores["fresh"]}
        bar = st.column_config.ProgressColumn(format="%d%%", min_value=0, max_value=100)
        bars = {t("Completeness"): bar, t("Freshness"): bar}
        with wide("quality_people"):
            st.dataframe(table, hide_index=True, column_config=bars, key="quality_by_person", alt=t("Data quality by account manager"))
        narrow("quality_people", _people_on_a_phone(names, found.people["customers"], scores))


def _people_on_a_phone(names: list[str], customers: Iterable[int], scores: dict[str, list[int | None]]) -> list[PhoneRow]:
    rows = zip(names, customers, scores["complete"], scores["fresh"], strict=True)
    return [
        PhoneRow(name, tn("{n} customer", "{n} customers", count),
                 note=f"{formats.labelled(t('Completeness'), _score(complete))} · {formats.labelled(t('Freshness'), _score(fresh))}")
        for name, count, complete, fresh in rows
    ]


def _gaps(found: Quality) -> None:
    with panel(t("By field"), t("How many customers lack it, of those for whom it matters"), key="quality_fields"):
        filled = [None if not of else round(100 - 100 * lack / of) for lack, of in zip(found.gaps["missing"], found.gaps["of"], strict=True)]
        table = {t("Field"): found.gaps["title"], t("Missing"): found.gaps["missing"], t("Out of"): found.gaps["of"], t("Filled"): filled}
        bar = st.column_config.ProgressColumn(format="%d%%", min_value=0, max_value=100)
        with wide("quality_fields"):
            st.dataframe(table, hide_index=True, column_config={t("Filled"): bar}, key="quality_by_field", alt=t("Data quality by field"))
        rows = zip(found.gaps["title"], found.gaps["missing"], found.gaps["of"], filled, strict=True)
        narrow("quality_fields", [
            PhoneRow(title, _score(share), note=t("{n} of {all} missing", n=formats.number(lack), all=formats.number(of)))
            for title, lack, of, share in rows
        ])


def _lacking(actor: Actor, found: Quality) -> None:
    """Who lacks one field, to be mended or to be remembered by a follow-up."""
    lacking = {row["key"]: f"{row['title']} ({formats.number(row['missing'])})" for row in found.gaps.to_dict("records") if row["missing"]}
    with panel(t("Who lacks what"), key="quality_lacking"):
        if not lacking:
            no_data(t("Nothing is missing."))
            return
        key = st.selectbox(t("Field"), list(lacking), format_func=lambda name: lacking[name], key="care_field", label_visibility="collapsed", width=260)
        with reading(actor) as session:
            customers = quality.without(session, key or next(iter(lacking)))
        customers_to_act_on(actor, customers, missing_words, f"lacking_{key}", t("Complete the data"), scored=True)
