/** What appears above the field while one writes: commands after "/", inline results after "@bot ". */

import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./words.js";

const PAUSE_MS = 300;

export class Suggestions {
  #timer = null;
  #asked = null;

  constructor(phone, composer) {
    this.phone = phone;
    this.composer = composer;
    this.element = h("div", {
      class: "suggestions",
      hidden: true,
      onkeydown: (event) => this.#onarrow(event),
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked = null;
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** The field holds this text now. */
  update(text) {
    const { bot } = this.phone.world;
    const mention = `@${bot.username} `;
    if (text.toLowerCase().startsWith(mention.toLowerCase()) && bot.supports_inline_queries !== false) {
      this.#search(text.slice(mention.length));
    } else if (/^\/\w*$/.test(text)) {
      this.#showCommands(text.slice(1).toLowerCase());
    } else {
      this.close();
    }
  }

  /** A key in the field; true when it was for the suggestions. */
  onkey(event) {
    if (this.element.hidden) return false;
    if (event.key === "Escape") {
      this.close();
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      [...this.element.querySelectorAll("button")].at(-1)?.focus();
    } else {
      return false;
    }
    return true;
  }

  #onarrow(event) {
    if (event.key === "Escape") {
      this.close();
      this.composer.input.focus();
      return;
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.element.querySelectorAll("button")];
    (buttons[buttons.indexOf(document.activeElement) + step] ?? this.composer.input).focus();
  }

  #showCommands(beginning) {
    const { phone } = this;
    const commands = phone.world
      .commands(phone.chat, phone.person)
      .filter(({ command }) => command.startsWith(beginning));
    this.element.hidden = commands.length === 0;
    this.element.setAttribute("aria-label", t("commands"));
    const address = phone.chat.type === "private" ? "" : `@${phone.world.bot.username}`;
    this.element.replaceChildren(
      ...commands.map(({ command, description }) => {
        const onclick = () => {
          this.composer.clear();
          phone.say({ text: `/${command}${address}` });
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

  #search(query) {
    clearTimeout(this.#timer);
    this.#asked = query;
    if (this.element.hidden) this.#showResults([h("p", { class: "empty" }, t("searching"))]);
    this.#timer = setTimeout(() => this.#ask(query, ""), PAUSE_MS);
  }

  async #ask(query, offset) {
    const { phone } = this;
    const where = { from: phone.person.id, chat: phone.place.chat };
    let answer;
    try {
      answer = await api.inline({ ...where, query, offset });
    } catch (error) {
      if (this.#asked === query) this.#showResults([h("p", { class: "empty" }, error.message)]);
      return;
    }
    if (this.#asked !== query) return; // something else has been typed since
    const rows = answer.results.map((result) => this.#result(result, query));
    const more = answer.next_offset && this.#more(query, answer.next_offset);
    if (offset) this.#append([...rows, more]);
    else this.#showResults([answer.button && this.#startButton(answer.button), ...rows, more]);
  }

  #showResults(nodes) {
    const there = nodes.filter(Boolean);
    this.element.hidden = false;
    this.element.setAttribute("aria-label", t("inline-results"));
    this.element.replaceChildren(
      ...(there.length ? there : [h("p", { class: "empty" }, t("nothing-found"))]),
    );
  }

  #append(nodes) {
    this.element.querySelector(".more-results")?.remove();
    this.element.append(...nodes.filter(Boolean));
  }

  #more(query, offset) {
    return h(
      "button",
      { type: "button", class: "more-results", onclick: () => this.#ask(query, offset) },
      t("more"),
    );
  }

  #startButton({ text, start_parameter: payload }) {
    const onclick = () => {
      this.composer.clear();
      this.phone.go(this.phone.person.id);
      if (payload) this.phone.offerStart(payload);
    };
    return h("button", { type: "button", class: "inline-start", onclick }, text);
  }

  #result(result, query) {
    const { phone } = this;
    const title = result.title ?? t(result.type);
    const onclick = async () => {
      this.composer.clear();
      await phone.doing(
        api.chooseInline({ from: phone.person.id, chat: phone.place.chat, result_id: result.id, query }),
      );
    };
    return h(
      "button",
      { type: "button", class: "inline-result", onclick },
      h(
        "span",
        { class: "result-icon", "aria-hidden": "true" },
        icon(result.type === "location" || result.type === "venue" ? "location" : "document"),
      ),
      h(
        "span",
        { class: "file-words" },
        h("span", { class: "file-name" }, title),
        h("span", { class: "result-description" }, result.description ?? ""),
      ),
    );
  }
}
