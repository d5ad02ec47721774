// Open this notebook on the reader's own JupyterHub: the entry in the launch menu asks
// for the hub's address once, and is a link to the notebook on that hub from then on.
"use strict";
{
const KEPT = "jupyterhub"; // what the address is stored under
const { pull } = document.currentScript.dataset; // the link, from the hub's address on
const link = document.querySelector(".btn-jupyterhub");

/** The address of a hub, from that of any page in it; or an error that tells. */
function hubOf(text) {
  if (!text) throw new Error("Type the address of your hub.");
  if (!/^https?:\/\//i.test(text))
    throw new Error("Begin with https://, as in https://hub.example.edu.");
  if (/\s/.test(text) || !URL.canParse(text))
    throw new Error("This is not an address like https://hub.example.edu.");
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/(hub|user)(\/.*)?$/, "").replace(/\/+$/, "");
}

const host = Object.assign(document.createElement("small"), { className: "hub-host" });
const change = document.createElement("li");
change.innerHTML = `<button class="btn btn-sm dropdown-item" type="button">
<span class="btn__icon-container"><i class="fas fa-pencil-alt" aria-hidden="true"></i>
</span><span class="btn__text-container">Change hub</span></button>`;

const dialog = Object.assign(document.createElement("dialog"), { className: "hub" });
dialog.closedBy = "any"; // a click beside it closes it, as it closes a menu
dialog.setAttribute("aria-labelledby", "hub-title");
dialog.innerHTML = `<form method="dialog" novalidate>
<h2 id="hub-title">Open on JupyterHub</h2>
<p id="hub-hint">Your course has told you the address of its hub, such as
https://hub.example.edu, and this browser will remember it.</p>
<label for="hub-address">Address of your hub</label>
<input id="hub-address" type="url" autocomplete="url"
  aria-describedby="hub-hint hub-error">
<p id="hub-error" role="alert"></p>
<p class="hub-buttons"><button type="button">Cancel</button><button>Open</button></p>
</form>`;
const input = dialog.querySelector("input");

function tell(message) {
  dialog.querySelector("#hub-error").textContent = message;
  input.ariaInvalid = String(message !== "");
}

function ask() {
  link.closest("[popover]").hidePopover(); // the focus will return to its button
  document.body.append(dialog);
  input.value = localStorage.getItem(KEPT) ?? "";
  tell("");
  dialog.showModal();
}

/** Let the entry lead to a hub, now and in later visits. */
function keep(text) {
  const hub = hubOf(text.trim());
  localStorage.setItem(KEPT, hub);
  link.href = `${hub}/${pull}`;
  host.textContent = new URL(hub).host;
  link.querySelector(".btn__text-container").append(host);
  link.parentElement.after(change);
}

dialog.querySelector("[type=button]").addEventListener("click", () => dialog.close());
change.addEventListener("click", ask);
link.addEventListener("click", (event) => {
  if (change.isConnected) return;
  event.preventDefault();
  ask();
});
dialog.addEventListener("submit", (event) => {
  try {
    keep(input.value);
    link.click();
  } catch ({ message }) {
    event.preventDefault();
    tell(message);
    input.focus();
  }
});

const given = new URLSearchParams(location.search).get("hub") ?? "";
for (const text of [localStorage.getItem(KEPT) ?? "", given]) {
  try {
    keep(text);
  } catch {
    // no hub, or no address of one: the entry stays as it was
  }
}
}
