"use strict";

// The mark. One save follows the other; each tells which mark was seen before.
const byId = id => document.getElementById(id);
const form = byId("mark");
const points = byId("points");
const comment = byId("comment");
const state = byId("state");
const DELAY = 400; // milliseconds after the last key
let seen = {points: form.dataset.points, comment: form.dataset.comment};
let there = null; // what another marker has saved meanwhile
let last = Promise.resolve(true);
let timer;

const written = () => ({points: points.value.trim(), comment: comment.value.trim()});
const isNew = mark => mark.points !== seen.points || mark.comment !== seen.comment;

function say(text, wrong = false) {
  state.textContent = text;
  state.classList.toggle("fault", wrong);
  points.setAttribute("aria-invalid", wrong);
}

async function send(mark) {
  const body = JSON.stringify({...mark, seen});
  const headers = {"Content-Type": "application/json"};
  const options = {method: "POST", headers, body, keepalive: true};
  let answer;
  try {
    answer = await (await fetch(location.href, options)).json();
  } catch {
    say("Not saved: the marking page was ended. Start it again and load this page.", true);
    return false;
  }
  if (answer.there) {
    there = answer.there;
    const more = there.comment ? ` (“${there.comment}”)` : "";
    say(`Not saved: ${answer.error}${more}.`, true);
    byId("conflict").hidden = false;
  } else if (answer.error) {
    say(`Not saved: ${answer.error}.`, true);
  } else {
    seen = answer.saved;
    byId("waiting").textContent = answer.waiting;
    say(seen.points ? "Saved." : seen.comment ? "Comment saved." : "Not marked yet.");
  }
  return !answer.error;
}

function save() {
  clearTimeout(timer);
  last = last.then(() => {
    const mark = written();
    if (there) return false;
    return isNew(mark) ? send(mark) : true;
  });
  return last;
}

function settle(takeTheirs) {
  const {points: found, comment: told} = there;
  seen = there;
  there = null;
  byId("conflict").hidden = true;
  if (takeTheirs) [points.value, comment.value] = [found, told];
  say("Marked.");
  save();
  points.focus();
}

async function go(id) {
  const link = byId(id);
  if ((await save()) && link) location = link.href;
  else if (!link && !state.classList.contains("fault")) say("Saved. This is the last one.");
}

const turn = id => (byId(id).open = !byId(id).open);
const KEYS = {
  n: () => go("after"),
  p: () => go("before"),
  u: () => go("open"),
  a: () => go("overview"),
  m: () => turn("model"),
  q: () => turn("question"),
  c: () => comment.focus(),
  f() {
    points.value = form.dataset.maximum;
    save();
  },
};

document.addEventListener("keydown", event => {
  const {key, target} = event;
  const inComment = target === comment;
  const isCommand = event.ctrlKey || event.metaKey || event.altKey;
  if (key === "Enter" && (target === points || (inComment && isCommand))) go("after");
  else if (key === "Escape" && inComment) points.focus();
  else if (!inComment && !isCommand && Object.hasOwn(KEYS, key)) KEYS[key]();
  else return;
  event.preventDefault();
});
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(save, DELAY);
});
form.addEventListener("change", save);
form.addEventListener("submit", event => event.preventDefault());
byId("theirs").addEventListener("click", () => settle(true));
byId("mine").addEventListener("click", () => settle(false));
for (const link of document.querySelectorAll("nav a")) {
  link.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.id);
  });
}
addEventListener("pagehide", () => {
  if (!there && isNew(written())) send(written());
});
addEventListener("beforeunload", event => {
  if (state.classList.contains("fault")) event.preventDefault();
});
points.focus();
if (isNew(written())) save(); // typed before this script was there
else points.select();
