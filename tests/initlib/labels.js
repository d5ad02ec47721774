// What is wrong with the texts of a page's live figures, at every position of their
// controls: texts that leave their picture or lie upon one another.
() => {
  const faults = new Set();

  /** The positions of some controls, each a list of indices. */
  const grid = (counts) => counts.reduce(
    (cells, count) => cells.flatMap((cell) =>
      Array.from({ length: count }, (_, i) => [...cell, i])), [[]]);

  /** By how many pixels two boxes lie upon one another, across and down. */
  const shared = (a, b) => [
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];

  const look = (picture, number) => {
    const frame = picture.getBoundingClientRect();
    const texts = [...picture.querySelectorAll("text")].map(
      (text) => [text.textContent, text.getBoundingClientRect()]);
    texts.forEach(([label, box], i) => {
      const [across, down] = shared(frame, box);
      if (across < box.width - 0.5 || down < box.height - 0.5)
        faults.add(`figure ${number}: "${label}" leaves it`);
      for (const [other, place] of texts.slice(i + 1)) {
        const [across, down] = shared(box, place);
        if (across > 1 && down > 3) // lines of text may touch
          faults.add(`figure ${number}: "${label}" lies upon "${other}"`);
      }
    });
  };

  document.querySelectorAll(".live").forEach((figure, number) => {
    const picture = figure.querySelector(".live-picture");
    const controls = [...figure.querySelectorAll("input, select")];
    const start = controls.map((control) => control.value);
    const move = (cell) => controls.forEach((control, axis) => {
      if (control.value === String(cell[axis])) return;
      control.value = cell[axis];
      for (const name of ["input", "change"]) control.dispatchEvent(new Event(name));
    });
    const counts = controls.map(
      (control) => control.options?.length ?? Number(control.max) + 1);
    for (const cell of grid(counts)) {
      move(cell);
      look(picture, number);
    }
    move(start);
  });
  return [...faults];
}
