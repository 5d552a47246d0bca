"""The strings that Streamlit keeps in English whatever the language, and ours for them."""

from __future__ import annotations

from db.language import t


def exact_words() -> dict[str, str]:
    return _form_words() | _table_words() | _frame_words()


def _form_words() -> dict[str, str]:
    return {
        "Choose an option": t("Choose an option"), "Choose options": t("Choose options"), "Add an option": t("Add an option"), "Add options": t("Add options"),
        "Choose or add an option": t("Choose or add an option"), "Choose or add options": t("Choose or add options"),
        "No options to select": t("No options to select"), "No options to select.": t("No options to select"),
        "No results": t("No results"), "No options": t("No options"),
        "(required)": t("(required)"), "This field is required.": t("This field is required."), "Invalid email address": t("This is not an e-mail address."),
        "Invalid URL": t("This is not a web address."), "Upload": t("Upload"), "Add files": t("Add files"),
        "File type not allowed.": t("This type of file cannot be used here."),
        "Drag and drop a file here": t("Drag and drop a file here"), "Drag and drop files here": t("Drag and drop files here"),
        "Press Enter to apply": t("Press Enter to apply"), "Press Enter to submit form": t("Press Enter to send"),
        "Press Ctrl+Enter to apply": t("Press Ctrl+Enter to apply"), "Press Ctrl+Enter to submit form": t("Press Ctrl+Enter to send"),
        "Press ⌘+Enter to apply": t("Press ⌘+Enter to apply"), "Press ⌘+Enter to submit form": t("Press ⌘+Enter to send"),
        "Clear value": t("Clear value"), "Clear all": t("Clear all"), "Select all": t("Select all"), "Choose date": t("Choose date"),
        "Choose date range": t("Choose date range"), "Choose date and time": t("Choose date and time"),
        "Quick select a date range": t("Quick select a date range"),
        "Show password text": t("Show password"), "Hide password text": t("Hide password"),
        "Show password": t("Show password"), "Hide password": t("Hide password"),
        "Selected values": t("Selected values"), "Open": t("Open"), "Close": t("Close"),
    }


def _table_words() -> dict[str, str]:
    return {
        "Sort ascending": t("Sort ascending"), "Sort descending": t("Sort descending"), "Autosize": t("Fit the width"), "Hide column": t("Hide column"),
        "Pin column": t("Pin column"), "Unpin column": t("Unpin column"), "Format": t("Format"), "Automatic": t("Automatic"), "Localized": t("Localised"),
        "Statistics": t("Statistics"), "Copy column name": t("Copy the heading"), "Download as CSV": t("Download as CSV"), "Search": t("Search"),
        "Close Search": t("Close search"), "Show/hide columns": t("Show or hide columns"), "Fullscreen": t("Full screen"),
        "Close fullscreen": t("Leave full screen"),
        "Add row": t("Add row"), "Delete row(s)": t("Delete rows"), "⚠️ Please fill out this cell.": t("Please fill in this cell."), "empty": t("empty"),
        "Next page": t("Next page"), "Previous page": t("Previous page"), "Reset view": t("Reset view"),
    }


def _frame_words() -> dict[str, str]:
    return {
        "Page not found": t("Page not found"), "Connection error": t("Connection lost"), "Is Streamlit still running?": t("The server does not answer."),
        "Running...": t("Working…"), "Loading...": t("Loading…"), "Stop": t("Stop"), "Rerun": t("Run again"), "Skip to main content": t("Skip to main content"),
        "Expand sidebar": t("Open the side bar"), "Collapse sidebar": t("Close the side bar"), "Sidebar": t("Side bar"), "Main menu": t("Main menu"),
        "Copy to clipboard": t("Copy"), "View less": t("Show less"), "CONNECTING": t("Connecting"), "Scroll tabs left": t("Scroll tabs left"),
        "Scroll tabs right": t("Scroll tabs right"), "Stop script": t("Stop"),
    }


def patterns() -> list[tuple[str, str]]:
    """Regular expressions for JavaScript and what a match becomes; $1 is the first group."""
    return [
        (r"^([\d.]+) ?([KMG]B) per file$", t("up to $1 $2 a file")),
        (r"^([\d.]+) ?([KMG]B) per file • (.+)$", t("up to $1 $2 a file • $3")),
        (r"^View (\d+) more$", t("Show $1 more")),
        (r"^Remove (.+)$", t("Remove $1")),
        (r"^You can only select up to (\d+) options?\..*$", t("At most $1 can be chosen. Remove one first.")),
        (r"^Upload (.+)$", t("Upload $1")),
        (r"^The page that you have requested does not seem to exist.*$", t("There is no such page. You see the first page instead.")),
        (r"^You have requested page .+, but no corresponding file was found.*$", t("There is no such page. You see the first page instead.")),
        (r"^Is Streamlit still running\?.*$", t("The server does not answer. Please wait a moment, or tell whoever runs it.")),
        (r"^File must be (.+) or smaller\.$", t("The file may have at most $1.")),
        (r"^(.+) files are not allowed\.$", t("Files of the type $1 cannot be used here.")),
    ]
