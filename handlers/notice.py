"""What is asked before anything else: the language, and consent to what is kept."""

from __future__ import annotations

from handlers.context import BotContext
from handlers.screens import Button, Screen, plain
from locales import Texts, all_texts


def first_steps(context: BotContext) -> Screen | None:
    """What somebody has to be asked before anything else; None once they have chosen."""
    if context.person.language is None:
        return language_screen()
    return privacy_screen(context.t) if context.person.privacy is None else None


def language_names() -> dict[str, str]:
    """What each language calls itself, and its code."""
    return {t("English name of this language"): code for code, t in all_texts().items()}


def language_screen() -> Screen:
    """The question for the language, said in all of them."""
    known = all_texts()
    return Screen(
        "\n".join(plain(t("Hello! Please choose a language.")) for t in known.values()),
        [[Button(name, f"lang:{code}")] for name, code in language_names().items()],
    )


def privacy_screen(t: Texts) -> Screen:
    """The privacy notice: five short sentences and a choice."""
    sentences = (
        t(
            "🔒 I keep your language, your district, and what you write when you ask for a lawyer; "
            "all of it is kept encrypted."
        ),
        t("A lawyer learns who you are only after taking your case."),
        t("Photos and files stay with Telegram itself."),
        t("A question that found no answer is kept without your name, to improve the answers."),
        t("You can see or delete everything at any time: /privacy."),
    )
    return Screen(
        "\n\n".join(map(plain, sentences)),
        [[Button(t("✅ I agree"), "priv:yes")], [Button(t("No, only answers"), "priv:no")]],
    )
