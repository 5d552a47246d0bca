"""Who may be the same customer: while one is entered, and among all that there are."""

from __future__ import annotations

import pytest

from db import history
from db.actions import merging
from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.models import Contact
from db.queries.duplicates import like, pairs, speaking
from tests.db.queries import company
from tests.db.whole import whole
from tests.houses import filled_once


def found(actor, **values):
    with reading(actor) as session:
        return [(match.id, match.code, match.owner, [tuple(reason) for reason in match.reasons]) for match in like(session, values)]


def likely(actor) -> list[tuple[int, int, list[tuple]]]:
    with reading(actor) as session:
        return [(pair.first, pair.second, [tuple(reason) for reason in pair.reasons]) for pair in pairs(session).pairs]


@pytest.fixture
@filled_once
def hotel(acme) -> int:
    return company.customer(acme.amy, code="C-1", name="Riverside Hotel Ltd", city="Ningbo", phone="0574 5550 1234", email="desk@riverside.example", credit_code="91330212X")


@pytest.mark.parametrize(("values", "reasons"), [
    ({"name": "riverside hotel"}, [("name", 100)]), ({"name": "Riverside Hotels"}, [("name", 96)]), ({"name": "Rverside Hotel"}, [("name", 96)]),
    ({"name": "Other", "mobile": "+86 574 55501234"}, [("number", None)]), ({"name": "Other", "email": "DESK@riverside.example"}, [("email", None)]),
    ({"name": "Riverside Hotel GmbH", "phone": "057455501234", "credit_code": "9133 0212x"}, [("credit_code", None), ("number", None), ("name", 100)]),
])
def test_a_customer_entered_already_is_found_with_the_reasons(acme, hotel, values, reasons):
    assert found(acme.amy, **values) == [(hotel, "C-1", "Amy", reasons)]


@pytest.mark.parametrize("values", [{"name": "Hillside Motel"}, {"name": "Riv"}, {"name": "Riverside Hotel", "city": "Hangzhou", "kind": "person"}, {"name": ""}, {}])
def test_what_is_merely_a_little_alike_is_not_mentioned(acme, hotel, values):
    company.customer(acme.amy, name="Riverside Hotel", kind="person", city="Suzhou") if values.get("kind") else None
    assert [match for match in found(acme.amy, **values) if match[0] != hotel] == []
    if values.get("kind") is None:
        assert found(acme.amy, **values) == []


def test_chinese_names_are_found_by_writing_by_sound_and_in_pinyin(acme):
    tea = company.customer(acme.amy, name="杭州海帆茶叶贸易有限公司")
    assert found(acme.amy, name="杭州海帆茶叶贸易")[0][::3] == (tea, [("name", 100)])
    assert found(acme.amy, name="杭州海凡茶叶贸易")[0][::3] == (tea, [("name", 96)])
    assert found(acme.amy, name="Hangzhou Haifan Chaye Maoyi")[0][::3] == (tea, [("name", 96)])


def test_of_a_colleague_s_customer_nothing_is_told_but_the_owner_and_only_when_it_is_sure(acme, hotel):
    assert found(acme.bo, name="Riverside Hotel") == [(None, "", "Amy", [])]
    assert found(acme.bo, name="Riverside Hostel") == []
    assert found(acme.mia, name="Riverside Hostel")[0][0] == hotel
    with reading(acme.vic) as session, pytest.raises(Forbidden):
        like(session, {"name": "Riverside Hotel"})


def test_pairs_are_ranked_by_what_they_share(acme, hotel):
    same_phone = company.customer(acme.bo, name="Old Mill", phone="+86 574 5550 1234")
    same_all = company.customer(acme.bo, name="Riverside Hotel", city="Ningbo", email="desk@riverside.example")
    alike = company.customer(acme.amy, name="Riverside Hostel", city="Ningbo")
    company.customer(acme.amy, name="Somebody Else")
    assert likely(acme.ada)[:2] == [(hotel, same_all, [("email", None), ("name", 100)]), (hotel, same_phone, [("number", None)])]
    assert {pair[:2] for pair in likely(acme.ada)[2:]} == {(hotel, alike), (same_all, alike)}
    assert [pair[:2] for pair in likely(acme.amy)] == [(hotel, alike)]
    assert likely(acme.cy) == []


def test_namesakes_among_people_need_more_than_a_name(acme):
    home = company.customer(acme.amy, name="林悦", kind="person", city="杭州")
    company.customer(acme.amy, name="林悦", kind="person", city="苏州")
    same = company.customer(acme.amy, name="林悦", kind="person", city="杭州")
    assert [pair[:2] for pair in likely(acme.ada)] == [(home, same)]


def test_a_pair_that_was_ruled_out_is_remembered_until_that_is_undone(acme, hotel):
    other = company.customer(acme.bo, name="Riverside Hotel")
    with transaction(acme.mia, "customer.not_duplicate") as session:
        merging.rule_out(session, other, hotel)
    change = session.info["change_id"]
    assert likely(acme.ada) == likely(acme.mia) == []
    with pytest.raises(Invalid), transaction(acme.mia, "customer.not_duplicate") as session:
        merging.rule_out(session, hotel, other)
    history.undo(acme.mia, change)
    assert [pair[:2] for pair in likely(acme.ada)] == [(hotel, other)]


def test_what_was_ruled_out_of_a_merged_customer_holds_for_the_one_that_took_it_over(acme, hotel):
    twin, other = company.customer(acme.amy, name="Riverside Hotel"), company.customer(acme.bo, name="Riverside Hotel")
    with transaction(acme.mia, "customer.not_duplicate") as session:
        merging.rule_out(session, twin, other)
    before = whole()
    with transaction(acme.mia, "customer.merge") as session:
        merging.merge(session, hotel, twin)
    change = session.info["change_id"]
    assert likely(acme.ada) == []
    history.undo(acme.mia, change)
    assert whole() == before
    with transaction(acme.mia, "customer.not_duplicate") as session:
        merging.rule_out(session, hotel, twin)
    with transaction(acme.mia, "customer.merge") as session:
        merging.merge(session, hotel, twin)
    assert likely(acme.ada) == []


