"""What must hold whichever way a change came: a form, an undo, the recycle bin."""

from __future__ import annotations

import pytest

from db import history, records
from db.engine import reading, transaction
from db.errors import Invalid
from db.models import Customer, CustomField, Option, ProductLine, Question, SurveyResponse, User
from tests.db.queries import company


def make(actor, noun: str, **values) -> tuple[int, int]:
    """The new record and the change that made it."""
    with transaction(actor, f"{noun}.create") as session:
        id_ = records.create(session, noun, values).id
    return id_, session.info["change_id"]


def change(actor, noun: str, id_: int, **values) -> None:
    with transaction(actor, f"{noun}.update") as session:
        records.update(session, noun, id_, values)


def remove(actor, noun: str, id_: int) -> None:
    with transaction(actor, f"{noun}.delete") as session:
        records.delete(session, noun, id_)


def found(actor, model, id_: int):
    with reading(actor) as session:
        return session.get(model, id_)


@pytest.fixture
def fair(acme) -> tuple[int, int]:
    return make(acme.ada, "option", list_key="source", key="fair", name_en="Trade fair")


def test_a_used_value_can_neither_be_deleted_nor_undone(acme, fair):
    company.customer(acme.amy, source="fair")
    with pytest.raises(Invalid, match="in use"):
        remove(acme.ada, "option", fair[0])
    with pytest.raises(Invalid, match="in use"):
        history.undo(acme.ada, fair[1])
    assert found(acme.ada, Option, fair[0])


def test_a_value_that_only_a_deleted_customer_carries_is_in_use_too(acme, fair):
    id_ = company.customer(acme.amy, source="fair")
    remove(acme.amy, "customer", id_)
    with pytest.raises(Invalid, match="in use"):
        remove(acme.ada, "option", fair[0])


def test_a_value_of_an_own_field_is_in_use_where_a_customer_carries_it(acme):
    make(acme.ada, "custom_field", key="tea", name_en="Tea", kind="choice")
    green, _ = make(acme.ada, "option", list_key="custom:tea", key="green", name_en="Green")
    black, _ = make(acme.ada, "option", list_key="custom:tea", key="black", name_en="Black")
    company.customer(acme.amy, custom={"tea": "green"})
    with pytest.raises(Invalid, match="in use"):
        remove(acme.ada, "option", green)
    remove(acme.ada, "option", black)
    assert found(acme.ada, Option, black) is None


def test_an_unused_value_goes_and_comes_back(acme, fair):
    company.customer(acme.amy, source="referral")
    remove(acme.ada, "option", fair[0])
    with transaction(acme.ada, "option.restore") as session:
        records.restore(session, "option", fair[0])
    assert found(acme.ada, Option, fair[0])


@pytest.mark.parametrize("key", ["name", "owner_id", "contact_due_on", "tags", "version"])
def test_an_own_field_never_bears_a_name_that_is_taken(acme, key):
    with pytest.raises(Invalid, match="already in use"):
        make(acme.ada, "custom_field", key=key, name_en="Mine", kind="text")
    assert found(acme.ada, CustomField, 1) is None


@pytest.mark.parametrize("key", ["Upper", "with space", "1st", "naïve", "a-b", "_x", ""])
def test_a_key_is_made_of_plain_letters_digits_and_underscores(acme, key):
    with pytest.raises(Invalid):
        make(acme.ada, "custom_field", key=key, name_en="Mine", kind="text")


@pytest.mark.parametrize("values", [{"role": "manager"}, {"active": False}])
def test_an_administrator_remains(acme, values):
    with pytest.raises(Invalid, match="administrator"):
        change(acme.ada, "user", acme.ada.id, **values)
    with pytest.raises(Invalid, match="administrator"):
        remove(acme.ada, "user", acme.ada.id)
    change(acme.ada, "user", acme.mia.id, role="admin")
    change(acme.ada, "user", acme.ada.id, **values)
    assert found(acme.mia, User, acme.mia.id).role == "admin"


def test_product_lines_make_no_circle(acme):
    first, _ = make(acme.mia, "product_line", name="Drinks")
    second, _ = make(acme.mia, "product_line", name="Tea", parent_id=first)
    third, _ = make(acme.mia, "product_line", name="Green tea", parent_id=second)
    for parent in (first, second, third):
        with pytest.raises(Invalid, match="part of itself"):
            change(acme.mia, "product_line", first, parent_id=parent)
    assert found(acme.mia, ProductLine, first).parent_id is None


def test_an_answer_lies_on_its_question_s_scale(acme):
    id_, question = company.customer(acme.amy), company.question("csat", 1, 5)
    answer = {"customer_id": id_, "question_id": question, "sheet": "one", "answered_at": "2026-03-01"}
    for score in (0, 6, -1):
        with pytest.raises(Invalid, match="outside the scale"):
            make(acme.amy, "survey_response", score=score, **answer)
    kept, _ = make(acme.amy, "survey_response", score=5, **answer)
    with pytest.raises(Invalid, match="outside the scale"):
        change(acme.amy, "survey_response", kept, score=7)
    assert found(acme.amy, SurveyResponse, kept).score == 5


def test_a_scale_goes_upwards(acme):
    survey, _ = make(acme.mia, "survey", name="Spring")
    with pytest.raises(Invalid, match="above its beginning"):
        make(acme.mia, "question", survey_id=survey, key="q", text="Well?", scale_min=5, scale_max=5)
    assert found(acme.mia, Question, 1) is None


def test_two_editors_of_different_own_fields_keep_both(acme):
    for key in ("seats", "floor"):
        make(acme.ada, "custom_field", key=key, name_en=key.title(), kind="integer")
    id_ = company.customer(acme.amy, custom={"seats": 1, "floor": 1})
    opened = found(acme.amy, Customer, id_).version
    change(acme.mia, "customer", id_, floor=2)
    with transaction(acme.amy, "customer.update") as session:
        records.update(session, "customer", id_, {"seats": 9, "floor": 1}, version=opened)
    assert found(acme.amy, Customer, id_).custom == {"seats": 9, "floor": 2}


@pytest.mark.parametrize(("noun", "values"), [("option", {"list_key": "source", "key": "fair", "name_en": "Again"}), ("team", {"name": "North"})])
def test_what_must_be_unique_is_told_in_words(acme, fair, noun, values):
    with pytest.raises(Invalid, match=r"There is such a record already|already in use"):
        make(acme.ada, noun, **values)


@pytest.mark.parametrize("values", [{"key": "other"}, {"list_key": "region"}])
def test_what_is_settled_stays(acme, fair, values):
    with pytest.raises(Invalid, match="cannot be changed later"):
        change(acme.ada, "option", fair[0], **values)


def test_a_time_zone_exists(acme):
    with pytest.raises(Invalid, match="not a time zone"):
        change(acme.ada, "organisation", 1, time_zone="Mars/Olympus")
