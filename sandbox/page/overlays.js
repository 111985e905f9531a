/**
 * What lies over a screen: toasts, alerts, questions, menus, sheets.
 *
 * Each phone has its own, and the page one more. While something that wants an answer is open, the
 * rest of that phone is inert; the other phones go on.
 */

import { h, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

const TOAST_MS = 3200;

export class Overlays {
  /** @param screen the element that becomes inert under a dialog; overlays are put beside it */
  constructor(screen) {
    this.screen = screen;
    this.layer = h("div", { class: "overlays" });
    this.toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.layer.append(this.toasts);
  }

  /** A line that goes away by itself. */
  toast(text) {
    const note = h("div", { class: "toast" }, text);
    this.toasts.append(note);
    setTimeout(() => note.classList.add("leaving"), TOAST_MS);
    setTimeout(() => note.remove(), TOAST_MS + 300);
  }

  /** A text that waits for OK. */
  alert(text, title) {
    return this.#ask({ title, body: [h("p", { class: "dialog-text" }, text)], ok: t("ok"), cancel: null });
  }

  /** A yes-or-no question. @returns promise of a boolean */
  async confirm({ title, text, ok, danger }) {
    const body = text ? [h("p", { class: "dialog-text" }, text)] : [];
    return Boolean(await this.#ask({ title, body, ok, danger }));
  }

  /**
   * A small form.
   *
   * @param fields list of {name, label, value?, type?, options?: [[value, label]], pattern?, maxlength?}
   * @returns promise of {name: value}, or null when it was cancelled
   */
  form({ title, fields, ok }) {
    const inputs = fields.map(field);
    const read = () =>
      Object.fromEntries(fields.map(({ name }, index) => [name, inputs[index].control.value.trim()]));
    return this.#ask({ title, body: inputs.map(({ label }) => label), ok, read });
  }

  /** A question whose answer is read from an element of one's own. @returns promise of read() or null */
  choose({ title, element, ok, read, wide }) {
    return this.#ask({ title, body: [element], ok, read, wide });
  }

  /**
   * A list of things to do, near a point of the screen.
   *
   * @param items list of {icon, label, act, danger?}
   * @param reactions list of {emoji, label, chosen, act}, in a row above the others
   */
  menu(items, point, reactions = []) {
    const then = (act) => () => {
      close();
      act();
    };
    const signs = reactions.map(({ emoji, label, chosen, act }) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          "aria-label": label,
          class: chosen ? "chosen" : null,
          onclick: then(act),
        },
        emoji,
      ),
    );
    const deeds = items.map(({ icon: name, label, act, danger }) =>
      h(
        "button",
        { type: "button", role: "menuitem", class: danger ? "danger" : null, onclick: then(act) },
        icon(name),
        h("span", {}, label),
      ),
    );
    const row = signs.length > 0 && h("div", { class: "menu-reactions" }, signs);
    const list = h("div", { class: "menu", role: "menu", onkeydown: arrows }, row, deeds);
    const close = this.#open(list, "menu-backdrop");
    place(list, this.layer, point);
    deeds[0].focus();
  }

  /** A panel from below. @returns function that closes it */
  sheet(title, ...content) {
    const panel = h(
      "section",
      { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title },
      h(
        "header",
        {},
        h("h2", {}, title),
        iconButton("close", t("close"), () => close()),
      ),
      h("div", { class: "sheet-body" }, content),
    );
    const close = this.#open(panel, "sheet-backdrop");
    firstControl(panel)?.focus();
    return close;
  }

  /** A picture over the whole screen. */
  picture(url, caption) {
    const figure = h(
      "figure",
      { class: "viewer", role: "dialog", "aria-modal": "true", "aria-label": caption || t("photo") },
      iconButton("close", t("close"), () => close()),
      h("img", { src: url, alt: caption || t("photo") }),
      caption && h("figcaption", {}, caption),
    );
    const close = this.#open(figure, "viewer-backdrop");
    figure.querySelector("button").focus();
  }

  #ask({ title, body, ok, cancel = t("cancel"), danger = false, read = () => true, wide = false }) {
    return new Promise((resolve) => {
      const finish = (answer) => {
        close();
        resolve(answer);
      };
      const onsubmit = (event) => {
        event.preventDefault();
        finish(read());
      };
      const form = h(
        "form",
        {
          class: wide ? "dialog wide" : "dialog",
          role: "dialog",
          "aria-modal": "true",
          "aria-label": title,
          onsubmit,
        },
        title && h("h2", {}, title),
        body,
        h(
          "div",
          { class: "dialog-buttons" },
          cancel && h("button", { type: "button", onclick: () => finish(null) }, cancel),
          h("button", { type: "submit", class: danger ? "primary danger" : "primary" }, ok),
        ),
      );
      const close = this.#open(form, "dialog-backdrop", () => resolve(null));
      (form.querySelector("input, select, textarea") ?? form.querySelector(".primary")).focus();
    });
  }

  #open(panel, backdropClass, dismissed = () => {}) {
    const returnTo = document.activeElement;
    const close = () => {
      backdrop.remove();
      this.screen.inert = this.layer.querySelector(".backdrop") !== null;
      if (returnTo?.isConnected) returnTo.focus({ preventScroll: true });
    };
    const dismiss = () => {
      close();
      dismissed();
    };
    let pressed = false; // the finger whose long press opened a menu lets go over the backdrop
    const backdrop = h("div", {
      class: `backdrop ${backdropClass}`,
      tabindex: -1, // so that Escape still arrives after a press beside the panel
      onpointerdown: () => {
        pressed = true;
      },
      onclick: (event) => pressed && event.target === backdrop && dismiss(),
      onkeydown: (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        dismiss();
      },
    });
    backdrop.append(panel);
    this.layer.append(backdrop);
    this.screen.inert = true;
    return close;
  }
}

/** A line of a sheet that can be pressed. @param picture an icon or an avatar @param note smaller, below the label */
export function sheetRow(picture, label, onclick, note) {
  return h(
    "button",
    { type: "button", class: "sheet-row", onclick },
    picture,
    h(
      "span",
      { class: "file-words" },
      h("span", { class: "file-name" }, label),
      note && h("span", { class: "file-size" }, note),
    ),
  );
}

function field({ name, label, value = "", type = "text", options, ...rest }) {
  const control = options
    ? h(
        "select",
        { name },
        options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
      )
    : h("input", { name, type, value, autocomplete: "off", ...rest });
  return { control, label: h("label", { class: "field" }, h("span", {}, label), control) };
}

function firstControl(panel) {
  return (
    panel.querySelector(".sheet-body button, .sheet-body input, .sheet-body a") ??
    panel.querySelector("button")
  );
}

function arrows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const index = items.indexOf(document.activeElement);
  items[(index + step + items.length) % items.length].focus();
}

/** Beside the point, but never over the edge of the screen. */
function place(panel, layer, { x, y }) {
  const box = layer.getBoundingClientRect();
  const left = Math.min(x - box.left, box.width - panel.offsetWidth - 8);
  const top = Math.min(y - box.top, box.height - panel.offsetHeight - 8);
  panel.style.left = `${Math.max(8, left)}px`;
  panel.style.top = `${Math.max(8, top)}px`;
}
