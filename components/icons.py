"""One icon per method and noun, the same everywhere."""

from __future__ import annotations

METHODS = {"call": "call", "visit": "storefront", "wechat": "chat", "email": "mail", "meeting": "groups", "message": "sms"}


def method_icon(method: str | None) -> str:
    return f":material/{METHODS.get(method or '', 'forum')}:"
