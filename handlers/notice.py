"""The privacy notice: what is kept, and the choice."""

from __future__ import annotations

from handlers.screens import Button, Screen, plain
from locales import Texts


def privacy_screen(t: Texts) -> Screen:
    """The privacy notice: four short sentences and a choice."""
    sentences = (
        t(
            "🔒 I keep your language, your district, and what you write when you ask for a lawyer; "
            "all of it is kept encrypted."
        ),
        t("Photos and files stay with Telegram itself."),
        t("A question that found no answer is kept without your name, to improve the answers."),
        t("You can see or delete everything at any time: /privacy."),
    )
    return Screen(
        "\n\n".join(map(plain, sentences)),
        [[Button(t("✅ I agree"), "priv:yes")], [Button(t("No, only answers"), "priv:no")]],
    )
