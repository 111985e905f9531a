/** One phone: a person's screen, with the chats they are in. */

import { Actions } from "./actions.js";
import * as api from "./api.js";
import { packed } from "./attachments.js";
import { ChatMenu } from "./chat-menu.js";
import { botIsIn, chatAvatar, chatList, chatTitle, topicList } from "./chats.js";
import { Composer } from "./composer.js";
import { h, iconButton, reconcile } from "./dom.js";
import { isMine } from "./message.js";
import { Overlays } from "./overlays.js";
import { avatar, botName, fullName, localized } from "./people.js";
import { Thread } from "./thread.js";
import { clockTime, currentLanguage, hasWord, plural, t } from "./words.js";
import { serial } from "./world.js";

const LANGUAGE_NAMES = { ky: "кыргызча", ru: "русский", en: "English", uz: "oʻzbekcha" };

export class Phone {
  #drafts = new Map();
  #pending = new Set();
  #read = new Map();
  #payload = null;

  /**
   * @param world what everybody shares
   * @param id the person's id
   * @param role a name from the cast, or null
   * @param place {chat, thread}: what is open at first; chat null is the list of chats, thread null
   *   is a chat without topics, or the list of topics
   * @param onclose called when the phone is put away
   * @param onchange called when something changed that the page around the phone shows
   */
  constructor({ world, id, role, place, onclose, onchange }) {
    Object.assign(this, { world, id, role, place, onclose, onchange });
    for (const chat of world.chatsOf(this.person)) this.#read.set(chat.id, newestId(chat));
    this.actions = new Actions(this);
    this.menu = new ChatMenu(this);
    this.build();
  }

  get person() {
    return this.world.people.get(this.id);
  }

  get chat() {
    return this.world.chats.get(this.place.chat);
  }

  get topic() {
    return this.chat.topics.find((topic) => topic.message_thread_id === this.place.thread);
  }

  get draft() {
    return this.#drafts.get(this.#placeKey()) ?? "";
  }

  set draft(text) {
    this.#drafts.set(this.#placeKey(), text);
  }

  get title() {
    return this.role && hasWord(this.role) ? t(this.role) : t("person");
  }

  /** Make all elements anew, in the page's present language. */
  build() {
    this.time = h("span", {}, clockTime(this.world.now()));
    this.header = h("div", { class: "header-holder" });
    this.list = h("div", { class: "list-holder" });
    this.intro = h("div", { class: "intro-holder" });
    this.screen = h("div", { class: "screen" });
    this.overlays = new Overlays(this.screen);
    this.thread = new Thread(this);
    this.composer = new Composer(this);
    const signs = h(
      "span",
      { class: "status-signs", "aria-hidden": "true" },
      h("i", { class: "signal" }),
      h("i", { class: "battery" }),
    );
    this.screen.append(
      h("div", { class: "status-bar" }, this.time, signs),
      this.header,
      this.list,
      this.intro,
      this.thread.element,
      this.composer.element,
    );
    const fresh = h(
      "section",
      {
        class: "phone",
        id: `phone-${this.id}`,
        "data-role": this.role,
        role: "tabpanel",
        "aria-label": t("phone-of", { who: fullName(this.person) }),
      },
      this.#label(),
      h("div", { class: "device" }, this.screen, this.overlays.layer),
    );
    fresh.classList.toggle("current", this.element?.classList.contains("current") ?? false);
    this.element?.replaceWith(fresh);
    this.element = fresh;
    this.thread.restart();
    this.composer.restart();
    this.refresh();
  }

