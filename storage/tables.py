"""All tables, imported together: migrations and checks need the whole picture."""

from storage.base import Base
from storage.curation import KnowledgeChange, Proposal
from storage.dialogs import Dialog
from storage.people import Grant, Invitation, Person
from storage.questions import AnswerWish, Feedback, GivenAnswer, MissedQuestion
from storage.traffic import InboxUpdate, OutboxMessage, Replica

__all__ = [
    "AnswerWish",
    "Base",
    "Dialog",
    "Feedback",
    "GivenAnswer",
    "Grant",
    "InboxUpdate",
    "Invitation",
    "KnowledgeChange",
    "MissedQuestion",
    "OutboxMessage",
    "Person",
    "Proposal",
    "Replica",
]
