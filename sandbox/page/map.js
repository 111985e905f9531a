/** A small map of Kyrgyzstan: enough to choose a place and to show one, without any map service. */

import { h } from "./dom.js";
import { t } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WEST = 69.1;
const NORTH = 43.9;
const EAST = 80.4;
const SOUTH = 39.05;
/** Height over width of a degree at this latitude: the country keeps its shape. */
const STRETCH = 1 / Math.cos((41.3 * Math.PI) / 180);
const WIDTH = 320;
const SCALE = WIDTH / (EAST - WEST);
const HEIGHT = Math.round((NORTH - SOUTH) * SCALE * STRETCH);

/** The border, coarse (Natural Earth 1:110m, public domain): longitude, latitude. */
const BORDER = [
  [70.96, 42.27],
  [71.19, 42.7],
  [71.84, 42.85],
  [73.49, 42.5],
  [73.65, 43.09],
  [74.21, 43.3],
  [75.64, 42.88],
  [76, 42.99],
  [77.66, 42.96],
  [79.14, 42.86],
  [79.64, 42.5],
  [80.26, 42.35],
  [80.12, 42.12],
  [78.54, 41.58],
  [78.19, 41.19],
  [76.9, 41.07],
  [76.53, 40.43],
  [75.47, 40.56],
  [74.78, 40.37],
  [73.82, 39.89],
  [73.96, 39.66],
  [73.68, 39.43],
  [71.78, 39.28],
  [70.55, 39.6],
  [69.46, 39.53],
  [69.56, 40.1],
  [70.65, 39.94],
  [71.01, 40.24],
  [71.77, 40.15],
  [73.06, 40.87],
  [71.87, 41.39],
  [71.16, 41.14],
  [70.42, 41.52],
  [71.26, 42.17],
];
const LAKE = [
  [76.2, 42.4],
  [76.7, 42.65],
  [77.5, 42.72],
  [78.2, 42.72],
  [78.3, 42.55],
  [77.8, 42.32],
  [77.1, 42.17],
  [76.5, 42.22],
];
/** Where people are likely to write from: name, longitude, latitude. */
const TOWNS = [
  ["bishkek", 74.59, 42.87],
  ["osh", 72.8, 40.53],
  ["manas", 73, 40.93],
  ["batken", 70.82, 40.06],
  ["karakol", 78.39, 42.49],
  ["naryn", 76, 41.43],
  ["talas", 72.24, 42.52],
];

const x = (longitude) => (longitude - WEST) * SCALE;
const y = (latitude) => (NORTH - latitude) * SCALE * STRETCH;

function shape(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function outline(points, className) {
  const d = points.map(([longitude, latitude]) => `${x(longitude).toFixed(1)},${y(latitude).toFixed(1)}`);
  return shape("polygon", { points: d.join(" "), class: className });
}

function pin(place) {
  const at = `translate(${x(place.longitude).toFixed(1)} ${y(place.latitude).toFixed(1)})`;
  const drop = "M0 0C-3-8-8-11-8-17a8 8 0 1 1 16 0c0 6-5 9-8 17Z";
  return shape(
    "g",
    { transform: at, class: "map-pin" },
    shape("path", { d: drop }),
    shape("circle", { cx: 0, cy: -17, r: 3 }),
  );
}

function drawing(place, extra = []) {
  const svg = shape(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "map", role: "img", "aria-label": t("map") },
    outline(BORDER, "map-land"),
    outline(LAKE, "map-lake"),
    ...extra,
  );
  if (place) svg.append(pin(place));
  return svg;
}

/** The map with a pin: what a shared place looks like in a chat. */
export function placeCard({ latitude, longitude }) {
  return drawing({ latitude, longitude });
}

/**
 * A map to choose a place on: by pressing it, by a town's button, or by typing the degrees.
 *
 * @returns {element, value: () => {latitude, longitude}}
 */
export function placePicker() {
  let place = { latitude: 42.87, longitude: 74.59 };
  const latitude = degrees(t("latitude"), (value) => choose({ ...place, latitude: value }));
  const longitude = degrees(t("longitude"), (value) => choose({ ...place, longitude: value }));
  const holder = h("div", { class: "map-holder" });

  function choose(next) {
    place = next;
    latitude.input.value = place.latitude.toFixed(4);
    longitude.input.value = place.longitude.toFixed(4);
    const dots = TOWNS.map(([, east, north]) =>
      shape("circle", { cx: x(east), cy: y(north), r: 2.5, class: "map-town" }),
    );
    const map = drawing(place, dots);
    map.addEventListener("click", (event) => {
      const box = map.getBoundingClientRect();
      choose({
        longitude: WEST + ((event.clientX - box.left) / box.width) * (EAST - WEST),
        latitude: NORTH - ((event.clientY - box.top) / box.height) * (NORTH - SOUTH),
      });
    });
    holder.replaceChildren(map);
  }

  const towns = TOWNS.map(([name, east, north]) => {
    const onclick = () => choose({ longitude: east, latitude: north });
    return h("button", { type: "button", class: "chip", onclick }, t(name));
  });
  choose(place);
  const fields = h("div", { class: "fields-row" }, latitude.label, longitude.label);
  return { element: h("div", {}, holder, h("div", { class: "chips" }, towns), fields), value: () => place };
}

function degrees(text, onnumber) {
  const onchange = () => Number.isFinite(input.valueAsNumber) && onnumber(input.valueAsNumber);
  const input = h("input", { type: "number", step: "any", onchange });
  return { input, label: h("label", { class: "field" }, h("span", {}, text), input) };
}
