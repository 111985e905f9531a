/** The messages of one chat or topic: shown, scrolled, replied to, acted upon. */

import * as api from "./api.js";
import { pickChat } from "./chats.js";
import { h, iconButton, reconcile } from "./dom.js";
import { isMine, messageElement, sender, serviceText } from "./message.js";
import { currentLanguage, dayKey, relativeDay, t } from "./words.js";
import { serial } from "./world.js";

const PAGE = 60;
/** Messages of one sender stand close together when no more than this lies between them, in seconds. */
const TOGETHER = 600;
const LONG_PRESS_MS = 450;
const SWIPE_PX = 56;
const REACTIONS = ["👍", "❤", "🔥", "👏", "🙏", "😢"];

export class Thread {
  #limit = PAGE;
  #stuck = true;
  #known = null;

  constructor(phone) {
    this.phone = phone;
    this.list = h("div", {
      class: "messages",
      role: "log",
      "aria-live": "polite",
      "aria-label": t("message"),
      tabindex: 0,
      onkeydown: (event) => this.#onkey(event),
      oncontextmenu: (event) => this.#onmenu(event),
      onpointerdown: (event) => this.#ontouch(event),
    });
    this.earlier = h(
      "button",
      { type: "button", class: "earlier", onclick: () => this.#showEarlier() },
      t("earlier"),
    );
    this.scroller = h(
      "div",
      { class: "scroller", onscroll: () => this.#onscroll() },
      this.earlier,
      this.list,
    );
    this.newest = iconButton("down", t("to-newest"), () => this.toBottom(), { class: "to-newest" });
    this.element = h("div", { class: "thread" }, this.scroller, this.newest);
    // Pictures, keyboards and new messages all change heights: the newest message stays in sight.
    this.observer = new ResizeObserver(() => this.#stuck && this.toBottom());
    this.observer.observe(this.scroller);
    this.observer.observe(this.list);
  }

  /** Forget the scroll position: another chat is shown now. */
  restart() {
    this.#limit = PAGE;
    this.#stuck = true;
    this.#known = null;
  }

  refresh() {
    const { world, place } = this.phone;
    const messages = world.messages(place.chat, place.thread);
    this.earlier.hidden = messages.length <= this.#limit;
    const items = this.#items(messages.slice(-this.#limit));
    reconcile(this.list, items);
    this.#known = new Set(items.map((item) => item.key));
    this.newest.hidden = this.#stuck;
  }

  toBottom() {
    this.#stuck = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.newest.hidden = true;
  }

  /** Show a message that may be far above. */
  jump(id) {
    this.#limit = Infinity;
    this.refresh();
    const target = this.#elementOf(id);
    if (!target) return;
    this.#stuck = false;
    target.scrollIntoView({ block: "center", behavior: "smooth" });
    target.classList.add("flash");
    setTimeout(() => target.classList.remove("flash"), 1600);
  }

  #items(messages) {
    const albums = together(messages);
    const now = this.phone.world.now();
    const items = [];
    albums.forEach((album, index) => {
      const previous = albums[index - 1]?.at(-1);
      const next = albums[index + 1]?.[0];
      const { date } = album[0];
      if (!previous || dayKey(previous.date) !== dayKey(date)) {
        const words = relativeDay(date, now);
        items.push({
          key: `day ${dayKey(date)}`,
          version: words,
          make: () => h("div", { class: "day" }, h("span", {}, words)),
        });
      }
      items.push(this.#item(album, { before: goOn(previous, album[0]), after: goOn(album.at(-1), next) }));
    });
    return items;
  }

  #item(album, joins) {
    const { phone } = this;
    const key = String(album[0].message_id);
    const seen = phone.world.isSeen(phone.place.chat, album.at(-1));
    const pending = phone.pendingOf(album.at(-1));
    const version = [album.map(serial), joins.before, joins.after, seen, pending, currentLanguage()].join(
      " ",
    );
    const make = () => {
      const element = messageElement(album, { ...phone.view(), seen, joins });
      if (this.#known && !this.#known.has(key)) element.classList.add("arrives");
      return element;
    };
    return { key, version, make };
  }

  #showEarlier() {
    const before = this.scroller.scrollHeight;
    this.#limit += PAGE;
    this.#stuck = false;
    this.refresh();
    this.scroller.scrollTop += this.scroller.scrollHeight - before;
  }

  #onscroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#stuck = scrollHeight - scrollTop - clientHeight < 40;
    this.newest.hidden = this.#stuck;
  }

  #elementOf(id) {
    return [...this.list.children].find((element) => element.dataset.key === String(id));
  }

