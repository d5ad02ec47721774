"use strict";

document.addEventListener("keydown", event => {
  const link = document.querySelectorAll("tbody tr")[event.key - 1]?.querySelector("a");
  if (link && !event.ctrlKey && !event.metaKey && !event.altKey) location = link.href;
});
