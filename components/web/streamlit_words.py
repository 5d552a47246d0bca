"""The strings that Streamlit keeps in English whatever the language, and ours for them."""

from __future__ import annotations

import re

from db.language import t


def exact_words() -> dict[str, str]:
    return _form_words() | _date_words() | _upload_words() | _table_words() | _column_words() | _chart_words() | _frame_words()


def _form_words() -> dict[str, str]:
    return {
        "Choose an option": t("Choose an option"), "Choose options": t("Choose options"), "Add an option": t("Add an option"), "Add options": t("Add options"),
        "Choose or add an option": t("Choose or add an option"), "Choose or add options": t("Choose or add options"),
        "No options to select": t("No options to select"), "No options to select.": t("No options to select"),
        "No results": t("No results"), "No options": t("No options"),
        "(required)": t("(required)"), "This field is required.": t("This field is required."),
        "Enter a valid email address.": t("This is not an e-mail address."),
        "Enter a valid URL.": t("This is not a web address."), "Invalid input.": t("This entry is not allowed."),
        "Invalid value.": t("This entry is not allowed."),
        "Number is above the allowed range.": t("This number is too large."), "Number is below the allowed range.": t("This number is too small."),
        "Increment": t("Increase"), "Decrement": t("Decrease"),
        "Press Enter to apply": t("Press Enter to apply"), "Press Enter to submit form": t("Press Enter to send"),
        "Press Ctrl+Enter to apply": t("Press Ctrl+Enter to apply"), "Press Ctrl+Enter to submit form": t("Press Ctrl+Enter to send"),
        "Press ⌘+Enter to apply": t("Press ⌘+Enter to apply"), "Press ⌘+Enter to submit form": t("Press ⌘+Enter to send"),
        "Clear value": t("Clear value"), "Clear entry": t("Clear value"), "Clear all": t("Clear all"), "Select all": t("Select all"),
        "Show password": t("Show password"), "Hide password": t("Hide password"),
        "Selected values": t("Selected values"), "Open": t("Open"), "Close": t("Close"), "Dismiss": t("Close"),
    }


def _date_words() -> dict[str, str]:
    clear = t("Clear value")
    keys = t("Arrow keys move, Enter chooses, Escape closes.")
    return {
        "Choose date": t("Choose date"), "Choose date range": t("Choose date range"), "Choose date and time": t("Choose date and time"),
        "Quick select a date range": t("Quick select a date range"), "Date range": t("Date range"), "Time": t("Time"),
        "Clear date": clear, "Clear dates": clear, "Clear time": clear, "Clear date and time": clear,
        "Past Week": t("Past week"), "Past Month": t("Past month"), "Past 3 Months": t("Past 3 months"), "Past 6 Months": t("Past 6 months"),
        "Past Year": t("Past year"), "Past 2 Years": t("Past 2 years"), "Next month": t("Next month"), "Previous month": t("Previous month"),
        "Use arrow keys to navigate dates. Enter to select. Escape to close.": keys,
        "Use arrow keys to navigate. Enter to select. Tab to switch between calendar and time. Escape to close.": keys,
    }


def _upload_words() -> dict[str, str]:
    return {
        "Upload": t("Upload"), "file upload": t("Upload"), "Add files": t("Add files"), "File type not allowed.": t("This type of file cannot be used here."),
        "Drag and drop a file here": t("Drag and drop a file here"), "Drag and drop files here": t("Drag and drop files here"),
        "Only one file is allowed.": t("Please choose one file only."), "Too many files": t("These are too many files."),
        "Network Error": t("The connection failed; please try again."), "Unexpected error. Please try again.": t("The connection failed; please try again."),
        "Click to retry upload": t("Try again"), "Download failed": t("The download failed."), "File size is too small.": t("The file is empty."),
    }


def _table_words() -> dict[str, str]:
    return {
        "Sort ascending": t("Sort ascending"), "Sort descending": t("Sort descending"), "Autosize": t("Fit the width"), "Hide column": t("Hide column"),
        "Pin column": t("Pin column"), "Unpin column": t("Unpin column"), "Format": t("Format"), "Automatic": t("Automatic"), "Localized": t("Localised"),
        "Statistics": t("Statistics"), "Copy column name": t("Copy the heading"), "Download as CSV": t("Download as CSV"), "Search": t("Search"),
        "Close Search": t("Close search"), "Show/hide columns": t("Show or hide columns"), "Fullscreen": t("Full screen"),
        "Close fullscreen": t("Leave full screen"),
        "Add row": t("Add row"), "Delete row(s)": t("Delete rows"), "⚠️ Please fill out this cell.": t("Please fill in this cell."), "empty": t("empty"),
        "Next page": t("Next page"), "Previous page": t("Previous page"), "Pagination": t("Pages"), "Scrollable table": t("Table"),
        "Next Result": t("Next hit"), "Previous Result": t("Previous hit"), "Type to search": t("Type to search"), "Clear selection": t("Clear the selection"),
        "Dataframe column menu": t("Menu of the column"), "Button action menu": t("Actions"), "No data": t("No data"), "No content": t("No data"),
    }


