"""The merge of two customers: which record stays, which value of each field, what moves."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import customer_picker, formats
from components.addresses import number_in
from components.field_values import printed
from components.navigation import go, link
from components.saving import attempt
from db.actions import merging
from db.engine import reading
from db.errors import CrmError
from db.language import t, tn
from db.models import NOUNS, Customer
from db.policy import Actor
from db.queries.merging import BOTH, KEPT, OTHER, Comparison, Difference, compare

SHOWN = 300
"""Characters of a long text that are shown beside the other one."""


def draw(actor: Actor) -> None:
    keep, lose = number_in(st.query_params.get("keep")), number_in(st.query_params.get("lose"))
    if keep is None or lose is None or keep == lose:
        _pick_both(actor, keep)
        return
    try:
        with reading(actor) as session:
            found, currency = compare(session, keep, lose), session.organisation.currency
    except CrmError as error:
        st.info(str(error), icon=":material/search_off:")
        return
    _cards(found)
    choices = _choose(found, currency)
    _consequence(found)
    if st.button(t("Merge"), type="primary", icon=":material/merge:", key="merge_run"):
        _carry_out(actor, found, choices)
    _look(found)


def _pick_both(actor: Actor, keep: int | None) -> None:
    """Two pickers while the address does not name two customers."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        st.markdown(f"**{t('This record stays')}**")
        first = customer_picker.pick(actor, "merge_keep", keep)
    with right, st.container(border=True):
        st.markdown(f"**{t('This record goes into it')}**")
        second = customer_picker.pick(actor, "merge_lose")
    if first is not None and first == second:
        st.info(t("Please choose two different records."), icon=":material/info:")
    elif st.button(t("Compare"), type="primary", disabled=first is None or second is None, key="merge_compare"):
        go("merge", keep=first, lose=second)


def _cards(found: Comparison) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        _card(t("This record stays"), found.kept, found.owners[0], found.moving[0], "kept")
    with right:
        _card(t("This record goes into it"), found.other, found.owners[1], found.moving[1], "other")
    if st.button(t("Swap the two"), icon=":material/swap_horiz:", key="merge_swap", type="tertiary"):
        go("merge", keep=found.other.id, lose=found.kept.id, **({"from": "duplicates"} if _from_list() else {}))


def _card(heading: str, customer: Customer, owner: str, hanging: Mapping[str, int], key: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall", key=f"merge_{key}"):
        st.caption(heading)
        link("customer", customer.name, id=customer.id)
        st.text(f"{customer.code} · {t('Owner')} {owner or t('nobody')}")
        st.caption(t("Entered {day}", day=formats.date_long(customer.created_at.date())) + f" · {_counted(hanging) or t('nothing hangs on it')}")


def _counted(hanging: Mapping[str, int]) -> str:
    return " · ".join(f"{t(NOUNS[noun].words[1])} {formats.number(count)}" for noun, count in hanging.items())


def _choose(found: Comparison, currency: str) -> dict[str, str]:
    """The chosen side of every field in which the two differ."""
    if not found.differences:
        st.caption(t("Both records say the same in every field."))
        return {}
    gaps = [each for each in found.differences if each.is_gap]
    clashes = [each for each in found.differences if not each.is_gap]
    choices = {}
    if clashes:
        st.markdown(f"**{tn('They differ in {n} field: which value stays?', 'They differ in {n} fields: which values stay?', len(clashes))}**")
        with st.container(border=True, key="merge_fields"):
            choices = {each.field.key: _side(found, each, currency) for each in clashes}
    if gaps:
        said = tn("{n} field is filled in on one record only: its value stays", "{n} fields are filled in on one record only: their values stay", len(gaps))
        with st.expander(said), st.container(key="merge_gaps"):
            choices |= {each.field.key: _side(found, each, currency) for each in gaps}
    return choices


def _side(found: Comparison, each: Difference, currency: str) -> str:
    first, second = (_short(printed(each.field, value, currency)) for value in found.words[each.field.key])
    words = {KEPT: first, OTHER: second, BOTH: t("Both, one below the other")}
    chosen = st.radio(
        formats.plain(each.field.title),
        each.choices,
        index=each.choices.index(each.suggested),
        format_func=lambda choice: words[choice],
        key=f"merge.{found.kept.id}.{found.kept.version}.{found.other.id}.{found.other.version}.{each.field.key}",
        horizontal=True,
        width="stretch",
    )
    return str(chosen)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip(chr(92))} …"


def _consequence(found: Comparison) -> None:
    with st.container(border=True, gap="xsmall", key="merge_consequence"):
        st.markdown(f"**{t('What happens')}**")
        moves = _counted(found.moving[1])
        name, code = formats.plain(found.kept.name), formats.plain(found.other.code)
        if moves:
            st.write(t("To “{name}” move: {what}.", name=name, what=moves))
        else:
            st.write(t("Nothing hangs on {code}; only its values can go into “{name}”.", name=name, code=code))
        st.caption(
            t("{code} goes to the recycle bin; its code, its name and its links lead to the record that stays. Tags that both carry are kept once.", code=code)
        )


def _seen_key(found: Comparison) -> str:
    return f"merge.seen.{found.kept.id}.{found.other.id}"


def _versions(found: Comparison) -> tuple[int, int]:
    return found.kept.version, found.other.version


def _look(found: Comparison) -> None:
    """Remember what the user has before the eyes: a later click is about these versions."""
    st.session_state[_seen_key(found)] = _versions(found)


def _carry_out(actor: Actor, found: Comparison, choices: dict[str, str]) -> None:
    seen = st.session_state.get(_seen_key(found), _versions(found))
    done = attempt(
        actor,
        "customer.merge",
        lambda session: merging.merge(session, found.kept.id, found.other.id, choices, seen),
        lambda kept: t("“{other}” merged into “{name}”", other=found.other.name, name=kept.name),
        form="merge",
    )
    if done is not None:
        go("duplicates") if _from_list() else go("customer", id=found.kept.id)


def _from_list() -> bool:
    return st.query_params.get("from") == "duplicates"
