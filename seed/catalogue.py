"""What is sold and asked: products in their lines, tags, fields of the company's own, surveys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db.completion import Numbers
from seed.vocabulary import Vocabulary

PRODUCTS = (
    (0, 6800, 4300), (0, 14800, 9600), (0, 1980, 1250), (1, 2400, 1500), (1, 980, 610), (2, 2600, 1900), (2, 18600, 13400),
    (3, 128, 71), (3, 136, 76), (3, 88, 43), (3, 82, 40), (4, 145, 104), (4, 420, 265), (4, 1280, 830), (5, 96, 48), (5, 58, 27),
    (6, 1150, 690), (6, 780, 465), (7, 1680, 1010), (7, 3650, 2380), (8, 260, 120), (8, 620, 330), (8, 180, 95), (9, 480, 290), (9, 960, 640),
)
"""The line, price and cost of each product, in the order of the words' list."""
TAG_COLOURS = ("violet", "green", "gray", "blue", "orange", "gray", "blue", "green")
DAYS = ("monday", "wednesday", "friday")


@dataclass(frozen=True)
class Product:
    id: int
    name: str
    price: int
    cost: int


@dataclass(frozen=True)
class Catalogue:
    """What the customers' stories refer to, and the rows that bring it about."""

    products: list[Product]
    tags: list[int]
    questions: dict[str, int]
    yearly_survey: int
    rows: list[tuple[str, list[dict[str, Any]]]] = field(repr=False)


def make_catalogue(words: Vocabulary, numbers: Numbers, created_at: datetime) -> Catalogue:
    texts = words.words["catalogue"]
    line_ids, lines = _product_lines(texts["lines"], numbers)
    products = [Product(numbers.id("product"), name, price, cost) for name, (_, price, cost) in zip(texts["products"], PRODUCTS, strict=True)]
    product_rows = [{"id": product.id, "code": numbers.code("product"), "name": product.name, "product_line_id": line_ids[line],
                     "price": product.price, "cost": product.cost, "active": True} for product, (line, _, _) in zip(products, PRODUCTS, strict=True)]
    tags = [{"id": numbers.id("tag"), "name": name, "colour": colour} for name, colour in zip(texts["tags"], TAG_COLOURS, strict=True)]
    surveys, questions = _surveys(words.words["survey"], numbers)
    own = [("option", list(_own_options())), ("custom_field", list(_own_fields()))]
    rows = [*own, ("product_line", lines), ("product", product_rows), ("tag", tags), ("survey", surveys), ("question", list(questions.values()))]
    dated = [(noun, [{**row, "created_at": created_at} for row in items]) for noun, items in rows]
    return Catalogue(products, [tag["id"] for tag in tags], {key: row["id"] for key, row in questions.items()}, surveys[0]["id"], dated)


def _product_lines(names: list[str], numbers: Numbers) -> tuple[list[int], list[dict[str, Any]]]:
    """The ids of the lines in the order of the list, and all rows, parents first."""
    parents = {name.split(" > ")[0]: 0 for name in names}
    for name in parents:
        parents[name] = numbers.id("product_line")
    ids = [numbers.id("product_line") for _ in names]
    rows = [{"id": id_, "name": name, "parent_id": None} for name, id_ in parents.items()]
    children = [{"id": id_, "name": name.split(" > ")[1], "parent_id": parents[name.split(" > ")[0]]} for id_, name in zip(ids, names, strict=True)]
    return ids, [*rows, *children]


def _own_options() -> Iterator[dict[str, Any]]:
    english, chinese = Vocabulary("en").words["catalogue"]["delivery_day"], Vocabulary("zh").words["catalogue"]["delivery_day"]
    for number, key in enumerate(DAYS, 1):
        yield {"list_key": "custom:delivery_day", "key": key, "name_en": english[number], "name_zh": chinese[number], "colour": "gray", "position": number * 10}


def _own_fields() -> Iterator[dict[str, Any]]:
    english, chinese = Vocabulary("en").words["catalogue"], Vocabulary("zh").words["catalogue"]
    day = {"name_en": english["delivery_day"][0], "name_zh": chinese["delivery_day"][0]}
    yield {"key": "delivery_day", **day, "kind": "choice", "in_list": False, "position": 10}
    yield {"key": "employees", "name_en": english["headcount"], "name_zh": chinese["headcount"], "kind": "integer", "in_list": True, "position": 20}


def _surveys(texts: dict[str, Any], numbers: Numbers) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    yearly, service = numbers.id("survey"), numbers.id("survey")
    surveys = [{"id": yearly, "name": texts["yearly"], "intro": texts["yearly_intro"], "active": True},
               {"id": service, "name": texts["service"], "intro": texts["service_intro"], "active": True}]
    asked = {"csat": (yearly, "csat", 1, 5), "nps": (yearly, "nps", 0, 10), "ces": (yearly, "ces", 1, 7),
             "service_csat": (service, "csat", 1, 5), "service_ces": (service, "ces", 1, 7)}
    questions = {key: {"id": numbers.id("question"), "survey_id": survey, "key": kind, "text": texts[key], "kind": kind, "scale_min": low, "scale_max": high}
                 for key, (survey, kind, low, high) in asked.items()}
    for number, question in enumerate(questions.values(), 1):
        question["position"] = number * 10
    return surveys, questions
