// Bring the live figures of a page to life without a kernel: each is a widget whose
// state the page carries, and whose JavaScript body is part of that state.

const STATE = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";

/** Put the binary parts of a stored state back where they were. */
export function thaw({ state, buffers = [] }) {
  const whole = structuredClone(state);
  for (const { path, data } of buffers) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const holder = path.slice(0, -1).reduce((inner, key) => inner[key], whole);
    holder[path.at(-1)] = new DataView(bytes.buffer);
  }
  return whole;
}

/** The part of a widget's model that lives in the browser. */
export function createModel(state) {
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

/** Replace each stored view of a page by a place, and start it when it comes near. */
export function bring(page) {
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
      note(place, "This control needs a kernel.");
      continue;
    }
    const controls = window.innerWidth < 480 ? 150 : 100;
    place.style.minHeight = `${stored.state.height + controls}px`;
    waiting.set(place, stored);
    near.observe(place);
  }
  // The others follow when the browser rests: paper shows them all.
  const rest = window.requestIdleCallback ?? ((callback) => setTimeout(callback, 1000));
  rest(() => [...waiting.keys()].forEach(begin));
}

if (typeof document !== "undefined") bring(document);
