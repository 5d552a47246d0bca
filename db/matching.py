"""What makes two customers look like one: normalized signs of a record, and how similar two names are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import phonenumbers
from rapidfuzz import fuzz

from db.pinyin import sound_key

LATIN_FORMS = {
    *("ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kg", "kk", "limited", "llc", "llp", "ltd", "mbh"),
    *("nv", "oy", "plc", "pte", "pty", "sa", "sarl", "sas", "spa", "srl"),
}
CHINESE_FORMS = re.compile("股份|有限责任公司|有限責任公司|有限公司|集团|集團|公司|个体工商户|個體工商戶")
ABBREVIATED = re.compile(r"(?<=\b[^\W\d_])\.")
WORDS = re.compile(r"[^\W_]+")
CHINESE_MOBILE = re.compile(r"(?:0086|86)?(1[3-9]\d{9})")
LONGEST = 60
SHORTEST_NUMBER = 6
SAME_SOUND = 96.0
"""How similar names are that sound the same and are written otherwise."""

SIGNS = ("credit_code", "email", "number")
"""Signs that hardly two customers share."""
SOUND, ENDS = "sound", "ends"
"""A name as it sounds, and the same backwards: similar names stand near each other in the order of one of the two."""
MEANING = ("name", "phone", "mobile", "email", "credit_code")
"""The fields that signs are taken from."""
OF_CONTACT = ("phone", "email")
"""The fields of a contact that signs are taken from."""

WEIGHTS = {"credit_code": 0.98, "email": 0.9, "number": 0.75}
"""How likely one common sign makes two customers the same."""
SPOKESMAN = {"email": 0.65, "number": 0.55}
"""How likely it does where a contact of one of them bears it: one person may speak for two companies."""
ALIKE, CERTAIN = 85.0, 0.8
"""From which similarity names speak for a duplicate, and how much the same name alone is worth."""
NAMESAKES, ELSEWHERE = 0.65, 0.65
"""What a name counts less between two people, and in two cities."""
LIKELY, VERY_LIKELY = 0.5, 0.9


class Sign(NamedTuple):
    """A normalized value that others are compared by, and the field that it comes from."""

    kind: str
    value: str
    field: str


def signs(values: Mapping[str, Any]) -> Iterator[Sign]:
    """The signs of a customer's values, as typed, read from a file or kept."""
    if code := "".join(WORDS.findall(_plain(values.get("credit_code")))):
        yield Sign("credit_code", code[:LONGEST], "credit_code")
    yield from _reach(values)
    if sound := sound_key(name_key(values.get("name"))):
        yield Sign(SOUND, sound[:LONGEST], "name")
        yield Sign(ENDS, sound[::-1][:LONGEST], "name")


def _reach(values: Mapping[str, Any]) -> Iterator[Sign]:
    if email := _plain(values.get("email")).strip():
        yield Sign("email", email, "email")
    for field in ("phone", "mobile"):
        if number := number_key(values.get(field)):
            yield Sign("number", number, field)


Signs = frozenset[tuple[str, str]]
"""Kinds and values."""


def signs_of(meaning: Iterable[Any]) -> Signs:
    """The signs of the values of MEANING, in that order."""
    return frozenset((sign.kind, sign.value) for sign in signs(dict(zip(MEANING, meaning, strict=True))))


def signs_of_contact(meaning: Iterable[Any]) -> Signs:
    """The signs of the values of OF_CONTACT, in that order."""
    return frozenset((sign.kind, sign.value) for sign in _reach(dict(zip(OF_CONTACT, meaning, strict=True))))


class Reason(NamedTuple):
    """Why two customers look alike: a common sign, 'contact_' and a sign that a contact bears, or 'name' with its similarity in percent."""

    kind: str
    percent: int | None = None


class Name(NamedTuple):
    """A name as it is compared: as it is written and as it sounds."""

    key: str
    sound: str


class Profile(NamedTuple):
    """What of a customer is compared."""

    name: Name
    signs: Signs
    of_contacts: Signs
    """What only the contacts bear."""
    person: bool
    city: str