def _column_words() -> dict[str, str]:
    """The menu of a table's heading: ways to print a number, and its statistics."""
    return {
        "Plain": t("Plain"), "Compact": t("Compact"), "Dollar": t("Dollar"), "Euro": t("Euro"), "Yen": t("Yen"), "Percent": t("Percent"),
        "Scientific": t("Scientific"),
        "Accounting": t("Accounting"), "Distance": t("Distance in time"), "Duration": t("Duration"), "Calendar": t("Calendar"),
        "Date": t("Date"), "Time": t("Time"),
        "Values": t("Values"), "Empty": t("Empty cells"), "Distinct": t("Different values"), "Minimum": t("Smallest"), "Maximum": t("Largest"),
        "Average": t("Average"),
        "Median": t("Median"), "Sum": t("Sum"), "Standard deviation": t("Standard deviation"), "Range": t("Range"), "Count": t("Count"),
        "Minimum length": t("Shortest"), "Maximum length": t("Longest"), "Average length": t("Average length"), "Based on sample": t("From a sample"),
    }


def _chart_words() -> dict[str, str]:
    return {
        "Show data": t("Show the data"), "Show chart": t("Show the chart"), "Download as PNG": t("Download as PNG"), "Toggle fullscreen": t("Full screen"),
        "Copy Vega-Lite spec": t("Copy the chart's definition"), "Vega visualization": t("Chart"), "visualization": t("Chart"),
    }


def _frame_words() -> dict[str, str]:
    return {
        "Page not found": t("Page not found"), "Connection error": t("Connection lost"), "Is Streamlit still running?": t("The server does not answer."),
        "Running...": t("Working…"), "Loading...": t("Loading…"), "Stop": t("Stop"), "Rerun": t("Run again"), "Skip to main content": t("Skip to main content"),
        "Expand sidebar": t("Open the side bar"), "Collapse sidebar": t("Close the side bar"), "Sidebar": t("Side bar"), "Main menu": t("Main menu"),
        "Copy to clipboard": t("Copy"), "View less": t("Show less"), "CONNECTING": t("Connecting"), "Scroll tabs left": t("Scroll tabs left"),
        "Scroll tabs right": t("Scroll tabs right"), "Stop script": t("Stop"), "Notifications": t("Notices"), "Link to heading": t("Link to this heading"),
        "Menu": t("Menu"),
        "App pages": t("Pages"), "Navigate to home page": t("To the first page"), "Try again": t("Try again"),
        "Connection timed out.": t("The server does not answer."),
        "Script execution error": t("Something went wrong."), "An error has occurred, please try again.": t("Something went wrong."),
    }


def patterns() -> list[tuple[str, str]]:
    """Regular expressions for JavaScript and what a match becomes; $1 is the first group."""
    return [
        *_labelled(_table_words() | _chart_words()),
        (r"^(\d+)th percentile$", t("$1th percentile")),
        (r"^Help for (.+)$", t("Explanation of $1")),
        (r"^(.+) start date$", t("$1 (first day)")),
        (r"^(.+) end date$", t("$1 (last day)")),
        (r"^year, (.+)$", t("$1, year")),
        (r"^month, (.+)$", t("$1, month")),
        (r"^day, (.+)$", t("$1, day")),
        (r"^\w+ icon$", t("Icon")),
        (r"^(\d+) options? available\.$", t("$1 to choose from")),
        (r"^([\d.]+) ?([KMG]B) per file$", t("up to $1 $2 a file")),
        (r"^([\d.]+) ?([KMG]B) per file • (.+)$", t("up to $1 $2 a file • $3")),
        (r"^View (\d+) more$", t("Show $1 more")),
        (r"^Remove (.+)$", t("Remove $1")),
        (r"^Page (\d+)$", t("Page $1")),
        (r"^Shortcut (.+)$", t("Key $1")),
        (r"^Add: (.+)$", t("Add: $1")),
        (r"^Select (\d+) match(?:es)?$", t("Choose $1 hits")),
        (r"^Cancel upload of (.+)$", t("Cancel the upload of $1")),
        (r"^Number is above the allowed range\..* (\S+)\.$", t("The largest allowed value is $1.")),
        (r"^Number is below the allowed range\..* (\S+)\.$", t("The smallest allowed value is $1.")),
        (r"^Number is outside the allowed range\..* between (\S+) and (\S+)\.$", t("Please enter a number from $1 to $2.")),
        (r"^(?:Invalid time format|Hours must be|Minutes must be|Seconds must be|Time is out of range).*$", t("This is not a time.")),
        (r"^File is larger than (.+)$", t("The file may have at most $1.")),
        (r"^(?:Streamlit server is not responding|Connection lost|Connection failed|Unable to connect to Streamlit server).*$",
         t("The server does not answer. Please wait a moment, or tell whoever runs it.")),
        (r"^You can only select up to (\d+) options?\..*$", t("At most $1 can be chosen. Remove one first.")),
        (r"^Upload (.+)$", t("Upload $1")),
        (r"^The page that you have requested does not seem to exist.*$", t("There is no such page. You see the first page instead.")),
        (r"^You have requested page .+, but no corresponding file was found.*$", t("There is no such page. You see the first page instead.")),
        (r"^Is Streamlit still running\?.*$", t("The server does not answer. Please wait a moment, or tell whoever runs it.")),
        (r"^File must be (.+) or smaller\.$", t("The file may have at most $1.")),
        (r"^(.+) files are not allowed\.$", t("Files of the type $1 cannot be used here.")),
    ]


def _labelled(words: dict[str, str]) -> list[tuple[str, str]]:
    """The tools of tables and charts, as they are read out: 'Full screen: Orders'."""
    return [(f"^{re.escape(english)}: (.+)$", t("{label}: {value}", label=ours, value="$1")) for english, ours in words.items()]
