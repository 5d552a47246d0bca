"""A survey sheet entered by phone or on site."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import formats, openings
from components.saving import attempt, saved_already
from db.actions import surveys
from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.language import t
from db.models import Question, SurveyResponse
from db.policy import Actor
from db.queries.links import link_choices

PRODUCT, UNHAPPY = field_of(SurveyResponse, "product_id"), field_of(SurveyResponse, "unhappy")


def survey_sheet(actor: Actor, customer_id: int, number: str) -> Any:
    """Draw the questions of a survey; returns the answers once they are saved. number: of the opening."""
    with reading(actor) as session:
        offered = link_choices(session, field_of(Question, "survey_id"))
        channels = labels(session, field_of(SurveyResponse, "channel"), with_retired=False)
        products = link_choices(session, PRODUCT)
    if not offered:
        st.info(t("There is no survey yet. Make one on the Surveys page."))
        return None
    survey_id = st.selectbox(t("Survey"), list(offered), format_func=lambda id_: offered[id_], key="sheet_survey")
    with reading(actor) as session:
        asked = surveys.questions_of(session, survey_id)
    name = f"sheet.{customer_id}.{survey_id}.{number}"
    shown = openings.is_shown(name)
    slots: dict[str, Any] = {}
    with st.form(name, border=False):
        scores = {question.id: _score(question, name, slots) for question in asked}
        comment = st.text_area(t("Comment"), key=f"{name}.comment", height=90)
        channel = st.selectbox(
            t("Channel"), list(channels), index=None, format_func=lambda code: channels[code], key=f"{name}.channel", placeholder=t("Choose")
        )
        product = st.selectbox(t("Product"), list(products), index=None, format_func=lambda id_: products[id_], key=f"{name}.product", placeholder=t("Choose"))
        unhappy = st.checkbox(UNHAPPY.title, key=f"{name}.unhappy", help=t(UNHAPPY.hint))
        pressed = st.form_submit_button(t("Save"), type="primary", icon=":material/check:")
    sheet: dict[str, Any] = {"comment": comment, "channel": channel, "product_id": product, "unhappy": unhappy}
    typed = {"scores": scores, **sheet}
    if not pressed:
        return saved_already(actor, name, number, typed if shown else None)
    return attempt(
        actor,
        "survey.answer",
        lambda session: surveys.answer(session, customer_id, survey_id, scores, **sheet),
        t("Survey saved"),
        form=name,
        number=number,
        typed=typed,
        slots=slots,
    )


def _score(question: Question, name: str, slots: dict[str, Any]) -> int | None:
    steps = list(range(question.scale_min, question.scale_max + 1))
    score = st.segmented_control(formats.plain(question.text), steps, key=f"{name}.{question.id}")
    slots[f"q{question.id}"] = st.empty()
    return score
