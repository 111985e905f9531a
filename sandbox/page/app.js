/**
 * The page: which phones there are, and keeping all of them up to date.
 *
 * Its address may say: ?phones=citizen-ky,1234,lawyer:-1001 (roles of cast.json or ids of people, each
 * with the chat to open first, if not the bot's), ?lang=ky|ru|en, ?bot=<id or username>.
 */

import * as api from "./api.js";
import { h, icon, reconcile } from "./dom.js";
import { Overlays, sheetRow } from "./overlays.js";
import { avatar, fullName } from "./people.js";
import { Phone } from "./phone.js";
import { TopBar } from "./top-bar.js";
import { LANGUAGES, currentLanguage, hasWord, plural, t } from "./words.js";
import { World } from "./world.js";

const RETRY_MS = 1500;
/** More people than this aren't offered by name: a world may hold a hundred thousand. */
const MOST_OFFERED = 200;

class App {
  world = new World();
  phones = [];
  current = 0;
  #refreshing = false;

  constructor(cast) {
    this.cast = cast;
    this.tabs = h("div", {
      class: "tabs",
      role: "tablist",
      "aria-label": t("phones"),
      onkeydown: (event) => this.#onarrow(event),
    });
    this.row = h("div", { class: "phones" });
    this.page = h("div", { class: "page" });
    this.overlays = new Overlays(this.page);
    this.bar = new TopBar(this.world, this.overlays, {
      add: () => this.#offerPhones(),
      reset: () => this.#setPhones(this.cast.phones, 0),
      language: () => this.#rebuild(),
    });
    this.page.append(this.bar.element, this.tabs, h("main", {}, this.row));
    document.body.replaceChildren(this.page, this.overlays.layer);
  }

  async start() {
    const specs = (new URLSearchParams(location.search).get("phones") ?? this.cast.phones.join(","))
      .split(",")
      .filter(Boolean);
    await this.#people(specs);
    this.bar.build();
    this.#showPhones(specs);
    this.#listen();
  }

