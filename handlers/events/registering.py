"""Registering for an event: two presses where nothing has to be asked."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError
from telegram import Update

from handlers.articles import gone
from handlers.booking.step import Unclear, is_question, one_line
from handlers.contacts import region_rows
from handlers.context import BotContext
from handlers.events import card, ticket
from handlers.events.words import NEEDS, hours, question, said
from handlers.notice import first_steps, privacy_screen
from handlers.screens import Button, Screen, bold, in_rows, plain
from services import registrations
from services.events import Guest
from services.places import find_place
from services.registrations import Told
from storage.events import Event, RegistrationState
from storage.people import Privacy

DIALOG = "ev"
REGION, QUESTION, CONFIRM, NAME = "region", "question", "confirm", "name"
LONGEST_NAME, LONGEST_ANSWER = 80, 500  # characters


class Draft(BaseModel):
    """What somebody has said so far."""

    event: int
    name: str
    region: str | None = None
    companions: int = 0
    needs: list[str] = []
    answers: list[str] = []

    def told(self) -> Told:
        """As the rules of registering want it."""
        return Told(
            name=self.name,
            region=self.region,
            companions=self.companions,
            needs=tuple(self.needs),
            answers=tuple(self.answers),
        )


def _load(context: BotContext) -> Draft | None:
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG:
        return None
    try:
        return Draft.model_validate(dialog.data)
    except ValidationError:  # of an older version of the program
        return None


# --- the questions ------------------------------------------------------------------------------


async def register_pressed(update: Update, context: BotContext) -> None:
    """The first of the two presses."""
    event = await card.find(context, int(context.args_of_press[1]))
    if event is None:
        return
    own = await registrations.standing(context.session, event.id, context.person.id)
    if own is not None or not registrations.may_register(event, context.now):
        context.show(await card.screen(context, event))
        return
    if context.person.privacy is not Privacy.ACCEPTED:
        await _ask_consent(context, event)
        return
    user = update.effective_user
    profile = " ".join((user.full_name if user else "").split())
    region = context.person.region
    known = region if region in context.resources.base.regions else None
    draft = Draft(event=event.id, name=profile[:LONGEST_NAME] or "—", region=known)
    await _go_on(context, event, draft)


async def _ask_consent(context: BotContext, event: Event) -> None:
    """A name is kept only with consent; then the event is shown again."""
    t = context.t
    await context.open_dialog("start", "payload", f"e_{event.id}")
    notice = first_steps(context) or privacy_screen(t)
    why = t("To keep a seat for you I have to keep your name.")
    context.reply(Screen(f"{plain(why)}\n\n{notice.text}", notice.buttons))


async def _next_step(context: BotContext, event: Event, draft: Draft) -> str:
    if draft.region is None and len((await registrations.seats(context.session, event)).of) > 1:
        return REGION  # seats are set aside by region
    return QUESTION if len(draft.answers) < len(event.questions) else CONFIRM


async def _go_on(context: BotContext, event: Event, draft: Draft, said_first: str = "") -> None:
    await _open(context, event, draft, await _next_step(context, event, draft), said_first)


async def _open(
    context: BotContext, event: Event, draft: Draft, step: str, said_first: str = ""
) -> None:
    """Show a question and keep that it is open; `said_first` stands above."""
    await context.open_dialog(DIALOG, step, draft.model_dump(mode="json"))
    screen = await _screen(context, event, draft, step)
    head = f"{plain(said_first)}\n\n" if said_first else ""
    context.show(Screen(head + screen.text, screen.buttons))


async def _screen(context: BotContext, event: Event, draft: Draft, step: str) -> Screen:
    t = context.t
    back = [
        Button(t("⬅️ Back"), _data(draft, "back", step, len(draft.answers))),
        Button(t("✖️ Cancel"), "cancel"),
    ]
    title = bold(said(event, "title", t))
    if step == REGION:
        asked = plain(t("Where do you come from? Press, or write the name."))
        rows = region_rows(context.resources.base, context.language, _data(draft, "from"))
        return Screen(f"{title}\n\n{asked}", [*rows, back])
    if step == NAME:
        asked = plain(t("What name is to stand on the ticket? Please write it."))
        return Screen(f"{title}\n\n{asked}", [back])
    if step == QUESTION:
        number = len(draft.answers)
        asked = plain(question(event.questions[number], t))
        skip = [Button(t("Skip"), _data(draft, "skip", number))]
        return Screen(f"{title}\n\n{asked}", [skip, back])
    return Screen(await _summary(context, event, draft), [*_choices(context, event, draft), back])


def _data(draft: Draft, *verb: object) -> str:
    return ":".join(["ev:d", str(draft.event), *map(str, verb)])


async def _summary(context: BotContext, event: Event, draft: Draft) -> str:
    t = context.t
    region = context.resources.base.regions.get(draft.region or "")
    left = (await registrations.seats(context.session, event)).left(draft.region)
    lines = [
        bold(said(event, "title", t)),
        plain(f"📅 {hours(t, event)}"),
        plain(f"👤 {draft.name}"),
        *([plain(f"🏠 {region.in_language(context.language)}")] if region else []),
    ]
    if event.companions_most:
        lines.append(plain(t("👥 With me: {number}", number=draft.companions)))
    if left is not None and left < 1 + draft.companions:
        lines.append(plain(t("There are not enough seats: you will be on the waiting list.")))
    if event.asks_needs:
        lines += ["", plain(t("Do you need something? Press what you need."))]
    return "\n".join(lines)


def _choices(context: BotContext, event: Event, draft: Draft) -> list[list[Button]]:
    t = context.t
    rows = [[Button(t("✅ Confirm"), _data(draft, "ok"))]]
    if event.companions_most:
        fewer, more = draft.companions - 1, draft.companions + 1
        row = [Button("➖ 👥", _data(draft, "with", fewer))] if fewer >= 0 else []
        if more <= event.companions_most:
            row.append(Button("➕ 👥", _data(draft, "with", more)))
        rows.append(row)
    if event.asks_needs:
        needs = [_need_button(context, draft, need) for need in NEEDS]
        rows += in_rows(needs, 2)
    rows.append(
        [
            Button(t("✏️ Another name"), _data(draft, "name")),
            Button(t("🏠 Another region"), _data(draft, "region")),
        ]
    )
    return rows


def _need_button(context: BotContext, draft: Draft, need: str) -> Button:
    has = need in draft.needs
    label = context.t(NEEDS[need])
    return Button(f"☑️ {label}" if has else label, _data(draft, "need", need, int(not has)))


# --- what is pressed ----------------------------------------------------------------------------


async def pressed(update: Update, context: BotContext) -> None:
    """A button of the questions; of one that is no longer open nothing comes but a word."""
    number, verb, *args = context.args_of_press[1:]
    draft = _load(context)
    event = await card.find(context, int(number))
    if event is None:
        return
    if draft is None or draft.event != event.id:
        await _not_open(context, event, verb)
        return
    match verb, args:
        case "ok", []:
            await _confirmed(context, event, draft)
        case "with", [many]:
            draft.companions = min(int(many), event.companions_most)
            await _go_on(context, event, draft)
        case "need", [need, on] if need in NEEDS and event.asks_needs:
            draft.needs = [
                one for one in NEEDS if (on == "1" if one == need else one in draft.needs)
            ]
            await _go_on(context, event, draft)
        case "from", [region] if region in context.resources.base.regions:
            draft.region = region
            await _go_on(context, event, draft)
        case ("name" | "region") as step, []:
            await _open(context, event, draft, step)
        case "skip", [asked]:
            await _answered(context, event, draft, int(asked), "")
        case "back", [step, asked]:
            await _back(context, event, draft, step, int(asked))
        case _:
            gone(context)


async def _not_open(context: BotContext, event: Event, verb: str) -> None:
    """The questions are over: who has registered meanwhile sees it, everybody else begins anew."""
    own = await registrations.standing(context.session, event.id, context.person.id)
    if verb == "ok" and own is not None:
        context.show(await card.screen(context, event))
    else:
        gone(context)


async def _back(context: BotContext, event: Event, draft: Draft, step: str, asked: int) -> None:
    """To what was asked before; from the first question to the event."""
    if context.dialog is None or step != context.dialog.step or asked != len(draft.answers):
        gone(context)  # a button of a question that was left
        return
    changing = await _next_step(context, event, draft) == CONFIRM
    if step in (NAME, REGION) and changing:
        await _go_on(context, event, draft)
    elif step != REGION and draft.answers:
        draft.answers.pop()
        await _go_on(context, event, draft)
    else:
        await context.close_dialog()
        context.show(await card.screen(context, event))


async def _answered(
    context: BotContext, event: Event, draft: Draft, asked: int, answer: str
) -> None:
    """Keep an answer to the question that is open."""
    if context.dialog is None or context.dialog.step != QUESTION or asked != len(draft.answers):
        gone(context)
        return
    draft.answers.append(answer)
    await _go_on(context, event, draft)


async def _confirmed(context: BotContext, event: Event, draft: Draft) -> None:
    """The second of the two presses."""
    if not registrations.may_register(event, context.now):
        await context.close_dialog()
        context.show(await card.screen(context, event))
        return
    if (step := await _next_step(context, event, draft)) != CONFIRM:
        await _open(context, event, draft, step)  # the event has a question more by now
        return
    guest = await registrations.register(
        context.session, event.id, context.person.id, draft.told(), context.now
    )
    await context.close_dialog()
    if guest.state is RegistrationState.REGISTERED:
        context.show(await card.screen(context, event))
        ticket.send(context.turn, context.person, Guest(guest, event))
        return
    promise = context.t("All seats are taken. When one becomes free, I write to you at once.")
    context.show(await card.screen(context, event, promise))


# --- what is written ----------------------------------------------------------------------------


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between."""
    draft = _load(context)
    event = await card.find(context, draft.event) if draft is not None else None
    if draft is None or event is None or context.dialog is None:
        gone(context)
        return
    await _open(context, event, draft, _still(event, draft, context.dialog.step))


