"""One record for a page: found by the address, or a plain word that it is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.addresses import number_in
from components.messages import say
from components.navigation import go, link
from db import records
from db.engine import reading
from db.errors import CrmError
from db.language import t
from db.policy import Actor


def wanted_id() -> int | None:
    return number_in(st.query_params.get("id"))


def _lead_on(actor: Actor, noun: str, id_: int | None) -> None:
    if noun != "customer":
        return
    with reading(actor) as session:
        heir = records.merged_into(session, id_)
    if heir is not None:
        say(t("The record you asked for was merged into this one."))
        go("customer", id=heir)


def load(actor: Actor, noun: str, id_: int | None, question: Callable[..., Any]) -> tuple[Any, Any]:
    """The record and the answer to a question about it; stops the page where there is none to see.

    The address of a merged customer leads on to the one that took it over.
    """
    _lead_on(actor, noun, id_)
    try:
        with reading(actor) as session:
            record = records.get(session, noun, id_)
            return record, question(session, record)
    except CrmError as error:
        st.info(str(error), icon=":material/search_off:")
        link("customers", t("To the list of customers"), "arrow_back")
        st.stop()
