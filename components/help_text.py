"""Help: how the product thinks, and its keys."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components.people_settings import draw_roles
from db.language import t
from db.policy import Actor


def draw_help(actor: Actor) -> None:
    st.markdown(f"### {t('Three habits')}")
    st.markdown(
        "\n".join(
            f"{number}. {line}"
            for number, line in enumerate(
                (
                    t("Begin the day on Today: what is late, what is due, who needs attention."),
                    t("After every conversation press L, write what happened, and plan the next step in the same form."),
                    t("Anything can be undone: press U right after, or use the history later."),
                ),
                1,
            )
        )
    )
    st.markdown(f"### {t('Keys')}")
    keys = {
        "Ctrl K": t("Search"),
        "N": t("New entry"),
        "L": t("Log follow-up"),
        "E": t("Edit the customer"),
        "J / K": t("Next or previous customer"),
        "U": t("Undo the last action"),
        "Ctrl Enter": t("Save a form"),
    }
    st.table(pd.DataFrame({t("Press"): list(keys), t("What it does"): list(keys.values())}), border="horizontal", hide_index=True, alt=t("Keys"))
    st.markdown(f"### {t('Roles')}")
    draw_roles(actor)
