"""The published data sets, turned into the product's own import files: (noun, file name, bytes) in the order of import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from db.language import speaking, t
from db.models import Question, SurveyResponse
from db.queries.periods import months_later
from db.transfer.export import as_xlsx
from tests.db.queries.loading import rows
from tests.real.cases import cases
from tests.real.files import File, code, file, people

TELCO_DAY = date(2024, 3, 31)
ECSI_DAY = "2024-03-05 12:00"
ECSI_ITEMS = {"CUSA1": "Overall satisfaction", "CUSA2": "Against expectation", "CUSA3": "Against the ideal", "CUSL3": "Would you recommend us?"}
TAKEN = "Take in charge ticket"
WHOLESALE_KINDS = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")
WHOLESALE_DAY = "2011-06-30"


def cdnow() -> Iterator[File]:
    """Purchases: one order per receipt."""
    bought = rows("cdnow_sample.csv")
    yield people("cdnow", sorted({int(row["customer"]) for row in bought}), status="active")
    lines = [[code("cdnow", row["customer"]), "purchase", row["date"], row["amount"], "online"] for row in bought]
    yield file("order", "cdnow", ["customer_id", "kind", "ordered_on", "amount", "channel"], lines)


def telco() -> Iterator[File]:
    """Contracts: begun `tenure` months before the as-of day, ended on that day if the customer left; the kind of contract stands in the terms."""
    lines = rows("telco_churn.csv.gz")
    statuses = [[code("telco", row["customer"]), f"Telco {row['customer']}", "person", "lost" if row["churn"] == "Yes" else "active"] for row in lines]
    yield file("customer", "telco", ["code", "name", "kind", "status"], statuses)
    contracts = [[code("telco", row["customer"]), "contract", months_later(TELCO_DAY, -int(row["tenure"])), TELCO_DAY if row["churn"] == "Yes" else None,
                  row["monthly_charges"], row["total_charges"] or "0", row["contract"]] for row in lines]
    yield file("order", "telco", ["customer_id", "kind", "starts_on", "ended_on", "monthly_amount", "amount", "terms"], contracts)


def ecsi() -> Iterator[File]:
    """Survey sheets: a workbook with Chinese headings, one row a sheet, one column a question."""
    sheets = rows("ecsi_mobile.csv")
    yield people("ecsi", range(1, len(sheets) + 1), status="active")
    yield file("survey", "ecsi", ["name"], [["ECSI"]])
    questions = [["ECSI", key, text, "nps" if key == "CUSL3" else "csat", 1, 10, n] for n, (key, text) in enumerate(ECSI_ITEMS.items(), 1)]
    yield file("question", "ecsi", ["survey_id", "key", "text", "kind", "scale_min", "scale_max", "position"], questions)
    with speaking("zh"):
        headings = [t("Customer"), t(label(SurveyResponse, "answered_at")), t(label(SurveyResponse, "channel")), *ECSI_ITEMS]
    answers = [[code("ecsi", number), ECSI_DAY, "电话", *(int(sheet[key]) for key in ECSI_ITEMS)] for number, sheet in enumerate(sheets, 1)]
    yield "survey_response", "ecsi-answers.xlsx", as_xlsx(headings, answers)


def label(model: type[Question | SurveyResponse], key: str) -> str:
    from db.fields import field_of

    return field_of(model, key).label


def helpdesk() -> Iterator[File]:
    """Done follow-ups: one per ticket, agent and year, at the first time the agent took the ticket in charge that year."""
    events = rows("helpdesk_events.csv.gz")
    agents = sorted({int(row["agent"]) for row in events})
    yield file("user", "helpdesk", ["user_name", "name", "role"], [[f"agent{number}", f"Agent {number}", "rep"] for number in agents])
    yield people("helpdesk", sorted({int(row["customer"]) for row in events}), status="active")
    first: dict[tuple[str, str, str], tuple[str, str]] = {}
    for row in events:
        if row["activity"] == TAKEN:
            key = (row["ticket"], row["agent"], row["at"][:4])
            first[key] = min((row["at"], row["customer"]), first.get(key, (row["at"], row["customer"])))
    lines = [[code("helpdesk", customer), f"agent{agent}", f"Ticket {ticket}", "inbound", "done", at] for (ticket, agent, _), (at, customer) in first.items()]
    yield file("follow_up", "helpdesk", ["customer_id", "owner_id", "subject", "direction", "status", "done_at"], lines)


def superstore() -> Iterator[File]:
    """Orders of a shop, each line at its amount and cost, the region as the order's place.

    Published amounts have fractions of a cent; what rounding leaves over is carried on to the region's next line, as in an account.
    """
    lines = sorted(rows("superstore_esc.csv.gz"), key=lambda row: row["order_date"])
    yield people("superstore", sorted({row["customer_id"] for row in lines}), status="active")
    kinds = sorted({row["sub_category"] for row in lines})
    yield file("product", "superstore", ["code", "name"], [[kind.upper(), kind] for kind in kinds])
    carried: dict[tuple[str, str], Decimal] = {}

    def cents(region: str, account: str, exact: Decimal) -> Decimal:
        due = carried.get((region, account), Decimal(0)) + exact
        carried[region, account] = due - round(due, 2)
        return round(due, 2)

    sold = [[row["order_id"], code("superstore", row["customer_id"]), "purchase", row["order_date"], row["region"], row["sub_category"].upper(), 1,
             cents(row["region"], "sales", Decimal(row["sales"])), cents(row["region"], "cost", Decimal(row["sales"]) - Decimal(row["profit"]))] for row in lines]
    yield file("order", "superstore", ["code", "customer_id", "kind", "ordered_on", "place", "product_id", "quantity", "price", "cost"], sold)


def wholesale() -> Iterator[File]:
    """One order a customer and year with a line for each kind of product; the amount is left to the lines."""
    spent = rows("wholesale_customers.csv")
    yield people("wholesale", [row["customer"] for row in spent], status="active")
    yield file("product", "wholesale", ["code", "name"], [[kind.upper(), kind] for kind in WHOLESALE_KINDS])
    lines = [[f"W-{row['customer']}", code("wholesale", row["customer"]), "purchase", WHOLESALE_DAY, kind.upper(), 1, row[kind]] for row in spent for kind in WHOLESALE_KINDS]
    yield file("order", "wholesale", ["code", "customer_id", "kind", "ordered_on", "product_id", "quantity", "price"], lines)


SETS: dict[str, Callable[[], Iterator[File]]] = {
    "cdnow": cdnow, "telco": telco, "ecsi": ecsi, "helpdesk": helpdesk, "superstore": superstore, "wholesale": wholesale, "cases": cases,
}
