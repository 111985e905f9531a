"""All tables, imported together: migrations and checks need the whole picture."""

from storage.announcements import Announcement, AnnouncementText, ButtonPress, Delivery, Sending
from storage.base import Base
from storage.calendars import Consultation, DayException, WaitingWish, WeeklyHours
from storage.cases import Case, CaseCounter, CaseEvent, CaseFile, CaseNote
from storage.curation import KnowledgeChange, Proposal
from storage.dialogs import Dialog
from storage.events import Event, RegionSeats, Registration
from storage.following import Community, Follow, OptOut
from storage.partners import Lawyer, Partner
from storage.people import Grant, Invitation, Person
from storage.questions import AnswerWish, Feedback, GivenAnswer, MissedQuestion
from storage.relay import CaseThread, RelayedMessage
from storage.routing import Conflict, Handoff, RoutingRule
from storage.traffic import InboxUpdate, OutboxMessage, PostedMessage, Replica

__all__ = [
    "Announcement",
    "AnnouncementText",
    "AnswerWish",
    "Base",
    "ButtonPress",
    "Case",
    "CaseCounter",
    "CaseEvent",
    "CaseFile",
    "CaseNote",
    "CaseThread",
    "Community",
    "Conflict",
    "Consultation",
    "DayException",
    "Delivery",
    "Dialog",
    "Event",
    "Feedback",
    "Follow",
    "GivenAnswer",
    "Grant",
    "Handoff",
    "InboxUpdate",
    "Invitation",
    "KnowledgeChange",
    "Lawyer",
    "MissedQuestion",
    "OptOut",
    "OutboxMessage",
    "Partner",
    "Person",
    "PostedMessage",
    "Proposal",
    "RegionSeats",
    "Registration",
    "RelayedMessage",
    "Replica",
    "RoutingRule",
    "Sending",
    "WaitingWish",
    "WeeklyHours",
]
