// Let readers answer.  What `tools/sphinxext/questions.py` and the page *True or false?*
// mark becomes buttons, and what was pressed is kept on the reader's own device.
"use strict";
{
const KEPT = "answers"; // what they are stored under
const VERDICTS = { true: "True", between: "Needs care", false: "False" };
const redraw = []; // one function for each thing that shows an answer
let answers = kept();

/** What the device keeps; nothing where it keeps nothing. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(next) {
  answers = next;
  for (const draw of redraw) draw();
  try {
    localStorage.setItem(KEPT, JSON.stringify(answers));
  } catch {
    // the answers last as long as the page is open
  }
}

const answer = (key, given) => keep({ ...kept(), ...answers, [key]: given });
const copies = (nodes) => [...nodes].map((node) => node.cloneNode(true));

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Colour, sign and words for the option that was pressed. */
function mark(right) {
  const [name, text] = right ? ["right", "✓ Right"] : ["wrong", "✗ Not so"];
  return make("strong", { className: `outcome ${name}` }, text);
}

/** Buttons for the options `{ label, right }` of a question, named by it. */
function ask(key, question, options, tell) {
  const status = make("div", { role: "status" });
  const buttons = options.map(({ label }, i) => {
    const button = make("button", { type: "button" }, make("span", {}, ...label));
    button.addEventListener("click", () => answer(key, i));
    return button;
  });
  redraw.push(() => {
    buttons.forEach((button, i) => {
      const pressed = answers[key] === i;
      button.ariaPressed = String(pressed);
      button.querySelector(".outcome")?.remove();
      if (pressed && "right" in options[i]) button.append(mark(options[i].right));
    });
    const chosen = options[answers[key]];
    status.replaceChildren(...(chosen ? tell(chosen) : []));
  });
  const field = make("fieldset", { className: "ask" }, ...buttons, status);
  return named(field, key, question);
}

/** A field for the answer to a question without options. */
function write(key, question) {
  const field = make("textarea", { rows: 1, placeholder: "Your answer" });
  field.addEventListener("change", () => answer(key, field.value));
  redraw.push(() => (field.value = answers[key] ?? ""));
  return named(field, key, question);
}

function named(field, key, question) {
  question.id ||= `ask-${key}`;
  field.setAttribute("aria-labelledby", question.id);
  return field;
}

/** A button that belongs to no question. */
function control(text, act) {
  const button = make("button", { type: "button", className: "answers-control" }, text);
  button.addEventListener("click", act);
  return button;
}

const boxes = [...document.querySelectorAll(".question")];
for (const box of boxes) {
  const { key, right, order } = box.dataset;
  const options = [...box.querySelectorAll(":scope > details")].map((details, i) => {
    const [summary, ...why] = details.children;
    return { label: copies(summary.childNodes), right: i === Number(right), why };
  });
  const tell = ({ right, why }) => [...(right ? [] : [mark(right)]), ...copies(why)];
  const field = ask(key, box.querySelector("p"), options, tell);
  const [...buttons] = field.querySelectorAll("button");
  field.prepend(...order.split(" ").map((i) => buttons[i]));
  box.append(field);
}

for (const entry of document.querySelectorAll(".prediction")) {
  const { key, right } = entry.dataset;
  const options = [...entry.querySelectorAll(":scope > ul > li > p")].map((item) => ({
    label: copies(item.childNodes),
  }));
  const question = entry.querySelector("p");
  const tell = () => ["The text will come back to your answer."];
  entry.append(options.length ? ask(key, question, options, tell) : write(key, question));
  const recall = make("p", { className: "recall" });
  document.querySelector(`[data-answers~="${key}"]`).before(recall);
  redraw.push(() => {
    const given = answers[key] ?? "";
    recall.hidden = given === "";
    const words = options[given] ? [...copies(options[given].label), "."] : [given];
    const verdict = right === undefined ? [] : [" ", mark(given === Number(right))];
    recall.replaceChildren("You predicted: ", make("em", {}, ...words), ...verdict);
  });
}

const settled = [...document.querySelectorAll(".settled")];
for (const box of settled) {
  const [saying, verdict] = box.querySelectorAll(".saying, .verdict");
  const options = Object.entries(VERDICTS).map(([tone, label]) => ({
    label: [label],
    right: verdict.classList.contains(tone),
  }));
  const heard = { className: "visually-hidden" }; // one sees it beside the statement
  const tell = ({ right }) => [mark(right), make("span", heard, `: ${verdict.textContent}`)];
  saying.after(ask(box.id, saying, options, tell));
  redraw.push(() => box.classList.toggle("shown", box.id in answers));
  box.classList.add("asked");
}
const open = () => settled.forEach((box) => box.classList.add("open"));
settled[0]?.before(control("Show every verdict", open));
[...boxes, ...settled].at(-1)?.after(control("Forget all my answers", () => keep({})));
for (const draw of redraw) draw();
}
