"""The pages of the house: title, place in the side bar, icon, and who may enter. The only list of them."""

from __future__ import annotations

from dataclasses import dataclass

from db.policy import Actor, may


@dataclass(frozen=True)
class Room:
    key: str
    title: str
    icon: str
    group: str = ""
    verb: str = "read"
    noun: str = ""
    hidden: bool = False
    slug: str | None = None

    @property
    def file(self) -> str:
        return f"../pages/{self.key}.py"

    @property
    def url_path(self) -> str:
        return self.key.replace("_", "-") if self.slug is None else self.slug


ROOMS = (
    Room("today", "Today", "inbox", slug=""),
    Room("customers", "Customers", "groups", "Relationships", noun="customer"),
    Room("customer", "Customer", "person", noun="customer", hidden=True),
    Room("follow_ups", "Follow-ups", "forum", "Relationships", noun="follow_up"),
    Room("orders", "Orders", "receipt_long", "Relationships", noun="order"),
    Room("products", "Products", "inventory_2", "Relationships", noun="product"),
    Room("surveys", "Surveys", "rate_review", "Relationships", noun="survey"),
    Room("data_care", "Data care", "health_and_safety", "Relationships", verb="assign", noun="customer"),
    Room("dashboard", "Dashboard", "monitoring", "Insight", noun="customer"),
    Room("satisfaction", "Satisfaction", "sentiment_satisfied", "Insight", noun="survey_response"),
    Room("retention", "Retention", "autorenew", "Insight", noun="order"),
    Room("workload", "Workload", "balance", "Insight", noun="follow_up"),
    Room("reports", "Reports", "summarize", "Insight", noun="customer"),
    Room("figures", "All figures", "calculate", "Insight", noun="customer"),
    Room("figure", "Figure", "calculate", noun="customer", hidden=True),
    Room("rebalance", "Rebalance", "swap_horiz", verb="assign", noun="customer", hidden=True),
    Room("hand_over", "Hand over customers", "move_up", verb="assign", noun="customer", hidden=True),
    Room("absences", "Absences", "event_busy", verb="create", noun="absence", hidden=True),
    Room("duplicates", "Duplicates", "content_copy", verb="merge", noun="customer", hidden=True),
    Room("merge", "Merge customers", "merge", verb="merge", noun="customer", hidden=True),
    Room("import_data", "Import", "upload_file", "Settings", verb="import", noun="customer"),
    Room("export_data", "Export", "download", "Settings", verb="export", noun="customer"),
    Room("settings_organisation", "Organisation", "apartment", "Settings", verb="update", noun="organisation"),
    Room("settings_people", "Team and roles", "badge", "Settings", verb="update", noun="user"),
    Room("settings_fields", "Fields and lists", "list_alt", "Settings", verb="update", noun="option"),
    Room("settings_forms", "Web forms", "web", "Settings", verb="update", noun="lead_form"),
    Room("targets", "Targets", "flag", "Settings", verb="create", noun="target"),
    Room("audit", "Audit log", "history", "Settings", noun="audit"),
    Room("recycle_bin", "Recycle bin", "delete", "Settings", verb="delete", noun="customer"),
    Room("backup", "Backup", "save", "Settings", verb="update", noun="backup"),
    Room("welcome", "Welcome", "waving_hand", hidden=True, verb="update", noun="organisation"),
    Room("account", "My account", "account_circle", hidden=True),
    Room("help", "Help", "help", hidden=True),
)
BY_KEY = {room.key: room for room in ROOMS}


def may_enter(actor: Actor, room: Room) -> bool:
    return not room.noun or may(actor, room.verb, room.noun)