  /** Bring the screen up to date with the world. Cheap when nothing changed. */
  refresh() {
    if (this.place.chat !== null && !this.world.chatsOf(this.person).includes(this.chat))
      this.place = { chat: null, thread: null };
    const screen = this.#screenName();
    this.screen.dataset.screen = screen;
    reconcile(this.header, [this.#headerItem(screen)]);
    reconcile(this.list, screen === "thread" ? [] : [this.#listItem(screen)]);
    const empty = screen === "thread" && this.#isEmpty();
    reconcile(this.intro, empty ? [this.#introItem()] : []);
    this.thread.element.hidden = screen !== "thread" || empty;
    this.composer.element.hidden = screen !== "thread";
    if (screen !== "thread") return;
    this.#markRead();
    this.thread.refresh();
    this.composer.refresh();
  }

  /** The clock on the screen. */
  tick() {
    this.time.textContent = clockTime(this.world.now());
  }

  /** Open a chat, a topic of it, or (null) the list of chats. */
  go(chat, thread = null) {
    this.#payload = null;
    this.place = { chat, thread };
    this.thread.restart();
    if (chat !== null) this.composer.restart();
    this.refresh();
    this.thread.toBottom();
    this.onchange();
  }

  /** Send something to the chat on the screen; several things are an album. */
  async say(...contents) {
    const { chat, thread } = this.place;
    const album = contents.length > 1 ? `${this.id}-${Date.now()}` : undefined;
    const where = { from: this.id, chat, thread: thread || undefined, media_group: album };
    const messages = contents.map((content) => ({ ...where, ...content }));
    await this.doing(album ? api.sendTogether(messages) : api.send(messages[0]));
    this.thread.toBottom();
  }

  /** Wait for the server; what it refuses is told in a toast. @returns its answer, or undefined */
  async doing(request) {
    try {
      return await request;
    } catch (error) {
      this.overlays.toast(error.message);
      return undefined;
    }
  }

  /** Show the START button for a deep link. */
  offerStart(payload) {
    this.#payload = payload;
    this.refresh();
  }

  needsStart() {
    return this.chat.type === "private" && (this.#payload !== null || this.#isEmpty());
  }

  pressStart() {
    const payload = this.#payload;
    this.#payload = null;
    return this.say({ text: payload ? `/start ${payload}` : "/start" });
  }

  isOwner(chat) {
    return chat.members?.some(
      (member) => member.person === this.id && ["creator", "administrator"].includes(member.status),
    );
  }

  /** Messages by others that this person hasn't had on the screen. */
  unread(chat, thread = null) {
    const isNew = (message) =>
      message.message_id > this.#readUntil(chat, message) && !isMine(message, this.person);
    return this.world.messages(chat.id, thread).filter(isNew).length;
  }

  totalUnread() {
    return this.world.chatsOf(this.person).reduce((sum, chat) => sum + this.unread(chat), 0);
  }

  isPending(message, button) {
    return this.#pending.has(`${message.message_id} ${button.callback_data}`);
  }

  /** Which buttons of a message wait for an answer, as one string. */
  pendingOf(message) {
    return [...this.#pending].filter((key) => key.startsWith(`${message.message_id} `)).join();
  }

  setPending(message, button, on) {
    const key = `${message.message_id} ${button.callback_data}`;
    if (on) this.#pending.add(key);
    else this.#pending.delete(key);
    this.refresh();
  }

  /** What a message needs to know of its surroundings. */
  view() {
    return {
      me: this.person,
      chat: this.chat,
      actions: this.actions,
      isPending: (message, button) => this.isPending(message, button),
    };
  }

  /** The content of a message in the form in which it can be sent again. */
  async copyOf(message) {
    const kind = ["photo", "document", "voice", "video", "audio"].find((name) => message[name]);
    if (!kind) {
      const { text, entities, contact, location, sticker } = message;
      return { text, entities, contact, location, sticker: sticker && true };
    }
    const file = kind === "photo" ? message.photo.at(-1) : message[kind];
    const response = await fetch(api.fileUrl(file));
    return {
      [kind]: await packed(await response.blob(), file.file_name ?? kind),
      caption: message.caption,
      entities: message.caption_entities,
    };
  }

  #placeKey() {
    return `${this.place.chat} ${this.place.thread}`;
  }

  #screenName() {
    if (this.place.chat === null) return "chats";
    return this.place.thread === null && this.#hasTopics(this.chat) ? "topics" : "thread";
  }

  #hasTopics(chat) {
    return chat.is_forum || (chat.type === "private" && chat.topics.length > 0);
  }

  #isEmpty() {
    return this.chat.type === "private" && this.chat.messages.size === 0;
  }

  #readUntil(chat, message) {
    const topic = message.is_topic_message ? message.message_thread_id : 0;
    return Math.max(this.#read.get(chat.id) ?? 0, this.#read.get(`${chat.id} ${topic}`) ?? 0);
  }

  #markRead() {
    if (this.element.offsetParent === null) return; // another phone is in front
    const { chat, thread } = this.place;
    const key = thread === null ? chat : `${chat} ${thread}`;
    this.#read.set(key, newestId(this.chat));
  }

  #label() {
    const { person } = this;
    const language = LANGUAGE_NAMES[person.language_code] ?? person.language_code;
    return h(
      "div",
      { class: "phone-label" },
      avatar(person, "small"),
      h(
        "span",
        { class: "label-words" },
        h("strong", {}, this.title),
        h("span", {}, [fullName(person), language].filter(Boolean).join(" · ")),
      ),
      iconButton("close", t("close-phone"), this.onclose),
    );
  }

  #listItem(screen) {
    const { chat } = this;
    const shown = screen === "topics" ? [chat] : this.world.chatsOf(this.person);
    const state = shown.map((one) => {
      const last = [...one.messages.values()].at(-1);
      return [one.id, one.title, last && serial(last), this.unread(one), JSON.stringify(one.topics)];
    });
    const make = () =>
      screen === "topics"
        ? topicList(this, chat, (thread) => this.go(chat.id, thread))
        : chatList(this, (one) => this.go(one.id));
    return { key: screen, version: JSON.stringify([currentLanguage(), state, this.world.bot.name]), make };
  }

  #introItem() {
    const { world, person } = this;
    const words = localized(world.bot.description, person);
    const make = () =>
      h(
        "div",
        { class: "intro" },
        chatAvatar(this.chat, world, person, "large"),
        h("h2", {}, botName(world.bot, person)),
        words && h("div", { class: "intro-card" }, h("strong", {}, t("what-can")), h("p", {}, words)),
      );
    return { key: "intro", version: JSON.stringify([currentLanguage(), world.bot.name, words]), make };
  }

