from __future__ import annotations

import pytest

from components.addresses import number_in


@pytest.mark.parametrize("text", ["", None, "²", "٣", "1e3", "-4", "12345678901234567890", " 7"])
def test_whatever_is_no_record_s_number_names_none(text):
    assert number_in(text) is None


def test_a_record_s_number_is_read():
    assert number_in("42") == 42
