"""The nouns. `NOUNS` maps a table name to its model."""

from __future__ import annotations

from db.base import Base, Record
from db.models.access import AccessToken, Credential, OneTimeToken, SignInFailure, UserSession
from db.models.attachment import Attachment, Blob
from db.models.change import Change, ChangePayload, ChangeRow, Counter, JournalHead, RequestKey
from db.models.contact import Contact
from db.models.customer import Customer
from db.models.duplicate import MatchKey, NotDuplicate
from db.models.follow_up import FollowUp
from db.models.lists import CustomerTag, CustomField, ImportMapping, KpiTarget, Option, SavedView, Tag, Target
from db.models.order import Order, OrderLine
from db.models.organisation import Organisation
from db.models.people import Absence, Team, User
from db.models.product import Product, ProductLine
from db.models.public import LeadForm, SigningKey
from db.models.survey import Question, Survey, SurveyInvitation, SurveyResponse
from db.models.upkeep import JobRun, PublishedFigure

NOUNS: dict[str, type[Record]] = {
    mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)
}

__all__ = [
    "NOUNS",
    "Absence",
    "AccessToken",
    "Attachment",
    "Base",
    "Blob",
    "Change",
    "ChangePayload",
    "ChangeRow",
    "Contact",
    "Counter",
    "Credential",
    "CustomField",
    "Customer",
    "CustomerTag",
    "FollowUp",
    "ImportMapping",
    "JobRun",
    "JournalHead",
    "KpiTarget",
    "LeadForm",
    "MatchKey",
    "NotDuplicate",
    "OneTimeToken",
    "Option",
    "Order",
    "OrderLine",
    "Organisation",
    "Product",
    "ProductLine",
    "PublishedFigure",
    "Question",
    "Record",
    "RequestKey",
    "SavedView",
    "SignInFailure",
    "SigningKey",
    "Survey",
    "SurveyInvitation",
    "SurveyResponse",
    "Tag",
    "Target",
    "Team",
    "User",
    "UserSession",
]
