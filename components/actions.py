"""The words of journalled actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.history import is_sent_by_customer
from db.language import t

VERBS = {
    "create": "Added",
    "update": "Edited",
    "delete": "Deleted",
    "restore": "Restored",
    "assign": "Assigned",
    "merge": "Merged",
    "not_duplicate": "Ruled out as a duplicate",
    "rebalance": "Rebalanced",
    "tag": "Tagged",
    "log": "Logged",
    "plan": "Planned",
    "complete": "Completed",
    "snooze": "Snoozed",
    "cancel": "Cancelled",
    "hand_over": "Handed over",
    "reveal": "Personal data shown",
    "answer": "Survey entered",
    "invite": "Invited to a survey",
    "import": "Imported",
    "undo": "Undone",
    "setup": "Set up",
    "baseline": "Loaded",
    "sign_in": "Signed in",
    "sign_out": "Signed out",
    "throttle": "Too many tries",
    "reset": "Password chosen anew",
    "password": "Password changed",
    "reset_link": "One-time link made",
    "end": "Session ended",
    "language": "Language changed",
    "link": "One-time link made",
    "deactivate": "Account closed",
    "setup_code": "Set-up code made",
    "open": "Sample company opened",
    "publish": "Figures published",
    "empty": "Recycle bin emptied",
    "digest": "Daily e-mail changed",
    "keep": "Kept for longer",
    "strip": "Contact data removed",
    "erase": "Personal data erased",
    "person": "Personal data handed out",
    "revoke": "Token revoked",
    "receive": "Lead received",
    "decline": "Surveys declined",
    "issue": "Token made",
}


def is_undoable(change: Mapping[str, Any]) -> bool:
    """Whether somebody may take the change back: a person's or what a customer sent, unless nothing brings back what it took away."""
    by_people = change["actor_id"] is not None or is_sent_by_customer(change["actor_id"], change["action"])
    return by_people and not change["action"].endswith((".erase", "bin.empty"))


def action_word(action: str) -> str:
    """'follow_up.complete' in the user's language; an unknown action stays as it is."""
    parts = action.split(".")
    verb = next((VERBS[part] for part in reversed(parts) if part in VERBS), None)
    return t(verb) if verb else action.replace("_", " ").replace(".", " · ")
