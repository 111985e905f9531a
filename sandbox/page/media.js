/** What messages bring besides words: pictures, places, files, sounds, cards, polls. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { placeCard } from "./map.js";
import { avatar, fullName } from "./people.js";
import { plural, size, t } from "./words.js";

/** Pictures and films of the album, side by side. */
export function visual(album, view) {
  const shown = album.filter(
    (one) => one.photo || one.video || one.animation || one.video_note || one.sticker || one.location,
  );
  if (shown.length === 0) return null;
  return h(
    "div",
    { class: `media media-${Math.min(shown.length, 4)}` },
    shown.map((one) => frame(one, view)),
  );
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
      h("img", {
        src: url,
        alt: caption ?? t("photo"),
        loading: "lazy",
        style: { "aspect-ratio": `${width || 4} / ${height || 3}` },
      }),
    );
  }
  return film(video ?? animation ?? round, { silent: Boolean(animation), round: Boolean(round) });
}

function film(file, { silent, round }) {
  const player = h("video", { src: fileUrl(file), controls: !silent, loop: silent, class: round && "round" });
  player.muted = silent; // without sound it may start by itself
  player.autoplay = silent;
  return player;
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

/** What else a message brings: files, sounds, cards, polls. */
export function attachments(album, view) {
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
    h(
      "span",
      { class: "file-words" },
      h("span", { class: "file-name" }, name),
      h("span", { class: "file-size" }, size(document.file_size ?? 0)),
    ),
    icon("download"),
  );
}

/** A voice note or a song: a play button and bars that fill as it plays. */
function sound(recording, title) {
  const audio = new Audio();
  audio.preload = "none";
  audio.src = fileUrl(recording);
  const bars = Array.from({ length: 28 }, (_, index) =>
    h("i", { style: { "--bar": 0.25 + 0.75 * Math.abs(Math.sin(index * 1.7) * Math.cos(index * 0.6)) } }),
  );
  const button = h(
    "button",
    { type: "button", class: "round-button", "aria-label": t("play") },
    icon("play"),
  );
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
  return h(
    "div",
    { class: "sound" },
    button,
    h(
      "div",
      {},
      title && h("div", { class: "file-name" }, title),
      h("div", { class: "bars", "aria-hidden": "true" }, bars),
      time,
    ),
  );
}

const duration = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function card(contact, view) {
  const number =
    contact.phone_number.startsWith("+") || contact.phone_number.length < 7
      ? contact.phone_number
      : `+${contact.phone_number}`;
  return h(
    "div",
    { class: "contact-card" },
    avatar({ ...contact, id: contact.user_id ?? contact.phone_number.length }),
    h(
      "div",
      { class: "file-words" },
      h("span", { class: "file-name" }, fullName(contact)),
      h("span", { class: "file-size" }, number),
    ),
    h(
      "button",
      {
        type: "button",
        class: "round-button",
        "aria-label": `${t("call")} ${number}`,
        onclick: () => view.actions.number(number),
      },
      icon("call"),
    ),
  );
}

function poll(message, view) {
  const {
    question,
    options,
    total_voter_count: total,
    is_anonymous: anonymous,
    is_closed: closed,
  } = message.poll;
  return h(
    "div",
    { class: "poll" },
    h("strong", {}, question),
    h("span", { class: "file-size" }, t(anonymous === false ? "poll" : "anonymous-poll")),
    options.map(({ text, voter_count: votes = 0 }, index) =>
      h(
        "button",
        {
          type: "button",
          class: "poll-option",
          disabled: closed,
          style: { "--part": votes / (total || 1) },
          onclick: () => view.actions.vote(message, index),
        },
        h("span", {}, text),
        h("span", {}, String(votes)),
      ),
    ),
    h("span", { class: "file-size" }, plural("votes", total ?? 0)),
  );
}
