/** The little that the page needs of a framework: make an element, keep a list of them up to date. */

import { paths } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. Properties that start with "on" are listeners, `false`, `null` and `undefined`
 * leave an attribute out, children may be nodes, strings, or lists of them.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style" && typeof value === "object") setStyle(element, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

function setStyle(element, style) {
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
}

/** A line icon in the colour of the text around it; decoration, hence hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon alone; its name is read aloud and shown as a tooltip. */
export function iconButton(name, label, onclick, properties = {}) {
  const classes = `icon-button ${properties.class ?? ""}`;
  return h(
    "button",
    { type: "button", title: label, "aria-label": label, onclick, ...properties, class: classes },
    icon(name),
  );
}

/**
 * Make `parent` hold exactly `items`, in order, touching only what changed: an element stays where
 * it is while its key and version are the same, so focus, playing sound and scrolling survive.
 *
 * @param items list of {key, version, make: () => Element}
 */
export function reconcile(parent, items) {
  const wanted = new Set(items.map((item) => item.key));
  const present = new Map();
  for (const element of [...parent.children]) {
    if (wanted.has(element.dataset.key)) present.set(element.dataset.key, element);
    else element.remove();
  }
  items.forEach(({ key, version, make }, index) => {
    let element = present.get(key);
    if (element?.dataset.version !== version) element = replace(element, make(), key, version);
    const there = parent.children[index] ?? null;
    if (there !== element) parent.insertBefore(element, there);
  });
}

const FOCUSABLE = "button, a, input, [tabindex]";

/** Put the fresh element in the old one's place, with the focus where it was. */
function replace(old, fresh, key, version) {
  Object.assign(fresh.dataset, { key, version });
  const focused = old ? [old, ...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement) : -1;
  old?.replaceWith(fresh);
  if (focused >= 0)
    ([fresh, ...fresh.querySelectorAll(FOCUSABLE)][focused] ?? fresh).focus({ preventScroll: true });
  return fresh;
}