def _still(event: Event, draft: Draft, step: str) -> str:
    """The step that was open, unless the event has fewer questions by now."""
    return CONFIRM if step == QUESTION and len(draft.answers) >= len(event.questions) else step


async def typed(update: Update, context: BotContext) -> bool:
    """A name, a region, an answer; whatever else is written is a question as ever."""
    draft = _load(context)
    if draft is None or context.dialog is None or update.edited_message is not None:
        return False
    event = await card.find(context, draft.event)
    if event is None:
        await context.close_dialog()
        return True
    written = (context.message.text or "").strip()
    match _still(event, draft, context.dialog.step):
        case "name":
            return await _name_typed(context, event, draft, written)
        case "region":
            return await _region_typed(context, event, draft, written)
        case "question":
            return await _answer_typed(context, event, draft, written)
    return False


async def _name_typed(context: BotContext, event: Event, draft: Draft, written: str) -> bool:
    if is_question(context, written):
        return False
    try:
        draft.name = one_line(context, written, LONGEST_NAME)
    except Unclear as unclear:
        await _open(context, event, draft, NAME, unclear.message)
        return True
    await _go_on(context, event, draft)
    return True


async def _region_typed(context: BotContext, event: Event, draft: Draft, written: str) -> bool:
    place = find_place(context.resources.base.regions.values(), written)
    if place is None:
        return False
    draft.region = place[0]
    await _go_on(context, event, draft)
    return True


async def _answer_typed(context: BotContext, event: Event, draft: Draft, written: str) -> bool:
    """Any words may be an answer, but for a question and a cry for help."""
    if "?" in written or context.resources.searcher.ask(written).danger is not None:
        return False
    if len(written) > LONGEST_ANSWER:
        await _open(context, event, draft, QUESTION, context.t("Please write it shorter."))
        return True
    draft.answers.append(written)
    await _go_on(context, event, draft)
    return True
