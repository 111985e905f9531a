"""All tables, imported together: migrations and checks need the whole picture."""

from storage.base import Base
from storage.dialogs import Dialog
from storage.people import Grant, Invitation, Person
from storage.questions import Feedback, MissedQuestion
from storage.traffic import InboxUpdate, OutboxMessage, Replica

__all__ = [
    "Base",
    "Dialog",
    "Feedback",
    "Grant",
    "InboxUpdate",
    "Invitation",
    "MissedQuestion",
    "OutboxMessage",
    "Person",
    "Replica",
]
