// Move the controls of a live figure over all positions; tell what is drawn at each.
(figure) => {
  const picture = figure.querySelector(".live-picture");
  const inputs = [...figure.querySelectorAll("input, select")];

  function look(element) {
    const style = getComputedStyle(element);
    const names = [
      "fill", "fillOpacity", "stroke", "strokeDasharray", "strokeOpacity", "strokeWidth"];
    return Object.fromEntries(names.map((name) => [name, style[name]]));
  }

  function outline(element) {
    if (element.tagName === "path") return element.getAttribute("d") ?? "";
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
      Number(element.getAttribute(name)));
    return `M${x} ${y}H${x + width}V${y + height}H${x}Z`;
  }

  /** The written label, its scripts marked as Python writes them. */
  function label(element) {
    let depth = 0;
    return [...element.children].map((part) => {
      depth += Number(part.getAttribute("dy"));
      const mark = depth < 0 ? "^" : "_";
      return depth ? `${mark}{${part.textContent}}` : part.textContent;
    }).join("");
  }

  function shapes(root) {
    const home = root.getScreenCTM().inverse();
    return [...root.querySelectorAll("path, rect")].map((element) => {
      const { a, b, c, d, e, f } = home.multiply(element.getScreenCTM());
      return {
        tag: element.tagName, outline: outline(element), matrix: [a, b, c, d, e, f],
        frame: element.parentNode.getAttribute("class"),
        style: look(element) };
    });
  }

  function texts() {
    const { left, top } = picture.getBoundingClientRect();
    return [...picture.querySelectorAll("text")].map((element) => {
      const box = element.getBoundingClientRect();
      return {
        label: label(element), fill: getComputedStyle(element).fill,
        turned: element.getScreenCTM().b !== 0,
        left: box.left - left, right: box.right - left,
        top: box.top - top, bottom: box.bottom - top };
    });
  }

  const legend = () => [...figure.querySelectorAll(".live-legend li")].map((item) => ({
    name: item.textContent, shapes: shapes(item.querySelector("svg")) }));

  const shown = (input) => [
    input.closest("label").querySelector("span").textContent,
    input.type === "range"
      ? input.closest(".live-control").querySelector("output").textContent
      : input.selectedOptions[0].textContent];

  const tell = () => ({
    controls: Object.fromEntries(inputs.map(shown)),
    legend: legend(), shapes: shapes(picture), texts: texts(),
    said: picture.getAttribute("aria-label"),
    summary: figure.querySelector(".live-summary").textContent });

  function walk([input, ...rest]) {
    if (!input) return [tell()];
    const count = input.options?.length ?? Number(input.max) + 1;
    return Array.from({ length: count }, (_, position) => {
      input.value = position;
      for (const name of ["input", "change"])
        input.dispatchEvent(new Event(name, { bubbles: true }));
      return walk(rest);
    }).flat();
  }

  return walk(inputs);
}
