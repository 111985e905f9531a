/** Buttons under a message, and buttons instead of the letters. */

import { h, icon } from "./dom.js";
import { t } from "./words.js";

/**
 * @param rows Telegram's inline_keyboard
 * @param view {actions: {button(message, button)}, isPending(message, button)}
 */
export function inlineKeyboard(rows, message, view) {
  return h(
    "div",
    { class: "inline-keyboard" },
    rows.map((row) =>
      h(
        "div",
        { class: "button-row" },
        row.map((button) => inlineButton(button, message, view)),
      ),
    ),
  );
}

function inlineButton(button, message, view) {
  const pending = view.isPending(message, button);
  const classes = ["inline-button", button.style && `style-${button.style}`, pending && "pending"];
  return h(
    "button",
    {
      type: "button",
      class: classes.filter(Boolean).join(" "),
      "aria-busy": pending ? "true" : null,
      onclick: () => view.actions.button(message, button),
    },
    h("span", {}, button.text),
    pending ? h("span", { class: "spinner" }) : corner(button),
  );
}

/** A small sign in the corner of a button that does more than tell the bot. */
function corner(button) {
  if (button.url || button.login_url) return icon("external");
  if (button.copy_text) return icon("copy");
  if (isSwitch(button)) return icon("forward");
  return null;
}

/** Whether the button puts "@bot query" into a chat's input field. */
export function isSwitch(button) {
  return ["switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"].some(
    (name) => button[name] !== undefined,
  );
}

/**
 * @param markup Telegram's ReplyKeyboardMarkup
 * @param press (button) => void, with a button that is always an object
 */
export function replyKeyboard(markup, press) {
  const rows = markup.keyboard.map((row) =>
    row.map((button) => (typeof button === "string" ? { text: button } : button)),
  );
  return h(
    "div",
    {
      class: markup.resize_keyboard ? "reply-keyboard" : "reply-keyboard tall",
      role: "group",
      "aria-label": t("keyboard"),
    },
    rows.map((row) =>
      h(
        "div",
        { class: "button-row" },
        row.map((button) => replyButton(button, press)),
      ),
    ),
  );
}

function replyButton(button, press) {
  const sign =
    (button.request_contact && "contact") ||
    (button.request_location && "location") ||
    (button.request_poll && "poll");
  return h(
    "button",
    { type: "button", class: button.style ? `style-${button.style}` : null, onclick: () => press(button) },
    sign && icon(sign),
    h("span", {}, button.text),
  );
}
