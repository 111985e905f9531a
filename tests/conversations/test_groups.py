"""In a group the bot speaks when it is spoken to, and personal matters go to the private chat."""

from sandbox import Person, Telegram
from sandbox.chats import SharedChat
from tests.conftest import Office, eventually
from tests.conversations.conftest import SURE, UNKNOWN, Kept

BOT = "@jigerduu_demo_bot"


def group_of(telegram: Telegram, *people: Person, bot: str = "administrator") -> SharedChat:
    return telegram.group("Айыл", list(people), bot=bot)


def said_in(person: Person, chat: SharedChat) -> list[str]:
    return [seen.text for seen in person.screen(chat) if seen.raw["from"]["is_bot"]]


async def test_a_mention_is_answered_briefly_with_a_link(office: Office) -> None:
    ainura = await office.citizen()
    group = group_of(office.telegram, ainura)
    asked = await ainura.sends(f"{BOT} {SURE['ky'][0]}", chat=group)
    answer = await ainura.sees(SURE["ky"][1], chat=group)
    assert answer.raw["reply_to_message"]["message_id"] == asked.id
    assert "юрист азырынча текшере элек" in answer.text
    assert answer.rows[0][0]["url"].endswith("?start=a_labour_unpaid-wages")
    assert [button["text"] for row in answer.rows for button in row] == ["Жеке жазуу"]


async def test_ordinary_talk_is_left_alone(office: Office, kept: Kept) -> None:
    ainura, oleg = await office.citizen(), await office.citizen("Олег", "ru")
    group = group_of(office.telegram, ainura, oleg)
    await ainura.sends(SURE["ky"][0], chat=group)
    own = await oleg.sends("Муж бьёт жену у соседей", chat=group)
    await ainura.sends("Кой, чынбы?", chat=group, reply_to=own)
    await oleg.sends("/start@other_bot", chat=group)
    await oleg.sends("/start", chat=group)
    await oleg.sends_photo(chat=group)
    await oleg.edits(own, "Муж бьёт жену у соседей, слышно", chat=group)
    await oleg.sends(f"{BOT} {UNKNOWN['ru']}", chat=group)
    await oleg.sees("Напишите мне лично", chat=group)
    assert len(said_in(oleg, group)) == 1
    assert await kept.missed() == []


async def test_danger_in_a_group_gets_numbers(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    group = group_of(office.telegram, oleg)
    await oleg.sends(f"соседку избивает муж {BOT}", chat=group)
    answer = await oleg.sees("Если кто-то в опасности, звоните", chat=group)
    assert "112" in answer.text and "102" in answer.text
    assert answer.rows[0][0]["url"] == "https://t.me/jigerduu_demo_bot"


async def test_a_reply_to_the_bot_goes_on(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    group = group_of(office.telegram, oleg, bot="member")
    await oleg.sends(f"{BOT}", chat=group)
    invitation = await oleg.sees("Напишите мне лично", chat=group)
    await oleg.sends("спасибо", chat=group, reply_to=invitation)
    await oleg.sends(SURE["ru"][0], chat=group, reply_to=invitation)
    await oleg.sees(SURE["ru"][1], chat=group)
    assert len(said_in(oleg, group)) == 2, "thanks need no reply"


async def test_commands_in_a_group_lead_to_the_private_chat(office: Office) -> None:
    """None of them may open somebody's settings, or an invitation, before everybody's eyes."""
    nuria = await office.admin()
    group = group_of(office.telegram, nuria)
    for number, command in enumerate(("settings", "invite", "privacy", "hide", "start"), 1):
        await nuria.sends(f"/{command}{BOT}", chat=group)
        await nuria.sees("Напишите мне лично", chat=group)
        assert len(said_in(nuria, group)) <= number
    await nuria.sends("/ask " + SURE["ru"][0], chat=group)
    await nuria.sees(SURE["ru"][1], chat=group)
    await nuria.sends_photo(caption=f"{BOT} {UNKNOWN['ru']}", chat=group)
    await eventually(lambda: len(said_in(nuria, group)) == 7)
    assert len(set(said_in(nuria, group))) == 2


async def test_a_reply_stays_in_its_topic(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    forum = office.telegram.group("Юристтер", [oleg], is_forum=True)
    topic = office.telegram.world.add_topic(forum, 7, "Вопросы", 7322096)
    await oleg.sends(f"{BOT} {SURE['ru'][0]}", chat=forum, thread=topic.thread)
    answer = await oleg.sees(SURE["ru"][1], chat=forum)
    assert answer.raw["message_thread_id"] == topic.thread
