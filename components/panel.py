"""A chart's frame: the finding as title, measure and period below it, and a plain word where there is no data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components import chart_image, formats
from db.language import t


@contextmanager
def panel(title: str, caption: str = "", key: str | None = None) -> Iterator[None]:
    chart_image.framed(title, caption)
    with st.container(border=True, height="stretch", key=key, gap="xsmall"):
        st.markdown(f"**{formats.plain(title)}**")
        if caption:
            st.caption(caption)
        yield


def no_data(what: str = "") -> None:
    st.caption(what or t("No data in this period yet."))
