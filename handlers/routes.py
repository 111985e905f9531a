"""/route: the rules of routing, what a change of them would do, and why a case went where it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import rule_words
from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.rule_words import CONDITIONS, Partners
from handlers.screens import Button, Screen, bold, in_rows, plain
from locales import all_texts
from services import cases, conflicts, reasons, replay, rules
from services.partners import partners
from services.rules import Rule
from storage.cases import Case, CaseState, Urgency
from storage.partners import Way
from storage.people import Role

DIALOG = "ro"
PAGE = 20  # rules on one screen
WEEKLY = (1, 2, 3, 5, 8, 10, 15, 20, 30, 50)  # cases, on buttons; any other number is typed
NONE = "-"


def register(application: BotApplication) -> None:
    """Listen to /route and its buttons; DIALOG's texts go to `typed`."""
    application.add_handler(CommandHandler("route", route))
    for pattern, handler in (
        (r"^ro(:p:\d{1,4})?$", listed),
        (r"^ro:a$", added),
        (r"^ro:r:\d{1,12}$", opened),
        (rf"^ro:c:({'|'.join(CONDITIONS)}|partner|weekly)$", field_pressed),
        (rf"^ro:v:({'|'.join(CONDITIONS)}|partner|weekly):[^:]+$", value_pressed),
        (r"^ro:m:-?\d{1,3}$", moved),
        (r"^ro:x$", deleted),
        (r"^ro:t$", tried),
        (r"^ro:(again|b)$", again),
        (r"^ro:s$", saved),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of the rules that isn't saved yet: one rule put, moved or deleted."""

    rule: Rule
    step: int = 0  # places down
    deletes: bool = False

    def of(self, current: Sequence[Rule]) -> list[Rule]:
        """The rules as they would be; raise RuleGone."""
        if self.deletes and self.rule.id is not None:
            return rules.without(current, self.rule.id)
        return rules.moved(rules.put(current, self.rule), self.rule.id, self.step)

    def kept(self) -> dict[str, Any]:
        """As a dialog holds it."""
        return asdict(self)


def _draft(context: BotContext) -> Draft | None:
    """The change that is under way, if any."""
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG:
        return None
    kept = dict(dialog.data["rule"])
    way, urgency = kept.pop("way"), kept.pop("urgency")
    rule = Rule(
        way=None if way is None else Way(way),
        urgency=None if urgency is None else Urgency(urgency),
        **kept,
    )
    return Draft(rule, dialog.data["step"], dialog.data["deletes"])


async def _keep(context: BotContext, draft: Draft, step: str) -> None:
    await context.open_dialog(DIALOG, step, draft.kept())


async def _partners(context: BotContext) -> Partners:
    return {one.id: one for one in await partners(context.session)}


async def route(update: Update, context: BotContext) -> None:
    """/route: the rules; with a case's number behind it, why the case went where it went."""
    await context.allow(Role.COORDINATOR)
    if context.args:
        context.reply(await _way_of(context, context.args[0]))
        return
    context.reply(await _list(context))


async def listed(update: Update, context: BotContext) -> None:
    """The rules, or a page of them; a change that isn't saved is dropped."""
    await context.allow(Role.COORDINATOR)
    if _draft(context) is not None:
        await context.close_dialog()
    page = context.args_of_press[1:]
    context.show(await _list(context, int(page[0]) if page else 0))


async def _list(context: BotContext, page: int = 0, said: str = "") -> Screen:
    """The rules in their order, in plain words."""
    t, current, known = context.t, await rules.in_order(context.session), await _partners(context)
    page = min(page, max(0, len(current) - 1) // PAGE)
    first = page * PAGE
    shown = list(enumerate(current[first : first + PAGE], first + 1))
    lines = [
        f"{place}. {plain(rule_words.rule_line(context.resources, t, rule, known))}"
        for place, rule in shown
    ]
    head = [plain(said)] if said else []
    explained = t(
        "The first rule that fits decides; what no rule catches comes to the coordinator."
    )
    turning = [Button("◀️", f"ro:p:{page - 1}")] if page else []
    turning += [Button("▶️", f"ro:p:{page + 1}")] if first + PAGE < len(current) else []
    return Screen(
        "\n\n".join(
            [
                *head,
                bold(t("Rules of routing")),
                "\n".join(lines) or plain(t("There are no rules yet.")),
                plain(explained),
            ]
        ),
        [
            *in_rows([Button(str(place), f"ro:r:{rule.id}") for place, rule in shown], 5),
            turning,
            [Button(t("➕ Add a rule"), "ro:a")],
        ],
    )


async def added(update: Update, context: BotContext) -> None:
    """A new rule: for which partner?"""
    await context.allow(Role.COORDINATOR)
    known = await _partners(context)
    if not known:
        context.toast(context.t("There are no partners yet: /partners"), alert=True)
        return
    draft = Draft(Rule(partner_id=0))
    await _keep(context, draft, "partner")
    context.show(await _choice(context, draft, "partner"))


async def opened(update: Update, context: BotContext) -> None:
    """One rule, to be changed; raise RuleGone."""
    await context.allow(Role.COORDINATOR)
    current = await rules.in_order(context.session)
    draft = Draft(rules.one(current, int(context.args_of_press[1])))
    await _keep(context, draft, "rule")
    context.show(await _panel(context, draft))


async def _pressed(context: BotContext) -> Draft | None:
    """The change that a button belongs to; None, and a word on it, if there is none."""
    await context.allow(Role.COORDINATOR)
    draft = _draft(context)
    if draft is None:
        gone(context)
    return draft


async def _panel(context: BotContext, draft: Draft) -> Screen:
    """A rule with a button for each of its parts."""
    t, rule, known = context.t, draft.rule, await _partners(context)
    current = await rules.in_order(context.session)
    after = draft.of(current)
    place = next(at for at, one in enumerate(after, 1) if one.id == rule.id)
    wanted = {name: _said(context, rule, name) for name in CONDITIONS}
    asked = [name for name in CONDITIONS if name != "district" or rule.region]
    parts = [Button(f"{t(CONDITIONS[name])}: {wanted[name]}", f"ro:c:{name}") for name in asked]
    partner = rule_words.partner_of(t, known, rule.partner_id)
    weekly = rule_words.most_of(t, rule) or t("no limit")
    moving = [Button(t("⬆️ Earlier"), f"ro:m:{draft.step - 1}")] if place > 1 else []
    moving += [Button(t("⬇️ Later"), f"ro:m:{draft.step + 1}")] if place < len(after) else []
    changes = after != current
    return Screen(
        "\n\n".join(
            [
                bold(t("Rule {place} of {of}", place=place, of=len(after))),
                plain(rule_words.rule_line(context.resources, t, rule, known)),
                plain(t("Press what you want to change. Nothing is saved before you say so.")),
            ]
        ),
        [
            *in_rows(parts, 2),
            [Button(t("Partner: {name}", name=partner)[:60], "ro:c:partner")],
            [Button(t("Cases a week: {number}", number=weekly), "ro:c:weekly")],
            moving,
            [Button(t("✅ See what it does"), "ro:t")] if changes else [],
            [Button(t("🗑 Delete the rule"), "ro:x")] if rule.id is not None else [],
            [Button(t("⬅️ Back"), "ro"), Button(t("✖️ Cancel"), "cancel")],
        ],
    )


def _said(context: BotContext, rule: Rule, name: str) -> str:
    wanted = getattr(rule, name)
    if wanted is None:
        return context.t("any")
    return rule_words.value_of(context.resources, context.t, name, wanted, rule.region)[:40]


async def field_pressed(update: Update, context: BotContext) -> None:
    """A part of the rule is to be changed: to what?"""
    if (draft := await _pressed(context)) is not None:
        name = context.args_of_press[1]
        await _keep(context, draft, name)
        context.show(await _choice(context, draft, name))


async def _values(context: BotContext, draft: Draft, name: str) -> dict[str, Any]:
    """What a part of a rule can be, by the word that stands in the button's data."""
    base = context.resources.base
    if name == "partner":
        return {str(id): id for id in await _partners(context)}
    if name == "weekly":
        return {NONE: None} | {str(number): number for number in WEEKLY}
    region = base.regions.get(draft.rule.region or "")
    known: dict[str, dict[str, Any]] = {
        "topic": {one: one for one in base.topics},
        "region": {one: one for one in base.regions},
        "district": {one: one for one in region.districts} if region else {},
        "language": {one: one for one in all_texts()},
        "way": {one.value: one for one in Way},
        "urgency": {str(one.value): one for one in Urgency},
    }
    return {NONE: None} | known[name]


async def _choice(context: BotContext, draft: Draft, name: str) -> Screen:
    """What should a part of the rule be?"""
    t, known = context.t, await _partners(context)

    def label(wanted: Any) -> str:
        if wanted is None:
            return t("no limit") if name == "weekly" else t("any")
        if name == "partner":
            return rule_words.partner_of(t, known, wanted)[:40]
        if name == "weekly":
            return str(wanted)
        return rule_words.value_of(context.resources, t, name, wanted, draft.rule.region)[:40]

    if name == "partner":
        asked = t("To which partner?")
    elif name == "weekly":
        asked = t("How many cases a week at most, from Monday on? Press, or write a number.")
    else:
        asked = t("{condition}: which?", condition=t(CONDITIONS[name]))
    values = await _values(context, draft, name)
    buttons = [Button(label(wanted), f"ro:v:{name}:{word}") for word, wanted in values.items()]
    back = "ro:b" if draft.rule.partner_id else "ro"
    return Screen(
        plain(asked),
        [
            *in_rows(buttons, 4 if name == "weekly" else 2),
            [Button(t("⬅️ Back"), back), Button(t("✖️ Cancel"), "cancel")],
        ],
    )


async def value_pressed(update: Update, context: BotContext) -> None:
    """A part of the rule was chosen."""
    if (draft := await _pressed(context)) is None:
        return
    _, name, word = context.args_of_press
    values = await _values(context, draft, name)
    if word not in values:
        gone(context)
        return
    await _set(context, draft, name, values[word])


async def _set(context: BotContext, draft: Draft, name: str, wanted: Any) -> None:
    field = {"partner": "partner_id", "weekly": "weekly_most"}.get(name, name)
    changed = replace(draft, rule=rules.with_condition(draft.rule, field, wanted))
    await _keep(context, changed, "rule")
    context.show(await _panel(context, changed))


async def typed(update: Update, context: BotContext) -> bool:
    """A number typed while the cases a week are asked for; any other text is a question as ever."""
    draft, said = _draft(context), (context.message.text or "").strip()
    dialog = context.dialog
    if draft is None or dialog is None or dialog.step != "weekly" or not said.isdecimal():
        return False
    await context.allow(Role.COORDINATOR)
    if len(said) > 3 or not 1 <= int(said) <= rules.MOST:
        context.reply(
            Screen(plain(context.t("Please write a number from 1 to {most}.", most=rules.MOST)))
        )
        return True
    await _set(context, draft, "weekly", int(said))
    return True


async def moved(update: Update, context: BotContext) -> None:
    """The rule is to stand so many places later than now; before it, where the number is negative."""
    if (draft := await _pressed(context)) is not None:
        changed = replace(draft, step=int(context.args_of_press[1]))
        await _keep(context, changed, "rule")
        context.show(await _panel(context, changed))


async def deleted(update: Update, context: BotContext) -> None:
    """The rule is to be deleted: see first what that does."""
    draft = await _pressed(context)
    if draft is not None and draft.rule.id is not None:
        await _preview(context, Draft(draft.rule, deletes=True))


async def tried(update: Update, context: BotContext) -> None:
    """What would the change have done?"""
    if (draft := await _pressed(context)) is not None and draft.rule.partner_id:
        await _preview(context, draft)


async def _preview(context: BotContext, draft: Draft) -> None:
    await _keep(context, draft, "preview")
    context.show(await _preview_screen(context, draft))


async def _preview_screen(context: BotContext, draft: Draft) -> Screen:
    t, known = context.t, await _partners(context)
    after = draft.of(await rules.in_order(context.session))
    effect = await replay.what_if(context.session, after, context.now)
    line = rule_words.rule_line(context.resources, t, draft.rule, known)
    if draft.deletes:
        head = t("Delete this rule?")
    else:
        place = next(at for at, one in enumerate(after, 1) if one.id == draft.rule.id)
        head = t("Rule {place} of {of}", place=place, of=len(after))
    save = Button(t("🗑 Delete it"), "ro:s") if draft.deletes else Button(t("✅ Save"), "ro:s")
    return Screen(
        "\n\n".join(
            [bold(head), plain(line), "\n".join(rule_words.effect_lines(t, effect, known))]
        ),
        [[save, Button(t("✖️ Drop"), "ro")], [Button(t("⬅️ Back"), "ro:b")]],
    )


async def saved(update: Update, context: BotContext) -> None:
    """Save the change that was seen; raise RuleGone if somebody else changed the rule meanwhile."""
    draft, dialog = await _pressed(context), context.dialog
    if draft is None:
        return
    if dialog is None or dialog.step != "preview":
        gone(context)
        return
    await rules.save(context.session, draft.of(await rules.in_order(context.session)))
    await context.close_dialog()
    context.show(await _list(context, said=context.t("Saved: it holds for cases from now on.")))


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between, or a step back to the rule."""
    await context.allow(Role.COORDINATOR)
    draft, dialog = _draft(context), context.dialog
    if draft is None or dialog is None:
        context.show(await _list(context))
        return
    goes_on, step = context.args_of_press[0] == "again", dialog.step
    if goes_on and step == "preview":
        context.show(await _preview_screen(context, draft))
    elif goes_on and step != "rule":
        context.show(await _choice(context, draft, step))
    else:
        kept = replace(draft, deletes=False)
        await _keep(context, kept, "rule")
        context.show(await _panel(context, kept))


async def _way_of(context: BotContext, number: str) -> Screen:
    """Why a case went where it went, and what keeps it where it is."""
    t, resources = context.t, context.resources
    case = await cases.by_number(context.session, number)
    if case is None:
        return Screen(plain(t("I know no case with this number. It looks like KG-2026-00042.")))
    handed = await reasons.reasons(context.session, case)
    found = await conflicts.of_case(context.session, case)
    way = rule_words.way_of_case(resources, t, case, list(handed), found)
    said = [rule_words.case_head(resources, t, case)]
    said.append("\n".join(way) or plain(t("It was offered to nobody yet.")))
    if case.state is CaseState.NEW:
        said.append("\n".join(await _obstacles(context, case)))
    said.append(plain(rule_words.where_now(t, case)))
    return Screen("\n\n".join(said), [[Button(t("Rules of routing"), "ro")]])


async def _obstacles(context: BotContext, case: Case) -> list[str]:
    """What keeps the rules that fit from the case, as lines of HTML."""
    t, known = context.t, await _partners(context)
    met = await reasons.obstacles(context.session, case, context.now)
    if not met:
        return [plain(t("No rule fits it."))]
    return [
        f"• {plain(rule_words.rule_line(context.resources, t, rule, known))}: "
        + plain(t(rule_words.OBSTACLES[why]))
        for rule, why in met
    ]
