// Bring the live figures of a page to life without a kernel: each is a widget whose
// state the page carries, and whose JavaScript body is part of that state.
// A classic script, since browsers load no module from file://.
"use strict";
{

const STATE = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";

/** Put the binary parts of a stored state back where they were. */
function thaw({ state, buffers = [] }) {
  const whole = structuredClone(state);
  for (const { path, data } of buffers) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const holder = path.slice(0, -1).reduce((inner, key) => inner[key], whole);
    holder[path.at(-1)] = new DataView(bytes.buffer);
  }
  return whole;
}

/** The part of a widget's model that lives in the browser. */
function createModel(state) {
  const target = new EventTarget();
  const listeners = new Map();
  return {
    get: (key) => state[key],
    set(key, value) {
      state[key] = value;
      target.dispatchEvent(new Event(`change:${key}`));
      target.dispatchEvent(new Event("change"));
    },
    save_changes() {},
    send() {},
    on(name, callback) {
      const listener = () => callback();
      listeners.set(callback, listener);
      target.addEventListener(name, listener);
    },
    off(name, callback) {
      target.removeEventListener(name, listeners.get(callback));
    },
  };
}

const modules = new Map();

/** Import one JavaScript body, once for all figures that share it. */
function load(source) {
  if (!modules.has(source)) {
    const blob = new Blob([source], { type: "text/javascript" });
    modules.set(source, import(URL.createObjectURL(blob)));
  }
  return modules.get(source);
}

const sheets = new Set();

function dress(style) {
  if (!style || sheets.has(style)) return;
  sheets.add(style);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets.push(sheet);
}

/** Say why nothing moves here, where it would, and show the stored picture. */
function note(place, sentence) {
  const paragraph = document.createElement("p");
  paragraph.className = "live-note";
  paragraph.textContent = sentence;
  const launch = document.querySelector("a[href*='mybinder.org']");
  if (launch) {
    const link = document.createElement("a");
    link.href = launch.href;
    link.textContent = "Open this page with a kernel.";
    paragraph.append(" ", link);
  }
  place.replaceChildren(paragraph);
  const still = place.nextElementSibling;
  if (still?.matches("noscript")) paragraph.insertAdjacentHTML("afterend", still.textContent);
}

async function start(place, stored) {
  try {
    const state = thaw(stored);
    const model = createModel(state);
    dress(state._css);
    const body = (await load(state._esm)).default;
    const widget = typeof body === "function" ? await body() : body;
    await widget.initialize?.({ model });
    await widget.render({ model, el: place });
  } catch (error) {
    note(place, `This live figure could not start: ${error.message}`);
    throw error;
  }
}

/** In how many rows things of some widths stand side by side. */
function countRows(widths, width) {
  let [rows, left] = [0, 0];
  for (const wide of widths) {
    if (wide > left) [rows, left] = [rows + 1, width];
    left -= wide + 20;
  }
  return rows;
}

/** About how many pixels a figure takes down the page, told before it is drawn. */
function room(state, width) {
  if (state._heights) return state._heights.find(([least]) => width >= least)[1];
  const { _controls = [], _curves = [], _bars, _panels = [], _rows } = state;
  const letters = (labels) => 8 * Math.max(...labels.map((label) => label.length));
  const controls = countRows(_controls.map(({ name, labels, slider }) => {
    const own = slider ? 342 : letters(labels) + 50;
    return window.innerWidth <= 480 ? width : letters([name]) + own;
  }), width);
  const names = (_bars?.series ?? _curves).map(({ name }) => name);
  const keys = names.length > 1 ? names.map((name) => 42 + letters([name])) : [];
  const stacked = width < 300 * _panels.length; // as live.js does
  const panel = 72 + (width < 560 ? 24 : 30) * (_rows?.names?.length ?? 0);
  const picture = stacked ? panel * _panels.length : state.height;
  const lines = Math.max(2, Math.ceil((7.5 * state._sentence.length) / width));
  return 48 * controls + 21 * countRows(keys, width) + picture + 19 * lines + 2;
}

/** Replace each stored view of a page by a place, and start it when it comes near. */
function bring(page) {
  const states = {};
  for (const script of page.querySelectorAll(`script[type="${STATE}"]`))
    Object.assign(states, JSON.parse(script.textContent).state);
  const waiting = new Map();
  const begin = (place) => {
    near.unobserve(place);
    const stored = waiting.get(place);
    if (waiting.delete(place)) start(place, stored);
  };
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) begin(target);
  }, { rootMargin: "600px" });
  for (const script of page.querySelectorAll(`script[type="${VIEW}"]`)) {
    const stored = states[JSON.parse(script.textContent).model_id];
    const place = document.createElement("div");
    place.className = "live-place";
    script.replaceWith(place);
    if (!stored?.state._esm) {
      note(place, "These controls need a kernel.");
      continue;
    }
    place.style.minHeight = `${room(stored.state, place.clientWidth)}px`;
    for (const key of ["_esm", "_css", "_worker"]) // a repeated text is the name of its owner
      stored.state[key] = states[stored.state[key]]?.state[key] ?? stored.state[key];
    waiting.set(place, stored);
    near.observe(place);
  }
  // The others follow when the browser rests: paper shows them all.
  const rest = window.requestIdleCallback ?? ((callback) => setTimeout(callback, 1000));
  rest(() => [...waiting.keys()].forEach(begin));
}

if (typeof document === "undefined") module.exports = { createModel, thaw };
else bring(document);

}
