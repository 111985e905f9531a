/** The foot of a chat: writing, attaching, recording, buttons instead of letters. */

import * as api from "./api.js";
import { askPlace, openAttachments, sample, shareContact } from "./attachments.js";
import { h, icon, iconButton, reconcile } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { isMine, sender, summary } from "./message.js";
import { fullName } from "./people.js";
import { Suggestions } from "./suggestions.js";
import { currentLanguage, t } from "./words.js";

export class Composer {
  #reply = null;
  #editing = null;
  #hidden = new Map();
  #forced = new Map();
  #recording = null;

  constructor(phone) {
    this.phone = phone;
    this.input = h("textarea", {
      rows: 1,
      maxlength: 4096,
      "aria-label": t("message"),
      oninput: () => this.#onwrite(),
      onkeydown: (event) => this.#onkey(event),
    });
    this.suggestions = new Suggestions(phone, this);
    this.context = h("div", { class: "reply-bar", hidden: true });
    this.keyboard = h("div", { class: "keyboard-holder" });
    this.menuButton = h(
      "button",
      {
        type: "button",
        class: "menu-button",
        "aria-label": t("commands"),
        onclick: () => this.#openCommands(),
      },
      icon("menu"),
      h("span", {}, t("menu")),
    );
    this.toggle = iconButton("keyboard", t("show-keyboard"), () => this.#toggleKeyboard());
    this.attach = iconButton("attach", t("attach"), () =>
      openAttachments(phone, (contents) => this.#post(contents)),
    );
    this.voice = iconButton("mic", t("record-voice"), () => this.#record());
    this.submit = iconButton("send", t("send"), () => this.#send(), { class: "send" });
    this.row = h(
      "div",
      { class: "compose-row" },
      this.menuButton,
      this.attach,
      this.input,
      this.toggle,
      this.voice,
      this.submit,
    );
    this.recorder = h("div", { class: "compose-row recorder", hidden: true });
    this.barrier = h("div", { class: "barrier", hidden: true });
    this.element = h(
      "footer",
      { class: "composer" },
      this.suggestions.element,
      this.context,
      this.row,
      this.recorder,
      this.barrier,
      this.keyboard,
    );
  }

  /** Another chat is shown now: take up what was being written there. */
  restart() {
    this.#stopRecording();
    this.input.value = this.phone.draft;
    this.suggestions.close();
    this.#dropContext();
    this.#fit();
  }

  refresh() {
    const { phone } = this;
    const barrier = this.#obstacle();
    this.barrier.hidden = !barrier;
    this.row.hidden = Boolean(barrier) || this.#recording !== null;
    if (barrier) reconcile(this.barrier, [barrier]);
    if (barrier) this.#dropContext();
    else this.#force();
    this.#refreshKeyboard(Boolean(barrier));
    const commands = phone.world.commands(phone.chat, phone.person);
    this.menuButton.hidden =
      phone.chat.type !== "private" || commands.length === 0 || phone.chat.menu_button?.type === "default";
    this.#refreshButtons();
  }

  /** Put a text into the field, as a link or a button does. */
  insert(text) {
    this.input.value = text;
    this.#onwrite();
    this.input.focus();
    this.input.setSelectionRange(text.length, text.length);
  }

  clear() {
    this.insert("");
  }

  replyTo(message) {
    this.#quote(message);
    this.input.focus();
  }

  #quote(message) {
    this.#editing = null;
    this.#reply = message;
    this.#showContext();
  }

  edit(message) {
    this.#reply = null;
    this.#editing = message;
    this.insert(message.text ?? message.caption ?? "");
    this.#showContext();
  }

  /** What stands in the way of writing, as one big button or a line; null when nothing does. */
  #obstacle() {
    const { phone } = this;
    const { chat } = phone;
    const button = (key, act, className) => ({
      key,
      version: currentLanguage(),
      make: () => h("button", { type: "button", class: className, onclick: act }, t(key)),
    });
    const line = (key) => ({ key, version: currentLanguage(), make: () => h("p", {}, t(key)) });
    if (chat.blocked)
      return button("unblock", () => phone.doing(api.block(phone.person.id, false)), "unblock");
    if (phone.needsStart()) return button("start", () => phone.pressStart(), "start");
    if (chat.type === "channel" && !phone.isOwner(chat)) return line("read-only");
    if (phone.topic?.closed) return line("topic-is-closed");
    return null;
  }

  #refreshKeyboard(barred) {
    const { keyboard } = this.phone.chat;
    const there = Boolean(keyboard?.keyboard) && !barred;
    const open = there && this.#hidden.get(this.phone.chat.id) !== keyboard.message_id;
    this.toggle.hidden = !there || keyboard.is_persistent === true;
    const label = t(open ? "hide-keyboard" : "show-keyboard");
    this.toggle.setAttribute("aria-label", label);
    this.toggle.title = label;
    this.toggle.setAttribute("aria-expanded", String(open));
    const make = () => replyKeyboard(keyboard, (button) => this.#pressKey(button));
    reconcile(this.keyboard, open ? [{ key: "keyboard", version: JSON.stringify(keyboard), make }] : []);
    this.input.placeholder = (keyboard?.message_id && keyboard.input_field_placeholder) || t("message");
  }

  /** A ForceReply opens the reply to its message, once, unless something has been written since. */
  #force() {
    const { chat, person } = this.phone;
    const { keyboard } = chat;
    if (!keyboard?.force_reply || this.#forced.get(chat.id) === keyboard.message_id) return;
    this.#forced.set(chat.id, keyboard.message_id);
    const message = chat.messages.get(keyboard.message_id);
    const answered = [...chat.messages.values()].some(
      (one) => one.message_id > keyboard.message_id && isMine(one, person),
    );
    if (message && !answered) this.#quote(message); // without the focus: somebody may be writing on another phone
  }

  #toggleKeyboard() {
    const { chat } = this.phone;
    const id = chat.keyboard.message_id;
    if (this.#hidden.get(chat.id) === id) this.#hidden.delete(chat.id);
    else this.#hidden.set(chat.id, id);
    this.refresh();
  }

  #pressKey(button) {
    const { phone } = this;
    const { chat } = phone;
    if (chat.keyboard.one_time_keyboard) this.#hidden.set(chat.id, chat.keyboard.message_id);
    this.refresh();
    const post = (contents) => this.#post(contents);
    if (button.request_contact) shareContact(phone, post);
    else if (button.request_location) askPlace(phone, post);
    else if (["request_users", "request_chat", "request_poll", "web_app"].some((name) => button[name]))
      phone.overlays.toast(t("not-here"));
    else
      phone.say({
        text: button.text,
        reply_to: chat.type === "private" ? undefined : chat.keyboard.message_id,
      });
  }

  #onwrite() {
    this.phone.draft = this.input.value;
    this.#fit();
    this.#refreshButtons();
    this.suggestions.update(this.input.value);
  }

