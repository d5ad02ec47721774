// Show beside a link to an equation, a term or a work what it leads to, while the mouse
// or the keyboard's focus is there.
"use strict";
{

const LINKS = ["#equation-", "#term-", "bibliography.html#id"]
  .map((part) => `.bd-article a.internal[href*="${part}"]`).join();
const REST = 250; // milliseconds until it opens or, for the mouse, closes
const GAP = 6; // pixels
const pages = new Map([[location.pathname, document]]);
const box = document.createElement("div");
box.id = box.className = "preview";
box.popover = "manual";
box.role = "tooltip";
let link, waiting;

/** Another page of the site, asked for once; opened as a file there is none. */
function read({ pathname, protocol }) {
  if (!pages.has(pathname) && protocol.startsWith("http"))
    pages.set(pathname, fetch(pathname).then((answer) => answer.text())
      .then((html) => new DOMParser().parseFromString(html, "text/html"))
      .catch(() => { pages.delete(pathname); }));
  return pages.get(pathname);
}

/** What a place says, without links and names of its own. */
function copied(place) {
  const copy = document.createElement("div");
  copy.className = place.className;
  copy.append(...document.importNode(place, true).childNodes);
  for (const mark of copy.querySelectorAll(".headerlink")) mark.remove();
  for (const formula of copy.querySelectorAll(".katex-display"))
    formula.className = "katex-display"; // which the theme makes no stop of the Tab key
  for (const name of ["id", "href", "tabindex"])
    for (const part of copy.querySelectorAll(`[${name}]`)) part.removeAttribute(name);
  return copy;
}

async function open(asked) {
  const page = await read(asked);
  const place = page?.getElementById(decodeURIComponent(asked.hash.slice(1)));
  if (asked !== link || !place) return;
  const places = place.matches("dt") ? [place, place.nextElementSibling] : [place];
  box.replaceChildren(...places.map(copied));
  asked.closest(".bd-article").append(box);
  asked.removeAttribute("title"); // the browser would show it as well
  asked.setAttribute("aria-describedby", box.id);
  box.showPopover();
  put();
}

/** Put the preview below its link, or above where there is no room. */
function put() {
  if (!box.isConnected) return;
  const { left, top, bottom } = link.getClientRects()[0];
  const { offsetWidth: width, offsetHeight: height } = box;
  const room = document.documentElement;
  const below = bottom + GAP + height <= room.clientHeight;
  box.style.top = `${below ? bottom + GAP : top - GAP - height}px`;
  box.style.left = `${Math.max(GAP, Math.min(left, room.clientWidth - GAP - width))}px`;
}

function close() {
  clearTimeout(waiting);
  link?.removeAttribute("aria-describedby");
  link = undefined;
  box.remove();
}

/** Open soon what is come to, close soon what the mouse has left. */
function move(from, to) {
  const next = to.closest(LINKS);
  if (next?.contains(from)) return;
  if (box.contains(to) || (next && next === link && box.isConnected)) {
    clearTimeout(waiting);
  } else if (next) {
    close();
    link = next;
    waiting = setTimeout(open, REST, next);
  } else if (link && !link.matches(":focus-visible")) {
    clearTimeout(waiting);
    waiting = setTimeout(close, REST);
  }
}

if (box.showPopover) {
  const on = (name, act) => addEventListener(name, act, { passive: true });
  on("pointerover", ({ pointerType, relatedTarget, target }) => {
    if (pointerType !== "touch") move(relatedTarget, target);
  });
  on("focusin", ({ target }) => target.matches(":focus-visible") && move(null, target));
  on("focusout", close);
  on("keydown", ({ key }) => key === "Escape" && close());
  on("scroll", put);
}

}