def profile(values: Mapping[str, Any]) -> Profile:
    return profile_of(values.get("name"), values.get("kind"), values.get("city"), ((sign.kind, sign.value, False) for sign in signs(values)))


def profile_of(name: Any, kind: Any, city: Any, found: Iterable[tuple[str, str, bool]]) -> Profile:
    """found: the signs of a customer, as they are kept or were worked out, and whether only a contact bears each."""
    sound = ""
    own: set[tuple[str, str]] = set()
    of_contacts: set[tuple[str, str]] = set()
    for sign, value, of_contact in found:
        if sign == SOUND:
            sound = value
        elif sign in WEIGHTS:
            (of_contacts if of_contact else own).add((sign, value))
    return Profile(Name(name_key(name), sound), frozenset(own), frozenset(of_contacts), kind == "person", _plain(city).strip())


def name_of(text: Any) -> Name:
    key = name_key(text)
    return Name(key, sound_key(key))


def likeness(first: Profile, second: Profile) -> tuple[float, tuple[Reason, ...]]:
    """How likely two customers are the same, 0 to 1, and why; the reasons count as if none followed from another, but contacts speak once."""
    common, spoken = _common(first.signs & second.signs), _common(_of_contacts(first, second))
    reasons = [*map(Reason, common), *(Reason(f"contact_{kind}") for kind in spoken)]
    doubt = 1 - max((SPOKESMAN[kind] for kind in spoken), default=0.0)
    for kind in common:
        doubt *= 1 - WEIGHTS[kind]
    alike = similarity(first.name, second.name) if first.name.key and second.name.key else 0
    if alike >= ALIKE:
        reasons.append(Reason("name", int(alike)))
        doubt *= 1 - _weight_of_names(alike, first, second)
    return 1 - doubt, tuple(reasons)


def _common(found: Signs) -> list[str]:
    return sorted({kind for kind, _ in found}, key=SIGNS.index) if found else []


def _of_contacts(first: Profile, second: Profile) -> Signs:
    """What two customers share by a contact of one or of both."""
    return (first.of_contacts & (second.signs | second.of_contacts)) | (second.of_contacts & first.signs)


def _weight_of_names(alike: float, first: Profile, second: Profile) -> float:
    weight = CERTAIN * (alike - 70) / 30
    weight *= NAMESAKES if first.person and second.person else 1
    return weight * ELSEWHERE if first.city and second.city and first.city != second.city else weight


def _plain(text: Any) -> str:
    """One form for full and half width, for capitals and small letters."""
    return unicodedata.normalize("NFKC", str(text or "")).casefold()


def name_key(name: Any) -> str:
    """The name without legal forms, accents, spaces and signs."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", ABBREVIATED.sub("", _plain(name))) if not unicodedata.combining(letter))
    words = WORDS.findall(unicodedata.normalize("NFC", bare))
    named = "".join(word for word in words if word not in LATIN_FORMS) or "".join(words)
    return CHINESE_FORMS.sub("", named) or named


def number_key(text: Any) -> str:
    """A telephone number in its international form; empty for what is too short to tell anybody apart."""
    plain = _plain(text)
    digits = "".join(filter(str.isdigit, plain))
    if len(digits) < SHORTEST_NUMBER:
        return ""
    mobile = CHINESE_MOBILE.fullmatch(digits)
    return f"+86{mobile[1]}" if mobile else _international(plain, digits)


@lru_cache(maxsize=20_000)
def _international(text: str, digits: str) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(text, "CN"), phonenumbers.PhoneNumberFormat.E164)[:LONGEST]
    except phonenumbers.NumberParseException:
        return digits[:LONGEST]


def similarity(first: Name, second: Name) -> float:
    """How similar two names are, 0 to 100; one in Latin letters is compared with the other's pinyin."""
    if first.key == second.key:
        return 100.0
    if first.key.isascii() != second.key.isascii():
        return fuzz.ratio(first.sound, second.sound) * SAME_SOUND / 100
    alike = fuzz.ratio(first.key, second.key)
    return max(alike, SAME_SOUND) if first.sound == second.sound else alike