@pytest.mark.parametrize(("name", "refusal"), [("amy", Invalid), ("vic", Forbidden)])
def test_only_who_may_merge_both_rules_them_out(acme, hotel, name, refusal):
    other = company.customer(acme.bo, name="Riverside Hotel")
    with pytest.raises(refusal), transaction(getattr(acme, name), "customer.not_duplicate") as session:
        merging.rule_out(session, hotel, other)
    assert len(likely(acme.ada)) == 1


def test_a_number_of_very_many_is_a_switchboard_and_no_sign(acme):
    for name in ("Anchor", "Bellflower"):
        company.customer(acme.amy, name=name, phone="057455501234")
    assert len(likely(acme.amy)) == 1
    for name in ("Cider", "Dockyard", "Elm", "Fjord", "Glacier", "Harvest", "Iris", "Juniper", "Kettle"):
        company.customer(acme.amy, name=name, phone="057455501234")
    assert likely(acme.amy) == []


def test_pairs_are_narrowed_before_the_likeliest_are_taken(acme, hotel):
    company.customer(acme.bo, name="Riverside Hotel")
    mill, barn = company.customer(acme.bo, name="Old Mill", phone="13912342231"), company.customer(acme.bo, name="Red Barn", phone="13912342231")
    with reading(acme.ada) as session:
        assert (len(pairs(session, most=1).pairs), pairs(session, most=1).total) == (1, 2)
        assert [(pair.first, pair.second) for pair in pairs(session, reason="number", most=1).pairs] == [(mill, barn)]
        assert pairs(session, owner_id=acme.amy.id).total == 1


@pytest.fixture
@filled_once
def spoken_for(acme) -> list[int]:
    """Lin speaks for a mill of Amy's and a barn of Bo's; the inn bears Lin's number as its own."""
    mill, barn, inn = (company.customer(owner, code=name, name=name, **own)
                       for owner, name, own in ((acme.amy, "Old Mill", {"email": "desk@mill.example"}), (acme.bo, "Red Barn", {}), (acme.bo, "Inn by the Sea", {"mobile": "13912342231"})))
    company.add(Contact(customer_id=mill, name="Lin Yue", phone="139 1234 2231", email="lin@yue.example"),
                Contact(customer_id=barn, name="Lin", email="LIN@yue.example"), Contact(customer_id=barn, name="Wu", email="wu@barn.example"))
    return [mill, barn, inn]


def test_customers_that_share_a_contact_s_number_or_address_are_a_pair_weaker_than_by_their_own(acme, spoken_for):
    mill, barn, inn = spoken_for
    assert likely(acme.ada) == [(mill, barn, [("contact_email", None)]), (mill, inn, [("contact_number", None)])]
    same = company.customer(acme.amy, name="Windmill", email="desk@mill.example")
    assert likely(acme.ada)[0] == (mill, same, [("email", None)])
    with reading(acme.ada) as session:
        found = pairs(session)
        assert {one: names for one, names in speaking(session, found.pairs).items() if names} == {(mill, barn): ["Lin Yue"], (barn, mill): ["Lin"], (mill, inn): ["Lin Yue"]}
        assert [(pair.first, pair.second) for pair in pairs(session, reason="contact_email").pairs] == [(mill, barn)]
        by_score = [pair.score for pair in found.pairs]
    assert by_score == sorted(by_score, reverse=True)
    assert likely(acme.bo) == []


def test_a_contact_s_number_and_address_are_of_one_person_and_speak_once(acme, spoken_for):
    twin = company.customer(acme.amy, name="Windmill")
    company.add(Contact(customer_id=twin, name="Lin Yue", phone="13912342231", email="lin@yue.example"))
    with reading(acme.amy) as session:
        assert [(pair.score, [reason.kind for reason in pair.reasons]) for pair in pairs(session).pairs] == [(pytest.approx(0.65), ["contact_email", "contact_number"])]


def test_a_contact_s_number_of_very_many_is_no_sign(acme, spoken_for):
    for name in ("Anchor", "Bellflower", "Cider", "Dockyard", "Elm", "Fjord", "Glacier", "Harvest", "Iris"):
        company.add(Contact(customer_id=company.customer(acme.amy, name=name), name="Lin", phone="13912342231"))
    assert [pair[2] for pair in likely(acme.ada)] == [[("contact_email", None)]]


def test_while_one_is_typed_the_contacts_of_others_are_compared_and_those_of_colleagues_stay_masked(acme, spoken_for):
    mill, barn, _ = spoken_for
    assert found(acme.amy, name="Somebody", phone="+86 139 1234 2231") == [(None, "", "Bo", []), (mill, "Old Mill", "Amy", [("contact_number", None)])]
    assert found(acme.bo, name="Somebody", email="lin@yue.example") == [(barn, "Red Barn", "Bo", [("contact_email", None)])]
    assert found(acme.cy, name="Somebody", email="lin@yue.example") == []


def test_ten_with_one_number_are_all_compared_with_each_other(acme):
    for name in ("Anchor", "Bellflower", "Cider", "Dockyard", "Elm", "Fjord", "Glacier", "Harvest", "Iris", "Juniper"):
        company.customer(acme.amy, name=name, phone="057455501234")
    assert len([pair for pair in likely(acme.amy) if pair[2] == [("number", None)]]) == 10 * 9 / 2
