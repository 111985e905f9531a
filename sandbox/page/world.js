/**
 * What the page knows of the world: loaded once, kept up to date by events.
 *
 * Says "change" whenever something on a screen may differ, "violation" when a request was refused,
 * "online" when the stream of events opens, "lost" when it breaks or can't tell all that was missed:
 * then watch() must be called again, for the server may have begun a new world.
 */

import * as api from "./api.js";

/** How long Telegram shows "typing…" after the bot said so. */
const ACTION_MS = 5000;
/** So many messages of a chat are kept; the server has the rest. */
const MOST_KEPT = 500;

export class World extends EventTarget {
  bot = null;
  people = new Map();
  chats = new Map();
  violations = [];
  gaps = {};
  #source = null;
  #actions = new Map();
  #seen = new Map();
  #menus = new Map();
  #ahead = 0;

  /** Load the state of these people, and follow it from then on. @param ids person ids; none: everybody */
  async watch(ids) {
    const state = await api.state(ids);
    const { violations, gaps } = await api.violations();
    this.bot = state.bot;
    this.violations = violations;
    this.gaps = gaps;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.chats = new Map();
    for (const chat of state.chats) this.#keep(chat, chat.messages);
    this.#setClock(state.clock);
    this.#menus.clear();
    this.#listen(state.seq);
    this.#say("change");
  }

  /** Seconds since 1970, by the world's clock. */
  now() {
    return Date.now() / 1000 + this.#ahead;
  }

  /** The chats a person is in, newest first. */
  chatsOf(person) {
    const theirs = [...this.chats.values()].filter((chat) => isIn(chat, person));
    return theirs.sort((a, b) => newest(b) - newest(a));
  }

  /** Messages of a chat, oldest first; of one topic when `thread` is given (0: outside of all topics). */
  messages(chat, thread = null) {
    const all = [...this.chats.get(chat).messages.values()];
    if (thread === null) return all;
    return all.filter((message) => (message.is_topic_message ? message.message_thread_id : 0) === thread);
  }

  /** What the bot is doing in a chat at this moment ("typing"), or undefined. */
  action(chat, thread) {
    const current = this.#actions.get(chat);
    return current && (thread === null || current.thread === thread) ? current.action : undefined;
  }

  /** Whether the others have shown that they know this message: by answering, or by starting to. */
  isSeen(chat, message) {
    return message.message_id <= (this.#seen.get(chat) ?? 0);
  }

  /** The commands a person sees in a chat; asks the server the first time, and says "change" when it knows. */
  commands(chat, person) {
    if (chat.type === "private") return chat.commands ?? [];
    const key = `${chat.id}:${person.id}`;
    if (!this.#menus.has(key)) {
      this.#menus.set(key, []);
      api.menu(person.id, chat.id).then(
        (answer) => {
          this.#menus.set(key, answer.commands);
          this.#say("change");
        },
        () => {},
      );
    }
    return this.#menus.get(key);
  }

  #listen(after) {
    this.#source?.close();
    const source = api.events(after);
    this.#source = source;
    source.onmessage = ({ data }) => this.#apply(JSON.parse(data));
    source.onopen = () => this.#say("online");
    source.onerror = () => {
      source.close();
      this.#say("lost");
    };
  }

  #setClock({ unix }) {
    this.#ahead = unix - Date.now() / 1000;
  }

  #say(type) {
    this.dispatchEvent(new Event(type));
  }

  #keep(chat, messages) {
    const known = this.chats.get(chat.id);
    const list = messages
      ? new Map(messages.map((message) => [message.message_id, message]))
      : known?.messages;
    this.chats.set(chat.id, { ...known, ...chat, messages: list ?? new Map() });
    if (messages) this.#noteAnswers(chat.id, messages);
  }

  #noteAnswers(chat, messages) {
    const byBot = messages.findLast((message) => message.from?.id === this.bot.id);
    if (byBot) this.#markSeen(chat, byBot.message_id);
  }

  #markSeen(chat, id) {
    this.#seen.set(chat, Math.max(id, this.#seen.get(chat) ?? 0));
  }

  #apply(event) {
    const chat = this.chats.get(event.chat_id);
    if (event.chat_id && !chat) return; // on nobody's screen here: a benchmark has thousands of these
    this.#handlers[event.type]?.(event, chat);
    this.#say(event.type === "violation" ? "violation" : "change");
  }

  /** What each type of event changes, and in which chat if it is about one. */
  #handlers = {
    reset: () => this.#say("lost"),
    person: ({ person }) => this.people.has(person.id) && this.people.set(person.id, person),
    chat: ({ chat }) => {
      if (chat.type !== "private" || this.people.has(chat.id)) this.#keep(chat);
    },
    message: ({ message }, chat) => {
      chat.messages.set(message.message_id, message);
      if (chat.messages.size > MOST_KEPT) chat.messages.delete(chat.messages.keys().next().value);
      this.#noteAnswers(chat.id, [message]);
      if (message.from?.id === this.bot.id) this.#actions.delete(chat.id);
    },
    edit: ({ message }, chat) => {
      if (chat.messages.has(message.message_id)) chat.messages.set(message.message_id, message);
    },
    delete: ({ message_ids: ids }, chat) => ids.forEach((id) => chat.messages.delete(id)),
    keyboard: ({ keyboard }, chat) => Object.assign(chat, { keyboard }),
    chat_action: (event, chat) => this.#act(chat, event),
    commands: () => {
      this.#menus.clear();
      this.#askCommands();
    },
    menu: ({ menu_button: button }, chat) => {
      const changed = chat ? [chat] : [...this.chats.values()].filter((one) => one.type === "private");
      for (const one of changed) one.menu_button = button;
    },
    bot: ({ bot }) => bot.id === this.bot.id && Object.assign(this, { bot }),
    clock: (clock) => this.#setClock(clock),
    violation: ({ violation }) => this.violations.push(violation),
    blocked: ({ person, blocked }) => Object.assign(this.chats.get(person) ?? {}, { blocked }),
  };

  #act(chat, { action, message_thread_id: thread = 0 }) {
    const started = { action, thread };
    this.#actions.set(chat.id, started);
    this.#markSeen(chat.id, [...chat.messages.keys()].at(-1) ?? 0);
    setTimeout(() => {
      if (this.#actions.get(chat.id) !== started) return;
      this.#actions.delete(chat.id);
      this.#say("change");
    }, ACTION_MS);
  }

  async #askCommands() {
    const chats = [...this.chats.values()].filter((chat) => chat.type === "private");
    await Promise.all(
      chats.map(async (chat) => {
        const { commands, menu_button: button } = await api.menu(chat.id);
        Object.assign(chat, { commands, menu_button: button });
      }),
    );
    this.#say("change");
  }
}

function isIn(chat, person) {
  if (chat.type === "private") return chat.id === person.id;
  return chat.members.some(
    (member) => member.person === person.id && !["left", "kicked"].includes(member.status),
  );
}

function newest(chat) {
  return [...chat.messages.values()].at(-1)?.date ?? 0;
}

const serials = new WeakMap();
let last = 0;

/** A number that is the same for as long as a message is unchanged. */
export function serial(message) {
  if (!serials.has(message)) serials.set(message, ++last);
  return serials.get(message);
}
