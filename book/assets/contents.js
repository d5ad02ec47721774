// Mark, in the contents of the page, the section that one reads: the last one whose
// heading has come near the top, or that a link has led to and still shows.
"use strict";
{

const LINE = 0.3; // of the window's height: where one reads

const links = [...document.querySelectorAll("#page-contents a")].filter(
  (link) => link.offsetParent);
const headings = links.map((link) => {
  const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  return section.querySelector("h1, h2, h3, h4") ?? section;
});

/** Whether a heading is on the screen. */
function isSeen(heading) {
  const { top, bottom } = heading.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}

/** Which section one reads; at the end of the page, the last one that shows. */
function current() {
  const led = headings.findIndex((_, i) => links[i].hash === location.hash);
  if (asked && led >= 0 && isSeen(headings[led])) return led;
  return headings.findLastIndex(
    (heading) => heading.getBoundingClientRect().top <= LINE * innerHeight);
}

function mark() {
  const here = current();
  links.forEach((link, i) => {
    link.classList.toggle("active", i === here);
    if (i === here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

// A link was followed, and nobody has scrolled since.
let asked = Boolean(location.hash);
let waiting = false;

/** Mark once a frame, however often one scrolls. */
function soon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    mark();
  });
}

if (links.length) {
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  addEventListener("hashchange", () => {
    asked = true;
    soon();
  });
  for (const name of ["wheel", "touchmove", "keydown"])
    addEventListener(name, () => { asked = false; }, { passive: true });
  mark();
}

}
