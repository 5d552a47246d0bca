"""Finding one's way on a screen that AppTest drew, by the words that people read."""

from __future__ import annotations

import re
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from components.rooms import BY_KEY
from tests.screen_words import drawn

PLAIN = re.compile(r"\\(.)")
INPUTS = ("text_input", "text_area", "selectbox", "multiselect", "checkbox", "number_input", "date_input", "datetime_input", "time_input", "button_group")


def go(screen: AppTest, key: str, **params: object) -> AppTest:
    """Go to a page, as by its link."""
    screen.query_params.clear()
    screen.query_params.update({name: str(value) for name, value in params.items()})
    screen.switch_page(f"../pages/{key}.py").run()
    screen._page_hash = ""  # else every later run would come back to this page, wherever the product went
    return sound(screen)


def by_link(screen: AppTest, key: str) -> AppTest:
    """Enter the house at a page, as by a link from outside."""
    if BY_KEY[key].url_path:
        screen._page_hash = calc_hash(BY_KEY[key].url_path)  # what the browser would send; AppTest has no way to say it before the first run
    screen.run()
    screen._page_hash = ""
    return sound(screen)


def words(screen: AppTest) -> str:
    """Everything that can be read, one text a line, as a person reads it."""
    return "\n".join(PLAIN.sub(r"\1", text) for text in sorted(drawn(screen)))


def sees(screen: AppTest, *texts: str) -> bool:
    found = words(screen)
    missing = [text for text in texts if text not in found]
    assert not missing, f"{missing} not in:\n{found}"
    return True


def sees_nothing_of(screen: AppTest, *texts: str) -> bool:
    found = words(screen)
    present = [text for text in texts if text in found]
    assert not present, f"{present} are in:\n{found}"
    return True


def labelled(screen: AppTest, label: str) -> Any:
    """The input with this label, filters apart; a star marks the ones that must be filled in."""
    found = [widget for kind in INPUTS for widget in screen.get(kind) if ".filter." not in str(widget.key) and PLAIN.sub(r"\1", widget.label) in (label, f"{label} *")]
    assert len(found) == 1, f"{label}: {len(found)} of {[widget.label for kind in INPUTS for widget in screen.get(kind)]}"
    return found[0]


def button(screen: AppTest, label: str, number: int = 0) -> Any:
    found = [widget for widget in screen.button if widget.label == label]
    assert len(found) > number, f"{label}: not among {[widget.label for widget in screen.button]}"
    return found[number]


def has_button(screen: AppTest, label: str) -> bool:
    return any(widget.label == label for widget in screen.button)


def press(screen: AppTest, label: str, number: int = 0) -> AppTest:
    button(screen, label, number).click().run()
    return sound(screen)


def choose(screen: AppTest, key: str, value: Any) -> AppTest:
    """Set the widget with this key and let the page follow."""
    screen.get_by_key(key).set_value(value).run()
    return sound(screen)


def tick(screen: AppTest, key: str, id_: int) -> AppTest:
    """Tick a customer of a list that calls for a step."""
    next(box for box in screen.checkbox if re.fullmatch(rf"tick\.{key}\.\w+\.{id_}", box.key or "")).check().run()
    return sound(screen)


def open_tab(screen: AppTest, key: str, label: str) -> AppTest:
    """Click on a tab."""
    screen.session_state[key] = label
    return sound(screen.run())


def tick_rows(screen: AppTest, key: str, *rows: int) -> AppTest:
    """Tick rows of a grid, as a click on their boxes does."""
    screen.session_state[grid_key(screen, key)] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return sound(screen.run())


def open_row(screen: AppTest, key: str, row: int) -> AppTest:
    """Click on a row of a grid."""
    grid = grid_key(screen, key)
    column = next(frame for frame in screen.dataframe if frame.key == grid).value.columns[0]
    screen.session_state[grid] = {"selection": {"rows": [], "columns": [], "cells": [(row, column)]}}
    return sound(screen.run())


def grid_key(screen: AppTest, start: str) -> str:
    return next(frame.key for frame in screen.dataframe if frame.key and frame.key.startswith(start))


def table(screen: AppTest, start: str) -> Any:
    """The grid whose key starts so, as a frame."""
    return next(frame.value for frame in screen.dataframe if frame.key and frame.key.startswith(start))


def metrics(screen: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in screen.metric}


def sound(screen: AppTest) -> AppTest:
    assert [problem.value for problem in screen.exception] == []
    return screen


def frame(screen: AppTest, column: str) -> Any:
    """The table that has a column of this name."""
    return next(shown.value for shown in [*screen.dataframe, *screen.table] if column in shown.value.columns)
