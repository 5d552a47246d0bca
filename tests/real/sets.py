"""The published data sets, turned into the product's own import files: (noun, file name, bytes) in the order of import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from db.language import speaking, t
from db.models import Question, SurveyResponse
from db.queries.periods import months_later
from db.transfer.export import as_csv, as_xlsx
from tests.db.queries.loading import rows

File = tuple[str, str, bytes]
TELCO_DAY = date(2024, 3, 31)
ECSI_DAY = "2024-03-05 12:00"
ECSI_ITEMS = {"CUSA1": "Overall satisfaction", "CUSA2": "Against expectation", "CUSA3": "Against the ideal", "CUSL3": "Would you recommend us?"}
TAKEN = "Take in charge ticket"


def file(noun: str, name: str, headings: Sequence[str], lines: Iterable[Sequence[object]]) -> File:
    return noun, f"{name}-{noun}.csv", as_csv(headings, lines)


def people(name: str, numbers: Iterable[object], **more: str) -> File:
    lines = [[code(name, number), f"{name.title()} {number}", "person", *more.values()] for number in numbers]
    return file("customer", name, ["code", "name", "kind", *more], lines)


def code(name: str, number: object) -> str:
    return f"{name.upper()}-{number}"


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


SETS: dict[str, Callable[[], Iterator[File]]] = {"cdnow": cdnow, "telco": telco, "ecsi": ecsi, "helpdesk": helpdesk}
