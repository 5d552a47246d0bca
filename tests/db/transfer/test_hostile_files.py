from __future__ import annotations

import re
import resource
import time

import pytest

from db.errors import Invalid
from db.language import speaking
from db.transfer.reader import read
from tests.db.transfer.hostile import DAMAGED

SECONDS = 5


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_or_hostile_file_is_refused_with_a_clear_message_within_five_seconds(case):
    name, content, expected = DAMAGED[case]
    start = time.process_time()
    with pytest.raises(Invalid) as refused:
        read(name, content)
    assert time.process_time() - start < SECONDS
    assert re.search(expected, str(refused.value)), str(refused.value)


def test_the_answer_is_in_the_user_s_language():
    with speaking("zh"), pytest.raises(Invalid) as refused:
        read("x.csv", b"")
    with speaking("zh"):
        assert str(refused.value) == "文件为空。"


def test_refusing_takes_little_memory():
    """In kB; the largest hostile file would fill gigabytes when opened."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for case in ("a zip bomb", "a far away cell", "many tags", "too many strings", "a quotation of 5 MB"):
        name, content, _ = DAMAGED[case]
        with pytest.raises(Invalid):
            read(name, content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
