"""What programs can reach: each noun under its address."""

from __future__ import annotations

from dataclasses import dataclass

from db.choices import fields_for
from db.fields import Field, fields_of
from db.masking import may_search
from db.models import NOUNS, Record
from db.policy import Actor, may
from db.session import CrmSession

READ, WRITE = ("read",), ("read", "create", "update", "delete")


@dataclass(frozen=True)
class Resource:
    """A noun under its address.

    keys: the fields that are shown, all where empty; filled: those that the product fills in where they are left out;
    filters: what narrows the list besides the filters of the screens and every link.
    """

    path: str
    noun: str
    verbs: tuple[str, ...] = WRITE
    keys: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()

    @property
    def model(self) -> type[Record]:
        return NOUNS[self.noun]

    def declared(self) -> tuple[Field, ...]:
        """The fields as every installation has them."""
        return self._shown(fields_of(self.model))

    def fields(self, session: CrmSession) -> tuple[Field, ...]:
        """The fields with those that users added."""
        return self._shown(fields_for(session, self.noun))

    def narrows(self, field: Field) -> bool:
        return field.filterable or bool(field.target) or field.key in self.filters

    def _shown(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(field for field in fields if not self.keys or field.key in self.keys)


RESOURCES = {
    resource.path: resource
    for resource in (
        Resource("customers", "customer"),
        Resource("contacts", "contact"),
        Resource("follow-ups", "follow_up", filled=("subject",)),
        Resource("orders", "order"),
        Resource("order-lines", "order_line", filled=("customer_id", "price")),
        Resource("products", "product"),
        Resource("survey-answers", "survey_response", filled=("sheet", "answered_at")),
        Resource("product-lines", "product_line", READ),
        Resource("surveys", "survey", READ),
        Resource("questions", "question", READ),
        Resource("options", "option", READ, filters=("list_key",)),
        Resource("users", "user", READ, ("name", "role", "team_id", "active")),
    )
}


def settable(actor: Actor, fields: tuple[Field, ...]) -> dict[str, Field]:
    """The fields that this actor may fill in, as in the forms: whoever may not assign does not choose the owner."""
    return {field.key: field for field in fields if field.editable and (field.key != "owner_id" or may(actor, "assign", "customer"))}


def filterable(actor: Actor, resource: Resource, fields: tuple[Field, ...]) -> dict[str, Field]:
    """The fields by which this actor may narrow the list."""
    return {field.key: field for field in fields if resource.narrows(field) and may_search(actor, field)}


def sortable(actor: Actor, fields: tuple[Field, ...]) -> list[str]:
    return ["id", *(field.key for field in fields if (field.listed or field.filterable) and may_search(actor, field))]
