from __future__ import annotations

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest

from components.error_page import show_error
from db.errors import Forbidden


def broken_screen() -> None:
    from components.error_page import show_error

    show_error(ValueError("SELECT secret FROM /srv/regulars/db.py"))


def refused_screen() -> None:
    from components.error_page import show_error
    from db.errors import Forbidden

    show_error(Forbidden())


def test_a_broken_page_shows_a_reference_that_is_found_in_the_log_and_nothing_of_the_error(caplog):
    with caplog.at_level(logging.ERROR, logger="regulars"):
        [shown] = AppTest.from_function(broken_screen).run().error
    reference = re.search(r"[0-9A-F]{6}", shown.value).group()
    assert reference in caplog.text
    assert "secret" not in shown.value
    assert "ValueError" not in shown.value


def test_a_refusal_is_told_in_its_own_words():
    assert [shown.value for shown in AppTest.from_function(refused_screen).run().error] == ["You may not do this."]


@pytest.mark.parametrize("error", [ValueError("x"), Forbidden()])
def test_streamlit_shows_nothing_of_its_own(error):
    assert show_error(error) is True
