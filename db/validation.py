"""One value against its declaration: what a form, a file or the command line sends becomes a clean value or a clear message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

import phonenumbers

from db import clock
from db.errors import Message
from db.fields import Field, Kind

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
LARGEST = Decimal(10) ** 13
LARGEST_ID = 2**31 - 1
KEY = re.compile(r"[a-z][a-z0-9_]*")
HIDDEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
TRUE, FALSE = {"1", "true", "yes", "y", "是", "对"}, {"0", "false", "no", "n", "否", "不"}


class Refused(Exception):
    """A value was refused; `message` says why."""

    def __init__(self, text: str, **params: Any) -> None:
        self.message = Message(text, params)


def clean(field: Field, raw: Any, codes: Mapping[str, str] | None = None) -> Any:
    """The value as the column keeps it; None for an empty one.

    codes: the allowed codes of a choice field (declared or kept by users).
    Raises Refused.
    """
    value = raw.strip() if isinstance(raw, str) else raw
    if value is None or value == "" or (value == [] and field.required):
        if field.required:
            raise Refused("Please fill in this field.")
        return [] if field.kind in {Kind.CHOICES, Kind.DATES} else False if field.kind == Kind.BOOLEAN else None
    if field.kind == Kind.CHOICE:
        return _choice(value, codes if codes is not None else field.choices)
    if field.kind == Kind.CHOICES:
        return [_choice(item, codes if codes is not None else field.choices) for item in value]
    return _checked(field, READERS[field.kind](field, value))


def _choice(value: Any, codes: Mapping[str, str]) -> str:
    if str(value) not in codes:
        raise Refused("“{value}” is not one of the options.", value=str(value)[:60])
    return str(value)


def _checked(field: Field, value: Any) -> Any:
    if field.past and _day(value) > clock.today():
        raise Refused("This date lies in the future.")
    if field.minimum is not None and value < field.minimum:
        raise Refused("The smallest allowed value is {limit}.", limit=field.minimum)
    if field.maximum is not None and value > field.maximum:
        raise Refused("The largest allowed value is {limit}.", limit=field.maximum)
    return value


def _day(value: Any) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def _text(field: Field, value: Any) -> str:
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n")
    if HIDDEN.search(text):
        raise Refused("This text holds invisible control characters; please type it again.")
    if field.kind != Kind.LONG_TEXT and "\n" in text:
        text = " ".join(text.split())
    limit = field.max_length or 20_000
    if len(text) > limit:
        raise Refused("This text is too long: {count} characters, at most {limit}.", count=len(text), limit=limit)
    return text


def _email(field: Field, value: Any) -> str:
    text = _text(field, value)
    if not EMAIL.fullmatch(text):
        raise Refused("This is not an e-mail address; it should look like name@example.com.")
    return text


def _phone(field: Field, value: Any) -> str:
    text = _text(field, value)
    try:
        possible = len(phonenumbers.parse(text, "CN").__str__()) > 0
    except phonenumbers.NumberParseException:
        possible = False
    if not possible or sum(character.isdigit() for character in text) < 3:
        raise Refused("This is not a telephone number.")
    return text


def _url(field: Field, value: Any) -> str:
    text = _text(field, value)
    text = text if "://" in text else f"https://{text}"
    if not _leads_to_a_site(text):
        raise Refused("This is not a web address; it should look like https://example.com.")
    return text


def _leads_to_a_site(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket where only an address of numbers may have one
        return False
    return parts.scheme in {"http", "https"} and "." in parts.netloc and " " not in text


def _decimal(_field: Field, value: Any) -> Decimal:
    text = str(value).translate(str.maketrans("", "", " ,，¥￥$€£%\u00a0"))
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Refused("“{value}” is not a number.", value=str(value)[:60]) from None
    if not number.is_finite() or abs(number) > LARGEST:
        raise Refused("This number is outside the allowed range.")
    return number.quantize(Decimal("0.01"))


def _integer(field: Field, value: Any) -> int:
    number = _decimal(field, value)
    if number != int(number):
        raise Refused("Please enter a whole number.")
    if abs(number) > LARGEST_ID:
        raise Refused("This number is outside the allowed range.")
    return int(number)


def _date(_field: Field, value: Any) -> date:
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        value = _read_date(str(value))
    if not EARLIEST <= value <= LATEST:
        raise Refused("The date must lie between 1900 and 2100.")
    return value  # type: ignore[no-any-return]


def _read_date(text: str) -> date:
    digits = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00(?:\.0+)?)?)?", text) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    try:
        return date(*(int(part) for part in digits.groups()))  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise Refused("“{value}” is not a date; please write it as 2026-03-31.", value=text[:60]) from None


def _instant(field: Field, value: Any) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(12))
    if not isinstance(value, datetime):
        value = _read_instant(field, str(value))
    _date(field, value)
    moment: datetime = value if value.tzinfo else value.replace(tzinfo=clock.zone())
    return moment


def _read_instant(field: Field, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return datetime.combine(_date(field, text), time(12))


def _time(_field: Field, value: Any) -> time:
    try:
        return value if isinstance(value, time) else time.fromisoformat(str(value).replace("：", ":").zfill(5))
    except ValueError:
        raise Refused("“{value}” is not a time; please write it as 14:30.", value=str(value)[:60]) from None


def _boolean(_field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in TRUE | FALSE:
        raise Refused("Please answer yes or no.")
    return word in TRUE


def _dates(field: Field, value: Any) -> list[str]:
    items = re.split(r"[\s,;，；]+", value) if isinstance(value, str) else value
    return sorted({_date(field, item).isoformat() for item in items if item})


def _key(field: Field, value: Any) -> str:
    text = _text(field, value)
    if not KEY.fullmatch(text):
        raise Refused("Please use lower-case letters, digits and _, beginning with a letter.")
    return text


def _time_zone(_field: Field, value: Any) -> str:
    if str(value) not in clock.available_zones():
        raise Refused("“{value}” is not a time zone; it should look like Asia/Shanghai.", value=str(value)[:60])
    return str(value)


def _link(_field: Field, value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,10}", str(value)) or int(value) > LARGEST_ID:
        raise Refused("This record does not exist, or you may not see it.")
    return int(value)


READERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text, Kind.LONG_TEXT: _text, Kind.EMAIL: _email, Kind.PHONE: _phone, Kind.URL: _url, Kind.MONEY: _decimal, Kind.DECIMAL: _decimal,
    Kind.INTEGER: _integer, Kind.RATING: _integer, Kind.DATE: _date, Kind.INSTANT: _instant, Kind.TIME: _time, Kind.BOOLEAN: _boolean,
    Kind.DATES: _dates, Kind.LINK: _link, Kind.KEY: _key, Kind.TIME_ZONE: _time_zone,
}
