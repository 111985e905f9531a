/** Lists of chats: the first screen of a phone, the topics of a forum, and choosing where to send. */

import { h, icon } from "./dom.js";
import { isMine, sender, serviceText, summary } from "./message.js";
import { avatar, botName, fullName } from "./people.js";
import { clockTime, dayKey, plural, relativeDay, t } from "./words.js";

/** How a chat is called on a person's phone: a private one is called after the bot. */
export function chatTitle(chat, world, person) {
  return chat.type === "private" ? botName(world.bot, person) : chat.title;
}

/** Whether the bot is in a group. */
export function botIsIn(chat) {
  return ["member", "administrator"].includes(chat.bot_status);
}

/** The round picture of a chat. */
export function chatAvatar(chat, world, person, className) {
  return avatar(
    chat.type === "private" ? { is_bot: true, title: botName(world.bot, person) } : chat,
    className,
  );
}

/** The first screen: every chat the person is in. @param open (chat) => void */
export function chatList(phone, open) {
  const chats = phone.world.chatsOf(phone.person);
  if (chats.length === 0) return h("p", { class: "empty" }, t("no-chats"));
  return h(
    "ul",
    { class: "chat-list" },
    chats.map((chat) => h("li", {}, chatRow(phone, chat, null, open))),
  );
}

/** The topics of a forum, the general one first. @param open (thread) => void */
export function topicList(phone, chat, open) {
  const general = { message_thread_id: 0, name: t("general"), icon_color: 0x8a8f98 };
  const rows = [general, ...chat.topics].map((topic) => h("li", {}, topicRow(phone, chat, topic, open)));
  return h("ul", { class: "chat-list" }, rows);
}

/**
 * Ask the person for one of their chats.
 *
 * @returns promise of the chat; never settles when they close the list
 */
export function pickChat(phone, title, accepts = () => true) {
  const chats = phone.world.chatsOf(phone.person).filter(accepts);
  return new Promise((resolve) => {
    const choose = (chat) => {
      close();
      resolve(chat);
    };
    const rows = chats.map((chat) => h("li", {}, chatRow(phone, chat, null, choose)));
    const list = chats.length
      ? h("ul", { class: "chat-list" }, rows)
      : h("p", { class: "empty" }, t("no-groups"));
    const close = phone.overlays.sheet(title, list);
  });
}

function chatRow(phone, chat, thread, open) {
  const { world, person } = phone;
  const picture = chatAvatar(chat, world, person);
  const title = chatTitle(chat, world, person);
  return row(
    phone,
    { picture, title, last: world.messages(chat.id, thread).at(-1), unread: phone.unread(chat), chat },
    () => open(chat),
  );
}

function topicRow(phone, chat, topic, open) {
  const colour = `#${topic.icon_color.toString(16).padStart(6, "0")}`;
  const picture = h(
    "span",
    { class: "avatar topic-icon", style: { "--topic": colour }, "aria-hidden": "true" },
    icon("hash"),
  );
  const last = phone.world.messages(chat.id, topic.message_thread_id).at(-1);
  const title = topic.closed ? `${topic.name} (${t("closed")})` : topic.name;
  const unread = phone.unread(chat, topic.message_thread_id);
  return row(phone, { picture, title, last, unread, chat }, () => open(topic.message_thread_id));
}

function row(phone, { picture, title, last, unread, chat }, onclick) {
  return h(
    "button",
    { type: "button", class: "chat-row", onclick },
    picture,
    h(
      "span",
      { class: "chat-words" },
      h(
        "span",
        { class: "chat-line" },
        h("span", { class: "chat-title" }, title),
        last && h("time", {}, when(last.date, phone.world.now())),
      ),
      h(
        "span",
        { class: "chat-line" },
        h("span", { class: "chat-last" }, last ? preview(last, phone.person, chat) : ""),
        unread > 0 && h("span", { class: "badge", "aria-label": plural("unread", unread) }, String(unread)),
      ),
    ),
  );
}

function preview(message, person, chat) {
  if (serviceText(message)) return summary(message);
  if (isMine(message, person)) return `${t("you")}: ${summary(message)}`;
  return chat.type === "private" ? summary(message) : `${fullName(sender(message))}: ${summary(message)}`;
}

function when(date, now) {
  return dayKey(date) === dayKey(now) ? clockTime(date) : relativeDay(date, now);
}
