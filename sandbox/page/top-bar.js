/** The bar above the phones: the world's clock, what was refused, the language of the page. */

import * as api from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { LANGUAGES, clockTime, currentLanguage, dayName, speak, t } from "./words.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

export class TopBar {
  /**
   * @param world what the clock and the count are of
   * @param overlays of the page
   * @param on {add, reset, language}: what the buttons do that isn't the bar's own affair
   */
  constructor(world, overlays, on) {
    Object.assign(this, { world, overlays, on });
    this.element = h("header", { class: "top-bar" });
    this.build();
    world.addEventListener("violation", () => this.#count());
  }

  /** Make the bar anew, in the page's present language. */
  build() {
    this.clock = h("div", { class: "clock", role: "timer" });
    this.violations = h("button", { type: "button", onclick: () => this.#showViolations() });
    this.element.replaceChildren(this.#brand(), this.#clockGroup(), this.#end());
    document.title = t("phones");
    document.documentElement.lang = currentLanguage();
    this.#count();
    this.tick();
  }

  /** Show the present time. */
  tick() {
    const now = this.world.now();
    this.clock.replaceChildren(h("strong", {}, clockTime(now)), h("span", {}, dayName(now)));
  }

  #brand() {
    const words = h(
      "div",
      { class: "brand-words" },
      h("h1", {}, t("phones")),
      h("span", {}, t("page-about")),
    );
    return h("div", { class: "brand" }, h("span", { class: "mark", "aria-hidden": "true" }), words);
  }

  #clockGroup() {
    const chip = (words, onclick, label = words) =>
      h("button", { type: "button", class: "chip", title: label, "aria-label": label, onclick }, words);
    return h(
      "div",
      { class: "clock-group", role: "group", title: t("bishkek-time"), "aria-label": t("bishkek-time") },
      icon("clock"),
      this.clock,
      chip(t("plus-hour"), () => this.#move(HOUR)),
      chip(t("plus-day"), () => this.#move(DAY)),
      chip(t("plus-more"), () => this.#askTime(), t("move-clock")),
    );
  }

  #end() {
    const add = t("add-phone");
    return h(
      "div",
      { class: "bar-end" },
      h("span", { class: "offline-note", role: "status" }, t("reconnecting")),
      this.violations,
      this.#languageChoice(),
      iconButton("reset", t("reset-phones"), this.on.reset),
      h(
        "button",
        { type: "button", class: "add-button", "aria-label": add, title: add, onclick: this.on.add },
        icon("add"),
        h("span", {}, add),
      ),
    );
  }

  #languageChoice() {
    const onchange = (event) => {
      speak(event.target.value);
      this.build();
      this.on.language();
      this.element.querySelector("select").focus();
    };
    const options = Object.entries(LANGUAGES).map(([code, name]) =>
      h("option", { value: code, selected: code === currentLanguage() }, name),
    );
    return h(
      "label",
      { class: "language" },
      icon("globe"),
      h("select", { "aria-label": t("language"), onchange }, options),
    );
  }

  async #move(seconds) {
    try {
      await api.moveClock(seconds);
    } catch (error) {
      this.overlays.toast(error.message);
    }
  }

  async #askTime() {
    const number = { type: "number", min: 0, value: 0 };
    const answer = await this.overlays.form({
      title: t("move-clock"),
      ok: t("move"),
      fields: [
        { name: "days", label: t("days"), ...number, max: 3660 },
        { name: "hours", label: t("hours"), ...number, max: 23 },
        { name: "minutes", label: t("minutes"), ...number, max: 59 },
      ],
    });
    if (answer) await this.#move(answer.days * DAY + answer.hours * HOUR + answer.minutes * 60);
  }

  #count() {
    const { length } = this.world.violations;
    const label = `${t("violations")}: ${length}`;
    this.violations.className = length ? "violations some" : "violations";
    this.violations.setAttribute("aria-label", label);
    this.violations.title = label;
    this.violations.replaceChildren(icon(length ? "alert" : "shield"), String(length));
  }

  #showViolations() {
    const { violations, gaps } = this.world;
    const missing = Object.entries(gaps);
    this.overlays.sheet(
      t("violations"),
      violations.length === 0 && h("p", { class: "all-well" }, icon("shield"), t("no-violations")),
      violations.toReversed().map(violationRow),
      missing.length > 0 && h("h3", {}, t("gaps")),
      missing.map(([method, times]) => h("p", {}, h("code", {}, method), ` × ${times}`)),
    );
  }
}

function violationRow({ method, reason, params }) {
  return h(
    "article",
    { class: "violation" },
    h("code", {}, method),
    h("p", {}, reason),
    h("details", {}, h("summary", {}, t("parameters")), h("pre", {}, JSON.stringify(params, null, 2))),
  );
}
