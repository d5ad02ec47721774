// What a reader meets on a page, in pixels; called by `reading.py`.
(() => {
  const article = document.querySelector("article.bd-article");
  const folded = (element) =>
    element.closest("details:not([open]) > :not(summary)") !== null;
  const shown = (selector) =>
    [...article.querySelectorAll(selector)].filter(
      (element) => !folded(element) && element.getClientRects().length,
    );
  const height = (element) => element.getBoundingClientRect().height;
  const top = (element) => element.getBoundingClientRect().top + scrollY;
  const sum = (values) => values.reduce((total, value) => total + value, 0);

  // Words of the page, without those of code, formulas and live figures.
  const words = (place) => {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    const skip = ".cell_input, .katex, .live, .race, details.hide, script, style, noscript";
    let count = 0;
    while (walker.nextNode()) {
      const { parentElement, data } = walker.currentNode;
      const seen = parentElement.checkVisibility({ visibilityProperty: true });
      if (seen && !parentElement.closest(skip) && !folded(parentElement))
        count += (data.match(/\p{L}[\p{L}’'-]*/gu) ?? []).length;
    }
    return count;
  };

  // A box whose content is wider than itself, and whether shadows at its edges say so.
  const cut = () =>
    shown("*")
      .filter(
        (box) =>
          box.scrollWidth > box.clientWidth + 1 &&
          getComputedStyle(box).overflowX !== "visible" &&
          box.clientWidth > 1 && // formulas for screen readers are one pixel wide
          !box.closest(".live, .race"),
      )
      .map((box) => {
        const { backgroundAttachment, backgroundImage, overflowX } =
          getComputedStyle(box);
        const sign =
          overflowX === "auto" &&
          backgroundAttachment === "local, local, scroll, scroll" &&
          backgroundImage.split("linear-gradient").length === 5;
        const words = box.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
        return { box: `${box.tagName.toLowerCase()}.${box.className}`, sign, words };
      });

  const figure = (live) => {
    const section = live.closest("section");
    const company = shown(".katex-display, figure img, .claim");
    return {
      where: top(live) / height(article),
      section: section.querySelector("h1, h2, h3, h4").firstChild.textContent,
      words: words(section),
      company: company.filter((element) => section.contains(element)).length,
    };
  };

  return () => {
    const told = /About (\d+) minutes/.exec(article.textContent);
    return {
      height: document.documentElement.scrollHeight,
      code: sum(shown(".cell_input, details.hide > summary").map(height)) /
        height(article),
      picture: Math.min(...shown("img, .live, .race").map(top)),
      live: shown(".live, .race").map(figure),
      cut: cut(),
      words: words(article),
      told: told && Number(told[1]),
    };
  };
})()
