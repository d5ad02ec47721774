// Edit the code cells of a page and run them in a worker; results stand in the place
// of the stored ones until the reader resets the cell.

const CELLS = "div.cell:has(.run-open, .run-tools)";

/** What a terminal shows of a text whose carriage returns go back to its line's start. */
export function settle(text) {
  return text.replace(/[^\n]*\r(?=[^\n])/g, "");
}

/** A new line that keeps the indentation, one step deeper after a colon. */
export function newLine(before) {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return `\n${/^ */.exec(line)[0]}${/:\s*$/.test(line) ? "    " : ""}`;
}

/** The sentence in a traceback that says what happened. */
export function gist(traceback) {
  return traceback.trimEnd().split("\n").at(-1);
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const waiting = []; // who asked the worker, the first being answered
let worker;

function ask(request, hear) {
  worker ??= begin();
  waiting.push(hear);
  worker.postMessage(request);
}

function begin() {
  const address = new URL("worker.js", import.meta.url);
  const started = new Worker(address, { type: "module" });
  started.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.kind === "failed") end(message);
    else if (message.kind === "done") waiting.shift()(message);
    else waiting[0](message);
  });
  started.addEventListener("error", ({ message }) =>
    end({ kind: "failed", text: message ?? "its script did not load" }));
  return started;
}

/** End the worker, with all that it knows, and tell those who wait. */
function end(message) {
  worker?.terminate();
  worker = undefined;
  for (const hear of waiting.splice(0)) hear(message);
}

const editors = new Map(); // by cell, those that are open

function published(cell) {
  return cell.querySelector(".highlight pre").textContent.replace(/\n$/, "");
}

/** The code of a cell and of those above it, as the page shows them now. */
function sources(cell) {
  const all = [...document.querySelectorAll(CELLS)];
  return all.slice(0, all.indexOf(cell) + 1).map((each) =>
    editors.get(each)?.area.value ?? published(each));
}

function picture(source, number, coloured) {
  return make("img", {
    alt: `Figure drawn by your code in cell ${number}`,
    className: coloured ? "picture" : "",
    src: source,
  });
}

/** Show one thing that a cell printed or displayed. */
function append(output, { kind, name, mime, data, text }, number) {
  if (kind === "stream") {
    let last = output.lastElementChild;
    if (last.dataset.stream !== name) {
      last = make("div", { className: "output stream" }, make("pre"));
      last.dataset.stream = name;
      output.append(last);
    }
    last.firstChild.textContent = settle(last.firstChild.textContent + text);
  } else if (kind === "error") {
    output.append(make("div", { className: "output run-error" },
      make("pre", { textContent: text, tabIndex: 0 })));
  } else if (mime === "text/html") {
    const box = make("div", { className: "output text_html", innerHTML: data });
    for (const named of box.querySelectorAll("[id]")) named.removeAttribute("id");
    output.append(box);
  } else if (mime === "image/svg+xml") {
    const source = `data:image/svg+xml,${encodeURIComponent(data)}`;
    output.append(picture(source, number, data.includes("<image")));
  } else if (mime === "image/png") {
    output.append(picture(`data:image/png;base64,${data}`, number, true));
  } else {
    output.append(make("div", { className: "output text_plain" },
      make("pre", { textContent: data })));
  }
}

/** The text area that takes the place of the published code. */
function textArea(code, number, run) {
  const area = make("textarea", {
    ariaLabel: `Code of cell ${number}`, autocapitalize: "off", className: "run-code",
    spellcheck: false, value: code, wrap: "off",
  });
  const grow = () => { area.rows = area.value.split("\n").length; };
  area.addEventListener("input", grow);
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.shiftKey) run();
    else document.execCommand(
      "insertText", false, newLine(area.value.slice(0, area.selectionStart)));
  });
  grow();
  return area;
}