  #headerItem(screen) {
    const { chat, world, person } = this;
    if (screen === "chats") {
      const add = iconButton("group", t("new-group"), () => this.menu.makeGroup());
      const make = () =>
        h("header", { class: "chat-header" }, h("h2", { class: "header-title" }, t("chats")), add);
      return { key: "chats", version: currentLanguage(), make };
    }
    const title =
      this.topic?.name ?? (this.place.thread === 0 ? t("general") : chatTitle(chat, world, person));
    const status = this.#status();
    const others = this.totalUnread() - this.unread(chat);
    const version = JSON.stringify([
      currentLanguage(),
      this.place,
      title,
      status,
      others,
      chat.blocked,
      chat.bot_status,
    ]);
    return { key: "chat", version, make: () => this.#chatHeader(title, status, others) };
  }

  #chatHeader(title, { words, busy }, others) {
    const back = iconButton("back", t("back"), () => this.#back(), { class: "back" });
    if (others > 0)
      back.append(h("span", { class: "badge", "aria-label": plural("unread", others) }, String(others)));
    const menu = iconButton("more", t("more"), (event) => this.menu.open(event.currentTarget));
    return h(
      "header",
      { class: "chat-header" },
      back,
      h(
        "button",
        { type: "button", class: "header-chat", onclick: () => this.menu.openAbout() },
        chatAvatar(this.chat, this.world, this.person),
        h(
          "span",
          { class: "header-words" },
          h("span", { class: "header-title" }, title),
          h("span", { class: busy ? "header-status busy" : "header-status" }, words),
        ),
      ),
      menu,
    );
  }

  #status() {
    const { chat, world, place } = this;
    const action = world.action(chat.id, place.thread);
    if (action) return { words: hasWord(action) ? t(action) : t("typing"), busy: true };
    if (chat.blocked) return { words: t("blocked"), busy: false };
    if (chat.type === "private") return { words: t("bot"), busy: false };
    const members = plural("members", chat.members.length + (botIsIn(chat) ? 1 : 0));
    return { words: place.thread === null ? members : chat.title, busy: false };
  }

  #back() {
    if (this.place.thread !== null) this.go(this.place.chat);
    else this.go(null);
  }
}

function newestId(chat) {
  return [...chat.messages.keys()].at(-1) ?? 0;
}
