"""Pages of constant data: `?shape=hello`, `table` (50 rows), `chart` (60 points), or `same&texts=9&tables=1&charts=3`, as many pieces as a page of the product has."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

ROWS = pd.DataFrame({f"column {number}": [f"value {number} {row}" for row in range(50)] for number in range(8)})
POINTS = pd.DataFrame({"month": range(60), "value": [abs(30 - place) for place in range(60)]})


def table(number: int) -> None:
    st.dataframe(ROWS, key=f"table {number}", hide_index=True)


def chart(number: int) -> None:
    line = alt.Chart(POINTS).mark_line().encode(x=alt.X("month:Q"), y=alt.Y("value:Q"))
    st.altair_chart(line, key=f"chart {number}")


def wanted(name: str) -> int:
    return int(st.query_params.get(name, 0))


st.title("Hello")
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.button("again", key="again")
st.text(f"run {st.session_state['runs']}")
shape = st.query_params.get("shape", "hello")
for number in range(wanted("texts")):
    st.markdown(f"text {number}")
for number in range(1 if shape == "table" else wanted("tables")):
    table(number)
for number in range(1 if shape == "chart" else wanted("charts")):
    chart(number)