/** Say what became of Python, and where else the page can be run. */
function excuse(text) {
  const sentence = make("span", {
    textContent: `Python could not be loaded (${text}). Is there a network? ` });
  const launch = document.querySelector("a[href*='mybinder.org']");
  if (launch)
    sentence.append(make("a", { href: launch.href, textContent: "Run it on Binder." }));
  return sentence;
}

/** A cell that can be changed and run, until it is reset. */
class Editor {
  busy = ""; // what the worker does for this cell
  eager = false; // whether the reader asked to run it while it was prepared
  remark = ""; // what went wrong above

  constructor(button) {
    this.button = button;
    this.cell = button.closest("div.cell"); // folded code is one step further in
    this.number = [...document.querySelectorAll(CELLS)].indexOf(this.cell) + 1;
    this.input = this.cell.querySelector(".cell_input");
    this.code = [...this.input.children];
    this.stored = this.cell.querySelector(":scope > .cell_output");
    this.area = textArea(published(this.cell), this.number, () => this.run());
    this.output = make("div", { className: "cell_output run-output" });
    this.go = make("button", { type: "button", textContent: "Run" });
    const reset = make("button", { type: "button", textContent: "Reset" });
    this.bar = make("progress", { ariaLabel: "Cells above", hidden: true });
    this.status = make("p", { className: "run-status", role: "status" });
    this.tools = make("div", { className: "run-tools" },
      this.go, reset, this.bar, this.status);
    this.go.addEventListener("click", () =>
      this.busy ? end({ kind: "stopped" }) : this.run());
    reset.addEventListener("click", () => this.close());
  }

  open() {
    this.input.replaceChildren(this.area);
    this.button.replaceWith(this.tools);
    editors.set(this.cell, this);
    this.area.setSelectionRange(0, 0);
    this.area.focus();
    this.call("prepare", sources(this.cell).slice(0, -1));
  }

  close() {
    if (this.busy) end({ kind: "stopped" });
    editors.delete(this.cell);
    this.input.replaceChildren(...this.code);
    if (this.stored) this.output.replaceWith(this.stored);
    else this.output.remove();
    this.tools.replaceWith(this.button);
    this.button.focus();
  }

  run() {
    this.eager = this.busy === "prepare";
    if (this.busy) return;
    const shown = this.output.isConnected ? this.output : this.stored;
    this.output.style.minHeight = `${shown?.offsetHeight ?? 0}px`; // until it is done
    this.output.replaceChildren(make("p", {
      className: "run-label", textContent: "Your output, from this browser" }));
    if (this.stored) this.stored.replaceWith(this.output);
    else this.cell.append(this.output);
    this.call("run", sources(this.cell));
  }

  call(action, codes) {
    Object.assign(this, { busy: action, eager: false, remark: "" });
    this.go.textContent = "Stop";
    ask({ action, sources: codes }, (message) => this.hear(message));
  }

  hear(message) {
    const { kind, text, number, of } = message;
    if (kind === "status") this.status.textContent = text;
    else if (kind === "above") {
      this.status.textContent = `Running the ${of} cells above.`;
      Object.assign(this.bar, { hidden: false, max: of, value: number });
    } else if (kind === "failed-above")
      this.remark = ` Cell ${number} ended in ${gist(text)}.`;
    else if (kind === "failed") this.rest(excuse(text));
    else if (kind === "stopped") this.rest("Stopped.");
    else if (kind === "done") this.finish();
    else append(this.output, message, this.number);
  }

  finish() {
    const sentence = this.busy === "run" ? "Done." : "Ready; Ctrl and Enter run it, too.";
    this.rest(sentence + this.remark);
    if (this.eager) this.run();
  }

  rest(sentence) {
    this.status.replaceChildren(sentence);
    this.bar.hidden = true;
    this.output.style.minHeight = "";
    this.go.textContent = "Run";
    this.busy = "";
  }
}

/** Turn a published cell into one that can be changed and run. */
export function edit(button) {
  new Editor(button).open();
}
