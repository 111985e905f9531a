"""All tables, imported together: migrations and checks need the whole picture."""

from storage.base import Base
from storage.calendars import Consultation, DayException, WaitingWish, WeeklyHours
from storage.cases import Case, CaseCounter, CaseEvent, CaseFile, CaseNote
from storage.curation import KnowledgeChange, Proposal
from storage.dialogs import Dialog
from storage.partners import Lawyer, Partner
from storage.people import Grant, Invitation, Person
from storage.questions import AnswerWish, Feedback, GivenAnswer, MissedQuestion
from storage.relay import CaseThread, RelayedMessage
from storage.routing import Conflict, Handoff, RoutingRule
from storage.traffic import InboxUpdate, OutboxMessage, PostedMessage, Replica

__all__ = [
    "AnswerWish",
    "Base",
    "Case",
    "CaseCounter",
    "CaseEvent",
    "CaseFile",
    "CaseNote",
    "CaseThread",
    "Conflict",
    "Consultation",
    "DayException",
    "Dialog",
    "Feedback",
    "GivenAnswer",
    "Grant",
    "Handoff",
    "InboxUpdate",
    "Invitation",
    "KnowledgeChange",
    "Lawyer",
    "MissedQuestion",
    "OutboxMessage",
    "Partner",
    "Person",
    "PostedMessage",
    "Proposal",
    "RelayedMessage",
    "Replica",
    "RoutingRule",
    "WaitingWish",
    "WeeklyHours",
]
