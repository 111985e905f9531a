/** One message, or one album, as it stands in a chat. */

import { h, icon } from "./dom.js";
import { richText } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";
import { attachments, visual } from "./media.js";
import { avatar, colour, fullName } from "./people.js";
import { clockTime, t } from "./words.js";

const SERVICE = {
  new_chat_members: (message) => t("joined", { who: names(message.new_chat_members) }),
  left_chat_member: (message) => t("left", { who: fullName(message.left_chat_member) }),
  new_chat_title: (message) => t("renamed", { title: message.new_chat_title }),
  group_chat_created: () => t("group-created"),
  supergroup_chat_created: () => t("group-created"),
  channel_chat_created: () => t("channel-created"),
  migrate_to_chat_id: () => t("became-supergroup"),
  migrate_from_chat_id: () => t("became-supergroup"),
  pinned_message: (message) => t("pinned", { what: summary(message.pinned_message) }),
  forum_topic_created: (message) => t("topic-created", { name: message.forum_topic_created.name }),
  forum_topic_edited: (message) => t("topic-renamed", { name: message.forum_topic_edited.name ?? "" }),
  forum_topic_closed: () => t("topic-closed"),
  forum_topic_reopened: () => t("topic-reopened"),
  general_forum_topic_hidden: () => t("topic-closed"),
  general_forum_topic_unhidden: () => t("topic-reopened"),
  users_shared: () => t("users-shared"),
  chat_shared: () => t("chat-shared"),
  write_access_allowed: () => t("write-allowed"),
  message_auto_delete_timer_changed: () => t("timer-changed"),
};

const names = (people) => people.map(fullName).join(", ");

/** What a service message says, or null for an ordinary one. */
export function serviceText(message) {
  const kind = Object.keys(SERVICE).find((name) => message[name] !== undefined);
  return kind ? SERVICE[kind](message) : null;
}

/** A message in a few words: for the list of chats, quotes and read-outs. */
export function summary(message) {
  const service = serviceText(message);
  if (service) return service;
  const text = message.text ?? message.caption;
  if (text) return text.replace(/\s+/g, " ");
  const kinds = [
    "photo",
    "video",
    "animation",
    "voice",
    "video_note",
    "audio",
    "sticker",
    "contact",
    "venue",
    "location",
    "poll",
    "dice",
  ];
  const kind = kinds.find((name) => message[name]);
  if (kind) return t(kind);
  return message.document?.file_name ?? t("message");
}

/**
 * @param album messages that belong together; most often just one
 * @param view {me, chat, seen, joins, actions, isPending}: `joins` says whether the same sender wrote
 *   just before and goes on just after, `seen` whether the others have read it
 */
export function messageElement(album, view) {
  const message = album[0];
  const service = serviceText(message);
  if (service) return h("div", { class: "service" }, h("span", {}, service));
  const mine = isMine(message, view.me);
  const classes = [
    "message",
    mine ? "out" : "in",
    view.joins.before && "joined",
    view.joins.after && "goes-on",
  ];
  const crowd = view.chat.type !== "private" && !mine;
  return h(
    "article",
    { class: classes.filter(Boolean).join(" "), tabindex: -1, "aria-label": spoken(message, mine) },
    crowd && (view.joins.after ? h("span", { class: "avatar-space" }) : avatar(sender(message))),
    h(
      "div",
      { class: "bubble-column" },
      bubble(album, view, crowd && !view.joins.before),
      keyboardOf(album, view),
    ),
  );
}

/** Whether this person wrote it. */
export function isMine(message, me) {
  return message.from?.id === me.id && !message.sender_chat;
}

/** Who a message is from: a person, a bot, or a chat that speaks for itself. */
export function sender(message) {
  return message.sender_chat ?? message.from ?? message.chat;
}

function spoken(message, mine) {
  return `${mine ? t("you") : fullName(sender(message))}: ${summary(message)}, ${clockTime(message.date)}`;
}

function keyboardOf(album, view) {
  const message = album.at(-1);
  const rows = message.reply_markup?.inline_keyboard;
  return rows && inlineKeyboard(rows, message, view);
}

function bubble(album, view, named) {
  const message = album.find((one) => one.caption) ?? album[0];
  const text = message.text ?? message.caption;
  const pictures = visual(album, view);
  const framed = album.some((one) => one.photo || one.video || one.animation); // the time lies on the picture
  const bare = message.sticker || (message.dice && !text);
  const classes = ["bubble", pictures && "has-media", bare && "bare", framed && !text && "media-only"];
  const words =
    text &&
    h(
      "div",
      { class: "text", dir: "auto" },
      richText(text, message.entities ?? message.caption_entities, view.actions),
      meta(message, view),
    );
  return h(
    "div",
    { class: classes.filter(Boolean).join(" ") },
    named && h("div", { class: `sender colour-${colour(sender(message).id)}` }, fullName(sender(message))),
    message.forward_origin && forwarded(message.forward_origin),
    message.via_bot && h("div", { class: "via" }, t("via", { bot: `@${message.via_bot.username}` })),
    quoted(message, view),
    message.show_caption_above_media && words,
    pictures,
    attachments(album, view),
    !message.show_caption_above_media && words,
    !words && meta(message, view),
    reactions(message),
  );
}

function meta(message, view) {
  const mine = isMine(message, view.me);
  return h(
    "span",
    { class: "meta" },
    message.edit_date && h("span", {}, t("edited")),
    h("time", { datetime: new Date(message.date * 1000).toISOString() }, clockTime(message.date)),
    mine &&
      h(
        "span",
        { class: view.seen ? "ticks seen" : "ticks", title: t(view.seen ? "seen" : "sent") },
        icon(view.seen ? "checks" : "check"),
      ),
  );
}

function forwarded(origin) {
  const who = origin.sender_user ?? origin.sender_chat ?? origin.chat;
  return h(
    "div",
    { class: "forwarded" },
    t("forwarded", { who: who ? fullName(who) : (origin.sender_user_name ?? "") }),
  );
}

function quoted(message, view) {
  const original = message.reply_to_message;
  if (!original || (original.forum_topic_created && original.message_id === message.message_thread_id))
    return null;
  const { quote } = message;
  return h(
    "button",
    {
      type: "button",
      class: `quote colour-${colour(sender(original).id)}`,
      onclick: () => view.actions.jump(original.message_id),
    },
    h("span", { class: "quote-name" }, fullName(sender(original))),
    h("span", { class: "quote-line" }, quote?.text ?? summary(original)),
  );
}

function reactions(message) {
  const emoji = (message.reactions ?? []).flatMap(({ reaction }) => reaction.map((one) => one.emoji ?? "★"));
  if (emoji.length === 0) return null;
  return h(
    "div",
    { class: "reactions" },
    [...new Set(emoji)].map((one) => {
      const count = emoji.filter((other) => other === one).length;
      return h("span", {}, count > 1 ? `${one} ${count}` : one);
    }),
  );
}