  #messageAt(node) {
    const element = node.closest?.(".message");
    const message =
      element && this.phone.world.chats.get(this.phone.place.chat).messages.get(Number(element.dataset.key));
    return message ? { element, message } : null;
  }

  #onkey(event) {
    const articles = [...this.list.querySelectorAll(".message")];
    const index = articles.indexOf(document.activeElement);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && (index >= 0 || event.target === this.list)) {
      event.preventDefault();
      (articles[index < 0 ? articles.length - 1 : index + step] ?? articles[index])?.focus();
    } else if (event.key === "Enter" && index >= 0) {
      event.preventDefault();
      this.#openMenu(document.activeElement);
    }
  }

  #onmenu(event) {
    const found = this.#messageAt(event.target);
    if (!found || event.target.closest("a, img")) return;
    event.preventDefault();
    if (this.phone.screen.inert) return; // a long press has opened it already
    const byKey = event.clientX === 0 && event.clientY === 0;
    this.#openMenu(found.element, byKey ? undefined : { x: event.clientX, y: event.clientY });
  }

  /** A finger: held still it opens the menu, drawn to the left it replies. */
  #ontouch(event) {
    const found = event.pointerType === "touch" && this.#messageAt(event.target);
    if (!found) return;
    const { element, message } = found;
    const start = { x: event.clientX, y: event.clientY };
    const held = setTimeout(() => {
      end();
      this.#openMenu(element, start);
    }, LONG_PRESS_MS);
    const shift = (moved) => Math.min(0, Math.max(-SWIPE_PX * 1.3, moved.clientX - start.x));
    const onmove = (moved) => {
      if (Math.hypot(moved.clientX - start.x, moved.clientY - start.y) > 8) clearTimeout(held);
      element.style.translate = `${shift(moved)}px`;
    };
    const onup = (last) => {
      if (last.type === "pointerup" && shift(last) <= -SWIPE_PX) this.phone.composer.replyTo(message);
      end();
    };
    const end = () => {
      clearTimeout(held);
      element.style.translate = "";
      element.removeEventListener("pointermove", onmove);
      for (const type of ["pointerup", "pointercancel"]) element.removeEventListener(type, onup);
    };
    element.addEventListener("pointermove", onmove);
    for (const type of ["pointerup", "pointercancel"]) element.addEventListener(type, onup);
  }

  #openMenu(element, point) {
    const found = this.#messageAt(element);
    if (!found) return;
    const box = element.querySelector(".bubble").getBoundingClientRect();
    const at = point ?? { x: box.left + 24, y: box.top + Math.min(box.height, 40) };
    this.phone.overlays.menu(this.#deeds(found.message), at, this.#reactions(found.message));
  }

  #deeds(message) {
    const { phone } = this;
    const mine = isMine(message, phone.person);
    const text = message.text ?? message.caption;
    const deeds = [{ icon: "reply", label: t("reply"), act: () => phone.composer.replyTo(message) }];
    if (text) deeds.push({ icon: "copy", label: t("copy-text"), act: () => phone.actions.copy(text) });
    if (mine && text && !message.forward_origin && !message.via_bot) {
      deeds.push({ icon: "edit", label: t("edit"), act: () => phone.composer.edit(message) });
    }
    deeds.push({ icon: "forward", label: t("forward"), act: () => this.#forward(message) });
    if (mine || phone.chat.type === "private") {
      deeds.push({ icon: "trash", label: t("delete"), danger: true, act: () => this.#delete(message) });
    }
    return deeds;
  }

  #reactions(message) {
    const { person, place } = this.phone;
    const mine = message.reactions?.find((one) => one.from === person.id)?.reaction[0]?.emoji;
    return REACTIONS.map((emoji) => ({
      emoji,
      label: t("react", { emoji }),
      chosen: emoji === mine,
      act: () =>
        this.phone.doing(
          api.react({
            from: person.id,
            chat: place.chat,
            message_id: message.message_id,
            emoji: emoji === mine ? null : emoji,
          }),
        ),
    }));
  }

  async #forward(message) {
    const { phone } = this;
    const chat = await pickChat(phone, t("choose-chat"));
    const origin = message.forward_origin ?? originOf(message);
    const content = await phone.copyOf(message);
    await phone.doing(api.send({ from: phone.person.id, chat: chat.id, forward_origin: origin, ...content }));
    phone.go(chat.id);
  }

  async #delete(message) {
    const { person, place, overlays } = this.phone;
    const sure = await overlays.confirm({ title: t("delete-sure"), ok: t("delete"), danger: true });
    if (sure)
      await this.phone.doing(
        api.remove({ from: person.id, chat: place.chat, message_id: message.message_id }),
      );
  }
}

function originOf(message) {
  const { date, sender_chat: chat } = message;
  return chat ? { type: "chat", date, sender_chat: chat } : { type: "user", date, sender_user: message.from };
}

/** Neighbours of one album become one list; every other message is a list of its own. */
function together(messages) {
  const albums = [];
  for (const message of messages) {
    const group = message.media_group_id;
    const open = albums.at(-1);
    if (group && open?.[0].media_group_id === group) open.push(message);
    else albums.push([message]);
  }
  return albums;
}

/** Whether the second message goes on where the first ended: the same sender, soon after. */
function goOn(first, second) {
  if (!first || !second || serviceText(first) || serviceText(second)) return false;
  const close = second.date - first.date < TOGETHER && dayKey(first.date) === dayKey(second.date);
  return close && sender(first).id === sender(second).id;
}
