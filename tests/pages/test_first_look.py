from __future__ import annotations

from tests.db.queries import company
from tests.pages.screen import words, table


def test_look(acme, visit):
    id_ = company.customer(acme.amy, tier="A", status="active", email="lin@example.com")
    s = visit(acme.amy, "today"); print(words(s))
    s = visit(acme.amy, "customers"); print(words(s)); print(table(s, "customer.grid")); print([d.key for d in s.dataframe])
    s = visit(acme.amy, "customer", id=id_); print(words(s))
    for k in ("button","text_input","selectbox","multiselect","button_group","menu_button","toast","metric"):
        print(k, [(w.key, w.label) for w in s.get(k)] )
