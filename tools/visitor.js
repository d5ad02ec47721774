// What `visitor.py` asks of a page; runs before the page's own scripts.
window.visitor = {
  shift: 0, // how far things have moved by themselves
  room: [], // what was kept for each live figure
  heights: () =>
    [...document.querySelectorAll(".live-place")].map(
      (place) => place.getBoundingClientRect().height,
    ),
  growth: () =>
    Math.max(0, ...visitor.heights().map((height, i) => height - visitor.room[i])),
  isAlive: () =>
    [...document.querySelectorAll(".live-place")].every((place) =>
      place.hasChildNodes(),
    ) &&
    [...document.querySelectorAll(".live-picture")].every(
      (picture) => picture.hasChildNodes() || !picture.clientWidth,
    ),
  isAtRest: () =>
    document.getAnimations().every(({ playState }) => playState !== "running"),
  // As a reader does, so that lazy images load and live figures start.
  async scroll() {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y);
      await new Promise(requestAnimationFrame);
    }
    scrollTo(0, 0);
  },
  // Words of code and formulas are thousands a page.  Of each colour, background and
  // size axe sees one; meanwhile other words are plain text, other formulas are boxes.
  async violations() {
    observer.disconnect(); // what moves now is moved by us
    document.adoptedStyleSheets.push(noShadows);
    const undo = [];
    const exchange = (element, plain) => {
      element.replaceWith(plain);
      undo.push(() => plain.replaceWith(element));
    };
    const known = knowledge();
    const formulas = [...document.querySelectorAll(".katex")].filter(
      (formula) => known(formula, "[style*=color]"), // KaTeX has no other colours
    );
    const boxes = formulas.map(box);
    const listings = [...document.querySelectorAll("pre, .sig, .field-list")];
    const plain = listings.map((listing) => plainListing(listing, known));
    formulas.forEach((formula, i) => exchange(formula, boxes[i]));
    listings.forEach((listing, i) => exchange(listing, plain[i]));
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    for (const back of undo.reverse()) back();
    document.adoptedStyleSheets.pop();
    for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
    observer.observe({ type: "layout-shift" });
    return violations;
  },
};

// Axe sees no colour behind a gradient: without these it sees what the words stand on.
const noShadows = new CSSStyleSheet();
noShadows.replaceSync(".bd-article * { background-image: none !important }");

const observer = new PerformanceObserver((list) => {
  for (const { value } of list.getEntries()) visitor.shift += value;
});
observer.observe({ type: "layout-shift", buffered: true });

addEventListener("DOMContentLoaded", () => {
  visitor.room = visitor.heights();
});

// Returns a function that says whether something looked like this before, or is not
// seen at all.
function knowledge() {
  const seen = new Set();
  const below = new Map();
  const backgrounds = (element) => {
    if (!element) return "";
    if (!below.has(element)) {
      const { backgroundColor } = getComputedStyle(element);
      const clear = backgroundColor.startsWith("rgba");
      const deeper = clear ? backgrounds(element.parentElement) : "";
      below.set(element, backgroundColor + deeper);
    }
    return below.get(element);
  };
  return (element, coloured) => {
    if (!element.checkVisibility()) return true;
    const { fontSize, fontWeight } = getComputedStyle(element);
    const colours = [element, ...element.querySelectorAll(coloured)].map(
      (part) => getComputedStyle(part).color,
    );
    const look = [...new Set(colours), fontSize, fontWeight, backgrounds(element)];
    const key = look.join();
    return seen.has(key) || !seen.add(key);
  };
}

// A box as large as a formula, with its words for those who do not see it.
function box(formula) {
  const { width, height } = formula.getBoundingClientRect();
  const plain = formula.cloneNode(false);
  const spoken = formula.querySelector(".katex-mathml").cloneNode(false);
  spoken.textContent = formula.querySelector("annotation").textContent;
  plain.append(spoken);
  const display = "inline-block; vertical-align: bottom";
  plain.style.cssText = `display: ${display}; width: ${width}px; height: ${height}px`;
  return plain;
}

function plainListing(listing, known) {
  const plain = listing.cloneNode(true);
  const words = plain.querySelectorAll("span, em, strong");
  listing.querySelectorAll("span, em, strong").forEach((word, i) => {
    if (known(word, "*")) words[i].replaceWith(words[i].textContent);
  });
  plain.normalize();
  return plain;
}
