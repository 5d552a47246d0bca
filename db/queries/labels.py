"""Groups of a table with their names. The group None is 'unknown' or 'no owner'; codes of drop-downs keep their code for the page to translate."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import select

from db.models import Product, ProductLine, Question, User
from db.queries.filters import lookup
from db.session import CrmSession

NAMES: dict[str, Any] = {"manager": (User, User.name), "owner_id": (User, User.name), "product": (Product, Product.name),
                         "product_line": (ProductLine, ProductLine.name), "question": (Question, Question.text)}


def labelled(session: CrmSession, table: pd.DataFrame, by: str) -> pd.DataFrame:
    """The table with plain values in `group` and their names in `label`."""
    groups = [plain(group) for group in table["group"]]
    names: dict[Any, Any] = {}
    if by in NAMES:
        model, name = NAMES[by]
        names = lookup(session, select(model.id, name).where(model.id.in_([group for group in groups if group is not None])))
    table["group"] = pd.Series(groups, dtype=object, index=table.index)
    table.insert(1, "label", pd.Series([names.get(group, group) for group in groups], dtype=object, index=table.index))
    return table


def plain(group: Any) -> Any:
    """None for a missing value, and whole numbers as such again."""
    if pd.isna(group):
        return None
    return int(group) if isinstance(group, float) else group
