/** One message, or one album, as it stands in a chat. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { richText } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";
import { placeCard } from "./map.js";
import { clockTime, plural, size, t } from "./words.js";

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

const COLOURS = 7;

/** First and last name of a person or a bot, the title of a chat. */
export function fullName(who) {
  return who.title ?? [who.first_name, who.last_name].filter(Boolean).join(" ");
}

const names = (people) => people.map(fullName).join(", ");

/** Which of the name colours belongs to this id; the same on every phone. */
export function colour(id) {
  return Math.abs(id) % COLOURS;
}

/** A round picture with the initials. */
export function avatar(who, className = "") {
  const letters = fullName(who).split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("");
  return h("span", { class: `avatar colour-${colour(who.id)} ${className}`, "aria-hidden": "true" }, letters);
}

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
  const kinds = ["photo", "video", "animation", "voice", "video_note", "audio", "sticker", "contact", "venue", "location", "poll", "dice"];
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
  const classes = ["message", mine ? "out" : "in", view.joins.before && "joined", view.joins.after && "goes-on"];
  const crowd = view.chat.type !== "private" && !mine;
  return h(
    "article",
    { class: classes.filter(Boolean).join(" "), tabindex: -1, "aria-label": spoken(message, mine) },
    crowd && (view.joins.after ? h("span", { class: "avatar-space" }) : avatar(sender(message))),
    h("div", { class: "bubble-column" }, bubble(album, view, crowd && !view.joins.before), keyboardOf(album, view)),
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
  const words = text && h(
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
    mine && h("span", { class: view.seen ? "ticks seen" : "ticks", title: t(view.seen ? "seen" : "sent") }, icon(view.seen ? "checks" : "check")),
  );
}

function forwarded(origin) {
  const who = origin.sender_user ?? origin.sender_chat ?? origin.chat;
  return h("div", { class: "forwarded" }, t("forwarded", { who: who ? fullName(who) : (origin.sender_user_name ?? "") }));
}

function quoted(message, view) {
  const original = message.reply_to_message;
  if (!original || (original.forum_topic_created && original.message_id === message.message_thread_id)) return null;
  const { quote } = message;
  return h(
    "button",
    { type: "button", class: `quote colour-${colour(sender(original).id)}`, onclick: () => view.actions.jump(original.message_id) },
    h("span", { class: "quote-name" }, fullName(sender(original))),
    h("span", { class: "quote-line" }, quote?.text ?? summary(original)),
  );
}

function reactions(message) {
  const emoji = (message.reactions ?? []).flatMap(({ reaction }) => reaction.map((one) => one.emoji ?? "★"));
  if (emoji.length === 0) return null;
  return h("div", { class: "reactions" }, [...new Set(emoji)].map((one) => {
    const count = emoji.filter((other) => other === one).length;
    return h("span", {}, count > 1 ? `${one} ${count}` : one);
  }));
}

/** Pictures and films of the album, side by side. */
function visual(album, view) {
  const shown = album.filter((one) => one.photo || one.video || one.animation || one.video_note || one.sticker || one.location);
  if (shown.length === 0) return null;
  return h("div", { class: `media media-${Math.min(shown.length, 4)}` }, shown.map((one) => frame(one, view)));
}

function frame(message, view) {
  const { photo, video, animation, video_note: round, sticker, location, venue, caption } = message;
  if (location) return place(location, venue, view);
  if (sticker) return h("div", { class: "sticker" }, sticker.emoji ?? "🙂");
  if (photo) {
    const url = fileUrl(photo.at(-1));
    const open = () => view.actions.picture(url, caption);
    const hidden = message.has_media_spoiler ? "picture veiled" : "picture";
    const { width, height } = photo.at(-1);
    return h(
      "button",
      { type: "button", class: hidden, "aria-label": t("open-photo"), onclick: open },
      h("img", { src: url, alt: caption ?? t("photo"), loading: "lazy", style: { "aspect-ratio": `${width || 4} / ${height || 3}` } }),
    );
  }
  const film = video ?? animation ?? round;
  return h("video", { src: fileUrl(film), controls: !animation, autoplay: Boolean(animation), loop: Boolean(animation), muted: Boolean(animation), class: round && "round" });
}

