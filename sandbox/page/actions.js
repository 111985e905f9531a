/** What a tap on something in a message does: links, numbers, commands, buttons. */

import * as api from "./api.js";
import { pickChat } from "./chats.js";
import { h, icon } from "./dom.js";
import { isSwitch } from "./keyboards.js";
import { sheetRow } from "./overlays.js";
import { t } from "./words.js";

/** How long a button turns while the bot hasn't answered the press, in seconds: as in Telegram's apps. */
const ANSWER_WAIT = 15;

export class Actions {
  constructor(phone) {
    this.phone = phone;
  }

  command = (text) => this.phone.say({ text });
  jump = (id) => this.phone.thread.jump(id);
  picture = (url, caption) => this.phone.overlays.picture(url, caption);

  copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyWithoutClipboard(text); // the page isn't on localhost, or the browser says no
    }
    this.phone.overlays.toast(t("copied", { text: text.length > 60 ? `${text.slice(0, 60)}…` : text }));
  };

  /** A number was tapped: call it or keep it. */
  number = (number) => {
    const { overlays } = this.phone;
    const choose = (act) => () => {
      close();
      act();
    };
    const close = overlays.sheet(
      number,
      sheetRow(
        icon("call"),
        t("call"),
        choose(() => overlays.toast(t("calling", { number }))),
      ),
      sheetRow(
        icon("copy"),
        t("copy"),
        choose(() => this.copy(number)),
      ),
    );
  };

  mention = (username) => {
    if (username.toLowerCase() === this.phone.world.bot.username.toLowerCase())
      this.phone.go(this.phone.person.id);
  };

  link = async (url) => {
    const telegram = telegramLink(url, this.phone.world.bot.username);
    if (telegram) return this.#follow(telegram);
    const sure = await this.phone.overlays.confirm({ title: t("open-link"), text: url, ok: t("open") });
    if (sure) window.open(url, "_blank", "noopener");
  };

  vote = (message, option) => this.phone.doing(api.vote({ ...this.#at(message), options: [option] }));

  button = (message, button) => {
    if (button.url ?? button.login_url) return this.link(button.url ?? button.login_url.url);
    if (button.copy_text) return this.copy(button.copy_text.text);
    if (isSwitch(button)) return this.#switchInline(button);
    if (button.callback_data) return this.#press(message, button);
    return this.phone.overlays.toast(t("not-here"));
  };

  async #press(message, button) {
    const { phone } = this;
    if (phone.isPending(message, button)) return;
    phone.setPending(message, button, true);
    try {
      const { callback_id: id } = await api.press({ ...this.#at(message), data: button.callback_data });
      const answer = await api.callback(id, ANSWER_WAIT);
      if (answer.url) this.link(answer.url);
      if (answer.text) phone.overlays[answer.show_alert ? "alert" : "toast"](answer.text);
    } catch (error) {
      phone.overlays.toast(error.message);
    } finally {
      phone.setPending(message, button, false);
    }
  }

  async #switchInline(button) {
    const { phone } = this;
    const query =
      button.switch_inline_query_current_chat ??
      button.switch_inline_query ??
      button.switch_inline_query_chosen_chat.query ??
      "";
    if (button.switch_inline_query_current_chat === undefined)
      phone.go((await pickChat(phone, t("choose-chat"))).id);
    phone.composer.insert(`@${phone.world.bot.username} ${query}`);
  }

  async #follow({ start, group, share, invite, text }) {
    const { phone } = this;
    if (share !== undefined) {
      phone.go((await pickChat(phone, t("choose-chat"))).id);
      phone.composer.insert(share);
    } else if (group !== undefined) {
      const chat = await pickChat(phone, t("add-to-which"), (one) => one.type !== "private");
      await phone.doing(api.changeMembers(chat.id, { bot: "member" }));
      phone.go(chat.id);
      if (group) phone.say({ text: `/start@${phone.world.bot.username} ${group}` });
    } else if (invite) {
      await this.#join(invite);
    } else {
      phone.go(phone.person.id);
      if (start) phone.offerStart(start);
      if (text) phone.composer.insert(text);
    }
  }

  async #join(link) {
    const { phone } = this;
    if (!(await phone.overlays.confirm({ title: t("join-chat"), text: link, ok: t("join") }))) return;
    const answer = await phone.doing(api.join(phone.person.id, link));
    if (answer?.requested) phone.overlays.toast(t("join-asked"));
  }

  #at(message) {
    return { from: this.phone.person.id, chat: this.phone.place.chat, message_id: message.message_id };
  }
}

/** What a t.me or tg: link means to this bot's chats, or null for any other link. */
export function telegramLink(url, username) {
  const { host, path, query } = parts(url);
  if (host !== "t.me") return null;
  if (path === "share/url" || path === "share") {
    return { share: [query.get("url"), query.get("text")].filter(Boolean).join("\n") };
  }
  if (path.startsWith("+") || path.startsWith("joinchat/")) return { invite: url };
  if (path.toLowerCase() !== username.toLowerCase()) return null;
  if (query.has("startgroup")) return { group: query.get("startgroup") };
  return { start: query.get("start"), text: query.get("text") };
}

/** Host, path and query of a link, with tg://resolve and tg://msg_url written as on t.me. */
function parts(url) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return { host: "", path: "", query: new URLSearchParams() };
  }
  const query = parsed.searchParams;
  const host = parsed.host === "telegram.me" ? "t.me" : parsed.host;
  if (parsed.protocol !== "tg:") return { host, path: parsed.pathname.slice(1).replace(/\/$/, ""), query };
  const kind = host || parsed.pathname.replace(/^\/+/, "");
  return { host: "t.me", path: kind === "resolve" ? (query.get("domain") ?? "") : "share", query };
}

function copyWithoutClipboard(text) {
  const field = h("textarea", { class: "off-screen" });
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
