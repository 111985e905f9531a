/** How people, bots and chats are named and pictured. */

import { h } from "./dom.js";

const COLOURS = 7;

/** First and last name of a person or a bot, the title of a chat. */
export function fullName(who) {
  return who.title ?? [who.first_name, who.last_name].filter(Boolean).join(" ");
}

/** Which of the name colours belongs to this id; the same on every phone. */
export function colour(id) {
  return Math.abs(id) % COLOURS;
}

/** A round picture with the initials. */
export function avatar(who, className = "") {
  const letters = fullName(who)
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("");
  const kind = who.is_bot ? "bot-avatar" : `colour-${colour(who.id)}`;
  return h("span", { class: `avatar ${kind} ${className}`, "aria-hidden": "true" }, letters);
}

/** The bot's name in a person's language. */
export function botName(bot, person) {
  return localized(bot.name, person) || bot.first_name;
}

/** What a bot says in a language, or to everybody else. */
export function localized(texts, person) {
  return texts?.[person.language_code] || texts?.[""] || "";
}