function place(location, venue, view) {
  const where = `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`;
  return h(
    "button",
    { type: "button", class: "place", title: t("copy"), onclick: () => view.actions.copy(where) },
    placeCard(location),
    h("span", { class: "place-title" }, venue?.title ?? t("location")),
    h("span", { class: "place-address" }, venue?.address ?? where),
  );
}

function attachments(album, view) {
  return album.map((message) => {
    if (message.document && !message.animation) return file(message.document);
    if (message.audio) return sound(message.audio, message.audio.title ?? message.audio.file_name);
    if (message.voice) return sound(message.voice);
    if (message.contact) return card(message.contact, view);
    if (message.poll) return poll(message, view);
    if (message.dice) return h("div", { class: "dice" }, `${message.dice.emoji} ${message.dice.value}`);
    return null;
  });
}

function file(document) {
  const name = document.file_name ?? t("document");
  return h(
    "a",
    { class: "file", href: fileUrl(document), download: name },
    h("span", { class: "file-icon" }, icon("document")),
    h("span", { class: "file-words" }, h("span", { class: "file-name" }, name), h("span", { class: "file-size" }, size(document.file_size ?? 0))),
    icon("download"),
  );
}

/** A voice note or a song: a play button and bars that fill as it plays. */
function sound(recording, title) {
  const audio = new Audio();
  audio.preload = "none";
  audio.src = fileUrl(recording);
  const bars = Array.from({ length: 28 }, (_, index) => h("i", { style: { "--bar": 0.25 + 0.75 * Math.abs(Math.sin(index * 1.7) * Math.cos(index * 0.6)) } }));
  const button = h("button", { type: "button", class: "round-button", "aria-label": t("play") }, icon("play"));
  const time = h("span", { class: "sound-time" }, duration(recording.duration));
  const show = () => {
    const done = audio.currentTime / (recording.duration || audio.duration || 1);
    bars.forEach((bar, index) => bar.classList.toggle("played", index < done * bars.length));
    button.replaceChildren(icon(audio.paused ? "play" : "pause"));
    button.setAttribute("aria-label", t(audio.paused ? "play" : "pause"));
    time.textContent = duration(audio.paused && !audio.currentTime ? recording.duration : audio.currentTime);
  };
  button.addEventListener("click", () => (audio.paused ? audio.play().catch(() => {}) : audio.pause()));
  for (const event of ["play", "pause", "timeupdate", "ended"]) audio.addEventListener(event, show);
  return h("div", { class: "sound" }, button, h("div", {}, title && h("div", { class: "file-name" }, title), h("div", { class: "bars", "aria-hidden": "true" }, bars), time));
}

const duration = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function card(contact, view) {
  const number = contact.phone_number.startsWith("+") || contact.phone_number.length < 7 ? contact.phone_number : `+${contact.phone_number}`;
  return h(
    "div",
    { class: "contact-card" },
    avatar({ ...contact, id: contact.user_id ?? contact.phone_number.length }),
    h("div", { class: "file-words" }, h("span", { class: "file-name" }, fullName(contact)), h("span", { class: "file-size" }, number)),
    h("button", { type: "button", class: "round-button", "aria-label": `${t("call")} ${number}`, onclick: () => view.actions.number(number) }, icon("call")),
  );
}

function poll(message, view) {
  const { question, options, total_voter_count: total, is_anonymous: anonymous, is_closed: closed } = message.poll;
  return h(
    "div",
    { class: "poll" },
    h("strong", {}, question),
    h("span", { class: "file-size" }, t(anonymous === false ? "poll" : "anonymous-poll")),
    options.map(({ text, voter_count: votes = 0 }, index) => h(
      "button",
      { type: "button", class: "poll-option", disabled: closed, style: { "--part": votes / (total || 1) }, onclick: () => view.actions.vote(message, index) },
      h("span", {}, text),
      h("span", {}, String(votes)),
    )),
    h("span", { class: "file-size" }, plural("votes", total ?? 0)),
  );
}
