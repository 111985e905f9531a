"""After a booking: short questions for the donor's figures, and whether state legal aid may be due."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.menu import n_
from handlers.resources import speaks, today
from handlers.screens import Button, Screen, in_rows, plain
from knowledge.rates import RateUnknown, period_on
from locales import Texts
from services import cases, figures
from services.figures import Ground
from storage.cases import Case

ARTICLE = "courts/free-lawyer"  # on state-guaranteed legal aid
MINIMUM_WAGE = "minimum-wage"
QUESTIONS = {
    "age": n_("How old are you?"),
    "gender": n_("Are you a woman or a man?"),
    "disability": n_("Do you have a disability?"),
    "income": n_("What was your income in the last 12 months?"),
}
# Of the person whom a case is for, when it isn't the one who writes.
OF_ANOTHER = {
    "age": n_("How old is this person?"),
    "gender": n_("Is this person a woman or a man?"),
    "disability": n_("Does this person have a disability?"),
    "income": n_("What was this person's income in the last 12 months?"),
}
LABELS = {
    "under-18": n_("under 18"),
    "18-28": "18–28",
    "29-59": "29–59",
    "60-over": n_("60 and over"),
    "female": n_("a woman"),
    "male": n_("a man"),
    "yes": n_("Yes"),
    "no": n_("No"),
    "none": n_("no income"),
    "higher": n_("more than that"),
}
WHY = {
    Ground.CRIMINAL: n_("in a criminal case or on being held, whoever asks for a lawyer gets one"),
    Ground.CATEGORY: n_(
        "for children, people with a disability and those who suffered violence, income usually "
        "doesn't matter"
    ),
    Ground.INCOME: n_("the income is small enough for it"),
}


def register(application: BotApplication) -> None:
    """Listen to the answers."""
    application.add_handler(CallbackQueryHandler(answered, pattern=r"^fg:\d{1,18}:[a-z]+:[\w-]+$"))


async def answered(update: Update, context: BotContext) -> None:
    """An answer, «rather not say» (-), or nothing more (end); only of one's own case."""
    number, question, answer = context.args_of_press
    case = await cases.get(context.session, int(number))
    known = figures.ANSWERS.get(question)
    if case is None or case.person_id != context.person.id or known is None:
        gone(context)
        return
    if answer == "end":
        context.show(_hint(context, case))
        return
    if answer != "-" and answer not in known:
        gone(context)
        return
    figures.note(case, question, None if answer == "-" else answer)
    order = list(figures.ANSWERS)
    left = order[order.index(question) + 1 :]
    context.show(question_screen(context, case, left[0]) if left else _hint(context, case))


def first_screen(context: BotContext, case: Case) -> Screen:
    """What follows a booking: the questions; in danger, or if they are answered, what may be due."""
    return _hint(context, case) if case.danger or case.figures else question_screen(context, case)


def question_screen(context: BotContext, case: Case, question: str = "age") -> Screen:
    """One question; the first says why it is asked."""
    t = context.t
    asked = (OF_ANOTHER if case.somebody_else else QUESTIONS)[question]
    lines = [t(asked)]
    if question == "age":
        why = t(
            "Four short questions, if you like: they help us to report without names, and show "
            "whether the state may pay for a lawyer."
        )
        lines.insert(0, why)
    answers = [
        Button(label(context, one), f"fg:{case.id}:{question}:{one}")
        for one in figures.ANSWERS[question]
    ]
    return Screen(
        "\n\n".join(map(plain, lines)),
        [
            *in_rows(answers, 1 if question == "income" else 2),
            [Button(t("Rather not say"), f"fg:{case.id}:{question}:-")],
            [Button(t("⏭ Skip all questions"), f"fg:{case.id}:{question}:end")],
        ],
    )


def label(context: BotContext, answer: str) -> str:
    """An answer as it stands on its button."""
    return _low_income(context) if answer == "low" else context.t(LABELS[answer])


def _low_income(context: BotContext) -> str:
    """Up to so much a month; without a sum where that of today isn't known."""
    t = context.t
    try:
        rate = context.resources.base.rates[MINIMUM_WAGE]
        period = period_on(rate, today(context.now))
    except (KeyError, RateUnknown):
        return t("up to {number} minimum wages a year", number=figures.WAGES)
    month = int(period.amount * figures.WAGES / 12)
    return t("up to {sum} som a month on average", sum=f"{month:,}".replace(",", " "))


def _hint(context: BotContext, case: Case) -> Screen:
    """What the article on state legal aid makes likely, no more than that."""
    t = context.t
    reason = figures.ground(case)
    said = [t("Thank you.")]
    if reason is not None:
        said.append(t("A lawyer paid by the state may be due: {why}.", why=t(WHY[reason])))
        said.append(t("The state's service decides. Ask your lawyer about it, too."))
    else:
        said.append(t("Whether the state pays for a lawyer, and for whom, is told here:"))
    return Screen("\n".join(map(plain, said)), _article_button(context, t))


def _article_button(context: BotContext, t: Texts) -> list[list[Button]]:
    language = speaks(t.language)
    article = context.resources.base.article(ARTICLE)
    if article is None:
        return []
    return [[Button(article.in_language(language).title, f"+a:{language}:{ARTICLE}")]]
