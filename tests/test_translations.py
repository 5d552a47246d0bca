"""The Chinese catalogue is complete, sound and well set."""

from __future__ import annotations

import ast
import io
import re
from collections import Counter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from components.actions import action_word
from components.rooms import ROOMS
from db.defaults import OPTIONS
from db.fields import fields_of
from db.language import sentences, speaking, t, tn
from db.locales import extract, source
from db.models import NOUNS
from db.queries.kpis import KPIS

NEVER_LISTED = {"access.admit", "access.touch", "access.signing_key", "job.claim", "job.close"}
"""They write sessions, keys and runs of jobs only, which the journal does not keep."""
SAME_IN_CHINESE = re.compile(r"[A-C]|CSAT|NPS|CES|English|简体中文|CSV|Excel|ISO 10004:2018|[{]size[}] KB")
CHINESE = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{CHINESE} ?[,;:!?()]|[,;:!?()] ?{CHINESE}|{CHINESE}\.(?![a-z])|\.{CHINESE}|{CHINESE}[\"']|[\"']{CHINESE}|\.\.\.")
SPACED_UNIT = re.compile(r"(?:\d|[{]n[}]) (?:天|个|项|条|位|小时|分钟?|年|月|%)")
BOLD_END = re.compile(rf"[，。：；！？、）”]\*\*{CHINESE}")


def messages() -> list[Message]:
    return [message for message in read_po(io.BytesIO(extract.CATALOGUE.read_bytes()), locale="zh_Hans_CN") if message.id]


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def chinese(message: Message) -> str:
    return message.string if isinstance(message.string, str) else message.string[0]


def parameters(text: str) -> Counter[str]:
    return Counter(re.findall(r"[{](\w+)[}]|(\$\d)", text))


def test_the_catalogue_holds_every_word_of_the_source_and_no_other():
    found = {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages()}
    assert found == {words if len(words) == 2 else words[0] for words in extract.wanted()}
    assert list((extract.CHINESE / "parts").glob("*.po")) == []


def test_every_word_has_a_chinese_one():
    assert [singular(message) for message in messages() if not chinese(message)] == []


def test_no_translation_is_doubtful_or_obsolete():
    catalogue = read_po(io.BytesIO(extract.CATALOGUE.read_bytes()), locale="zh_Hans_CN")
    assert [message.id for message in catalogue if message.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_a_translation_keeps_the_parameters():
    wrong = {singular(message): chinese(message) for message in messages() if set(parameters(chinese(message))) - set(parameters(singular(message)))
             or set(parameters(message.id if isinstance(message.id, str) else message.id[1])) - set(parameters(chinese(message)))}
    assert wrong == {}


def test_only_names_and_codes_stay_as_they_are():
    assert [singular(message) for message in messages() if not re.search(CHINESE + "|[，。、：（]", chinese(message)) and not SAME_IN_CHINESE.fullmatch(chinese(message))] == []


@pytest.mark.parametrize("fault", [HALF_WIDTH, SPACED_UNIT, BOLD_END], ids=["half-width punctuation", "a space before a unit", "bold text that ends in punctuation"])
def test_chinese_is_set_as_chinese(fault):
    assert {singular(message): chinese(message) for message in messages() if fault.search(chinese(message))} == {}


def test_opening_and_closing_marks_are_pairs():
    assert [chinese(message) for message in messages() if any(chinese(message).count(mark) != chinese(message).count(other) for mark, other in ("“”", "（）"))] == []


def words_of_declared_things() -> list[str]:
    found = [text for model in NOUNS.values() for text in model.words]
    for model in NOUNS.values():
        found += [text for field in fields_of(model) for text in (field.label, field.hint, field.section, field.unit, *field.choices.values())]
    found += [text for room in ROOMS for text in (room.title, room.group)]
    found += [text for kpi in KPIS.values() for text in (kpi.label, kpi.question, kpi.formula, kpi.source, kpi.pitfalls)]
    return [text for text in found if text]


def test_all_nouns_fields_choices_pages_and_kpis_speak_chinese():
    words = words_of_declared_things()
    with speaking("zh"):
        assert sorted({word for word in words if t(word) == word and not SAME_IN_CHINESE.fullmatch(word)}) == []


def test_two_fields_of_one_noun_never_share_a_name_in_either_language():
    for language in ("en", "zh"):
        with speaking(language):
            for noun, model in NOUNS.items():
                assert [title for title, times in Counter(field.title for field in fields_of(model)).items() if times > 1] == [], noun


def test_two_pages_never_share_a_title_in_chinese():
    with speaking("zh"):
        assert [title for title, times in Counter(t(room.title) for room in ROOMS if not room.hidden).items() if times > 1] == []


def actions_written_to_the_journal() -> set[str]:
    """The literal action of every `transaction(...)` and `attempt(...)`."""
    calls = (node for path in extract.source_files() for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    named = (node for node in calls if isinstance(node.func, ast.Name) and node.func.id in {"transaction", "attempt"} and len(node.args) > 1)
    return {node.args[1].value for node in named if isinstance(node.args[1], ast.Constant)}


def test_every_action_of_the_audit_log_has_a_word():
    assert "follow_up.complete" in actions_written_to_the_journal()
    with speaking("zh"):
        assert sorted(action for action in actions_written_to_the_journal() - NEVER_LISTED if re.search("[a-z]", action_word(action))) == []


def test_the_first_drop_down_values_have_names_in_both_languages():
    nameless = [(key, list_key) for list_key, values in OPTIONS.items() for key, english, chinese_name, _ in values if not (english and chinese_name)]
    assert nameless == []


def test_counted_words_take_the_one_chinese_form():
    with speaking("zh"):
        assert [tn("{n} day late", "{n} days late", n) for n in (1, 2)] == ["逾期1天", "逾期2天"]
    assert [tn("{n} day late", "{n} days late", n) for n in (1, 2, 1200)] == ["1 day late", "2 days late", "1,200 days late"]


def test_sentences_follow_each_other_as_each_language_writes():
    assert sentences(["One.", "Two."]) == "One. Two."
    with speaking("zh"):
        assert sentences(["一。", "二。"]) == "一。二。"


def test_the_words_of_light_pages_are_found():
    assert source.words_of_template('<p>{{ t("Thank you") }}</p><a title="{{ t("No, {name}", name=x) }}">{{ that("Not a word") }}</a>') == {("Thank you",), ("No, {name}",)}


def test_words_are_found_wherever_a_sentence_can_stand():
    written = '''
REASON = "Why"
CASES = {1: "One case", 2: "Two cases"}
label = f"**{t('In a heading')}** {tn('one', 'many', 3)}"
t("Left" if here else "Right"), t(CASES[2]), Message("A sentence", {}), Room("key", "Title", "icon", "Group"), errors.because("Refused"), t("joined "
  "over lines"), nothing("Not a word"), t(variable)
'''
    assert source.words_of(written) == {("Why",), ("In a heading",), ("one", "many"), ("Left",), ("Right",), ("One case",), ("Two cases",), ("A sentence",), ("Title",),
                                        ("Group",), ("Refused",), ("joined over lines",)}
