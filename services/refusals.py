"""Refusals: ordinary life, each with a sentence that says what to do next."""

from __future__ import annotations


class Refusal(Exception):
    """Something can't be done; `message` is the English key of the sentence for the person."""

    message = "This can't be done right now."


class NotAllowed(Refusal):
    """The person does not hold the role for this."""

    message = "This is for staff only. If you should have access, ask the coordinator for a link."


class NoPartner(NotAllowed):
    """Somebody of the staff asks for what only lawyers of a partner have."""

    message = (
        "Cases and hours are with the lawyers of partners, and you work for none yet. A coordinator "
        "gives the link: /partners, the partner, “➕ Invite a lawyer”."
    )


class InvitationInvalid(Refusal):
    """The invitation is unknown, used or expired. Which of them is nobody's business."""

    message = "This link no longer works. Ask the person who sent it for a new one."


class NameUnfit(Refusal):
    """A partner's name that is too short or too long."""

    message = "Please write the name in one line of 2 to 120 characters."


class NameTaken(Refusal):
    """Another partner has this name."""

    message = "There is a partner with this name already."


class GroupTaken(Refusal):
    """A group that belongs to another partner."""

    message = "This group belongs to another partner already."
