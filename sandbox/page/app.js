/** The page around the phones: which ones there are, the clock, the language, what was refused. */

import * as api from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { avatar, fullName } from "./message.js";
import { Overlays } from "./overlays.js";
import { Phone } from "./phone.js";
import { LANGUAGES, clockTime, currentLanguage, dayName, hasWord, plural, speak, t } from "./words.js";
import { World } from "./world.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** More people than this aren't offered by name: a world may hold a hundred thousand. */
const MOST_OFFERED = 200;

class App {
  world = new World();
  phones = [];
  current = 0;
  #refreshing = false;

  constructor(cast) {
    this.cast = cast;
    this.bar = h("header", { class: "top-bar" });
    this.tabs = h("nav", { class: "tabs", role: "tablist", "aria-label": t("phones"), onkeydown: (event) => this.#onarrow(event) });
    this.row = h("div", { class: "phones" });
    this.page = h("div", { class: "page" }, this.bar, this.tabs, h("main", {}, this.row));
    this.overlays = new Overlays(this.page);
    document.body.replaceChildren(this.page, this.overlays.layer);
  }

  async start() {
    const specs = (new URLSearchParams(location.search).get("phones") ?? this.cast.phones.join(",")).split(",").filter(Boolean);
    await this.#people(specs);
    this.#showPhones(specs);
    this.#buildBar();
    this.#listen();
  }

  /** Make the people of these phones if the world has none, and follow them. */
  async #people(specs) {
    const roles = specs.filter((spec) => spec in this.cast.people);
    const groups = roles.filter((role) => role in this.cast.groups).map((role) => this.cast.groups[role]);
    const needed = new Set([...specs.map((spec) => this.#idOf(spec)), ...groups.flatMap((group) => group.members)]);
    const state = await api.state([...needed]);
    const known = new Set(state.people.map((person) => person.id));
    const missing = Object.values(this.cast.people).filter((person) => needed.has(person.id) && !known.has(person.id));
    if (missing.length) await api.makePerson(missing);
    const titles = state.chats.map((chat) => chat.title);
    for (const group of groups) if (!titles.includes(group.title)) await api.makeChat(group);
    await this.world.watch([...needed]);
  }

  #showPhones(specs) {
    this.phones = specs.filter((spec) => this.world.people.has(this.#idOf(spec))).map((spec) => this.#phone(spec));
    this.current = Math.min(this.current, Math.max(0, this.phones.length - 1));
    const invitation = h("button", { type: "button", class: "add-card", onclick: () => this.#offerPhones() }, icon("add"), h("span", {}, t("add-phone")));
    this.row.replaceChildren(...this.phones.map((phone) => phone.element), invitation);
    this.#bringForward(this.current);
    this.#refresh();
  }

  #phone(spec) {
    const [name, chat] = spec.split(":");
    const role = name in this.cast.people ? name : null;
    const id = this.#idOf(spec);
    const group = role && this.cast.groups[role];
    const joined = group && this.world.chatsOf({ id }).find((one) => one.title === group.title);
    const place = { chat: Number(chat) || (joined?.id ?? id), thread: null };
    const phone = new Phone({
      world: this.world, id, role, place,
      onclose: () => this.#setPhones(this.#specs().filter((one) => one !== spec)),
      onchange: () => this.#refresh(),
    });
    phone.spec = spec;
    return phone;
  }

  #idOf(spec) {
    const [name] = spec.split(":");
    return this.cast.people[name]?.id ?? Number(name);
  }

  #specs() {
    return this.phones.map((phone) => phone.spec);
  }

  /** Show these phones, and keep them in the address so that it can be shared. */
  async #setPhones(specs, front = this.current) {
    const url = new URL(location.href);
    url.searchParams.set("phones", specs.join(","));
    if (specs.join() === this.cast.phones.join()) url.searchParams.delete("phones");
    history.replaceState(null, "", url);
    await this.#people(specs);
    this.current = front;
    this.#showPhones(specs);
    this.phones[front]?.element.scrollIntoView({ inline: "center", block: "nearest", behavior: "smooth" });
  }

  #listen() {
    this.world.addEventListener("change", () => this.#refresh());
    this.world.addEventListener("violation", () => this.#buildBar());
    this.world.addEventListener("online", () => document.body.classList.toggle("offline", !this.world.online));
    setInterval(() => this.#tick(), 1000);
  }

  /** Bring everything up to date, once for all that happens before the next frame. */
  #refresh() {
    if (this.#refreshing) return;
    this.#refreshing = true;
    requestAnimationFrame(() => {
      this.#refreshing = false;
      for (const phone of this.phones) if (phone.person) phone.refresh();
      this.#buildTabs();
      this.#tick();
    });
  }

  #tick() {
    for (const phone of this.phones) phone.tick();
    const now = this.world.now();
    this.clock?.replaceChildren(h("strong", {}, clockTime(now)), h("span", {}, dayName(now)));
  }

  #buildBar() {
    const { violations } = this.world;
    this.clock = h("div", { class: "clock", role: "timer", "aria-label": t("bishkek-time"), title: t("bishkek-time") });
    const move = (seconds) => () => this.#doing(api.moveClock(seconds));
    const label = `${t("violations")}: ${violations.length}`;
    this.bar.replaceChildren(
      h("div", { class: "brand" }, h("span", { class: "mark", "aria-hidden": "true" }), h("div", { class: "brand-words" }, h("h1", {}, t("phones")), h("span", {}, t("page-about")))),
      h(
        "div",
        { class: "clock-group", role: "group", "aria-label": t("bishkek-time") },
        icon("clock"),
        this.clock,
        h("button", { type: "button", class: "chip", onclick: move(HOUR) }, t("plus-hour")),
        h("button", { type: "button", class: "chip", onclick: move(DAY) }, t("plus-day")),
        h("button", { type: "button", class: "chip", "aria-label": t("move-clock"), title: t("move-clock"), onclick: () => this.#askTime() }, t("plus-more")),
      ),
      h(
        "div",
        { class: "bar-end" },
        h("span", { class: "offline-note", role: "status" }, t("reconnecting")),
        h("button", { type: "button", class: violations.length ? "violations some" : "violations", "aria-label": label, title: label, onclick: () => this.#showViolations() }, icon(violations.length ? "alert" : "shield"), String(violations.length)),
        this.#languageChoice(),
        iconButton("reset", t("reset-phones"), () => this.#setPhones(this.cast.phones, 0)),
        h("button", { type: "button", class: "add-button", "aria-label": t("add-phone"), title: t("add-phone"), onclick: () => this.#offerPhones() }, icon("add"), h("span", {}, t("add-phone"))),
      ),
    );
    document.title = t("phones");
    document.documentElement.lang = currentLanguage();
    this.#tick();
  }

  #languageChoice() {
    const onchange = (event) => {
      speak(event.target.value);
      this.#buildBar();
      for (const phone of this.phones) phone.build();
      this.#showLabels();
    };
    const options = Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, selected: code === currentLanguage() }, name));
    return h("label", { class: "language" }, icon("globe"), h("span", { class: "off-screen" }, t("language")), h("select", { onchange }, options));
  }

  #showLabels() {
    this.row.querySelector(".add-card span").textContent = t("add-phone");
    this.#refresh();
  }

  #buildTabs() {
    const tabs = this.phones.map((phone, index) => {
      const chosen = index === this.current;
      const unread = chosen ? 0 : phone.totalUnread();
      return h(
        "button",
        { type: "button", role: "tab", "aria-selected": String(chosen), "aria-controls": phone.element.id, tabindex: chosen ? 0 : -1, onclick: () => this.#bringForward(index) },
        avatar(phone.person, "small"),
        h("span", {}, phone.person.first_name),
        unread > 0 && h("span", { class: "badge", "aria-label": plural("unread", unread) }, String(unread)),
      );
    });
    const focused = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(...tabs);
    if (focused) tabs[this.current]?.focus();
  }

  /** At phone width: the phone that is seen. */
  #bringForward(index) {
    this.current = index;
    this.phones.forEach((phone, place) => phone.element.classList.toggle("current", place === index));
    this.#refresh();
  }

  #onarrow(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) this.#bringForward((this.current + step + this.phones.length) % this.phones.length);
  }

  async #offerPhones() {
    const { people } = await api.state();
    const shown = new Set(this.phones.map((phone) => phone.id));
    const add = (spec) => {
      close();
      this.#setPhones([...this.#specs(), spec], this.phones.length);
    };
    const castIds = new Set(Object.values(this.cast.people).map((person) => person.id));
    const roles = Object.entries(this.cast.people).filter(([, person]) => !shown.has(person.id));
    const others = people.filter((person) => !shown.has(person.id) && !castIds.has(person.id)).slice(0, MOST_OFFERED);
    const close = this.overlays.sheet(
      t("add-phone"),
      roles.map(([role, person]) => personRow(person, hasWord(role) ? t(role) : role, () => add(role))),
      others.length > 0 && h("h3", {}, t("others-here")),
      others.map((person) => personRow(person, person.username ? `@${person.username}` : String(person.id), () => add(String(person.id)))),
      h("button", { type: "button", class: "sheet-row", onclick: () => { close(); this.#newPerson(); } }, icon("add"), h("span", {}, t("new-person"))),
    );
  }

  async #newPerson() {
    const answer = await this.overlays.form({
      title: t("new-person"),
      ok: t("add"),
      fields: [
        { name: "first_name", label: t("first-name"), required: true, maxlength: 64 },
        { name: "last_name", label: t("last-name"), maxlength: 64 },
        { name: "language_code", label: t("phone-language"), value: currentLanguage(), options: Object.entries(LANGUAGES) },
      ],
    });
    if (!answer) return;
    const person = await this.#doing(api.makePerson(Object.fromEntries(Object.entries(answer).filter(([, value]) => value))));
    if (person) await this.#setPhones([...this.#specs(), String(person.id)], this.phones.length);
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
    if (!answer) return;
    const seconds = answer.days * DAY + answer.hours * HOUR + answer.minutes * 60;
    if (seconds > 0) await this.#doing(api.moveClock(seconds));
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

  async #doing(request) {
    try {
      return await request;
    } catch (error) {
      this.overlays.toast(error.message);
      return undefined;
    }
  }
}

function personRow(person, note, onclick) {
  return h(
    "button",
    { type: "button", class: "sheet-row", onclick },
    avatar(person),
    h("span", { class: "file-words" }, h("span", { class: "file-name" }, fullName(person)), h("span", { class: "file-size" }, note)),
  );
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

const bot = new URLSearchParams(location.search).get("bot");
if (bot) api.useBot(bot);
const cast = await (await fetch("cast.json")).json();
await new App(cast).start();
