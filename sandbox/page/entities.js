/**
 * Text with Telegram's entities → elements.
 *
 * Offsets of entities count UTF-16 code units, and so do JavaScript's strings: they are used as they are.
 */

import { h, icon } from "./dom.js";
import { t } from "./words.js";

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

/**
 * @param text what was written
 * @param entities Telegram's MessageEntity list; nested ones lie inside one another
 * @param actions {command(text), link(url), number(text), mention(username), copy(text)}: what a tap does
 * @returns list of nodes
 */
export function richText(text, entities = [], actions = {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return within(text, sorted, 0, text.length, actions);
}

function within(text, entities, start, end, actions) {
  const nodes = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    const inner = [];
    let next = index + 1;
    while (next < entities.length && entities[next].offset < stop) inner.push(entities[next++]);
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const children = within(text, inner, entity.offset, stop, actions);
    nodes.push(element(entity, text.slice(entity.offset, stop), children, actions));
    at = BLOCKS.has(entity.type) && text[stop] === "\n" ? stop + 1 : stop; // a block ends its line itself
    index = next;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function element(entity, text, children, actions) {
  switch (entity.type) {
    case "bold":
      return h("strong", {}, children);
    case "italic":
      return h("em", {}, children);
    case "underline":
      return h("u", {}, children);
    case "strikethrough":
      return h("s", {}, children);
    case "code":
      return tappable("code", children, t("copy"), () => actions.copy?.(text));
    case "pre":
      return h("pre", { "data-language": entity.language }, h("code", {}, children));
    case "blockquote":
      return h("blockquote", {}, children);
    case "expandable_blockquote":
      return expandable(children);
    case "spoiler":
      return spoiler(children);
    case "url":
      return link(/^[a-z]+:/i.test(text) ? text : `https://${text}`, children, actions);
    case "text_link":
      return link(entity.url, children, actions);
    case "email":
      return link(`mailto:${text}`, children, actions);
    case "bot_command":
      return tappable("span", children, null, () => actions.command?.(text), "entity-command");
    case "phone_number":
      return tappable("span", children, null, () => actions.number?.(text), "entity-phone");
    case "mention":
      return tappable("span", children, null, () => actions.mention?.(text.slice(1)), "entity-mention");
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return h("span", { class: "entity-mention" }, children);
    case "date_time":
      return h("time", { datetime: new Date(entity.unix_time * 1000).toISOString() }, children);
    default:
      return h("span", {}, children);
  }
}

function link(url, children, actions) {
  const follow = (event) => {
    event.preventDefault();
    actions.link?.(url);
  };
  return h("a", { href: url, rel: "noopener noreferrer", target: "_blank", onclick: follow }, children);
}

function tappable(tag, children, title, act, className) {
  const onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  };
  return h(tag, { class: className, role: "button", tabindex: 0, title, onclick: act, onkeydown }, children);
}

function spoiler(children) {
  const open = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    cover.classList.add("open");
    cover.removeAttribute("role");
    cover.removeAttribute("aria-label");
  };
  const cover = h(
    "span",
    {
      class: "spoiler",
      role: "button",
      tabindex: 0,
      "aria-label": t("spoiler"),
      onclick: open,
      onkeydown: open,
    },
    h("span", {}, children),
  );
  return cover;
}

function expandable(children) {
  const quote = h("blockquote", { class: "expandable" }, h("div", { class: "quote-text" }, children));
  const toggle = h(
    "button",
    { type: "button", class: "quote-toggle", "aria-expanded": "false" },
    icon("expand"),
  );
  const turn = () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", t(open ? "fold" : "unfold"));
  };
  toggle.setAttribute("aria-label", t("unfold"));
  // The whole quote is the target, as on a phone; a link inside it keeps its own tap.
  quote.addEventListener("click", (event) => {
    if (!event.target.closest("a, [role=button]")) turn();
  });
  quote.append(toggle);
  return quote;
}