  /**
   * Make the cast if the world has none, and follow the people of these phones.
   *
   * All of the cast at once: later on, somebody new would get an id of theirs.
   *
   * @returns whether anybody was made
   */
  async #people(specs) {
    const cast = Object.values(this.cast.people);
    const groups = specs.filter((spec) => spec in this.cast.groups).map((spec) => this.cast.groups[spec]);
    const needed = [...specs.map((spec) => this.#idOf(spec)), ...groups.flatMap((group) => group.members)];
    const state = await api.state([...cast.map((person) => person.id), ...needed]);
    api.useBot(state.bot.id);
    const known = new Set(state.people.map((person) => person.id));
    const missing = cast.filter((person) => !known.has(person.id));
    if (missing.length) await api.makePerson(missing);
    const titles = state.chats.map((chat) => chat.title);
    for (const group of groups) if (!titles.includes(group.title)) await api.makeChat(group);
    await this.world.watch([...new Set(needed)]);
    return missing.length > 0;
  }

  /** Show these phones; those that are there already stay as they are. */
  #showPhones(specs) {
    const there = new Map(this.phones.map((phone) => [phone.spec, phone]));
    this.phones = specs
      .filter((spec) => this.world.people.has(this.#idOf(spec)))
      .map((spec) => there.get(spec) ?? this.#phone(spec));
    this.current = Math.min(this.current, Math.max(0, this.phones.length - 1));
    this.#layOut();
    this.#bringForward(this.current);
  }

  #layOut() {
    const phones = this.phones.map(({ spec, element }) => ({ key: spec, version: "", make: () => element }));
    const invitation = { key: "add", version: currentLanguage(), make: () => this.#invitation() };
    reconcile(this.row, [...phones, invitation]);
  }

  #phone(spec) {
    const [name, chat] = spec.split(":");
    const role = name in this.cast.people ? name : null;
    const id = this.#idOf(spec);
    const group = role && this.cast.groups[role];
    const joined = group && this.world.chatsOf({ id }).find((one) => one.title === group.title);
    const place = { chat: Number(chat) || (joined?.id ?? id), thread: null };
    const phone = new Phone({
      world: this.world,
      id,
      role,
      place,
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
    this.world.addEventListener("online", () => document.body.classList.remove("offline"));
    this.world.addEventListener("lost", () => this.#reconnect());
    setInterval(() => this.#tick(), 1000);
  }

  /** Try until the server answers; a restarted one has an empty world, which gets its people again. */
  async #reconnect() {
    document.body.classList.add("offline");
    try {
      const specs = this.#specs();
      if (await this.#people(specs)) this.phones = [];
      this.#showPhones(specs);
      this.bar.build();
    } catch {
      setTimeout(() => this.#reconnect(), RETRY_MS);
    }
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
    this.bar.tick();
  }

  #rebuild() {
    for (const phone of this.phones) phone.build();
    this.#layOut();
    this.#refresh();
  }

  #invitation() {
    return h(
      "button",
      { type: "button", class: "add-card", onclick: () => this.#offerPhones() },
      icon("add"),
      h("span", {}, t("add-phone")),
    );
  }

  #buildTabs() {
    const tabs = this.phones.map((phone, index) => {
      const chosen = index === this.current;
      const unread = chosen ? 0 : phone.totalUnread();
      return h(
        "button",
        {
          type: "button",
          role: "tab",
          "aria-selected": String(chosen),
          "aria-controls": phone.element.id,
          tabindex: chosen ? 0 : -1,
          onclick: () => this.#bringForward(index),
        },
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
    const cast = Object.entries(this.cast.people);
    const castIds = new Set(cast.map(([, person]) => person.id));
    const others = people
      .filter((person) => !shown.has(person.id) && !castIds.has(person.id))
      .slice(0, MOST_OFFERED);
    const row = (picture, label, act, note) => {
      const onclick = () => {
        close();
        act();
      };
      return sheetRow(picture, label, onclick, note);
    };
    const offer = (person, spec, note) =>
      row(
        avatar(person),
        fullName(person),
        () => this.#setPhones([...this.#specs(), spec], this.phones.length),
        note,
      );
    const close = this.overlays.sheet(
      t("add-phone"),
      cast
        .filter(([, person]) => !shown.has(person.id))
        .map(([role, person]) => offer(person, role, hasWord(role) ? t(role) : role)),
      others.length > 0 && h("h3", {}, t("others-here")),
      others.map((person) =>
        offer(person, String(person.id), person.username ? `@${person.username}` : String(person.id)),
      ),
      row(icon("add"), t("new-person"), () => this.#newPerson()),
      h("div", { class: "narrow-only" }, this.#narrowRows(row)),
    );
  }

  /** What stands elsewhere when there is room. */
  #narrowRows(row) {
    const front = this.phones[this.current];
    return [
      row(icon("reset"), t("reset-phones"), () => this.#setPhones(this.cast.phones, 0)),
      front && row(icon("close"), `${t("close-phone")}: ${fullName(front.person)}`, front.onclose),
    ];
  }

  async #newPerson() {
    const answer = await this.overlays.form({
      title: t("new-person"),
      ok: t("add"),
      fields: [
        { name: "first_name", label: t("first-name"), required: true, maxlength: 64 },
        { name: "last_name", label: t("last-name"), maxlength: 64 },
        {
          name: "language_code",
          label: t("phone-language"),
          value: currentLanguage(),
          options: Object.entries(LANGUAGES),
        },
      ],
    });
    if (!answer) return;
    const person = await this.#doing(
      api.makePerson(Object.fromEntries(Object.entries(answer).filter(([, value]) => value))),
    );
    if (person) await this.#setPhones([...this.#specs(), String(person.id)], this.phones.length);
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

const bot = new URLSearchParams(location.search).get("bot");
if (bot) api.useBot(bot);
const cast = await (await fetch("cast.json")).json();
await new App(cast).start();
