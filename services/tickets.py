"""Tickets of events: the code as people read it, and the picture that a phone at the door reads."""

from __future__ import annotations

import io

import segno

from services.registrations import CODE_LENGTH

PAYLOAD = "t_"  # before a ticket's code in a deep link
_DOT, _BORDER = 12, 4  # pixels of a dot; dots around the picture, as the standard wants
_LETTERS = 72  # pixels of the code's letters below it


def spaced(code: str) -> str:
    """A ticket's code in two halves, easier to read out: ABCD-EFGH."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def payload(code: str) -> str:
    """What the deep link of a ticket starts the bot with."""
    return f"{PAYLOAD}{code}"


def picture(link: str, code: str) -> bytes:
    """A QR code of a link with the ticket's code in large letters below it, as PNG.

    It is still read with a seventh of it creased or dirty.
    """
    # Loaded with the first ticket: a bot without events needs no pictures.
    from PIL import Image, ImageDraw, ImageFont

    drawn = io.BytesIO()
    segno.make_qr(link, error="m").save(drawn, kind="png", scale=_DOT, border=_BORDER)
    dots = Image.open(drawn).convert("L")
    whole = Image.new("L", (dots.width, dots.height + _LETTERS), "white")
    whole.paste(dots)
    below = (whole.width // 2, dots.height + _LETTERS // 4)
    font = ImageFont.load_default(_LETTERS)
    ImageDraw.Draw(whole).text(below, spaced(code), fill="black", font=font, anchor="mm")
    saved = io.BytesIO()
    whole.save(saved, format="PNG")
    return saved.getvalue()
