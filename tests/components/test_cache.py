"""Answers that are kept for all: who may share them."""

from __future__ import annotations

import pytest
import streamlit as st
from sqlalchemy import select

from components.cache import ask, visibility
from db.models import Customer
from db.policy import Actor
from tests.db.queries import company


@pytest.fixture(autouse=True)
def nothing_kept():
    st.cache_data.clear()
    yield
    st.cache_data.clear()


def names(session) -> list[str]:
    return sorted(session.scalars(select(Customer.name)))


def test_two_managers_without_a_team_are_told_of_their_own_customers_not_of_each_other_s(acme):
    zoe, max_ = (Actor(person.id, person.name, "manager") for person in (acme.amy, acme.bo))
    company.customer(zoe, name="Zoe's")
    company.customer(max_, name="Max's")
    assert ask(zoe, names, nouns=["customer"]) == ["Zoe's"]
    assert ask(max_, names, nouns=["customer"]) == ["Max's"]


def test_a_team_and_a_person_with_the_same_number_share_nothing():
    assert visibility(Actor(3, "Mia", "manager", 8)) == visibility(Actor(4, "Sol", "manager", 8))
    assert visibility(Actor(8, "Zoe", "manager")) != visibility(Actor(3, "Mia", "manager", 8))
    assert visibility(Actor(8, "Amy", "rep", 8)) != visibility(Actor(3, "Bo", "rep", 8))
