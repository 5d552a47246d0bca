"""What stands open to customers: lead forms, and the keys by which the product knows its own links again."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Record
from db.fields import Field, Kind, field
from db.types import json_type


class SigningKey(Base):
    """The secret that signs links and forms of one purpose; never shown, never journalled."""

    __tablename__ = "signing_key"

    purpose: Mapped[str] = mapped_column(String(20), primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))


class LeadForm(Record):
    """A form on a website by which people make themselves known; each becomes a lead with a follow-up."""

    __tablename__ = "lead_form"
    words = ("Lead form", "Lead forms")
    prefix = "LF"

    name: Mapped[str] = field(String(100), unique=True, ui=Field(listed=True, hint="For colleagues; customers do not see it."))
    key: Mapped[str] = field(
        String(40), unique=True, ui=Field(label="Word in the address", kind=Kind.KEY, listed=True, hint="The form stands under /lead/ and this word.")
    )
    active: Mapped[bool] = field(default=False, ui=Field(label="Open to everybody", listed=True, filterable=True))
    owner_id: Mapped[int | None] = field(ForeignKey("user.id"), ui=Field(label="Owner of the leads", listed=True))
    source: Mapped[str | None] = field(String(40), ui=Field(options="source", listed=True))
    tags: Mapped[list[str]] = field(
        MutableList.as_mutable(json_type()), default=list,
        ui=Field(kind=Kind.CHOICES, among="tag", listed=True, hint="Every lead carries them from the start. New tags are made under Fields and lists."),
    )
    follow_up_days: Mapped[int] = field(default=1, ui=Field(label="Follow-up due after, days", minimum=0, maximum=60))
    shown_on: Mapped[str | None] = field(
        String(300), ui=Field(label="Website that shows the form", kind=Kind.URL, hint="Only this website may show the form in a frame.")
    )
    title_en: Mapped[str | None] = field(String(200), ui=Field(label="Heading in English", section="Form text"))
    title_zh: Mapped[str | None] = field(String(200), ui=Field(label="Heading in Chinese", section="Form text"))
    intro_en: Mapped[str | None] = field(Text, ui=Field(label="Introduction in English", max_length=2000, section="Form text"))
    intro_zh: Mapped[str | None] = field(Text, ui=Field(label="Introduction in Chinese", max_length=2000, section="Form text"))
    consent_en: Mapped[str | None] = field(Text, ui=Field(label="Consent in English", max_length=2000, section="Form text", hint="Empty: the usual wording."))
    consent_zh: Mapped[str | None] = field(Text, ui=Field(label="Consent in Chinese", max_length=2000, section="Form text", hint="Empty: the usual wording."))

    def said(self, what: str, language: str) -> str:
        """The form's own wording of 'title', 'intro' or 'consent', in this language or else in the other; empty where there is none."""
        other = "en" if language == "zh" else "zh"
        return str(getattr(self, f"{what}_{language}") or getattr(self, f"{what}_{other}") or "")
