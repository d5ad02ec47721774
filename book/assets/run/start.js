// Bring what edits and runs cells into the page when a reader first asks for it.
"use strict";
{
  const { src } = document.currentScript;

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest(".run-open");
    if (!button) return;
    try {
      (await import(new URL("page.js", src))).edit(button);
    } catch {
      const sorry = Object.assign(document.createElement("p"), {
        className: "live-note",
        role: "status",
        textContent: "Cells can be run where a web server sends this page.",
      });
      button.replaceWith(sorry);
    }
  });
}
