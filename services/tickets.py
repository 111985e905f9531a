"""Tickets of events: the code as people read it, and the picture that a phone at the door reads."""

from __future__ import annotations

import io

import segno

from services.registrations import CODE_LENGTH

PAYLOAD = "t_"  # before a ticket's code in a deep link
_MODULE, _BORDER = 12, 4  # pixels of a dot; dots around the picture, as the standard wants


def spaced(code: str) -> str:
    """A ticket's code in two halves, easier to read out: ABCD-EFGH."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def payload(code: str) -> str:
    """What the deep link of a ticket starts the bot with."""
    return f"{PAYLOAD}{code}"


def picture(link: str) -> bytes:
    """A QR code of a link, as PNG. It is still read with a seventh of it creased or dirty."""
    drawn = io.BytesIO()
    segno.make_qr(link, error="m").save(drawn, kind="png", scale=_MODULE, border=_BORDER)
    return drawn.getvalue()