  #fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
  }

  #refreshButtons() {
    const empty = this.input.value.trim() === "";
    this.voice.hidden = !empty || this.#editing !== null;
    this.submit.hidden = empty && this.#editing === null;
    this.attach.hidden = this.#editing !== null;
    this.menuButton.classList.toggle("narrow", !empty || !this.toggle.hidden);
  }

  #onkey(event) {
    if (this.suggestions.onkey(event)) return;
    if (event.key === "Escape" && (this.#reply || this.#editing)) this.#cancelContext();
    const finger = matchMedia("(pointer: coarse)").matches; // there Enter begins a new line, as on a phone
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || finger) return;
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const text = this.input.value.trim();
    if (!text) return;
    const editing = this.#editing;
    if (editing) {
      const field = editing.text === undefined ? "caption" : "text";
      const { person, place } = this.phone;
      this.#cancelContext();
      await this.phone.doing(
        api.edit({ from: person.id, chat: place.chat, message_id: editing.message_id, [field]: text }),
      );
    } else {
      this.clear();
      await this.#post([{ text }]);
    }
  }

  /** Send these contents to the chat on the screen; the first one is the reply, if there is one. */
  #post([first, ...others]) {
    const reply = this.#reply?.message_id;
    this.#cancelContext();
    return this.phone.say({ ...first, reply_to: reply }, ...others);
  }

  #cancelContext() {
    if (this.#editing) this.insert("");
    this.#dropContext();
  }

  #dropContext() {
    this.#reply = null;
    this.#editing = null;
    this.#showContext();
  }

  #showContext() {
    const message = this.#editing ?? this.#reply;
    this.context.hidden = !message;
    this.#refreshButtons();
    if (!message) return;
    const title = this.#editing ? t("editing") : t("reply-to", { who: fullName(sender(message)) });
    this.context.replaceChildren(
      icon(this.#editing ? "edit" : "reply"),
      h("div", { class: "reply-words" }, h("strong", {}, title), h("span", {}, summary(message))),
      iconButton("close", t("cancel"), () => this.#cancelContext()),
    );
  }

  #openCommands() {
    const { phone } = this;
    const commands = phone.world.commands(phone.chat, phone.person);
    const close = phone.overlays.sheet(
      t("commands"),
      commands.map(({ command, description }) => {
        const onclick = () => {
          close();
          phone.say({ text: `/${command}` });
        };
        return h(
          "button",
          { type: "button", class: "command-row", onclick },
          h("span", {}, description),
          h("code", {}, `/${command}`),
        );
      }),
    );
  }

  #record() {
    const started = Date.now();
    const time = h("span", { class: "sound-time" }, "0:00");
    const tick = setInterval(() => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }, 250);
    this.#recording = tick;
    const done = async () => {
      this.#stopRecording();
      this.#post([{ voice: await sample("voice") }]);
    };
    this.recorder.replaceChildren(
      h("span", { class: "record-dot" }),
      time,
      h("span", { class: "recorder-words" }, t("recording")),
      iconButton("trash", t("cancel"), () => this.#stopRecording()),
      iconButton("send", t("send"), done, { class: "send" }),
    );
    this.recorder.hidden = false;
    this.row.hidden = true;
    this.recorder.querySelector(".send").focus();
  }

  #stopRecording() {
    if (this.#recording === null) return;
    clearInterval(this.#recording);
    this.#recording = null;
    this.recorder.hidden = true;
    this.row.hidden = false;
  }
}
