"""Roles: single-use links that give one, the list of who holds which, and taking one back."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import departures, start
from handlers.articles import gone
from handlers.context import BotApplication, BotContext, Call
from handlers.desk_news import desk_button
from handlers.menu import n_
from handlers.screens import Button, Screen, bold, in_rows, plain
from locales import Texts, texts
from services import partners, people
from services.refusals import NotAllowed
from storage.partners import Lawyer
from storage.people import Role
from storage.traffic import Priority

NAMES = {
    Role.LAWYER: n_("lawyer"),
    Role.CAMPAIGNER: n_("campaigner"),
    Role.COORDINATOR: n_("coordinator"),
    Role.CURATOR: n_("curator"),
    Role.ADMIN: n_("administrator"),
}


PAGE = 20  # people on one screen of /admin


def register(application: BotApplication) -> None:
    """Listen to /invite, /admin and their buttons."""
    application.add_handler(CommandHandler("invite", invite))
    application.add_handler(CommandHandler("admin", admin))
    application.add_handler(CallbackQueryHandler(invite, pattern=r"^invite$"))
    application.add_handler(CallbackQueryHandler(role_pressed, pattern=r"^invite:[^:]+$"))
    application.add_handler(CallbackQueryHandler(admin, pattern=r"^admin(:[0-9]+)?$"))
    application.add_handler(CallbackQueryHandler(take_pressed, pattern=r"^take:[^:]+$"))
    application.add_handler(CallbackQueryHandler(take_confirmed, pattern=r"^taken:[^:]+$"))


def role_name(t: Texts, role: Role) -> str:
    """A role as people call it."""
    return t(NAMES[role])


async def _may_give(context: BotContext) -> list[Role]:
    """The roles that the person may give and take back; raise NotAllowed when there are none."""
    held = await people.roles_of(context.session, context.person, context.resources.admin_ids)
    if not (given := people.roles_given_by(held)):
        raise NotAllowed
    return given


async def invite(update: Update, context: BotContext) -> None:
    """/invite: to which role?"""
    t = context.t
    roles = await _may_give(context)
    buttons = [Button(role_name(t, role), f"invite:{role}") for role in roles]
    context.show(Screen(plain(t("Invite to which role?")), in_rows(buttons, 2)))


async def role_pressed(update: Update, context: BotContext) -> None:
    """Make the link. It stands in this chat only; we keep its hash."""
    (name,) = context.args_of_press
    t = context.t
    if name not in await _may_give(context):
        gone(context)
        return
    role = Role(name)
    if role is Role.LAWYER:
        context.show(await _for_which_partner(context))
        return
    token = people.invite(context.session, role=role, by=context.person, now=context.now)
    title = t("Link for the role: {role}", role=role_name(t, role))
    context.show(link_screen(context, title, context.resources.deep_link(f"i_{token}")))


async def _for_which_partner(context: BotContext) -> Screen:
    """A lawyer works for a partner: which one?"""
    t = context.t
    there = await partners.partners(context.session)
    said = t("For which partner?") if there else t("First add the partner they work for.")
    buttons = [[Button(one.name[:60], f"pt:link:{one.id}")] for one in there]
    return Screen(
        plain(said),
        [*buttons, [Button(t("➕ New partner"), "pt:new")], [Button(t("⬅️ Back"), "invite")]],
    )


def link_screen(
    context: BotContext, title: str, link: str, back: Sequence[Sequence[Button]] = ()
) -> Screen:
    """A link that works once, for whoever it is for."""
    t = context.t
    until = context.now + people.INVITATION_LIFE
    once = t(
        "It works once, until {day}, {time}. Send it only to the person it is for.",
        day=t.day(until),
        time=t.time(until),
    )
    return Screen("\n\n".join([bold(title), plain(link), plain(once)]), back)


async def accept(context: BotContext, token: str) -> None:
    """Somebody opened an invitation."""
    user = context.arrived.effective_user
    assert user is not None
    before = await partners.present(context.session, context.person.chat_id)
    invitation = await people.accept_invitation(
        context.session,
        token=token,
        person=context.person,
        name=user.full_name,
        now=context.now,
        admin_ids=context.resources.admin_ids,
    )
    role = invitation.role
    assert role is not None
    t = context.t
    said = [t("Welcome! Your role: {role}.", role=role_name(t, role))]
    if invitation.partner_id is not None:
        said += await _begin_work(context, before, invitation.partner_id, user.full_name)
    context.reply(Screen(plain("\n".join(said))))
    await start.set_commands(context)
    await _tell_inviter(context, invitation.created_by, user.full_name, role)


async def _begin_work(
    context: BotContext, before: Lawyer | None, partner_id: int, name: str
) -> list[str]:
    """A lawyer begins with a partner; what they had with another one goes on without them."""
    session, t = context.session, context.t
    if before is not None and before.partner_id != partner_id:
        given_back = await partners.leave(session, before, now=context.now)
        await departures.pass_on(context.turn, given_back)
    await partners.join(
        session, partner_id=partner_id, person=context.person, name=name, now=context.now
    )
    partner = await partners.partner_by_id(session, partner_id)
    return [
        t("You work for: {partner}.", partner=partner.name),
        t("Please set your hours, so that citizens can come to you: /schedule"),
    ]


async def _tell_inviter(context: BotContext, inviter: int, name: str, role: Role) -> None:
    t = texts(await people.language_of(context.session, inviter))
    said = t("{name} has used your link. Role: {role}.", name=name, role=role_name(t, role))
    params = {"chat_id": inviter, **Screen(plain(said)).params()}
    context.turn.calls.append(Call(inviter, "sendMessage", params, Priority.CASE))


async def admin(update: Update, context: BotContext) -> None:
    """/admin: who holds which role; a press takes one back."""
    may_take = await _may_give(context)
    t = context.t
    held = await people.holders(context.session)
    pages = max(1, -(-len(held) // PAGE))
    chosen = context.args_of_press if update.callback_query else []
    page = min(int(chosen[0]), pages - 1) if chosen else 0
    shown = held[page * PAGE : (page + 1) * PAGE]
    lines = [f"• {plain(one.name)} — {plain(role_name(t, one.role))}" for one in shown]
    title = bold(t("Roles"))
    if pages > 1:
        title += "\n" + plain(t("Page {page} of {pages}", page=page + 1, pages=pages))
    turning = [Button("◀️", f"admin:{page - 1}")] if page else []
    turning += [Button("▶️", f"admin:{page + 1}")] if page + 1 < pages else []
    taking = [
        [Button(f"✖️ {one.name[:30]} — {role_name(t, one.role)}", f"take:{one.grant_id}")]
        for one in shown
        if one.role in may_take
    ]
    context.show(
        Screen(
            title + "\n\n" + ("\n".join(lines) or plain(t("Nobody has been invited yet."))),
            [*taking, turning, [Button(t("➕ Invite"), "invite")], [desk_button(t)]],
        )
    )


async def _holder(context: BotContext) -> people.Holder | None:
    """Whose role a button names, if it is held still and the person may take it back."""
    roles = await _may_give(context)
    (grant,) = context.args_of_press
    held = await people.holders(context.session)
    return next((one for one in held if str(one.grant_id) == grant and one.role in roles), None)


async def take_pressed(update: Update, context: BotContext) -> None:
    """Ask before a role is taken back."""
    holder = await _holder(context)
    if holder is None:
        gone(context)
        return
    t = context.t
    question = t(
        "Take the role «{role}» back from {name}?", role=role_name(t, holder.role), name=holder.name
    )
    context.show(
        Screen(
            plain(question),
            [
                [Button(t("Yes, take it back"), f"taken:{holder.grant_id}")],
                [Button(t("⬅️ Back"), "admin")],
            ],
        )
    )


async def take_confirmed(update: Update, context: BotContext) -> None:
    """Take the role back; from this moment its presses and commands are refused."""
    holder = await _holder(context)
    if holder is None:
        gone(context)
        return
    person = await people.take_back(
        context.session, grant_id=holder.grant_id, by=context.person, now=context.now
    )
    await departures.without_role(context.turn, person, by=context.person.chat_id)
    await start.set_commands(context, person)
    t = context.t
    context.show(
        Screen(
            plain(
                t(
                    "{name} no longer has the role «{role}».",
                    name=holder.name,
                    role=role_name(t, holder.role),
                )
            ),
            [[Button(t("⬅️ Back"), "admin")]],
        )
    )
